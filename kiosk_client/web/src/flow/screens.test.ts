import { describe, expect, it } from "vitest"
import { nextScreen, type Move, type Screen } from "./screens"

const SCREENS: Screen[] = ["loading", "idle", "consent", "declined", "items", "guide", "queue", "device", "call", "end", "closed", "booking", "booked", "code", "error"]
const MOVES: Move[] = [
  "loaded", "found_visit", "start", "agree", "decline", "choose", "queued", "served", "finished", "undone", "back", "to_queue",
  "to_devices", "home", "no_window", "to_guide", "to_booking", "booked", "to_code", "no_consent", "broken", "retry",
]

describe("the way through the screens", () => {
  it("goes from idle to the end", () => {
    const way: Move[] = ["loaded", "start", "agree", "choose", "queued", "served", "finished", "home"]
    let screen: Screen = "loading"
    const seen = way.map((move) => (screen = nextScreen(screen, move)))
    expect(seen).toEqual(["idle", "consent", "items", "guide", "queue", "call", "end", "idle"])
  })

  it("leads home, to the call and to the end from everywhere", () => {
    for (const screen of SCREENS) {
      expect(nextScreen(screen, "home")).toBe("idle")
      expect(nextScreen(screen, "served")).toBe("call")
      expect(nextScreen(screen, "finished")).toBe("end")
    }
  })

  it("books from guide, queue and closed windows, and goes back to where it began", () => {
    for (const screen of ["guide", "queue", "closed"] as const) expect(nextScreen(screen, "to_booking")).toBe("booking")
    expect((["to_guide", "to_queue", "no_window"] as const).map((move) => nextScreen("booking", move))).toEqual(["guide", "queue", "closed"])
    expect(nextScreen("booking", "booked")).toBe("booked")
  })

  it("uses a booking by its number, with consent", () => {
    const way: Move[] = ["to_code", "booked", "no_consent", "queued"]
    let screen: Screen = "idle"
    expect(way.map((move) => (screen = nextScreen(screen, move)))).toEqual(["code", "booked", "consent", "queue"])
  })

  it("stays where a move means nothing", () => {
    expect(nextScreen("idle", "agree")).toBe("idle")
    expect(nextScreen("call", "back")).toBe("call")
    for (const screen of SCREENS) for (const move of MOVES) expect(SCREENS).toContain(nextScreen(screen, move))
  })

  it("never shows items before consent", () => {
    expect(nextScreen("idle", "choose")).toBe("idle")
    expect(nextScreen("consent", "choose")).toBe("consent")
    expect(nextScreen("declined", "agree")).toBe("declined")
  })
})
