import { Problem, type Api } from "@virtual-window/signaling"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { createBookings } from "./bookings"
import { createBookingSteps } from "./bookingSteps"
import type { Catalogue, Shown } from "./kiosk"
import { nextScreen, type Move, type Screen } from "./screens"
import type { Visit } from "./visit"

const free = { starts_at: "2024-11-27T01:20:00Z", ends_at: "2024-11-27T01:35:00Z", free: true }
const slots = { days: [{ day: "2024-11-27", open: true, free: 1 }], slots: [free] }
const made = { code: "12345678", kind: "callback", item_code: "i", state: "callback", ticket: { id: "t" } }

/** The steps over a page that keeps to the table of screens, and a server that is told what to answer. */
function page(screen: Screen, ticket: object | null, consent: object | null = {}) {
  const api = { get: vi.fn().mockResolvedValue(slots), post: vi.fn().mockResolvedValue(made), put: vi.fn(), del: vi.fn() }
  const shown = { screen, notice: null, closed: null, dialling: false } as unknown as Shown
  const visit = { state: { ticket, resident: { consent } }, waiting: ticket !== null, hold: vi.fn(), begin: vi.fn(), look: vi.fn() }
  const bookings = createBookings(api as unknown as Api)
  const steps = createBookingSteps({
    api: api as unknown as Api, visit: visit as unknown as Visit, bookings, shown,
    devices: { stop: vi.fn(), open: vi.fn() } as never,
    catalogue: { detail: { code: "i" } } as unknown as Catalogue,
    step: async (work) => {
      try { await work() } catch (error) {
        if (!(error instanceof Problem)) throw error
        shown.notice = error
      }
    },
    go: (move: Move) => { shown.screen = nextScreen(shown.screen, move) },
    readItem: () => Promise.resolve(),
  })
  return { api, shown, visit, bookings, steps }
}

describe("a call back from the queue", () => {
  let here: ReturnType<typeof page>
  beforeEach(async () => {
    here = page("queue", { id: "t", item_code: "i", state: "offered" })
    await here.steps.choose("callback")
  })

  it("asks for the number that is missing before it asks the server", async () => {
    await here.steps.book()
    expect(here.shown.dialling).toBe(true)
    expect(here.api.post).not.toHaveBeenCalled()
  })

  it("takes the place of the number that waits", async () => {
    here.steps.dial("13800000001")
    await here.steps.book()
    expect(here.api.post).toHaveBeenCalledWith("/bookings", expect.objectContaining({ ticket_id: "t", phone: "13800000001" }))
    expect([here.shown.screen, here.visit.hold.mock.calls[0]]).toEqual(["booked", [made.ticket]])
  })

  it("leads back to the queue when it is not wanted after all", () => {
    expect(here.steps.back()).toBe(true)
    expect(here.shown.screen).toBe("queue")
  })
})

it("shows what is still free when somebody else was quicker, and why", async () => {
  const { api, shown, bookings, steps } = page("guide", null)
  await steps.choose("appointment")
  const later = { ...free, starts_at: "2024-11-27T01:40:00Z" }
  api.get.mockResolvedValue({ ...slots, slots: [{ ...free, free: false }, later] })
  api.post.mockRejectedValueOnce(new Problem("slot_full", 409, "", "", { starts_at: free.starts_at }))
  await steps.book()
  expect([shown.screen, shown.notice?.code, bookings.state.choice?.startsAt]).toEqual(["booking", "slot_full", later.starts_at])
})

describe("somebody who comes with a booking number", () => {
  it("agrees first, then waits, and no number stays on the page", async () => {
    const { api, shown, visit, bookings, steps } = page("code", null, null)
    api.get.mockResolvedValue({ ...made, kind: "appointment", state: "booked" })
    await steps.find("12345678")
    await steps.come()
    expect(shown.screen).toBe("consent")
    api.post.mockResolvedValue({ id: "t", state: "waiting" })
    expect(await steps.goOn()).toBe(true)
    expect([shown.screen, bookings.state.found]).toEqual(["queue", null])
    expect(visit.hold).toHaveBeenCalledWith({ id: "t", state: "waiting" })
    expect(await steps.goOn()).toBe(false)
  })

  it("is told when it is too early, on the booking", async () => {
    const { api, shown, steps } = page("code", null)
    api.get.mockResolvedValue({ ...made, kind: "appointment", state: "booked" })
    await steps.find("12345678")
    api.post.mockRejectedValueOnce(new Problem("too_early", 409, "", ""))
    await steps.come()
    expect([shown.screen, shown.notice?.code]).toEqual(["booked", "too_early"])
  })

  it("gets back from the consent to the booking", async () => {
    const { api, shown, steps } = page("code", null, null)
    api.get.mockResolvedValue({ ...made, kind: "appointment", state: "booked" })
    await steps.find("12345678")
    await steps.come()
    expect([steps.back(), shown.screen]).toEqual([true, "booked"])
  })
})
