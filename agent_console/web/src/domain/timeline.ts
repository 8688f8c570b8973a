import type { MessageKey, MessageParams } from "@/messages"

/** What is known of a session by its topic, as far as the time line tells it. */
export interface TimelineEvent { type: string; at: string; changes: readonly { entity: string; id: string; value: Readonly<Record<string, unknown>> | null }[] }
export type TimelineTone = "plain" | "ok" | "warn" | "primary"
export type TimelineIcon = "call" | "people" | "camera" | "scan" | "save" | "note" | "end" | "network" | "record"
export interface TimelineEntry { id: string; at: string; icon: TimelineIcon; tone: TimelineTone; key: MessageKey; params: MessageParams; material?: { code: string | null; page: number } }

type Facts = Readonly<Record<string, unknown>>
type Entities = Readonly<Record<string, Readonly<Record<string, Facts>>>>

const text = (facts: Facts, name: string): string => (typeof facts[name] === "string" ? facts[name] : "")
const page = (facts: Facts): number => (typeof facts["page"] === "number" ? facts["page"] : 1)
const paper = (facts: Facts) => ({ code: text(facts, "material_code") || null, page: page(facts) })

/** What a snapshot still tells of the past: only facts that carry their time. */
export function entriesOfSnapshot(entities: Entities): TimelineEntry[] {
  const entries: TimelineEntry[] = []
  for (const [id, facts] of Object.entries(entities["session"] ?? {})) {
    if (text(facts, "opened_at")) entries.push({ id: `opened-${id}`, at: text(facts, "opened_at"), icon: "call", tone: "plain", key: "timeline.opened", params: {} })
  }
  for (const [id, facts] of Object.entries(entities["material"] ?? {})) entries.push(captured(id, facts))
  for (const [id, facts] of Object.entries(entities["note"] ?? {})) {
    entries.push({ id: `note-${id}`, at: text(facts, "at"), icon: "note", tone: "plain", key: "timeline.note", params: {} })
  }
  return entries
}

function captured(id: string, facts: Facts): TimelineEntry {
  return { id: `material-${id}`, at: text(facts, "captured_at"), icon: "camera", tone: "plain", key: "timeline.captured", params: {}, material: paper(facts) }
}

const PARTICIPANT: Readonly<Record<string, { key: MessageKey; tone: TimelineTone; icon: TimelineIcon }>> = {
  connected: { key: "timeline.joined", tone: "primary", icon: "people" },
  interrupted: { key: "timeline.interrupted", tone: "warn", icon: "network" },
  left: { key: "timeline.left", tone: "plain", icon: "people" },
}

const SESSION: Readonly<Record<string, { key: MessageKey; tone: TimelineTone; icon: TimelineIcon }>> = {
  ending: { key: "timeline.ending", tone: "plain", icon: "end" },
  ended: { key: "timeline.ended", tone: "ok", icon: "end" },
}

/** The entries that an event adds. before: the entities until now, to tell a change of state from another fact's. */
export function entriesOfEvent(event: TimelineEvent, before: Entities): TimelineEntry[] {
  const entries: TimelineEntry[] = []
  for (const { entity, id, value } of event.changes) {
    const old = before[entity]?.[id]
    if (value === null) {
      if (entity === "material" && old) entries.push({ id: `removed-${id}`, at: event.at, icon: "camera", tone: "warn", key: "timeline.removed", params: {}, material: paper(old) })
      continue
    }
    const moved = text(value, "state") !== (old ? text(old, "state") : "")
    const add = (what: { key: MessageKey; tone: TimelineTone; icon: TimelineIcon } | undefined, params: MessageParams = {}): void => {
      if (what) entries.push({ id: `${entity}-${id}-${event.at}`, at: event.at, params, ...what })
    }
    if (entity === "material" && !old) entries.push(captured(id, value))
    else if (entity === "note" && !old) entries.push({ id: `note-${id}`, at: text(value, "at") || event.at, icon: "note", tone: "plain", key: "timeline.note", params: {} })
    else if (entity === "capture_request" && !old) entries.push({ id: `request-${id}`, at: event.at, icon: "scan", tone: "primary", key: "timeline.requested", params: {}, material: paper(value) })
    else if (entity === "case" && value["version"] !== old?.["version"]) add({ key: old ? "timeline.saved" : "timeline.caseMade", tone: old ? "plain" : "ok", icon: "save" }, { number: text(value, "number") })
    else if (entity === "participant" && moved) add(PARTICIPANT[text(value, "state")], { role: text(value, "role") })
    else if (entity === "session" && moved) add(old && text(old, "state") === "ending" && text(value, "state") === "active" ? { key: "timeline.resumed", tone: "primary", icon: "call" } : SESSION[text(value, "state")])
    else if (entity === "recording" && moved && text(value, "state") === "sealed") add({ key: "timeline.sealed", tone: "ok", icon: "record" })
  }
  return entries
}

const LEAVING: ReadonlySet<MessageKey> = new Set<MessageKey>(["timeline.left", "timeline.interrupted"])
/** Who leaves this close to the end leaves because of it. */
const WITH_THE_END_MS = 2000

/** Newest first, each once; that all leave when a call ends goes without saying. */
export function mergeEntries(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const once = new Map(entries.map((entry) => [entry.id, entry]))
  const ends = entries.filter((entry) => entry.key === "timeline.ending").map((entry) => Date.parse(entry.at))
  const said = [...once.values()].filter((entry) => !LEAVING.has(entry.key) || !ends.some((end) => Math.abs(end - Date.parse(entry.at)) < WITH_THE_END_MS))
  return said.sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
}
