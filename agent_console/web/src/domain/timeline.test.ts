import { describe, expect, it } from "vitest"
import { entriesOfEvent, entriesOfSnapshot, mergeEntries } from "./timeline"

const at = (second: number): string => `2024-11-26T02:00:${String(second).padStart(2, "0")}.000Z`
const keys = (entries: { key: string }[]): string[] => entries.map((entry) => entry.key)
const event = (entity: string, id: string, value: Record<string, unknown> | null, second = 9) =>
  ({ type: "x", at: at(second), changes: [{ entity, id, value }] })

describe("time line", () => {
  it("begins with what a snapshot tells of the past", () => {
    const entries = entriesOfSnapshot({
      session: { s: { opened_at: at(0), state: "active" } },
      material: { m: { material_code: "id-front", page: 1, captured_at: at(5) } },
      note: { n: { at: at(7) } },
    })
    expect(keys(mergeEntries(entries))).toEqual(["timeline.note", "timeline.captured", "timeline.opened"])
    expect(mergeEntries(entries)[1]?.material).toEqual({ code: "id-front", page: 1 })
  })
  it("tells a capture once, whether from snapshot or event", () => {
    const facts = { material_code: null, page: 1, captured_at: at(5) }
    const both = [...entriesOfSnapshot({ material: { m: facts } }), ...entriesOfEvent(event("material", "m", facts, 6), {})]
    expect(mergeEntries(both)).toHaveLength(1)
  })
  it("tells joining, dropping and leaving, not every change of a person's facts", () => {
    const before = { participant: { p: { role: "resident", state: "connected", version: 1 } } }
    expect(keys(entriesOfEvent(event("participant", "p", { role: "resident", state: "connected" }), {}))).toEqual(["timeline.joined"])
    expect(keys(entriesOfEvent(event("participant", "p", { role: "resident", state: "connected", version: 2 }), before))).toEqual([])
    expect(keys(entriesOfEvent(event("participant", "p", { role: "resident", state: "interrupted" }), before))).toEqual(["timeline.interrupted"])
    expect(keys(entriesOfEvent(event("participant", "p", { role: "resident", state: "left" }), before))).toEqual(["timeline.left"])
  })
  it("tells the first save from the next ones", () => {
    expect(keys(entriesOfEvent(event("case", "c", { number: "PT-1", version: 1 }), {}))).toEqual(["timeline.caseMade"])
    expect(keys(entriesOfEvent(event("case", "c", { number: "PT-1", version: 2 }), { case: { c: { version: 1 } } }))).toEqual(["timeline.saved"])
  })
  it("tells an end that was undone", () => {
    expect(keys(entriesOfEvent(event("session", "s", { state: "ending" }), { session: { s: { state: "active" } } }))).toEqual(["timeline.ending"])
    expect(keys(entriesOfEvent(event("session", "s", { state: "active" }), { session: { s: { state: "ending" } } }))).toEqual(["timeline.resumed"])
  })
  it("does not tell that all leave when the call ends", () => {
    const ending = entriesOfEvent(event("session", "s", { state: "ending" }, 9), { session: { s: { state: "active" } } })
    const left = entriesOfEvent(event("participant", "p", { role: "resident", state: "left" }, 9), {})
    const earlier = entriesOfEvent(event("participant", "q", { role: "partner", state: "left" }, 3), {})
    expect(keys(mergeEntries([...ending, ...left, ...earlier]))).toEqual(["timeline.ending", "timeline.left"])
  })
  it("tells a removed paper by what it was", () => {
    const gone = entriesOfEvent(event("material", "m", null), { material: { m: { material_code: "photo", page: 2 } } })
    expect(gone[0]?.material).toEqual({ code: "photo", page: 2 })
  })
})
