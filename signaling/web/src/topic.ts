import { Problem } from "./http"
import { reduce, type Change, type Entities } from "./reducer"

export interface Cursor { epoch: string; number: number }
export interface FeedEvent { topic: string; epoch: string; number: number; type: string; at: string; changes: Change[] }
export interface RefusedAnswer { ok: false; problem: { code: string; status: number; title?: string; detail?: string; params?: Record<string, unknown> } }
export type SubscribeAnswer =
  | { ok: true; epoch: string; number: number; snapshot: Entities | null; events: FeedEvent[] }
  | RefusedAnswer

interface Outlet {
  change: (entities: Entities, event: FeedEvent | null) => void
  refused: (problem: Problem) => void
}

const RETRY_MS = 1_000
/** More than this while an answer is awaited means that the answer is not coming: ask again instead of growing. */
const BUFFER_LIMIT = 1_000

/**
 * The order of one topic: applies events whose number follows, buffers those that overtake the answer to a subscribe,
 * and asks again, with its cursor, when one is missing.
 */
export class TopicState {
  entities: Entities = {}
  private cursor: Cursor | null = null
  private early: FeedEvent[] = []
  private asking = 0
  private phase: "paused" | "pending" | "live" | "stopped" = "paused"
  private retry: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly ask: (cursor: Cursor | null) => Promise<SubscribeAnswer>,
    private readonly outlet: Outlet,
  ) {}

  get known(): boolean {
    return this.cursor !== null
  }

  /** Subscribe, from the cursor if there is one; the socket is connected. */
  start(): void {
    if (this.phase === "stopped") return
    clearTimeout(this.retry)
    this.phase = "pending"
    this.early = []
    const turn = ++this.asking
    this.ask(this.cursor).then(
      (answer) => { if (turn === this.asking) this.answered(answer) },
      () => { if (turn === this.asking) this.again() },
    )
  }

  /** The connection is gone; what is known stays. */
  pause(): void {
    if (this.phase === "stopped") return
    this.asking++
    clearTimeout(this.retry)
    this.phase = "paused"
  }

  stop(): void {
    this.asking++
    clearTimeout(this.retry)
    this.phase = "stopped"
  }

  /** The server cannot continue the topic: begin from a fresh snapshot. */
  reset(): void {
    if (this.phase === "stopped" || this.phase === "paused") return
    this.cursor = null
    this.start()
  }

  event(event: FeedEvent): void {
    if (this.phase === "pending") {
      this.early.push(event)
      if (this.early.length > BUFFER_LIMIT) this.start()
    } else if (this.phase === "live") this.apply(event)
  }

  private answered(answer: SubscribeAnswer): void {
    if (!answer.ok) {
      this.refuse(answer)
      return
    }
    if (answer.snapshot) {
      this.entities = answer.snapshot
      this.cursor = { epoch: answer.epoch, number: answer.number }
      this.phase = "live"
      this.outlet.change(this.entities, null)
    } else this.phase = "live"
    const early = this.early
    this.early = []
    for (const event of [...answer.events, ...early]) if (this.live()) this.apply(event)
    if (this.live() && this.cursor && this.cursor.number < answer.number) this.start()
  }

  // A method, so that the compiler does not believe the phase unchanged over `apply`.
  private live(): boolean {
    return this.phase === "live"
  }

  private apply(event: FeedEvent): void {
    const cursor = this.cursor
    if (!cursor || event.epoch !== cursor.epoch) {
      this.start()
      return
    }
    if (event.number <= cursor.number) return
    if (event.number > cursor.number + 1) {
      this.start()
      this.early.push(event)
      return
    }
    this.cursor = { epoch: event.epoch, number: event.number }
    this.entities = reduce(this.entities, event.changes)
    this.outlet.change(this.entities, event)
  }

  private refuse(answer: RefusedAnswer): void {
    const { code, status, title, detail, params } = answer.problem
    if (status >= 500 || status === 429) {
      this.again()
      return
    }
    this.stop()
    this.outlet.refused(new Problem(code, status, title ?? "", detail ?? "", params ?? {}))
  }

  private again(): void {
    clearTimeout(this.retry)
    this.retry = setTimeout(() => { this.start() }, RETRY_MS)
  }
}
