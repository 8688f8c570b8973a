import { describe, expect, it, vi } from "vitest"
import { ServerClock } from "./clock"
import { createApi, newKey, Problem } from "./http"

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } })

function api(fetch: (url: string, init: RequestInit) => Promise<Response>, onUnauthorised?: (problem: Problem) => void) {
  return createApi({
    page: "kiosk", language: () => "en", fetch: fetch as typeof globalThis.fetch, retries: [0, 0],
    ...(onUnauthorised ? { onUnauthorised } : {}),
  })
}
const header = (init: RequestInit | undefined, name: string) => (init?.headers as Record<string, string> | undefined)?.[name]

describe("the HTTP client", () => {
  it("says which page it is, in which language", async () => {
    const fetch = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() => Promise.resolve(json(200, { ok: 1 })))
    expect(await api(fetch).get("/cases", { query: { limit: 5, q: null } })).toEqual({ ok: 1 })
    const [url, init] = fetch.mock.calls[0] ?? []
    expect(url).toBe("/api/v1/cases?limit=5")
    expect(header(init, "X-Virtual-Window-Page")).toBe("kiosk")
    expect(header(init, "Accept-Language")).toBe("en")
    expect(header(init, "Idempotency-Key")).toBeUndefined()
  })

  it("keeps the key of a command over the tries of a broken network", async () => {
    const keys: (string | undefined)[] = []
    let tries = 0
    const fetch = (_: string, init: RequestInit) => {
      keys.push(header(init, "Idempotency-Key"))
      return ++tries < 3 ? Promise.reject(new TypeError("network")) : Promise.resolve(json(201, { id: "t" }))
    }
    expect(await api(fetch).post("/tickets", { item_code: "x" })).toEqual({ id: "t" })
    expect(new Set(keys).size).toBe(1)
    expect(keys).toHaveLength(3)
    await api(fetch).post("/tickets", { item_code: "x" })
    expect(keys.at(-1)).not.toBe(keys[0])
  })

  it("gives up as offline", async () => {
    const fetch = vi.fn(() => Promise.reject(new TypeError("network")))
    await expect(api(fetch).get("/x")).rejects.toMatchObject({ code: "offline", offline: true })
    expect(fetch).toHaveBeenCalledTimes(3)
  })

  it("throws the problem that the server tells, and never repeats a refused command", async () => {
    const problem = { code: "ticket_already_open", status: 409, title: "Conflict", detail: "You have a ticket", params: { ticket_id: "t" } }
    const fetch = vi.fn(() => Promise.resolve(json(409, problem)))
    await expect(api(fetch).post("/tickets")).rejects.toMatchObject(problem)
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  it("makes a problem of an answer that is none of ours", async () => {
    const fetch = () => Promise.resolve(new Response("<html>bad gateway", { status: 502 }))
    await expect(api(fetch).get("/x")).rejects.toMatchObject({ code: "http_502", status: 502 })
  })

  it("tells of a cookie that counts no more", async () => {
    const told = vi.fn()
    await expect(api(() => Promise.resolve(json(401, { code: "unauthorised" })), told).get("/x")).rejects.toBeInstanceOf(Problem)
    expect(told).toHaveBeenCalledTimes(1)
  })

  it("answers nothing for 204 and names the page in picture addresses", async () => {
    const client = api(() => Promise.resolve(new Response(null, { status: 204 })))
    expect(await client.del("/x")).toBeUndefined()
    expect(client.url("/materials/m/image", { rendition: "thumbnail" })).toBe("/api/v1/materials/m/image?rendition=thumbnail&page=kiosk")
  })

  it("makes version 4 UUIDs", () => {
    expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(newKey()).not.toBe(newKey())
  })
})

describe("the server's clock", () => {
  it("narrows down from answers and live messages", () => {
    let local = 1_000_000
    const clock = new ServerClock(() => local)
    expect(clock.offset).toBe(0)
    // The server is 5 s ahead; the header gives whole seconds.
    clock.answered(1_005_000, 999_900)
    expect(Math.abs(clock.offset - 5_500)).toBeLessThan(600)
    local += 700
    clock.told(new Date(1_005_690).toISOString())
    expect(clock.now()).toBeGreaterThanOrEqual(1_005_690)
    expect(Math.abs(clock.offset - 5_500)).toBeLessThan(600)
  })

  it("begins anew when the local clock was set", () => {
    let local = 1_000_000
    const clock = new ServerClock(() => local)
    clock.answered(1_000_000, 999_990)
    local = 5_000_000
    clock.answered(1_010_000, 4_999_990)
    expect(Math.abs(clock.now() - 1_010_500)).toBeLessThan(600)
  })
})
