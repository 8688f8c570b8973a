import { describe, expect, it } from "vitest"
import { fileAt, tracksOf } from "./tracks"

const file = (id: string, participant_id: string, kind: string, offset_ms: number) =>
  ({ id, participant_id, participant_role: "agent", kind, offset_ms, duration_ms: 4000, gaps: [] })

describe("tracks of a recording", () => {
  const tracks = tracksOf([file("b", "p", "person", 6000), file("a", "p", "person", 0), file("d", "p", "document", 0), file("c", "q", "person", 1000)])
  it("join the files of one person in their order, apart from that person's papers", () => {
    expect(tracks.map((track) => track.files.map((one) => one.id))).toEqual([["a", "b"], ["d"], ["c"]])
  })
  it("show what there is at a moment", () => {
    const [first] = tracks
    expect(first && [1000, 5000, 7000].map((at) => fileAt(first, at)?.id ?? null)).toEqual(["a", null, "b"])
  })
})
