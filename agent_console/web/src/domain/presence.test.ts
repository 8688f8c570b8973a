import { describe, expect, it } from "vitest"
import { deskMode, offerEnd } from "./presence"

describe("desk mode", () => {
  it("follows the presence", () => {
    const states = ["offline", "available", "serving", "wrapping_up", "on_break"] as const
    expect(states.map((state) => deskMode({ state, session_id: state === "serving" ? "s" : null }, null))).toEqual(["off", "idle", "call", "wrap_up", "break"])
  })
  it("is off before anything is known", () => expect(deskMode(null, null)).toBe("off"))
  it("is a call back while somebody is served without a session", () => expect(deskMode({ state: "serving", session_id: null }, null)).toBe("callback"))
  it("shows an offer only when there is one", () => {
    expect(deskMode({ state: "offered", session_id: null }, { id: "1" })).toBe("offer")
    expect(deskMode({ state: "offered", session_id: null }, null)).toBe("idle")
  })
})

describe("an offer that is gone", () => {
  const before = { missed_offers: 1 }
  it("was missed when the count grew", () => expect(offerEnd(before, { state: "available", missed_offers: 2 }, null)).toBe("missed"))
  it("was missed when it sent the agent on a break", () => expect(offerEnd(before, { state: "on_break", missed_offers: 0 }, null)).toBe("missed"))
  it("was accepted when a call began, here or on another page", () => {
    expect(offerEnd(before, { state: "serving", missed_offers: 0 }, "accepted")).toBe("accepted")
    expect(offerEnd(before, { state: "serving", missed_offers: 0 }, null)).toBe("accepted")
  })
  it("was rejected by the agent", () => expect(offerEnd(before, { state: "available", missed_offers: 1 }, "rejected")).toBe("rejected"))
  it("was withdrawn when the resident left", () => expect(offerEnd(before, { state: "available", missed_offers: 1 }, null)).toBe("withdrawn"))
})
