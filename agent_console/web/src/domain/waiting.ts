/** Within how many seconds a first answer is promised, and from when on it is nearly over. */
export interface Promised { over: number; soon: number }
/** The service level of the work plan: a first human response within a minute. */
export const MINUTE: Promised = { over: 60, soon: 45 }

export type WaitGrade = "calm" | "soon" | "over"

export function waitGrade(seconds: number, promised: Promised = MINUTE): WaitGrade {
  if (seconds >= promised.over) return "over"
  return seconds >= promised.soon ? "soon" : "calm"
}

/** Filled part of the bar of the promised time, 0 to 100. */
export function waitPercent(seconds: number, promised: Promised = MINUTE): number {
  return Math.round(Math.min(1, Math.max(0, seconds / promised.over)) * 100)
}

interface Place { id: string; rank_at: string }

/** In the order of the queue, which counts a head start as time waited; among equals the older number. What two queues tell of stands once. */
export function byRank<T extends Place>(tickets: readonly T[]): T[] {
  const once = [...new Map(tickets.map((ticket) => [ticket.id, ticket])).values()]
  return once.sort((one, other) => Date.parse(one.rank_at) - Date.parse(other.rank_at)
    || (one.id < other.id ? -1 : 1))
}

/** Seconds that whoever of `tickets` came first has waited at `now` (ms of the server's clock), or null when nobody waits. */
export function longestWait(tickets: readonly { waiting_since: string }[], now: number): number | null {
  const times = tickets.map((ticket) => Date.parse(ticket.waiting_since))
  return times.length > 0 ? Math.max(0, (now - Math.min(...times)) / 1000) : null
}

interface Desk { channel: string; org: { code: string } }

/** Whether one of the agent's windows serves the ticket's own queue; of one that was widened to them none does. */
export function servedBy(windows: readonly Desk[], ticket: { channel: string; serving_org_code: string }): boolean {
  return windows.some((window) => window.channel === ticket.channel && window.org.code === ticket.serving_org_code)
}
