import {
  createApi, EventFeed, Problem, ServerClock, type CatalogueItem, type CatalogueItemDetail, type Channel, type FeedState,
  type Language, type ServiceStatus,
} from "@virtual-window/signaling"
import { reactive, readonly, ref, shallowReactive, watch, type InjectionKey, inject } from "vue"
import { createCall } from "../call/call"
import { createDevices } from "../devices/devices"
import { browserSpeech } from "../devices/speech"
import { currentLanguage, setLanguage } from "../text"
import { createBookings } from "./bookings"
import { createBookingSteps } from "./bookingSteps"
import { nextScreen, type Move, type Screen } from "./screens"
import { createVisit } from "./visit"

/** Why the end screen shows. */
export type Ending = "hung_up" | "agent_ended" | "cancelled" | "over"

/** What is known of windows that are closed. opensAt: null while nobody can say. */
export interface Closed {
  opensAt: string | null
  reason: ServiceStatus["reason"]
  callback: boolean
  appointment: boolean
}

export interface Shown {
  screen: Screen
  ending: Ending
  /** What broke, for the error screen. */
  problem: Problem | null
  /** A small failure, told in a strip until touched or the next screen. */
  notice: Problem | null
  busy: boolean
  elder: boolean
  help: boolean
  closed: Closed | null
  /** The number pad for the telephone number is open. */
  dialling: boolean
}
export interface Catalogue { items: CatalogueItem[]; channel: Channel; detail: CatalogueItemDetail | null }

export type Kiosk = ReturnType<typeof createKiosk>
export const KIOSK: InjectionKey<Kiosk> = Symbol("kiosk")

export function useKiosk(): Kiosk {
  const kiosk = inject(KIOSK)
  if (!kiosk) throw new Error("no kiosk provided")
  return kiosk
}

/** What a refused ticket says of the windows. */
function closedBy({ params }: Problem): Closed {
  const known = params as { opens_at?: string | null; reason?: Closed["reason"]; callback?: boolean; appointment?: boolean }
  return { opensAt: known.opens_at ?? null, reason: known.reason ?? null, callback: known.callback ?? true, appointment: known.appointment ?? true }
}

/** The page's one store: where the resident is, and every step they can take. */
export function createKiosk(place: string | null) {
  const clock = new ServerClock()
  const api = createApi({ page: "kiosk", language: currentLanguage, clock })
  const feed = new EventFeed({ page: "kiosk", clock })
  const devices = createDevices()
  const speech = browserSpeech()
  const visit = createVisit(api, feed, place)
  const call = createCall(api, feed, devices)
  const bookings = createBookings(api)

  const shown = reactive<Shown>({
    screen: "loading", ending: "hung_up", problem: null, notice: null, busy: false, elder: false, help: false, closed: null,
    dialling: false,
  }) as Shown
  const catalogue = shallowReactive<Catalogue>({ items: [], channel: "street_town", detail: null })
  const link = ref<FeedState>(feed.state)
  feed.changed.on((state) => { link.value = state })

  function go(move: Move): void {
    const next = nextScreen(shown.screen, move)
    if (next === shown.screen) return
    shown.screen = next
    shown.notice = null
    shown.help = shown.dialling = false
  }

  /** Run a step that talks to the server; while it runs further touches do nothing. */
  async function step(work: () => Promise<void>): Promise<void> {
    if (shown.busy) return
    shown.busy = true
    shown.notice = null
    try {
      await work()
    } catch (error) {
      fail(error)
    } finally {
      shown.busy = false
    }
  }

  function fail(error: unknown): void {
    if (!(error instanceof Problem)) {
      shown.problem = new Problem("page_fault", 0, "", String(error))
      go("broken")
      throw error
    }
    if (error.code === "windows_closed") {
      shown.closed = closedBy(error)
      go("no_window")
    }
    // The visit is over on the server: begin anew rather than show what no longer counts.
    else if (error.status === 401) void home()
    else shown.notice = error
  }

  async function load(): Promise<void> {
    try {
      const [found] = await Promise.all([visit.find(), visit.look()])
      if (!found) {
        go("loaded")
        return
      }
      if (visit.state.resident && !visit.state.sessionId) setLanguage(visit.state.resident.language)
      await continueVisit()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      shown.problem = error
      go("broken")
    }
  }

  /** A page that was loaded anew goes on where its visit stands. */
  async function continueVisit(): Promise<void> {
    if (visit.state.sessionId) await enter(visit.state.sessionId)
    else if (visit.waiting) {
      await readItem(visit.state.ticket?.item_code ?? "")
      go("to_queue")
      void devices.open()
    } else if (visit.state.resident?.consent) {
      await readItems()
      go("found_visit")
    } else go("loaded")
  }

  async function readItems(): Promise<void> {
    if (!catalogue.items.length) catalogue.items = (await api.get<{ items: CatalogueItem[] }>("/catalogue/items")).items
  }

  async function readItem(code: string): Promise<void> {
    if (catalogue.detail?.code !== code) catalogue.detail = await api.get<CatalogueItemDetail>(`/catalogue/items/${code}`)
  }

  async function enter(sessionId: string): Promise<void> {
    await devices.open()
    await call.open(sessionId)
    if (call.state.session) await readItem(call.state.session.item_code)
    go("served")
  }

  const start = () => step(async () => {
    await visit.begin(currentLanguage())
    if (visit.state.sessionId || visit.waiting) await continueVisit()
    else if (visit.state.resident?.consent) {
      await readItems()
      go("found_visit")
    } else go("start")
  })

  const agree = () => step(async () => {
    await visit.consent(currentLanguage())
    if (await booking.goOn()) return
    await readItems()
    go("agree")
  })

  const decline = () => step(async () => {
    await visit.leave()
    go("decline")
  })

  const again = () => step(async () => {
    await visit.begin(currentLanguage())
    go("back")
  })

  const choose = (code: string) => step(async () => {
    await readItem(code)
    await visit.look(code)
    go("choose")
  })

  const queue = () => step(async () => {
    if (!catalogue.detail) return
    await visit.takeTicket(catalogue.detail.code, shown.elder)
    // Whoever has a ticket already keeps that one, and sees what belongs to it.
    if (visit.state.ticket) await readItem(visit.state.ticket.item_code)
    go("queued")
    void devices.open()
  })

  const prioritise = (reason: Parameters<typeof visit.prioritise>[0]) => step(() => visit.prioritise(reason))

  const cancel = () => step(async () => {
    await visit.cancel()
    devices.stop()
    shown.ending = "cancelled"
    go("finished")
  })

  const restore = () => step(async () => {
    await visit.restore()
    go("to_queue")
    void devices.open()
  })

  const hangUp = () => step(async () => {
    shown.ending = "hung_up"
    const ending = call.hangUp()
    devices.stop()
    go("finished")
    await ending
  })

  const resume = () => step(async () => {
    await devices.open()
    await call.resume()
    go("undone")
  })

  const booking = createBookingSteps({ api, visit, devices, bookings, shown, catalogue, step, go, readItem })

  /** The windows closed while somebody waited: say until when, as far as the server knows. */
  async function closedMeanwhile(): Promise<void> {
    shown.closed = { opensAt: null, reason: null, callback: true, appointment: false }
    devices.stop()
    go("no_window")
    const status = await visit.look(visit.state.ticket?.item_code)
    // There are times to book only where it is known when windows open.
    shown.closed = { ...shown.closed, opensAt: status.opens_at, reason: status.reason, appointment: status.opens_at !== null }
  }

  /** Back to the first screen; nothing of this person is left here, and the server ends their session. */
  async function home(): Promise<void> {
    devices.stop()
    speech.stop()
    go("home")
    shown.elder = false
    shown.notice = null
    shown.closed = null
    booking.forget()
    catalogue.detail = null
    catalogue.channel = "street_town"
    setLanguage("zh-CN")
    await Promise.all([call.forget(), visit.leave().catch((error: unknown) => { if (!(error instanceof Problem)) throw error })])
    await visit.look().catch((error: unknown) => { if (!(error instanceof Problem)) throw error })
  }

  /** One screen back. A ticket in the queue stays there; only leaving the last screen before the start ends the visit. */
  function back(): void {
    if (booking.back()) return
    if (shown.screen === "device" && call.state.session) go("served")
    else if (shown.screen === "items" && !visit.waiting) void home()
    else if (shown.screen === "items") go("to_queue")
    else go("back")
  }

  async function more(): Promise<void> {
    const language = currentLanguage()
    await home()
    setLanguage(language)
    await start()
  }

  async function switchLanguage(): Promise<void> {
    const language: Language = currentLanguage() === "zh-CN" ? "en" : "zh-CN"
    setLanguage(language)
    await visit.speak(language).catch((error: unknown) => { if (!(error instanceof Problem)) throw error })
  }

  // News of the visit: called into a session, or the ticket is over without one.
  watch(() => visit.state.sessionId, (id) => {
    if (id && shown.screen !== "call" && shown.screen !== "loading" && shown.screen !== "end") void enter(id).catch(fail)
  })
  watch(() => visit.state.ticket?.state, (state) => {
    if (shown.screen !== "queue" && shown.screen !== "device" && shown.screen !== "booking") return
    if (state === "closed_out_of_hours") void closedMeanwhile().catch(fail)
    else if (state === "abandoned" || state === "cancelled") {
      shown.ending = "over"
      devices.stop()
      go("finished")
    }
  })
  // News of the session: the other side ended it, or took it up again.
  watch(() => call.state.session?.state, (state, before) => {
    if (shown.screen === "call" && (state === "ending" || state === "ended")) {
      shown.ending = "agent_ended"
      void call.stopMedia()
      devices.stop()
      go("finished")
    } else if (shown.screen === "end" && before === "ending" && state !== undefined && state !== "ended" && !shown.busy) {
      void step(async () => {
        await devices.open()
        if (call.state.session) await call.open(call.state.session.id)
        go("undone")
      })
    }
  })

  return {
    api, clock, devices, speech, visit, call, bookings, booking,
    shown, catalogue, link: readonly(link),
    load, start, agree, decline, again, choose, queue, prioritise, cancel, restore, hangUp, resume, home, more, switchLanguage,
    back,
    toQueue: () => { go("to_queue") },
    toDevices: () => { go("to_devices") },
    retry: () => { go("retry"); void load() },
  }
}
