import type { Alarm, BoardAgent, BoardDoor, BoardTicket } from "@virtual-window/signaling"
import { describe, expect, it } from "vitest"
import { agentsNow, agentsOf, byCentre, byClock, byState, byUrgency, countStates, longestOwed, newAlarms, withoutForerunners } from "./board"

const at = (second: number): string => new Date(Date.UTC(2024, 10, 26, 2, 0, second)).toISOString()
const ticket = (id: string, second: number, more: Partial<BoardTicket> = {}): BoardTicket => ({
  id, number: id, kind: "walk_in", state: "waiting", item_code: "i", channel: "district", place_code: "p", serving_org_code: "o",
  waiting_since: at(second), priority: [], due_at: null, clock_at: at(second), held_until: null, warned_at: null, late_at: null, version: 1, ...more,
})
const agent = (id: string, more: Partial<BoardAgent> = {}): BoardAgent => ({
  id, username: id, name: { "zh-CN": id, en: id }, state: "available", since: at(0), window_id: null, missed_offers: 0, windows: [], version: 1, ...more,
})
const alarm = (id: string, more: Partial<Alarm> = {}): Alarm => ({
  id, kind: "answer_late", subject: id, channel: "district", org_code: "o", ticket_id: null, account_id: null, raised_at: at(0), seen_at: null, version: 1, ...more,
})
const ids = (list: readonly { id: string }[]): string[] => list.map((one) => one.id)

describe("who waits", () => {
  it("stand by how long a first answer is owed, which a transfer does not begin anew", () => {
    const moved = ticket("moved", 50, { clock_at: at(10) })
    expect(ids(byClock([ticket("b", 30), moved, ticket("a", 5)]))).toEqual(["a", "moved", "b"])
  })

  it("the longest is one who is owed an answer and is there", () => {
    const tickets = [ticket("answered", 1, { clock_at: null }), ticket("gone", 2, { state: "held" }), ticket("owed", 20)]
    expect(longestOwed(tickets, Date.parse(at(50)))).toMatchObject({ ticket: { id: "owed" }, seconds: 30 })
    expect(longestOwed([], Date.parse(at(50)))).toBeNull()
  })
})

describe("agents", () => {
  it("are as their topic tells, unless what was read is newer", () => {
    const facts = { id: "a", state: "serving" as const, since: at(9), window_id: "w", missed_offers: 0 }
    expect(agentsNow([agent("a")], { a: { ...facts, version: 2 } })[0]).toMatchObject({ username: "a", state: "serving", window_id: "w" })
    expect(agentsNow([agent("a", { version: 3 })], { a: { ...facts, version: 2 } })[0]).toMatchObject({ state: "available" })
    expect(ids(agentsNow([agent("a")], {}))).toEqual(["a"])
  })

  it("can be looked at by what they do", () => {
    const all = [agent("free"), agent("missing", { missed_offers: 1 }), agent("resting", { state: "on_break" }), agent("talking", { state: "serving" }), agent("gone", { state: "offline", missed_offers: 2 })]
    expect((["all", "serving", "free", "look", "off"] as const).map((filter) => ids(agentsOf(all, filter)))).toEqual([
      ["free", "missing", "resting", "talking"], ["talking"], ["free", "missing"], ["missing", "resting"], ["gone"],
    ])
    expect(countStates(all)).toMatchObject({ available: 2, serving: 1, on_break: 1, offline: 1, offered: 0 })
  })

  it("stand busy first, the longest of each first", () => {
    const all = [agent("off", { state: "offline", since: null }), agent("new", { since: at(9) }), agent("old"), agent("call", { state: "serving" })]
    expect(ids(byState(all))).toEqual(["call", "old", "new", "off"])
  })
})

describe("windows", () => {
  it("stand with their centres", () => {
    const door = (code: string, org: string, org_closed = false): BoardDoor => ({
      id: code, code, name: { "zh-CN": code, en: code }, channel: "district", org: { code: org, name: { "zh-CN": org, en: org } },
      open: !org_closed, opens_at: null, reason: null, closed: false, org_closed,
    })
    const centres = byCentre([door("a1", "a"), door("b1", "b", true), door("a2", "a")])
    expect(centres.map((centre) => [centre.org.code, centre.closed, ids(centre.windows)])).toEqual([["a", false, ["a1", "a2"]], ["b", true, ["b1"]]])
  })
})

describe("alarms", () => {
  it("stand by urgency: unseen before seen, worse before milder, new before old", () => {
    const all = [alarm("seen", { seen_at: at(9) }), alarm("mild", { kind: "answer_soon" }), alarm("old"), alarm("new", { raised_at: at(5) })]
    expect(ids(byUrgency(all))).toEqual(["new", "old", "mild", "seen"])
  })

  it("tell one story of a ticket once", () => {
    const all = [alarm("soon", { kind: "answer_soon", subject: "t" }), alarm("late", { subject: "t" }), alarm("other", { kind: "answer_soon", subject: "u" })]
    expect(ids(withoutForerunners(all))).toEqual(["late", "other"])
  })

  it("sound once, and not for what was there when the page came", () => {
    expect(newAlarms(null, [alarm("a")])).toEqual([])
    expect(ids(newAlarms(new Set(["a"]), [alarm("a"), alarm("b"), alarm("c", { seen_at: at(1) })]))).toEqual(["b"])
  })
})
