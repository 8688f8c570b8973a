import { describe, expect, it } from "vitest"
import { BEND, changed, correction, hatches, positionOf, timeInFile, wholeLength } from "./playback"

const file = (id: string, offset_ms: number, duration_ms: number, gaps: { from_ms: number; to_ms: number }[] = []) => ({ id, offset_ms, duration_ms, gaps })

describe("a file's place", () => {
  const late = file("late", 2000, 5000)
  it("is nowhere before it begins and after it ends", () => {
    expect([0, 1999, 2000, 4500, 6999, 7000].map((at) => timeInFile(late, at))).toEqual([null, null, 0, 2500, 4999, null])
  })
})

describe("correction", () => {
  it("leaves a file in step alone", () => expect(correction(1000, 970, 1)).toEqual({ kind: "none" }))
  it("bends the speed of one that lags or leads a little", () => {
    expect(correction(1000, 800, 1)).toEqual({ kind: "bend", rate: 1 + BEND })
    expect(correction(1000, 1200, 1.5)).toEqual({ kind: "bend", rate: 1.5 * (1 - BEND) })
  })
  it("jumps when it is far off", () => expect(correction(9000, 1000, 1)).toEqual({ kind: "jump", to: 9000 }))
})

describe("the whole", () => {
  it("is as long as its last file", () => {
    expect(wholeLength([file("a", 0, 8000), file("b", 3000, 9000)], 10_000)).toBe(12_000)
    expect(wholeLength([], 10_000)).toBe(10_000)
  })
  it("is hatched where a person was not there", () => {
    const track = [file("b", 6000, 2000, [{ from_ms: 6500, to_ms: 7000 }]), file("a", 1000, 4000)]
    expect(hatches(track, 10_000).map((hole) => [hole.from_ms, hole.to_ms, hole.left, hole.width])).toEqual([
      [0, 1000, 0, 0.1], [5000, 6000, 0.5, 0.1], [6500, 7000, 0.65, 0.05], [8000, 10_000, 0.8, 0.2],
    ])
  })
  it("shows no slivers", () => expect(hatches([file("a", 100, 9800)], 10_000)).toEqual([]))
})

describe("the player's clock", () => {
  const still = { playing: false, rate: 1, at: 3000, since: 0 }
  it("stands while paused", () => expect(positionOf(still, 99_000, 10_000)).toBe(3000))
  it("runs at its speed and stops at the end", () => {
    const running = changed(still, 1000, 10_000, { playing: true, rate: 2 })
    expect(positionOf(running, 2000, 10_000)).toBe(5000)
    expect(positionOf(running, 60_000, 10_000)).toBe(10_000)
  })
  it("goes on from where it is when the speed changes", () => {
    const running = changed(still, 0, 10_000, { playing: true })
    const faster = changed(running, 2000, 10_000, { rate: 2 })
    expect(positionOf(faster, 3000, 10_000)).toBe(7000)
  })
  it("stays within the recording when sought", () => {
    expect(changed(still, 0, 10_000, { at: -5 }).at).toBe(0)
    expect(changed(still, 0, 10_000, { at: 1e9 }).at).toBe(10_000)
  })
})
