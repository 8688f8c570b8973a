import type { CaptureRequest, Material, RequiredMaterial } from "@virtual-window/signaling"
import { describe, expect, it } from "vitest"
import { arrangePapers } from "./papers"

const paper = (code: string, more: Partial<RequiredMaterial> = {}): RequiredMaterial => ({
  code, name: { "zh-CN": code, en: code }, required: true, pages: 1, paper_type: "free", made_by_form: false, when: null, ...more,
})
const page = (id: string, code: string | null, number = 1, at = id): Material => ({
  id, material_code: code, page: number, captured_at: at, captured_by: "p", captured_by_role: "resident", sha256: "", width: 1, height: 1, version: 1,
})
const request = (code: string | null, number = 1, state: CaptureRequest["state"] = "open"): CaptureRequest => ({
  id: "r", material_code: code, page: number, state, requested_at: "1", material_id: null,
})
const required = [paper("application", { made_by_form: true }), paper("id-front"), paper("id-back"), paper("photo", { required: false })]

describe("the papers of a call", () => {
  it("begins with the first that must be brought, never with what the form makes", () => {
    const papers = arrangePapers(required, [], [], null)
    expect(papers.current).toEqual({ code: "id-front", page: 1, requested: false })
    expect(papers.tiles.map((tile) => [tile.state, tile.code])).toEqual([["now", "id-front"], ["next", "id-back"]])
    expect([papers.wanted, papers.taken]).toEqual([2, 0])
  })

  it("follows the agent's request before its own order", () => {
    const papers = arrangePapers(required, [page("1", "id-front")], [request("photo", 2)], "id-back")
    expect(papers.current).toEqual({ code: "photo", page: 2, requested: true })
    expect(papers.tiles.map((tile) => tile.state)).toEqual(["taken", "now", "next"])
    expect([papers.wanted, papers.taken]).toEqual([3, 1])
  })

  it("forgets a request that is done, and ends when all is there", () => {
    const all = [page("1", "id-front"), page("2", "id-back")]
    const papers = arrangePapers(required, all, [request("photo", 1, "fulfilled")], null)
    expect(papers.current).toBeNull()
    expect([papers.wanted, papers.taken]).toEqual([2, 2])
  })

  it("lets the resident add a page of a paper already there", () => {
    const papers = arrangePapers(required, [page("1", "id-front"), page("2", "id-back")], [], "id-front")
    expect(papers.current).toEqual({ code: "id-front", page: 2, requested: false })
  })

  it("keeps pages that belong to no listed paper, oldest first", () => {
    const papers = arrangePapers(required, [page("2", null, 2), page("1", null)], [], null)
    expect(papers.tiles.slice(0, 2).map((tile) => tile.page)).toEqual([1, 2])
  })
})
