// Writes the pages' types of the API and of its topics, from the documents that the server's code declares.
// With --check it writes nothing and fails when they are not current.
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import openapiTS, { astToString } from "openapi-typescript"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = `${root}signaling/web/src/generated/`
const python = process.env.PYTHON ?? `${root}.venv/bin/python`
const check = process.argv.includes("--check")
const head = "// Made by `npm run api-types` from what the server declares; not to be edited.\n\n"

async function types(...which) {
  const options = { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }
  const document = JSON.parse(execFileSync(python, ["-m", "tools.openapi", ...which], options))
  // A field of a request that has a default need not be sent; answers say of every field that it is there.
  return head + astToString(await openapiTS(document, { defaultNonNullable: false }))
}

function current(path) {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    if (error.code === "ENOENT") return null
    throw error
  }
}

let stale = false
for (const [name, which] of [["api.ts", []], ["topics.ts", ["topics"]]]) {
  const text = await types(...which)
  if (current(folder + name) === text) continue
  stale = true
  if (check) console.error(`signaling/web/src/generated/${name} is not what the server says: npm run api-types`)
  else {
    mkdirSync(folder, { recursive: true })
    writeFileSync(folder + name, text)
  }
}
if (check && stale) process.exit(1)
