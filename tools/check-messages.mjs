// node tools/check-messages.mjs SRC: every key used in SRC exists, every key is used, both languages have the same keys
// and the same {variables}. Dynamic keys are written as `prefix.${name}` and count as a use of the whole prefix.
import { readFileSync, readdirSync } from "node:fs"
import { join, resolve } from "node:path"

const source = resolve(process.argv[2])
const folder = join(source, "messages")
const languages = ["zh-CN", "en"]
const problems = []

function flatten(tree, prefix = "", into = new Map()) {
  for (const [name, value] of Object.entries(tree)) {
    const key = prefix ? `${prefix}.${name}` : name
    if (typeof value === "string") into.set(key, value)
    else flatten(value, key, into)
  }
  return into
}

function* files(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) { if (inner !== folder) yield* files(inner) }
    else if (/\.(ts|vue)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name)) yield inner
  }
}

const variables = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort().join(",")
const [zh, en] = languages.map((language) => flatten(JSON.parse(readFileSync(join(folder, `${language}.json`), "utf8"))))
for (const key of zh.keys()) {
  if (!en.has(key)) problems.push(`en lacks ${key}`)
  else if (variables(zh.get(key)) !== variables(en.get(key))) problems.push(`${key}: other variables in en`)
}
for (const key of en.keys()) if (!zh.has(key)) problems.push(`zh-CN lacks ${key}`)

const whole = [...files(source)].map((path) => readFileSync(path, "utf8")).join("\n")
const quoted = new Set([...whole.matchAll(/["'`]([a-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+)["'`]/g)].map((match) => match[1]))
const prefixes = [...whole.matchAll(/`([a-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*\.)\$\{/g)].map((match) => match[1])
for (const key of zh.keys()) {
  if (!quoted.has(key) && !prefixes.some((prefix) => key.startsWith(prefix))) problems.push(`${key} is not used`)
}
for (const [, key] of whole.matchAll(/\bt\(\s*["']([^"']+)["']/g)) if (!zh.has(key)) problems.push(`${key} is used and missing`)

for (const problem of problems) console.error(`${folder}: ${problem}`)
if (problems.length) process.exit(1)
