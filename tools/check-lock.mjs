// Fails when package-lock.json names a registry host: the lock file must serve any mirror.
import { readFileSync } from "node:fs"

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"))
const named = Object.entries(lock.packages).filter(([, entry]) => /^https?:/.test(entry.resolved ?? ""))
const unproven = Object.entries(lock.packages).filter(([path, entry]) =>
  path.startsWith("node_modules/") && !entry.link && !entry.integrity && !entry.inBundle)
for (const [path] of named) console.error(`package-lock.json: ${path} names a host`)
for (const [path] of unproven) console.error(`package-lock.json: ${path} has no integrity hash`)
if (named.length || unproven.length) process.exit(1)
