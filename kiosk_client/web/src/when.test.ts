import { describe, expect, it } from "vitest"
import { dateOf, dayCall, dayOf, hourOf, partOf, timeOf, weekdayOf } from "./when"

describe("days", () => {
  it("are Shanghai's", () => {
    expect(dayOf("2024-11-26T15:59:59Z")).toBe("2024-11-26")
    expect(dayOf("2024-11-26T16:00:00Z")).toBe("2024-11-27")
    expect(weekdayOf("2024-11-27", "zh-CN")).toBe("周三")
    expect(weekdayOf("2024-11-27", "en")).toBe("Wed")
    expect(dateOf("2024-11-27", "zh-CN")).toBe("11月27日")
    expect(dateOf("2024-11-27", "en")).toBe("27 Nov")
  })

  it("are called as people call them", () => {
    // 2024-11-26 is a Tuesday.
    const call = (day: string) => dayCall(day, "2024-11-26")
    expect([call("2024-11-26"), call("2024-11-27"), call("2024-11-28")]).toEqual(["today", "tomorrow", "after"])
    expect([call("2024-11-29"), call("2024-12-01")]).toEqual(["weekday", "weekday"])
    expect([call("2024-12-02"), call("2024-12-08"), call("2024-12-09"), call("2024-11-25")]).toEqual(["next", "next", "date", "date"])
  })

  it("begin their weeks on Mondays", () => {
    expect(dayCall("2024-12-04", "2024-12-01")).toBe("next")
    expect(dayCall("2024-12-05", "2024-12-02")).toBe("weekday")
  })
})

describe("times", () => {
  it("have no leading zero", () => {
    expect(timeOf("2024-11-27T01:20:00Z", "zh-CN")).toBe("9:20")
    expect(timeOf("2024-11-27T01:20:00Z", "en")).toBe("9:20")
    expect(timeOf("2024-11-27T05:30:00Z", "en")).toBe("13:30")
    expect(timeOf("2024-11-26T16:00:00Z", "zh-CN")).toBe("0:00")
  })

  it("belong to a part of the day", () => {
    expect(hourOf("2024-11-26T16:00:00Z")).toBe(0)
    expect(["2024-11-26T16:00:00Z", "2024-11-26T22:00:00Z", "2024-11-27T04:00:00Z", "2024-11-27T10:00:00Z"].map(partOf))
      .toEqual(["night", "morning", "afternoon", "evening"])
  })
})
