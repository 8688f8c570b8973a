import { Problem, type Api, type EventFeed, type Resident, type Ticket, type TopicListener } from "@virtual-window/signaling"
import { beforeEach, describe, expect, it } from "vitest"
import { createVisit } from "./visit"

const ticket = (more: Partial<Ticket> = {}): Ticket => ({
  id: "t", kind: "walk_in", number: "A001", state: "waiting", item_code: "i", channel: "district", place_code: "p", serving_org_code: "o",
  created_at: "", waiting_since: "", held_until: null, undo_until: null, session_id: null, version: 1, ahead: 2,
  expected_wait_seconds: 60, priority: [], head_start_seconds: 0, rank_at: "", due_at: null, booking_code: null, ...more,
})
const resident = (id: string, more: Partial<Resident> = {}): Resident => ({
  id, place: { code: "p", name: { "zh-CN": "曹杨", en: "Caoyang" } }, language: "zh-CN", consent: null, ticket: null, session_id: null, ...more,
})

/** Answers in order by method and path; what is not told answers with an error. */
function fakeServer() {
  const calls: string[] = []
  const answers = new Map<string, unknown[]>()
  const call = (method: string) => (path: string) => {
    const line = `${method} ${path}`
    calls.push(line)
    const next = answers.get(line)?.shift()
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next)
  }
  const api = { get: call("GET"), post: call("POST"), del: call("DELETE"), patch: call("PATCH") } as unknown as Api
  return { api, calls, on: (line: string, ...given: unknown[]) => { answers.set(line, [...(answers.get(line) ?? []), ...given]) } }
}

function fakeFeed() {
  const topics = new Map<string, TopicListener>()
  const state = { opened: 0, resting: false }
  const feed = {
    reopen: () => { state.opened++ },
    rest: () => { state.resting = true },
    subscribe: (topic: string, listener: TopicListener) => {
      topics.set(topic, listener)
      return { close: () => topics.delete(topic) }
    },
  } as unknown as EventFeed
  return { feed, topics, state }
}

describe("a visit", () => {
  let server: ReturnType<typeof fakeServer>
  let events: ReturnType<typeof fakeFeed>
  let visit: ReturnType<typeof createVisit>
  beforeEach(() => {
    localStorage.clear()
    server = fakeServer()
    events = fakeFeed()
    visit = createVisit(server.api, events.feed, null)
  })

  it("asks the server for nothing before anybody came", async () => {
    expect(await visit.find()).toBe(false)
    expect(server.calls).toEqual([])
  })

  it("comes back after a reload", async () => {
    server.on("POST /residents", resident("a"))
    await visit.begin("zh-CN")
    const reloaded = createVisit(server.api, events.feed, null)
    server.on("GET /residents/current", resident("a", { ticket: ticket() }))
    expect(await reloaded.find()).toBe(true)
    expect(reloaded.waiting).toBe(true)
  })

  it("leaves nothing here, and ends on the server", async () => {
    server.on("POST /residents", resident("a", { ticket: ticket() }))
    server.on("DELETE /residents/current", undefined)
    localStorage.setItem("virtual-window.visit", "open")
    await visit.begin("zh-CN")
    await visit.leave()
    expect(visit.state).toMatchObject({ resident: null, ticket: null, sessionId: null })
    expect(events.state.resting).toBe(true)
    expect(localStorage.length).toBe(0)
  })

  it("ends a visit that the network kept open before the next person begins", async () => {
    server.on("POST /residents", resident("a"), resident("b"))
    server.on("DELETE /residents/current", new Problem("offline", 0, "", ""), undefined)
    await visit.begin("zh-CN")
    await expect(visit.leave()).rejects.toMatchObject({ offline: true })
    await visit.begin("zh-CN")
    expect(server.calls).toEqual(["POST /residents", "DELETE /residents/current", "DELETE /residents/current", "POST /residents"])
    expect(visit.state.resident?.id).toBe("b")
  })

  it("never shows one person the open visit of another", async () => {
    server.on("POST /residents", resident("stranger", { ticket: ticket() }), resident("b"))
    server.on("DELETE /residents/current", undefined)
    await visit.begin("zh-CN")
    expect(visit.state.resident?.id).toBe("b")
    expect(visit.state.ticket).toBeNull()
  })

  it("takes the ticket that is already open", async () => {
    server.on("POST /residents", resident("a"))
    server.on("POST /tickets", new Problem("ticket_already_open", 409, "", "", { ticket_id: "t" }))
    server.on("GET /tickets/t", ticket())
    await visit.begin("zh-CN")
    await visit.takeTicket("i")
    expect(visit.state.ticket?.number).toBe("A001")
  })

  it("follows its ticket, its place in the queue and its session", async () => {
    server.on("POST /residents", resident("a"))
    server.on("POST /tickets", ticket())
    await visit.begin("zh-CN")
    await visit.takeTicket("i")
    const topic = events.topics.get("resident:a")
    topic?.value?.("queue", { ticket_id: "t", ahead: 3, expected_wait_seconds: 30, raised_by: "head_start" })
    expect(visit.state.ticket).toMatchObject({ ahead: 3, expected_wait_seconds: 30 })
    expect(visit.state.raisedBy).toBe("head_start")
    topic?.value?.("queue", { ticket_id: "another", ahead: 9, expected_wait_seconds: 1, raised_by: null })
    expect(visit.state.ticket?.ahead).toBe(3)
    topic?.change?.({ ticket: { t: { id: "t", state: "serving" } }, session: { s: { id: "s", state: "active" } } }, null)
    expect(visit.state.ticket?.state).toBe("serving")
    expect(visit.state.sessionId).toBe("s")
    topic?.change?.({ session: { s: { id: "s", state: "ended" } } }, null)
    expect(visit.state.sessionId).toBeNull()
  })
})
