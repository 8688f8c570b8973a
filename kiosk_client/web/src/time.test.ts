import { describe, expect, it } from "vitest"
import { clockText, waitRange } from "./time"
import { layoutOf } from "./layout"

describe("times for people", () => {
  it("says minutes and seconds", () => {
    expect(clockText(222.9)).toBe("03:42")
    expect(clockText(-3)).toBe("00:00")
    expect(clockText(3700)).toBe("61:40")
  })

  it("says a wait in whole minutes, as a range when it is long", () => {
    expect(waitRange(null)).toBeNull()
    expect(waitRange(0)).toEqual({ from: 0, to: 0 })
    expect(waitRange(61)).toEqual({ from: 2, to: 2 })
    expect(waitRange(360)).toEqual({ from: 5, to: 8 })
  })
})

describe("layouts", () => {
  it("knows terminal, phone and PC", () => {
    expect(layoutOf(1080, 1920)).toBe("kiosk")
    expect(layoutOf(390, 844)).toBe("phone")
    expect(layoutOf(844, 390)).toBe("phone")
    expect(layoutOf(1440, 900)).toBe("pc")
  })
})
