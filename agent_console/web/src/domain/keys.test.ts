import { describe, expect, it } from "vitest"
import { actionOf, KEYS } from "./keys"

const press = (code: string, held: Partial<Record<"altKey" | "ctrlKey" | "metaKey" | "shiftKey", boolean>> = {}) =>
  ({ code, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held })

describe("keys", () => {
  it("act with what is held, not without", () => {
    expect(actionOf(press("KeyA", { altKey: true }), false)).toBe("accept")
    expect(actionOf(press("KeyA"), false)).toBeNull()
    expect(actionOf(press("KeyA", { altKey: true, ctrlKey: true }), false)).toBeNull()
  })
  it("tell break from search, forth from back", () => {
    expect(actionOf(press("KeyK", { altKey: true }), true)).toBe("break")
    expect(actionOf(press("KeyK", { ctrlKey: true }), true)).toBe("search")
    expect(actionOf(press("F6"), true)).toBe("nextPanel")
    expect(actionOf(press("F6", { shiftKey: true }), true)).toBe("previousPanel")
  })
  it("take Command for Ctrl", () => expect(actionOf(press("KeyS", { metaKey: true }), true)).toBe("save"))
  it("leave figures alone while somebody types", () => {
    expect(actionOf(press("Digit1"), false)).toBe("outcome1")
    expect(actionOf(press("Digit1"), true)).toBeNull()
  })
  it("are given to one action each", () => {
    const combos = Object.values(KEYS).map((key) => key.shown)
    expect(new Set(combos).size).toBe(combos.length)
  })
})
