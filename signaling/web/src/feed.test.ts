import { beforeEach, describe, expect, it, vi } from "vitest"
import { EventFeed, type FeedSocket } from "./feed"
import type { FeedEvent, SubscribeAnswer } from "./topic"

type Handler = (...given: never[]) => void

/** A Socket.IO socket without a server; `fire` plays the server. */
class FakeSocket {
  connected = false
  /** Whether it is connected or on its way, by itself too. */
  active = false
  /** Whether the server answers a connect at once. */
  answers = true
  connects = 0
  readonly sent: { name: string; body: { topic: string; cursor?: unknown } }[] = []
  private readonly handlers = new Map<string, Handler[]>()
  answer: (topic: string) => SubscribeAnswer = () => ({ ok: true, epoch: "e", number: 0, snapshot: {}, events: [] })

  on(name: string, handler: Handler): this {
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), handler])
    return this
  }
  fire(name: string, ...given: unknown[]): void {
    for (const handler of this.handlers.get(name) ?? []) handler(...(given as never[]))
  }
  connect(): this {
    this.connects += 1
    this.active = true
    if (!this.answers) return this
    this.connected = true
    this.fire("connect")
    return this
  }
  disconnect(): this {
    this.connected = false
    this.active = false
    this.fire("disconnect")
    return this
  }
  timeout(): this { return this }
  emit(name: string, body: { topic: string }, reply?: (error: Error | null, answer: SubscribeAnswer) => void): this {
    this.sent.push({ name, body })
    if (reply) queueMicrotask(() => { reply(null, this.answer(body.topic)) })
    return this
  }
}

const event = (topic: string, number: number, id: string): FeedEvent => ({
  topic, epoch: "e", number, type: "x", at: "2026-11-24T08:00:00.000Z", changes: [{ entity: "ticket", id, value: { id } }],
})

describe("the event feed", () => {
  let socket: FakeSocket
  let feed: EventFeed
  beforeEach(() => {
    socket = new FakeSocket()
    feed = new EventFeed({ page: "kiosk", socket: () => socket as unknown as FeedSocket })
  })

  it("subscribes once for all listeners of a topic, and tells a late one what is known", async () => {
    feed.open()
    const first = vi.fn()
    const one = feed.subscribe("queue:district:x", { change: first })
    await one.ready
    socket.fire("event", event("queue:district:x", 1, "a"))
    const second = vi.fn()
    feed.subscribe("queue:district:x", { change: second })
    await Promise.resolve()
    expect(socket.sent.filter((message) => message.name === "subscribe")).toHaveLength(1)
    expect(second).toHaveBeenCalledWith({ ticket: { a: { id: "a" } } }, null)
    expect(one.all("ticket")).toEqual([{ id: "a" }])
    expect(one.one("ticket", "a")).toEqual({ id: "a" })
  })

  it("unsubscribes with the last listener", async () => {
    feed.open()
    const one = feed.subscribe("t", {})
    const other = feed.subscribe("t", {})
    await one.ready
    one.close()
    expect(socket.sent.at(-1)?.name).toBe("subscribe")
    other.close()
    expect(socket.sent.at(-1)).toEqual({ name: "unsubscribe", body: { topic: "t" } })
  })

  it("subscribes again with its cursor after a lost connection, and says how it stands", async () => {
    const states: string[] = []
    feed.changed.on((state) => states.push(state.status))
    feed.open()
    const one = feed.subscribe("t", {})
    await one.ready
    socket.fire("event", event("t", 1, "a"))
    socket.connected = false
    socket.fire("disconnect")
    socket.answer = () => ({ ok: true, epoch: "e", number: 2, snapshot: null, events: [event("t", 2, "b")] })
    socket.connect()
    await Promise.resolve()
    await Promise.resolve()
    expect(socket.sent.at(-1)?.body).toEqual({ topic: "t", cursor: { epoch: "e", number: 1 } })
    expect(Object.keys(one.entities().ticket ?? {})).toEqual(["a", "b"])
    expect(states).toEqual(["online", "offline", "online"])
  })

  it("rests without a person, and does not call that offline", () => {
    feed.open()
    feed.rest()
    expect(socket.connected).toBe(false)
    expect(feed.state.status).toBe("online")
    feed.open()
    expect(socket.connected).toBe(true)
  })

  it("connects once, however often it is asked while on its way", () => {
    socket.answers = false
    feed.reopen()
    feed.open()
    feed.open()
    expect(socket.connects).toBe(1)
  })

  it("tries again by itself when the server refused", () => {
    vi.useFakeTimers()
    socket.active = false
    socket.fire("connect_error")
    expect(feed.state.status).toBe("offline")
    vi.advanceTimersByTime(3_100)
    expect(socket.connected).toBe(true)
    vi.useRealTimers()
  })

  it("tells values and the end of a topic", async () => {
    feed.open()
    const value = vi.fn()
    const closed = vi.fn()
    await feed.subscribe("t", { value, closed }).ready
    socket.fire("value", { topic: "t", name: "queue", value: { ahead: 2 } })
    socket.fire("closed", { topic: "t", reason: "right_lost" })
    expect(value).toHaveBeenCalledWith("queue", { ahead: 2 })
    expect(closed).toHaveBeenCalledWith("right_lost")
  })

  it("rejects `ready` and closes when a topic is refused", async () => {
    feed.open()
    socket.answer = () => ({ ok: false, problem: { code: "not_found", status: 404 } })
    const closed = vi.fn()
    await expect(feed.subscribe("t", { closed }).ready).rejects.toMatchObject({ code: "not_found" })
    expect(closed).toHaveBeenCalledWith("not_found")
  })
})
