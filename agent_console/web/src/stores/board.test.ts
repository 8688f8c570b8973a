import { Problem, type Account, type Entities, type TopicListener } from "@virtual-window/signaling"
import { createPinia, setActivePinia } from "pinia"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { leads, useBoard } from "./board"

const server = vi.hoisted(() => ({ listeners: new Map<string, TopicListener>(), get: vi.fn(), post: vi.fn(), put: vi.fn() }))
vi.mock("@/server", () => ({
  api: { get: server.get, post: server.post, put: server.put },
  clock: { now: () => 0, offset: 0 },
  feed: {
    subscribe: (topic: string, listener: TopicListener) => {
      server.listeners.set(topic, listener)
      return { close: () => server.listeners.delete(topic) }
    },
  },
}))

const lead = { roles: ["supervisor"], org: { code: "putuo" } } as unknown as Account
const board = { topic: "board:putuo", answer_seconds: 30, answer_warning_seconds: 20, waiting: [], agents: [], alarms: [], windows: [] }
const alarm = (id: string) => ({ [id]: { id, kind: "answer_late", subject: id, raised_at: "2024-11-26T02:00:00Z", seen_at: null } })
const tell = (alarms: object) => server.listeners.get("board:putuo")?.change?.({ alarm: alarms } as unknown as Entities, null)

describe("the board", () => {
  beforeEach(() => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    server.listeners.clear()
    server.put.mockReset()
    server.get.mockReset().mockImplementation((path: string) => Promise.resolve(path === "/board" ? board : { rows: [] }))
  })
  afterEach(() => vi.useRealTimers())

  it("is for those who lead", () => {
    expect([leads(lead), leads({ roles: ["agent"] } as unknown as Account), leads(null)]).toEqual([true, false, false])
  })

  it("measures waits by what the installation promises", async () => {
    const here = useBoard()
    expect(here.promised).toEqual({ over: 60, soon: 45 })
    await here.open(lead)
    expect(here.promised).toEqual({ over: 30, soon: 20 })
  })

  it("makes a sound of what comes, not of what was there, and of each once", async () => {
    const here = useBoard()
    await here.open(lead)
    tell(alarm("a"))
    expect([here.unseen, here.fresh]).toEqual([1, []])
    tell({ ...alarm("a"), ...alarm("b") })
    expect(here.fresh.map((one) => one.id)).toEqual(["b"])
    const told = here.fresh
    tell({ ...alarm("b"), ...alarm("a") })
    expect(here.fresh).toBe(told)
  })

  it("keeps what it shows when it can't be read again, and says why", async () => {
    const here = useBoard()
    await here.open(lead)
    server.get.mockRejectedValue(new Problem("http_500", 500, "", ""))
    await here.refresh()
    expect([here.ready, here.problem?.code]).toEqual([true, "http_500"])
  })

  it("closes a window and looks again", async () => {
    const here = useBoard()
    await here.open(lead)
    server.get.mockClear()
    await here.closeWindow("w", true)
    expect(server.put).toHaveBeenCalledWith("/windows/w/closure", { closed: true })
    expect(server.get).toHaveBeenCalled()
  })

  it("hears nothing any more once it is closed", async () => {
    const here = useBoard()
    await here.open(lead)
    here.close()
    expect([here.ready, server.listeners.size, vi.getTimerCount()]).toEqual([false, 0, 0])
  })
})
