export type MediaStatus = "connecting" | "connected" | "reconnecting" | "lost" | "closed"
export interface StateChange { status: MediaStatus; reason: string; at: number }
/** `tries` counts attempts since the connection was last there. */
export interface MediaState { status: MediaStatus; since: number; reason: string; tries: number }

/** So long without a connection it is called lost, though trying goes on. */
export const LOST_AFTER_MS = 30_000
const HISTORY = 50

/** The state of the link with its past, newest last. */
export class StateLog {
  readonly history: StateChange[] = []
  private current: MediaState
  private troubleSince: number | null = null

  constructor(private readonly now: () => number) {
    this.current = { status: "connecting", since: now(), reason: "start", tries: 0 }
    this.history.push({ status: "connecting", reason: "start", at: now() })
  }

  get state(): MediaState {
    return this.current
  }

  /** Returns whether anything changed. */
  connected(reason: string): boolean {
    this.troubleSince = null
    return this.become("connected", reason, 0)
  }

  /** Another try under way, because of `reason`; the first connecting stays "connecting". */
  trying(reason: string): boolean {
    const now = this.now()
    this.troubleSince ??= now
    const first = this.current.status === "connecting"
    const status = now - this.troubleSince >= LOST_AFTER_MS ? "lost" : first ? "connecting" : "reconnecting"
    return this.become(status, reason, this.current.tries + 1)
  }

  /** Called every second: turns a long trouble into "lost". */
  tick(): boolean {
    if (this.troubleSince === null || this.current.status === "lost" || this.current.status === "closed") return false
    if (this.now() - this.troubleSince < LOST_AFTER_MS) return false
    return this.become("lost", this.current.reason, this.current.tries)
  }

  closed(): boolean {
    return this.become("closed", "closed", 0)
  }

  private become(status: MediaStatus, reason: string, tries: number): boolean {
    const changed = status !== this.current.status
    if (!changed && tries === this.current.tries) return false
    this.current = { status, reason, tries, since: changed ? this.now() : this.current.since }
    this.history.push({ status, reason, at: this.now() })
    if (this.history.length > HISTORY) this.history.shift()
    return true
  }
}
