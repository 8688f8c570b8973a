import type { CatalogueItem } from "@virtual-window/signaling"
import { describe, expect, it } from "vitest"
import { nextLetters, ofChannel, search } from "./search"

function item(code: string, zh: string, en: string, initials: string, high = false): CatalogueItem {
  return {
    code, name: { "zh-CN": zh, en }, initials, channel: "street_town", subject: "person", high_frequency: high,
    handling_minutes: 10, promised_working_days: 10, fee_fen: 0,
  }
}
const permit = item("residence-permit", "居住证办理", "Residence permit", "jzzbl", true)
const disability = item("disability-certificate", "残疾人证申领", "Disability card", "cjrzsl")
const allowance = item("minimum-living-allowance", "最低生活保障申请", "Minimum living allowance", "zdshbzsq")
const all = [disability, permit, allowance]

describe("finding an item", () => {
  it("finds initials anywhere in the name", () => {
    expect(search(all, "Z", "zh-CN")).toEqual(all)
    expect(search(all, "zz", "zh-CN")).toEqual([permit])
    expect(search(all, "rzs", "zh-CN")).toEqual([disability])
  })

  it("finds the initials of English words in English", () => {
    expect(search(all, "rp", "en")).toEqual([permit])
    expect(search(all, "rp", "zh-CN")).toEqual([])
  })

  it("finds typed text of either language", () => {
    expect(search(all, "保障", "zh-CN")).toEqual([allowance])
    expect(search(all, "allow", "zh-CN")).toEqual([allowance])
  })

  it("knows which letters lead on", () => {
    expect([...nextLetters(all, "z", "zh-CN")].sort()).toEqual(["b", "d", "s", "z"])
    expect(nextLetters(all, "jzzbl", "zh-CN").size).toBe(0)
    expect([...nextLetters([permit], "z", "zh-CN")].sort()).toEqual(["b", "z"])
    expect([...nextLetters([permit], "", "zh-CN")].sort()).toEqual(["b", "j", "l", "z"])
  })

  it("puts the most used first", () => {
    expect(ofChannel(all, "street_town")[0]).toBe(permit)
    expect(ofChannel(all, "district")).toEqual([])
  })
})
