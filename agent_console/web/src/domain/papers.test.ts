import { describe, expect, it } from "vitest"
import { askedPapers, furtherPage, isComplete, nextPage, paperCount } from "./papers"

const paper = (code: string, required: boolean, pages: number | null = 1, made_by_form = false) => ({ code, required, pages, made_by_form, name: { "zh-CN": code, en: code } })
const lease = paper("lease", true, 2)
const materials = [paper("application", true, 1, true), paper("id-front", true), lease, paper("photo", false)]
const page = (material_code: string | null, number: number) => ({ material_code, page: number })

describe("papers of an item", () => {
  it("leave out what the form makes", () => expect(askedPapers(materials).map((one) => one.code)).toEqual(["id-front", "lease", "photo"]))
  it("are complete with all their pages", () => {
    expect(isComplete(lease, [page("lease", 1)])).toBe(false)
    expect(isComplete(lease, [page("lease", 2), page("lease", 1)])).toBe(true)
    expect(paperCount(materials, [page("id-front", 1), page("lease", 1), page("photo", 1)])).toEqual({ required: 2, complete: 1 })
  })
})

describe("the page to ask for", () => {
  it("is the first that is missing and not asked for yet", () => {
    expect(nextPage(materials, [], [])).toEqual({ code: "id-front", page: 1 })
    expect(nextPage(materials, [page("id-front", 1)], [page("lease", 1)])).toEqual({ code: "lease", page: 2 })
  })
  it("is a free one when nothing required is missing", () => {
    const all = [page("id-front", 1), page("lease", 1), page("lease", 2)]
    expect(nextPage(materials, all, [])).toEqual({ code: null, page: 1 })
    expect(nextPage(materials, [...all, page(null, 1)], [])).toEqual({ code: null, page: 2 })
  })
  it("goes on where a paper ended", () => {
    expect(furtherPage("lease", [page("lease", 1), page("lease", 2)])).toBe(3)
    expect(furtherPage("photo", [])).toBe(1)
  })
})
