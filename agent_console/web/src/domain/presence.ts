import type { Presence, PresenceState } from "@virtual-window/signaling"

/** What the desk shows, derived from the facts of the topic `desk:<account>`. */
export type DeskMode = "off" | "break" | "idle" | "offer" | "call" | "callback" | "wrap_up"

const MODES: Readonly<Record<PresenceState, DeskMode>> = {
  offline: "off",
  available: "idle",
  offered: "offer",
  serving: "call",
  wrapping_up: "wrap_up",
  on_break: "break",
}

/**
 * The mode of the desk. An offer counts only while its facts are there: presence and offer change in one event, but
 * a desk without an offer to show must not claim that there is one.
 */
export function deskMode(presence: Pick<Presence, "state" | "session_id"> | null, offer: unknown): DeskMode {
  const mode = presence ? MODES[presence.state] : "off"
  // Whoever serves without a session calls somebody back by telephone.
  if (mode === "call" && presence?.session_id === null) return "callback"
  return mode === "offer" && !offer ? "idle" : mode
}

/** How an offer went away. */
export type OfferEnd = "accepted" | "rejected" | "missed" | "withdrawn"

/**
 * Why an offer that was shown is gone.
 * before, after: presence facts around the change; answered: what the agent did with it on this page, if anything.
 */
export function offerEnd(before: Pick<Presence, "missed_offers">, after: Pick<Presence, "state" | "missed_offers">, answered: "accepted" | "rejected" | null): OfferEnd {
  if (answered === "rejected") return "rejected"
  if (after.state === "serving") return "accepted"
  return after.missed_offers > before.missed_offers || after.state === "on_break" ? "missed" : "withdrawn"
}
