import type { Api, Booking, BookingSlots } from "@virtual-window/signaling"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { createBookings, grouped, isPhone } from "./bookings"

const slot = (at: string, free: boolean) => ({ starts_at: at, ends_at: at, free })
const TODAY: BookingSlots = {
  days: [{ day: "2024-11-26", open: true, free: 0 }, { day: "2024-11-27", open: true, free: 2 }],
  slots: [slot("2024-11-26T07:00:00Z", false)],
}
const TOMORROW: BookingSlots = { ...TODAY, slots: [slot("2024-11-27T01:00:00Z", false), slot("2024-11-27T01:20:00Z", true)] }

describe("telephone numbers", () => {
  it("are mobile ones, or landlines with their area code", () => {
    expect(["13800000001", "02162560000", "0512 62560000".replace(" ", ""), "+85221230000"].map(isPhone)).toEqual([true, true, true, true])
    expect(["", "1380000000", "12800000001", "6256000", "110"].map(isPhone)).toEqual([false, false, false, false, false])
    expect(isPhone("62560000")).toBe(true)
  })

  it("are grouped as people read them", () => {
    expect([grouped("15400000001"), grouped("12345678"), grouped("123")]).toEqual(["154 0000 0001", "1234 5678", "123"])
  })
})

describe("choosing a time", () => {
  const api = { get: vi.fn(), post: vi.fn(), put: vi.fn(), del: vi.fn() }
  let bookings: ReturnType<typeof createBookings>
  beforeEach(() => {
    for (const call of Object.values(api)) call.mockReset()
    api.get.mockImplementation((_path: string, { query }: { query: { day: string | null } }) => Promise.resolve(query.day === "2024-11-27" ? TOMORROW : TODAY))
    bookings = createBookings(api as unknown as Api)
  })

  it("begins with the first free time, whatever day that is", async () => {
    await bookings.open("appointment", "i", null)
    expect(bookings.state.choice).toMatchObject({ day: "2024-11-27", startsAt: "2024-11-27T01:20:00Z" })
  })

  it("calls back as soon as possible unless a time is chosen", async () => {
    await bookings.open("callback", "i", "t")
    expect(bookings.state.choice).toMatchObject({ day: null, startsAt: null })
    bookings.setPhone("13800000001")
    api.post.mockResolvedValue({ code: "12345678" })
    await bookings.book()
    expect(api.post).toHaveBeenCalledWith("/bookings", { kind: "callback", item_code: "i", starts_at: null, phone: "13800000001", ticket_id: "t" })
  })

  it("tells nobody the number of somebody who comes by video", async () => {
    await bookings.open("callback", "i", null)
    bookings.setPhone("13800000001")
    await bookings.turn("appointment")
    api.post.mockResolvedValue({ code: "12345678" })
    await bookings.book()
    expect(api.post).toHaveBeenCalledWith("/bookings", { kind: "appointment", item_code: "i", starts_at: "2024-11-27T01:20:00Z" })
  })

  it("shows the day that was asked for last, however late another one comes", async () => {
    await bookings.open("appointment", "i", null)
    let late: (slots: BookingSlots) => void = () => undefined
    api.get.mockImplementationOnce(() => new Promise<BookingSlots>((resolve) => { late = resolve }))
    const first = bookings.pickDay("2024-11-26")
    const second = bookings.pickDay("2024-11-27")
    await second
    late(TODAY)
    await first
    expect(bookings.state.slots).toEqual(TOMORROW.slots)
    expect(bookings.state.choice?.startsAt).toBe("2024-11-27T01:20:00Z")
  })

  it("moves the booking at hand rather than make another", async () => {
    api.get.mockResolvedValueOnce({ code: "12345678", kind: "appointment", item_code: "i", state: "booked" } as Booking)
    await bookings.find("12345678")
    await bookings.move()
    api.put.mockResolvedValue({ code: "12345678", kind: "appointment", item_code: "i", state: "booked" })
    await bookings.book()
    expect(api.put).toHaveBeenCalledWith("/bookings/12345678", { starts_at: "2024-11-27T01:20:00Z" })
    expect(api.post).not.toHaveBeenCalled()
  })

  it("leaves nothing on the page", async () => {
    await bookings.open("callback", "i", null)
    bookings.setPhone("13800000001")
    bookings.forget()
    expect(bookings.state).toEqual({ choice: null, days: [], slots: [], loading: false, phone: "", found: null, fresh: false, moving: false })
  })
})
