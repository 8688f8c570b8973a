/** The service level of the work plan: a first human response within a minute. */
export const TARGET_SECONDS = 60
/** From here on a row says that the minute is nearly over. */
export const SOON_SECONDS = 45

export type WaitGrade = "calm" | "soon" | "over"

export function waitGrade(seconds: number): WaitGrade {
  if (seconds >= TARGET_SECONDS) return "over"
  return seconds >= SOON_SECONDS ? "soon" : "calm"
}

/** Filled part of the one-minute bar, 0 to 100. */
export function waitPercent(seconds: number): number {
  return Math.round(Math.min(1, Math.max(0, seconds / TARGET_SECONDS)) * 100)
}

interface Waiter { waiting_since: string; state: string }

/** In the order of the queue: who has waited longest comes first. */
export function byWait<T extends Waiter>(tickets: readonly T[]): T[] {
  return [...tickets].sort((one, other) => Date.parse(one.waiting_since) - Date.parse(other.waiting_since))
}

/** Seconds that the first of `tickets` has waited at `now` (ms of the server's clock), or null when nobody waits. */
export function longestWait(tickets: readonly Waiter[], now: number): number | null {
  const first = byWait(tickets)[0]
  return first ? Math.max(0, (now - Date.parse(first.waiting_since)) / 1000) : null
}

interface Desk { channel: string; org: { code: string } }

/** Whether one of the agent's windows serves the ticket's queue. */
export function servedBy(windows: readonly Desk[], ticket: { channel: string; serving_org_code: string }): boolean {
  return windows.some((window) => window.channel === ticket.channel && window.org.code === ticket.serving_org_code)
}
