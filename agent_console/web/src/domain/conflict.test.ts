import { describe, expect, it } from "vitest"
import { isChanged, mergeEdits } from "./conflict"

describe("two edits of one form", () => {
  const base = { name: "李示例", phone: "154", way: "own" }
  it("come together where only one side changed a field", () => {
    const merge = mergeEdits(base, { ...base, phone: "1540" }, { ...base, way: "rent", area: 30 })
    expect(merge).toEqual({ fields: { name: "李示例", phone: "1540", way: "rent", area: 30 }, conflicts: [] })
  })
  it("conflict where both changed it differently, and mine stays until chosen", () => {
    const merge = mergeEdits(base, { ...base, phone: "1" }, { ...base, phone: "2" })
    expect(merge.conflicts).toEqual([{ name: "phone", mine: "1", theirs: "2" }])
    expect(merge.fields["phone"]).toBe("1")
  })
  it("agree when both wrote the same", () => {
    expect(mergeEdits(base, { ...base, phone: "3" }, { ...base, phone: "3" }).conflicts).toEqual([])
  })
  it("keep a field that I cleared cleared", () => {
    expect(mergeEdits(base, { name: "李示例", way: "own" }, base).fields).toEqual({ name: "李示例", way: "own" })
  })
  it("tell whether anything was changed", () => {
    expect(isChanged(base, { ...base })).toBe(false)
    expect(isChanged(base, { ...base, goods: [] })).toBe(true)
  })
})
