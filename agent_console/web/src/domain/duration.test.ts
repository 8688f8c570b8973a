import { describe, expect, it } from "vitest"
import { clockText, secondsLeft, shareLeft, stampText } from "./duration"

describe("clock text", () => {
  it("shows minutes and two-figure seconds", () => {
    expect([0, 8, 68, 599, 3600, 3725].map(clockText)).toEqual(["0:00", "0:08", "1:08", "9:59", "1:00:00", "1:02:05"])
  })
  it("never goes below nothing", () => expect(clockText(-3)).toBe("0:00"))
  it("pads the minutes of a stamp", () => expect([5, 501, 872].map(stampText)).toEqual(["00:05", "08:21", "14:32"]))
})

describe("countdown", () => {
  it("counts a started second until it is over", () => {
    expect(secondsLeft(20_000, 0)).toBe(20)
    expect(secondsLeft(20_000, 1)).toBe(20)
    expect(secondsLeft(20_000, 1000)).toBe(19)
    expect(secondsLeft(20_000, 19_999)).toBe(1)
    expect(secondsLeft(20_000, 20_000)).toBe(0)
    expect(secondsLeft(20_000, 99_000)).toBe(0)
  })
  it("gives the share of the lease for the ring", () => {
    expect(shareLeft(20_000, 20, 0)).toBe(1)
    expect(shareLeft(20_000, 20, 5000)).toBe(0.75)
    expect(shareLeft(20_000, 20, 30_000)).toBe(0)
    expect(shareLeft(20_000, 20, -9000)).toBe(1)
    expect(shareLeft(20_000, 0, 0)).toBe(0)
  })
})
