import { describe, expect, it } from "vitest"
import { byRank, longestWait, servedBy, waitGrade, waitPercent } from "./waiting"

const at = (second: number): string => new Date(Date.UTC(2024, 10, 26, 2, 0, second)).toISOString()
const ticket = (second: number, more: { id?: string; rank_at?: string } = {}) => (
  { id: `t${second}`, waiting_since: at(second), rank_at: at(second), ...more }
)

describe("waiting residents", () => {
  it("turns amber at 45 seconds and red at a minute", () => {
    expect([0, 44.9, 45, 59.9, 60, 900].map((seconds) => waitGrade(seconds))).toEqual(["calm", "calm", "soon", "soon", "over", "over"])
  })
  it("keeps to what an installation promises", () => {
    const promised = { soon: 2, over: 4 }
    expect([1, 2, 4].map((seconds) => waitGrade(seconds, promised))).toEqual(["calm", "soon", "over"])
    expect(waitPercent(1, promised)).toBe(25)
  })
  it("fills the bar within a minute and no further", () => {
    expect([-5, 0, 15, 30, 60, 300].map((seconds) => waitPercent(seconds))).toEqual([0, 0, 25, 50, 100, 100])
  })
  it("stand in the order in which they came", () => {
    expect(byRank([ticket(9), ticket(3), ticket(6)]).map((row) => row.waiting_since)).toEqual([at(3), at(6), at(9)])
  })
  it("stand before others by a head start, and equals by the number they took", () => {
    const rows = [ticket(9), ticket(30, { rank_at: at(5) }), ticket(3, { id: "b" }), ticket(3, { id: "a" })]
    expect(byRank(rows).map((row) => row.id)).toEqual(["a", "b", "t30", "t9"])
  })
  it("stand once, whichever queues tell of them", () => {
    expect(byRank([ticket(9), ticket(3), ticket(9)]).map((row) => row.id)).toEqual(["t3", "t9"])
  })
  it("tell how long the first has waited, whoever stands before", () => {
    expect(longestWait([ticket(30, { rank_at: at(5) }), ticket(10)], Date.parse(at(50)))).toBe(40)
    expect(longestWait([], Date.parse(at(50)))).toBeNull()
  })
  it("are one's own when a window of one serves their queue", () => {
    const windows = [{ channel: "street_town", org: { code: "caoyang-xincun" } }]
    expect(servedBy(windows, { channel: "street_town", serving_org_code: "caoyang-xincun" })).toBe(true)
    expect(servedBy(windows, { channel: "street_town", serving_org_code: "taopu" })).toBe(false)
    expect(servedBy(windows, { channel: "district", serving_org_code: "caoyang-xincun" })).toBe(false)
  })
})
