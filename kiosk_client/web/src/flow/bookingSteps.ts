import { Problem, type Api, type BookingKind, type Ticket } from "@virtual-window/signaling"
import type { createDevices } from "../devices/devices"
import { currentLanguage } from "../text"
import { isPhone, type Bookings } from "./bookings"
import type { Catalogue, Shown } from "./kiosk"
import type { Move } from "./screens"
import type { Visit } from "./visit"

interface Parts {
  api: Api
  visit: Visit
  devices: ReturnType<typeof createDevices>
  bookings: Bookings
  shown: Shown
  catalogue: Catalogue
  step: (work: () => Promise<void>) => Promise<void>
  go: (move: Move) => void
  readItem: (code: string) => Promise<void>
}

/** Tickets that a call back or an appointment can take the place of. */
const TURNED: ReadonlySet<string> = new Set(["waiting", "offered", "held", "closed_out_of_hours"])

/** The steps around bookings: choose a time, change it, and come with its number. */
export function createBookingSteps({ api, visit, devices, bookings, shown, catalogue, step, go, readItem }: Parts) {
  /** Whoever comes with a booking gives their consent first, and then goes on here. */
  let arriving = false

  const turned = (): string | null => {
    const ticket = visit.state.ticket
    return ticket && ticket.item_code === catalogue.detail?.code && TURNED.has(ticket.state) ? ticket.id : null
  }

  const choose = (kind: BookingKind) => step(async () => {
    if (!catalogue.detail) return
    await bookings.open(kind, catalogue.detail.code, turned())
    go("to_booking")
  })

  /** The first free time, for the screen that says that the windows are closed; it does without. */
  async function peek(): Promise<void> {
    if (!catalogue.detail) return
    try {
      await bookings.open("appointment", catalogue.detail.code, turned())
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    }
  }

  const pickDay = (day: string | null) => step(() => bookings.pickDay(day))
  const turn = (kind: BookingKind) => step(() => bookings.turn(kind))

  const book = () => step(async () => {
    const choice = bookings.state.choice
    if (!choice) return
    if (choice.kind === "callback" && !bookings.state.moving && !isPhone(bookings.state.phone)) {
      shown.dialling = true
      return
    }
    try {
      const made = await bookings.book()
      if (made) visit.hold(made.ticket)
    } catch (error) {
      // Somebody else was quicker, or the day changed: what is shown as free must be so.
      if (error instanceof Problem && error.status === 409 && choice.day) await bookings.pickDay(choice.day)
      else if (error instanceof Problem && error.code === "phone_unusable") shown.dialling = true
      throw error
    }
    devices.stop()
    go("booked")
  })

  const toCode = () => step(async () => {
    await visit.begin(currentLanguage())
    go(visit.waiting ? "to_queue" : "to_code")
  })

  const find = (code: string) => step(async () => {
    const found = await bookings.find(code)
    await readItem(found.item_code)
    go("booked")
  })

  const move = () => step(async () => {
    await bookings.move()
    go("to_booking")
  })

  const cancel = () => step(() => bookings.cancel())

  async function arrive(): Promise<void> {
    const found = bookings.state.found
    if (!found) return
    visit.hold(await api.post<Ticket>(`/bookings/${found.code}/arrive`))
    await readItem(found.item_code)
    go("queued")
    bookings.forget()
    void devices.open()
  }

  /** Rather than wait for the appointment: a number like everybody's. */
  const walkIn = () => step(async () => {
    if (!catalogue.detail) return
    await visit.look(catalogue.detail.code)
    go("to_guide")
  })

  const come = () => step(async () => {
    if (visit.state.resident?.consent) await arrive()
    else {
      arriving = true
      go("no_consent")
    }
  })

  /** After the consent: on with the booking, if that is what somebody came for. */
  async function goOn(): Promise<boolean> {
    if (!arriving) return false
    arriving = false
    try {
      await arrive()
    } catch (error) {
      go("booked")
      throw error
    }
    return true
  }

  /** One screen back from a screen of bookings; false: this is none. */
  function back(): boolean {
    if (shown.screen === "consent" && arriving) {
      arriving = false
      go("booked")
    } else if (shown.screen !== "booking") return false
    else if (bookings.state.moving) go("booked")
    else if (visit.waiting) go("to_queue")
    else go(shown.closed ? "no_window" : "to_guide")
    return true
  }

  function forget(): void {
    arriving = false
    bookings.forget()
  }

  return {
    choose, peek, pickDay, turn, book, toCode, find, move, cancel, come, walkIn, goOn, back, forget,
    pick: (startsAt: string) => { bookings.pick(startsAt) },
    dial: (phone: string) => { bookings.setPhone(phone) },
  }
}
