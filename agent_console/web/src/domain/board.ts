import type { Alarm, BoardAgent, BoardDoor, BoardAgentFacts, BoardTicket, Channel, PresenceState } from "@virtual-window/signaling"

export const CHANNELS: readonly Channel[] = ["district", "street_town", "yangtze_delta"]

/** Since when somebody is owed a first answer, ms; who was answered before, or is not owed one yet, waits since their last wait began. */
export function clockOf(ticket: Pick<BoardTicket, "clock_at" | "waiting_since">): number {
  return Date.parse(ticket.clock_at ?? ticket.waiting_since)
}

/** Whoever is owed a first answer for longest comes first. */
export function byClock(tickets: readonly BoardTicket[]): BoardTicket[] {
  return [...tickets].sort((one, other) => clockOf(one) - clockOf(other) || (one.id < other.id ? -1 : 1))
}

/** Who has waited longest for a first answer, and how long (s) at `now` (ms); null: nobody is owed one. */
export function longestOwed(tickets: readonly BoardTicket[], now: number): { ticket: BoardTicket; seconds: number } | null {
  const first = byClock(tickets.filter((ticket) => ticket.clock_at !== null && ticket.state !== "held"))[0]
  return first ? { ticket: first, seconds: Math.max(0, (now - clockOf(first)) / 1000) } : null
}

/** Agents with their names, as their topic tells that they stand now. */
export function agentsNow(named: readonly BoardAgent[], facts: Readonly<Record<string, BoardAgentFacts>>): BoardAgent[] {
  return named.map((agent) => {
    const now = facts[agent.id]
    return now && now.version >= agent.version ? { ...agent, ...now } : agent
  })
}

export type AgentFilter = "all" | "serving" | "free" | "look" | "off"
/** So many misses, and one more look at the screen is due. */
const MISSES_TO_LOOK = 1

const FILTERS: Readonly<Record<AgentFilter, (agent: BoardAgent) => boolean>> = {
  all: (agent) => agent.state !== "offline",
  serving: (agent) => agent.state === "serving",
  free: (agent) => agent.state === "available",
  look: (agent) => agent.state === "on_break" || (agent.state !== "offline" && agent.missed_offers >= MISSES_TO_LOOK),
  off: (agent) => agent.state === "offline",
}

export function agentsOf(agents: readonly BoardAgent[], filter: AgentFilter): BoardAgent[] {
  return agents.filter(FILTERS[filter])
}

const ORDER: readonly PresenceState[] = ["offered", "serving", "wrapping_up", "available", "on_break", "offline"]

/** Those who are busy first, the longest of each state first. */
export function byState(agents: readonly BoardAgent[]): BoardAgent[] {
  const since = (agent: BoardAgent): number => (agent.since ? Date.parse(agent.since) : Infinity)
  return [...agents].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || since(one) - since(other))
}

/** How many are in each state. */
export function countStates(agents: readonly BoardAgent[]): Readonly<Record<PresenceState, number>> {
  const counts: Record<PresenceState, number> = { offline: 0, available: 0, offered: 0, serving: 0, wrapping_up: 0, on_break: 0 }
  for (const agent of agents) counts[agent.state]++
  return counts
}

export interface Centre { org: BoardDoor["org"]; windows: BoardDoor[]; closed: boolean }

/** Windows by the organisation that they belong to, in the order in which they come. closed: all of it, by somebody. */
export function byCentre(windows: readonly BoardDoor[]): Centre[] {
  const centres = new Map<string, Centre>()
  for (const window of windows) {
    const centre = centres.get(window.org.code) ?? { org: window.org, windows: [], closed: window.org_closed }
    centre.windows.push(window)
    centres.set(window.org.code, centre)
  }
  return [...centres.values()]
}

const BAD: ReadonlySet<Alarm["kind"]> = new Set(["answer_late", "nobody_on"])
export const isBad = (alarm: Pick<Alarm, "kind">): boolean => BAD.has(alarm.kind)

/** What nobody has seen to yet comes first, the worse before the milder, the newest of a kind first. */
export function byUrgency(alarms: readonly Alarm[]): Alarm[] {
  const weight = (alarm: Alarm): number => (alarm.seen_at ? 2 : 0) + (isBad(alarm) ? 0 : 1)
  return [...alarms].sort((one, other) => weight(one) - weight(other) || Date.parse(other.raised_at) - Date.parse(one.raised_at))
}

/**
 * A ticket's nearing end and its end are one story: of both the later is told.
 */
export function withoutForerunners(alarms: readonly Alarm[]): Alarm[] {
  const late = new Set(alarms.filter((alarm) => alarm.kind === "answer_late").map((alarm) => alarm.subject))
  return alarms.filter((alarm) => alarm.kind !== "answer_soon" || !late.has(alarm.subject))
}

/** Alarms that were not there before: what a sound is for. `before` null: all of it was there when the page came. */
export function newAlarms(before: ReadonlySet<string> | null, alarms: readonly Alarm[]): Alarm[] {
  return before === null ? [] : alarms.filter((alarm) => !before.has(alarm.id) && alarm.seen_at === null)
}
