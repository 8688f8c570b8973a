import type { Entities, FeedEvent, TopicListener } from "@virtual-window/signaling"
import { createPinia, setActivePinia } from "pinia"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { useDesk } from "./desk"

const server = vi.hoisted(() => ({ listeners: new Map<string, TopicListener>(), get: vi.fn(), post: vi.fn() }))
vi.mock("@/server", () => ({
  api: { get: server.get, post: server.post },
  clock: { now: () => 0, offset: 0 },
  onUnauthorised: () => undefined,
  feed: {
    reopen: () => undefined,
    subscribe: (topic: string, listener: TopicListener) => {
      server.listeners.set(topic, listener)
      return { close: () => server.listeners.delete(topic) }
    },
  },
}))

const account = { id: "a", username: "town1", display_name: { "zh-CN": "", en: "" }, roles: [], org: { code: "o", name: { "zh-CN": "", en: "" } }, windows: [], language: "en" } as const
const presence = (state: string, missed = 0) => ({ presence: { a: { id: "a", state, since: "2024-11-26T02:00:00.000Z", missed_offers: missed, session_id: null } } })
const offer = (id: string) => ({ offer: { [id]: { id, deadline_at: "2024-11-26T02:00:20.000Z", lease_seconds: 20, ticket: { id: "t", number: "B001" } } } })
const event = { type: "presence.changed", at: "2024-11-26T02:00:01.000Z", changes: [] } as unknown as FeedEvent

async function opened() {
  server.get.mockResolvedValue({ presence: null, queues: ["queue:street_town:o"], waiting: [], today: { served: 0, answered_in_60s_share: null } })
  const desk = useDesk()
  await desk.open({ ...account, roles: [], windows: [{ id: "w", code: "w", name: { "zh-CN": "", en: "" }, channel: "street_town", org: account.org }] })
  return { desk, tell: (entities: object, told: FeedEvent | null = event) => server.listeners.get("desk:a")?.change?.(entities as Entities, told) }
}

describe("the desk", () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    server.listeners.clear()
    server.post.mockReset().mockResolvedValue(undefined)
  })

  it("follows presence and offer as events tell them", async () => {
    const { desk, tell } = await opened()
    tell(presence("available"), null)
    expect(desk.mode).toBe("idle")
    tell({ ...presence("offered"), ...offer("x") })
    expect([desk.mode, desk.offer?.id]).toEqual(["offer", "x"])
  })

  it("says that an offer was missed, and forgets it with the next one", async () => {
    const { desk, tell } = await opened()
    tell({ ...presence("offered"), ...offer("x") }, null)
    tell(presence("available", 1))
    expect(desk.gone).toMatchObject({ how: "missed", offer: { id: "x" } })
    tell({ ...presence("offered", 1), ...offer("y") })
    expect(desk.gone).toBeNull()
  })

  it("does not call a rejected offer missed", async () => {
    const { desk, tell } = await opened()
    tell({ ...presence("offered"), ...offer("x") }, null)
    await desk.reject()
    expect(server.post).toHaveBeenCalledWith("/offers/x/reject", {})
    tell(presence("available"))
    expect(desk.gone?.how).toBe("rejected")
  })

  it("has nothing to explain about an offer that became a call", async () => {
    const { desk, tell } = await opened()
    tell({ ...presence("offered"), ...offer("x") }, null)
    // The offer may be told to be over before the call is told to have begun.
    tell(presence("offered"))
    tell(presence("serving"))
    tell(presence("available"))
    expect(desk.gone).toBeNull()
  })

  it("shows who waits in all its queues, in the queue's order", async () => {
    const { desk } = await opened()
    const ticket = (id: string, at: string) => ({ id, state: "waiting", waiting_since: "2024-11-26T02:00:00Z", rank_at: at })
    server.listeners.get("queue:street_town:o")?.change?.({ ticket: { b: ticket("b", "2024-11-26T02:00:09Z"), a: ticket("a", "2024-11-26T02:00:03Z") } }, null)
    expect(desk.waiting.map((entry) => entry.id)).toEqual(["a", "b"])
    server.listeners.get("queue:street_town:o")?.closed?.("right_lost")
    expect(desk.waiting).toEqual([])
  })

  it("asks for nothing where somebody has no window", async () => {
    server.get.mockClear()
    await useDesk().open({ ...account, roles: [], windows: [] })
    expect([server.get.mock.calls.length, server.listeners.size]).toEqual([0, 0])
  })

  it("is empty again when it is closed", async () => {
    const { desk, tell } = await opened()
    tell(presence("available"), null)
    desk.close()
    expect([desk.mode, desk.ready, server.listeners.size]).toEqual(["off", false, 0])
  })
})
