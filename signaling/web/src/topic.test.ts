import { beforeEach, describe, expect, it, vi } from "vitest"
import type { Problem } from "./http"
import type { Change, Entities } from "./reducer"
import { TopicState, type Cursor, type FeedEvent, type SubscribeAnswer } from "./topic"

const event = (number: number, changes: Change[] = [], epoch = "e1"): FeedEvent => ({
  topic: "t", epoch, number, type: "changed", at: "2026-11-24T08:00:00.000Z", changes,
})
const set = (id: string, version: number): Change => ({ entity: "ticket", id, value: { id, version } })
const gone = (id: string): Change => ({ entity: "ticket", id, value: null })
const snapshot = (number: number, entities: Entities, epoch = "e1"): SubscribeAnswer => ({ ok: true, epoch, number, snapshot: entities, events: [] })
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A server side that is asked, and answers when told to. */
class Server {
  readonly asked: (Cursor | null)[] = []
  private waiting: ((answer: SubscribeAnswer | Error) => void)[] = []
  readonly seen: { number: number | null; entities: Entities }[] = []
  readonly refused: Problem[] = []
  readonly topic = new TopicState(
    (cursor) => new Promise((resolve, reject) => {
      this.asked.push(cursor)
      this.waiting.push((answer) => { if (answer instanceof Error) reject(answer); else resolve(answer) })
    }),
    {
      change: (entities, told) => { this.seen.push({ number: told?.number ?? null, entities }) },
      refused: (problem) => { this.refused.push(problem) },
    },
  )
  async answer(answer: SubscribeAnswer | Error): Promise<void> {
    this.waiting.shift()?.(answer)
    await settled()
  }
}

describe("a topic", () => {
  let server: Server
  beforeEach(() => {
    server = new Server()
    server.topic.start()
  })

  it("is its snapshot and the events after it", async () => {
    await server.answer(snapshot(3, { ticket: { a: { id: "a", version: 1 }, b: { id: "b", version: 1 } } }))
    server.topic.event(event(4, [set("a", 2), gone("b")]))
    server.topic.event(event(5, [set("c", 1)]))
    expect(server.topic.entities).toEqual({ ticket: { a: { id: "a", version: 2 }, c: { id: "c", version: 1 } } })
    expect(server.seen.map((one) => one.number)).toEqual([null, 4, 5])
  })

  it("keeps events that overtake the answer, and drops those that the snapshot has", async () => {
    server.topic.event(event(4, [set("a", 4)]))
    server.topic.event(event(5, [set("a", 5)]))
    await server.answer(snapshot(4, { ticket: { a: { id: "a", version: 4 } } }))
    expect(server.seen.map((one) => one.number)).toEqual([null, 5])
    expect(server.topic.entities.ticket?.a?.version).toBe(5)
  })

  it("ignores what it has seen", async () => {
    await server.answer(snapshot(4, {}))
    server.topic.event(event(4, [set("a", 1)]))
    expect(server.topic.entities).toEqual({})
  })

  it("asks from its cursor when a number is missing, and loses nothing", async () => {
    await server.answer(snapshot(1, {}))
    server.topic.event(event(3, [set("b", 1)]))
    expect(server.asked).toEqual([null, { epoch: "e1", number: 1 }])
    server.topic.event(event(4, [set("c", 1)]))
    await server.answer({ ok: true, epoch: "e1", number: 3, snapshot: null, events: [event(2, [set("a", 1)]), event(3, [set("b", 1)])] })
    expect(Object.keys(server.topic.entities.ticket ?? {})).toEqual(["a", "b", "c"])
    expect(server.seen.map((one) => one.number)).toEqual([null, 2, 3, 4])
  })

  it("comes back after an outage with its cursor", async () => {
    await server.answer(snapshot(7, { ticket: { a: { id: "a", version: 1 } } }))
    server.topic.pause()
    server.topic.event(event(8, [set("a", 8)]))
    server.topic.start()
    expect(server.asked.at(-1)).toEqual({ epoch: "e1", number: 7 })
    await server.answer({ ok: true, epoch: "e1", number: 8, snapshot: null, events: [event(8, [set("a", 8)])] })
    expect(server.seen.map((one) => one.number)).toEqual([null, 8])
  })

  it("takes a fresh snapshot of another epoch whole", async () => {
    await server.answer(snapshot(7, { ticket: { a: { id: "a", version: 1 } } }))
    server.topic.pause()
    server.topic.start()
    await server.answer(snapshot(1, { ticket: { b: { id: "b", version: 1 } } }, "e2"))
    expect(server.topic.entities).toEqual({ ticket: { b: { id: "b", version: 1 } } })
    server.topic.event(event(2, [set("b", 2)], "e2"))
    expect(server.topic.entities.ticket?.b?.version).toBe(2)
  })

  it("begins anew on reset, without a cursor", async () => {
    await server.answer(snapshot(7, {}))
    server.topic.reset()
    expect(server.asked.at(-1)).toBeNull()
  })

  it("is told once when it is refused, and asks no more", async () => {
    await server.answer({ ok: false, problem: { code: "not_permitted", status: 403 } })
    expect(server.refused.map((problem) => problem.code)).toEqual(["not_permitted"])
    server.topic.start()
    expect(server.asked).toHaveLength(1)
  })

  it("asks again after a moment when no answer comes, or a passing refusal", async () => {
    vi.useFakeTimers()
    const late = new Server()
    late.topic.start()
    void late.answer(new Error("timeout"))
    await vi.advanceTimersByTimeAsync(1_100)
    void late.answer({ ok: false, problem: { code: "unavailable", status: 503 } })
    await vi.advanceTimersByTimeAsync(1_100)
    expect(late.asked).toHaveLength(3)
    vi.useRealTimers()
  })

  it("ignores the answer to a question that a newer one replaced", async () => {
    server.topic.pause()
    server.topic.start()
    await server.answer(snapshot(9, { ticket: { old: { id: "old" } } }))
    expect(server.seen).toEqual([])
    await server.answer(snapshot(1, {}))
    expect(server.seen).toHaveLength(1)
  })
})
