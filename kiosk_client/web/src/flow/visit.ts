import {
  Problem, type Api, type EventFeed, type Facts, type Language, type PriorityReason, type QueueValue, type Resident, type ServiceStatus, type Standing,
  type Subscription, type Ticket,
} from "@virtual-window/signaling"
import { reactive, readonly } from "vue"

interface State {
  status: ServiceStatus | null
  resident: Resident | null
  ticket: Ticket | null
  /** The open session's id. */
  sessionId: string | null
  /** Why others who came later stand before, or the number ahead has grown; null: neither. */
  raisedBy: QueueValue["raised_by"]
}
export type Visit = ReturnType<typeof createVisit>

/**
 * Whether this browser has a visit to come back to, or one that the server has not ended yet. The visit itself is in a
 * cookie that the page cannot see; without this mark every first load would ask the server in vain.
 */
const MARK = "virtual-window.visit"
type Mark = "open" | "leaving"
const marked = (): Mark | null => localStorage.getItem(MARK) as Mark | null
const mark = (how: Mark): void => { localStorage.setItem(MARK, how) }
const unmark = (): void => { localStorage.removeItem(MARK) }

const isOver = (error: unknown): boolean => error instanceof Problem && (error.status === 401 || error.status === 404)

/** Tickets with which somebody stands in the queue or is served; a call back and an appointment are no reason to stay here. */
const OPEN: ReadonlySet<string> = new Set(["waiting", "offered", "serving", "held"])
const isOpen = (ticket: Ticket | null): boolean => ticket !== null && ticket.kind !== "callback" && OPEN.has(ticket.state)

/** One person's visit as the server knows it: the anonymous resident, their ticket and their session's id. */
export function createVisit(api: Api, feed: EventFeed, place: string | null) {
  const state = reactive<State>({ status: null, resident: null, ticket: null, sessionId: null, raisedBy: null })
  let topic: Subscription | null = null
  let followed: string | null = null

  function take(resident: Resident): void {
    state.resident = resident
    state.ticket = resident.ticket
    state.sessionId = resident.session_id
    mark("open")
    if (followed !== resident.id) follow(resident.id)
  }

  function follow(id: string): void {
    topic?.close()
    followed = id
    feed.reopen()
    topic = feed.subscribe(`resident:${id}`, {
      change: (entities) => { void told(entities.ticket ?? {}, entities.session ?? {}) },
      value: (name, value) => { if (name === "queue") position(value as QueueValue) },
      closed: () => { void refresh() },
    })
  }

  async function told(tickets: Readonly<Record<string, Facts>>, sessions: Readonly<Record<string, Facts>>): Promise<void> {
    const facts = state.ticket ? tickets[state.ticket.id] : undefined
    if (state.ticket && facts) Object.assign(state.ticket, facts)
    const live = Object.entries(sessions).find(([, session]) => session.state !== "ended")
    state.sessionId = live?.[0] ?? null
    // A ticket that another page of the same person took.
    if (!facts && Object.keys(tickets).length) await refresh()
  }

  function position(value: QueueValue): void {
    if (state.ticket?.id !== value.ticket_id) return
    state.ticket.ahead = value.ahead
    state.ticket.expected_wait_seconds = value.expected_wait_seconds
    state.raisedBy = value.raised_by
  }

  /** The visit that a reloaded page belongs to, if its cookie still counts. */
  async function find(): Promise<boolean> {
    if (marked() === "leaving") await end()
    if (marked() === null) return false
    try {
      take(await api.get<Resident>("/residents/current"))
      return true
    } catch (error) {
      if (!isOver(error)) throw error
      unmark()
      return false
    }
  }

  async function refresh(): Promise<void> {
    if (state.resident && !(await find())) forget()
  }

  async function begin(language: Language): Promise<void> {
    const body = { language, ...(place ? { place } : {}) }
    if (marked() === "leaving") await end()
    const known = marked() !== null
    let resident = await api.post<Resident>("/residents", body)
    // An open visit that this page does not remember is somebody else's: it ends, and a new one begins.
    if (!known && (resident.consent || resident.ticket)) {
      await end()
      resident = await api.post<Resident>("/residents", body)
    }
    take(resident)
  }

  async function consent(language: Language): Promise<void> {
    const version = state.status?.consent_version ?? (await look()).consent_version
    const given = await api.post<Resident["consent"]>("/residents/current/consent", { version, language })
    if (state.resident) state.resident.consent = given
  }

  async function speak(language: Language): Promise<void> {
    if (!state.resident) return
    state.resident.language = language
    await api.patch("/residents/current", { language })
  }

  /** elder: the resident reads large text, and is taken for an elder one. */
  async function takeTicket(itemCode: string, elder = false): Promise<void> {
    state.raisedBy = null
    try {
      state.ticket = await api.post<Ticket>("/tickets", { item_code: itemCode, ...(elder ? { elder_mode: true } : {}) })
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "ticket_already_open") throw error
      state.ticket = await api.get<Ticket>(`/tickets/${String(error.params.ticket_id)}`)
    }
  }

  async function cancel(): Promise<void> {
    if (state.ticket) state.ticket = await api.post<Ticket>(`/tickets/${state.ticket.id}/cancel`)
  }

  async function restore(): Promise<void> {
    if (state.ticket) state.ticket = await api.post<Ticket>(`/tickets/${state.ticket.id}/restore`)
  }

  /** How busy it is here now: for everything, or for the windows of one item. */
  async function look(itemCode: string | null = null): Promise<ServiceStatus> {
    state.status = await api.get<ServiceStatus>("/service-status", { query: { place, item_code: itemCode } })
    return state.status
  }

  /** Why the ticket stands where it stands, in words. */
  async function standing(): Promise<Standing | null> {
    return state.ticket ? api.get<Standing>(`/tickets/${state.ticket.id}/standing`) : null
  }

  /** Say of oneself that waiting is hard; the place moves forward, never back. */
  async function prioritise(reason: Exclude<PriorityReason, "appointment">): Promise<void> {
    if (state.ticket) state.ticket = await api.post<Ticket>(`/tickets/${state.ticket.id}/priority`, { priority: [reason] })
  }

  /** A booking has made something else of the ticket, or one of it. */
  function hold(ticket: Ticket): void {
    state.ticket = ticket
  }

  /** Nothing of this person stays in the page. */
  function forget(): void {
    topic?.close()
    topic = null
    followed = null
    feed.rest()
    Object.assign(state, { resident: null, ticket: null, sessionId: null, raisedBy: null })
  }

  async function end(): Promise<void> {
    try {
      await api.del("/residents/current")
    } catch (error) {
      if (!isOver(error)) throw error
    }
    unmark()
  }

  /**
   * The person goes: the page forgets them at once, the server ends the anonymous session. What the network does not
   * let through is made up before the next person begins.
   */
  async function leave(): Promise<void> {
    const had = state.resident !== null
    if (had) mark("leaving")
    forget()
    if (had) await end()
  }

  return {
    state: readonly(state) as Readonly<State>,
    find, begin, consent, speak, takeTicket, cancel, restore, look, standing, prioritise, hold, refresh, leave,
    get waiting(): boolean { return isOpen(state.ticket) },
  }
}
