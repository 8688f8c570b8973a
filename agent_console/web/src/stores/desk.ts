import { Problem, type Account, type CallbackFacts, type Desk, type Engagement, type Entities, type FeedEvent, type Offer, type Presence, type QueuedTicket, type Subscription } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { computed, ref, shallowRef } from "vue"
import { deskMode, offerEnd, type OfferEnd } from "@/domain/presence"
import { byRank } from "@/domain/waiting"
import { api, feed } from "@/server"
import { useAccount } from "./account"

export interface GoneOffer { offer: Offer; how: OfferEnd }

const first = <T>(entities: Entities, kind: string): T | null => (Object.values(entities[kind] ?? {})[0] as T | undefined) ?? null

/** The agent's own desk, live: presence, the offer at hand, the engagement or call back, and who waits. */
export const useDesk = defineStore("desk", () => {
  const presence = shallowRef<Presence | null>(null)
  const offer = shallowRef<Offer | null>(null)
  const engagement = shallowRef<Engagement | null>(null)
  const today = shallowRef<Desk["today"] | null>(null)
  const queues = shallowRef<ReadonlyMap<string, QueuedTicket[]>>(new Map())
  const gone = shallowRef<GoneOffer | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const ready = ref(false)
  /** Wished during a call: a break once it is wrapped up. */
  const breakAfter = ref(false)
  /** The call back that the agent is on. */
  const callback = shallowRef<CallbackFacts | null>(null)
  /** The window to serve at from the next going available on; null: all of the agent's. */
  const chosenWindow = ref<string | null>(null)

  const mode = computed(() => deskMode(presence.value, offer.value))
  const waiting = computed(() => byRank([...queues.value.values()].flat()))

  let own: Subscription | null = null
  let watched = new Map<string, Subscription>()
  let answered: { offer: string; how: "accepted" | "rejected" } | null = null

  function follow(entities: Entities, event: FeedEvent | null): void {
    const before = { presence: presence.value, offer: offer.value }
    presence.value = first<Presence>(entities, "presence") ?? presence.value
    offer.value = first<Offer>(entities, "offer")
    engagement.value = first<Engagement>(entities, "engagement")
    callback.value = first<CallbackFacts>(entities, "callback")
    if (before.offer && before.presence && presence.value && offer.value?.id !== before.offer.id) {
      const how = offerEnd(before.presence, presence.value, answered?.offer === before.offer.id ? answered.how : null)
      gone.value = { offer: before.offer, how }
    }
    // Taken, perhaps told in two events: there is nothing to explain once the call is here.
    if (offer.value || presence.value?.state === "serving") gone.value = null
    if (event && before.presence?.state !== presence.value?.state) void refresh()
  }

  function watchQueues(topics: readonly string[]): void {
    for (const [topic, subscription] of watched) if (!topics.includes(topic)) subscription.close()
    const kept = new Map<string, Subscription>()
    for (const topic of topics) kept.set(topic, watched.get(topic) ?? feed.subscribe(topic, {
      change: (entities) => { setQueue(topic, Object.values(entities["ticket"] ?? {}) as unknown as QueuedTicket[]) },
      closed: () => { setQueue(topic, null) },
    }))
    for (const topic of queues.value.keys()) if (!kept.has(topic)) setQueue(topic, null)
    watched = kept
  }

  function setQueue(topic: string, tickets: QueuedTicket[] | null): void {
    const next = new Map(queues.value)
    if (tickets) next.set(topic, tickets)
    else next.delete(topic)
    queues.value = next
  }

  function take(desk: Desk): void {
    presence.value ??= desk.presence
    today.value = desk.today
    callback.value ??= desk.callback
    watchQueues(desk.queues)
  }

  /** Read what events do not tell: the day's figures and which queues to watch. */
  async function refresh(): Promise<void> {
    try {
      take(await api.get<Desk>("/desk"))
      problem.value = null
      ready.value = true
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      problem.value = error
    }
  }

  /** Begin for the account that has logged in. */
  async function open(account: Account): Promise<void> {
    close()
    // Whoever has no window has no desk: nothing to hear of, or to ask for.
    if (account.windows.length === 0) {
      feed.reopen()
      return
    }
    own = feed.subscribe(`desk:${account.id}`, { change: follow })
    // Anew, not on: a connection of who was here before stands for them.
    feed.reopen()
    await refresh()
  }

  function close(): void {
    own?.close()
    for (const subscription of watched.values()) subscription.close()
    own = null
    watched = new Map()
    presence.value = offer.value = engagement.value = callback.value = today.value = gone.value = null
    queues.value = new Map()
    ready.value = breakAfter.value = false
  }

  async function goAvailable(): Promise<void> {
    gone.value = null
    take(await api.post<Desk>("/desk/available", chosenWindow.value ? { window_id: chosenWindow.value } : {}))
  }

  async function goBreak(): Promise<void> { await api.post("/desk/break") }
  async function goOff(): Promise<void> { await api.post("/desk/off") }

  async function accept(): Promise<void> {
    const id = offer.value?.id
    if (!id) return
    answered = { offer: id, how: "accepted" }
    await api.post(`/offers/${id}/accept`)
  }

  /** Give the ticket on at once; the reason may follow. */
  async function reject(): Promise<void> {
    const id = offer.value?.id
    if (!id) return
    answered = { offer: id, how: "rejected" }
    await api.post(`/offers/${id}/reject`, {})
  }

  async function explainReject(id: string, reason: string): Promise<void> { await api.post(`/offers/${id}/reject`, { reason }) }

  const windows = computed(() => useAccount().account?.windows ?? [])

  return {
    presence, offer, engagement, today, waiting, gone, problem, ready, breakAfter, callback, mode, windows, chosenWindow,
    open, close, refresh, goAvailable, goBreak, goOff, accept, reject, explainReject,
  }
})
