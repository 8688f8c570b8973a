import { Problem, type Account, type Alarm, type Board, type BoardAgent, type BoardAgentFacts, type BoardTicket, type Entities, type ServiceLevel, type Subscription } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { computed, ref, shallowRef } from "vue"
import { agentsNow, byClock, byUrgency, newAlarms, withoutForerunners } from "@/domain/board"
import { MINUTE, type Promised } from "@/domain/waiting"
import { api, clock, feed } from "@/server"

/** What events do not tell is read again this often, and after a change at the earliest after so long. */
const EVERY_MS = 15_000
const SETTLE_MS = 5_000
const RECENT_MS = 30 * 60_000

const LEADERS: ReadonlySet<string> = new Set(["supervisor", "admin"])
/** Whether somebody has a board, by what the server lets them read. */
export const leads = (account: Account | null): boolean => account?.roles.some((role) => LEADERS.has(role)) ?? false

/** An organisation and all below it, live: who waits, agents, alarms; and the day's figures, which are read now and then. */
export const useBoard = defineStore("board", () => {
  const board = shallowRef<Board | null>(null)
  const entities = shallowRef<Entities | null>(null)
  const levels = shallowRef<ServiceLevel | null>(null)
  const recent = shallowRef<ServiceLevel | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const ready = ref(false)
  /** Alarms that have come since the page did; whoever sounds them listens. */
  const fresh = shallowRef<readonly Alarm[]>([])

  const list = <T>(kind: string): T[] => Object.values(entities.value?.[kind] ?? {}) as unknown as T[]
  const waiting = computed(() => byClock(entities.value ? list<BoardTicket>("ticket") : board.value?.waiting ?? []))
  const agents = computed<BoardAgent[]>(() => agentsNow(board.value?.agents ?? [], (entities.value?.["agent"] ?? {}) as unknown as Record<string, BoardAgentFacts>))
  const alarms = computed(() => byUrgency(withoutForerunners(entities.value ? list<Alarm>("alarm") : board.value?.alarms ?? [])))
  const promised = computed<Promised>(() => (board.value ? { over: board.value.answer_seconds, soon: board.value.answer_warning_seconds } : MINUTE))
  const unseen = computed(() => alarms.value.filter((alarm) => alarm.seen_at === null).length)

  let topic: Subscription | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  let settling: ReturnType<typeof setTimeout> | undefined
  let known: Set<string> | null = null
  let reading = false
  let org = ""

  function follow(now: Entities): void {
    const before = known
    entities.value = now
    const told = list<Alarm>("alarm")
    const come = newAlarms(before, told)
    known = new Set([...(before ?? []), ...told.map((alarm) => alarm.id)])
    if (come.length > 0) fresh.value = come
    settling ??= setTimeout(() => {
      settling = undefined
      void refresh()
    }, SETTLE_MS)
  }

  /** Read names and figures. A failure is kept in `problem`; what is shown stays. */
  async function refresh(): Promise<void> {
    if (reading || !org) return
    reading = true
    try {
      const from = new Date(clock.now() - RECENT_MS).toISOString()
      const asked = org
      const [now, today, lately] = await Promise.all([
        api.get<Board>("/board", { query: { org } }),
        api.get<ServiceLevel>("/service-level", { query: { org, by: "channel" } }),
        api.get<ServiceLevel>("/service-level", { query: { org, from } }),
      ])
      if (asked !== org) return
      board.value = now
      levels.value = today
      recent.value = lately
      problem.value = null
      ready.value = true
      if (!topic) topic = feed.subscribe(now.topic, { change: follow, closed: () => { void refresh() } })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      problem.value = error
    } finally {
      reading = false
    }
  }

  async function open(account: Account): Promise<void> {
    close()
    org = account.org.code
    timer = setInterval(() => { void refresh() }, EVERY_MS)
    await refresh()
  }

  function close(): void {
    topic?.close()
    clearInterval(timer)
    clearTimeout(settling)
    topic = null
    known = null
    settling = undefined
    org = ""
    board.value = entities.value = levels.value = recent.value = problem.value = null
    fresh.value = []
    ready.value = false
  }

  /** Close or open a window, until somebody does otherwise; counts at once. */
  async function closeWindow(id: string, closed: boolean): Promise<void> {
    await api.put(`/windows/${id}/closure`, { closed })
    await refresh()
  }

  /** The same for all windows of an organisation. */
  async function closeOrg(code: string, closed: boolean): Promise<void> {
    await api.put(`/organisations/${code}/closure`, { closed })
    await refresh()
  }

  async function see(id: string): Promise<void> { await api.post(`/alarms/${id}/seen`) }

  return { board, levels, recent, problem, ready, waiting, agents, alarms, unseen, promised, fresh, open, close, refresh, see, closeWindow, closeOrg }
})
