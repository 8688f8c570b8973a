import { type Api, type Booking, type BookingKind, type BookingSlots } from "@virtual-window/signaling"
import { reactive, readonly } from "vue"

/** What is being chosen on the booking screen. */
interface Choice {
  kind: BookingKind
  itemCode: string
  /** The waiting ticket that this turns into; null: none. */
  ticketId: string | null
  day: string | null
  /** Null for a callback: as soon as possible. */
  startsAt: string | null
}

interface State {
  choice: Choice | null
  days: BookingSlots["days"]
  slots: BookingSlots["slots"]
  /** Times are on their way. */
  loading: boolean
  phone: string
  /** The booking at hand: just made, or found by its number. */
  found: Booking | null
  /** Made on this screen a moment ago, not looked up. */
  fresh: boolean
  /** It is being moved to another time. */
  moving: boolean
}

const EMPTY: State = { choice: null, days: [], slots: [], loading: false, phone: "", found: null, fresh: false, moving: false }

const PHONES = [
  /^1[3-9]\d{9}$/, // mobile
  /^[2-8]\d{7}$/, // a landline of here
  /^0(10|2\d)[2-8]\d{7}$/, /^0[3-9]\d{2}[2-8]\d{6,7}$/, // landline with its area code
  /^(\+|00)[1-9]\d{6,14}$/, // of another country
]

/** Whether somebody can be called at it, as far as its shape tells; the server has the last word. */
export function isPhone(digits: string): boolean {
  return PHONES.some((form) => form.test(digits))
}

/** As it is read aloud: 154 0000 0001, 1234 5678. */
export function grouped(digits: string): string {
  if (/^1\d{10}$/.test(digits)) return digits.replace(/(\d{3})(\d{4})(\d{4})/, "$1 $2 $3")
  return digits.replace(/(\d{4})(?=\d)/g, "$1 ")
}

export type Bookings = ReturnType<typeof createBookings>

/** Times to choose from, and the booking at hand. Every method that talks to the server throws `Problem`. */
export function createBookings(api: Api) {
  const state = reactive<State>({ ...EMPTY }) as State
  let reading = 0

  async function read(day: string | null): Promise<void> {
    const choice = state.choice
    if (!choice) return
    const turn = ++reading
    state.loading = true
    try {
      const answer = await api.get<BookingSlots>("/booking-slots", { query: { item_code: choice.itemCode, day } })
      if (turn !== reading) return
      state.days = answer.days
      state.slots = answer.slots
    } finally {
      if (turn === reading) state.loading = false
    }
  }

  /** Begin to choose. The first free time is chosen; for a callback that is as soon as possible. */
  async function open(kind: BookingKind, itemCode: string, ticketId: string | null): Promise<void> {
    state.choice = { kind, itemCode, ticketId, day: null, startsAt: null }
    state.moving = false
    await firstFree()
  }

  async function firstFree(): Promise<void> {
    const choice = state.choice
    if (!choice) return
    await read(null)
    const day = state.days.find((one) => one.open && one.free > 0)?.day ?? null
    if (day && !state.slots.some((slot) => slot.free)) await read(day)
    if (choice.kind === "appointment" || state.moving) take(day)
  }

  function take(day: string | null): void {
    if (!state.choice) return
    state.choice.day = day
    state.choice.startsAt = state.slots.find((slot) => slot.free)?.starts_at ?? null
  }

  async function pickDay(day: string | null): Promise<void> {
    if (!state.choice) return
    state.choice.day = day
    state.choice.startsAt = null
    if (day === null) return
    await read(day)
    if (state.choice.day === day) take(day)
  }

  function pick(startsAt: string): void {
    if (state.choice) state.choice.startsAt = startsAt
  }

  async function turn(kind: BookingKind): Promise<void> {
    const choice = state.choice
    if (!choice || choice.kind === kind) return
    choice.kind = kind
    if (kind === "callback") await pickDay(null)
    else if (!choice.startsAt) await firstFree()
  }

  /** Make what is chosen, or move the booking at hand to it. */
  async function book(): Promise<Booking | null> {
    const choice = state.choice
    if (!choice) return null
    const made = state.moving && state.found
      ? await api.put<Booking>(`/bookings/${state.found.code}`, { starts_at: choice.startsAt })
      : await api.post<Booking>("/bookings", {
        kind: choice.kind, item_code: choice.itemCode, starts_at: choice.startsAt,
        ...(choice.kind === "callback" ? { phone: state.phone } : {}),
        ...(choice.ticketId ? { ticket_id: choice.ticketId } : {}),
      })
    state.found = made
    state.fresh = true
    state.moving = false
    return made
  }

  async function find(code: string): Promise<Booking> {
    state.found = await api.get<Booking>(`/bookings/${code}`)
    state.fresh = false
    return state.found
  }

  /** Choose another time for the booking at hand. */
  async function move(): Promise<void> {
    const found = state.found
    if (!found) return
    state.choice = { kind: found.kind, itemCode: found.item_code, ticketId: null, day: null, startsAt: null }
    state.moving = true
    await firstFree()
  }

  async function cancel(): Promise<void> {
    if (!state.found) return
    await api.del(`/bookings/${state.found.code}`)
    state.found = { ...state.found, state: "cancelled" }
  }

  /** Nothing of this person stays on the page. */
  function forget(): void {
    reading++
    Object.assign(state, EMPTY, { days: [], slots: [] })
  }

  return { state: readonly(state) as Readonly<State>, open, firstFree, pickDay, pick, turn, book, find, move, cancel, forget, setPhone: (phone: string) => { state.phone = phone } }
}
