export type Verdict = "well" | "restart" | "renew"

export interface WatchdogLimits {
  /** Nothing came for so long though something should: restart ICE. */
  quietMs: number
  /** A restart or a connecting that leads nowhere for so long: a wholly new connection. */
  hopelessMs: number
}

export const LIMITS: WatchdogLimits = { quietMs: 4_000, hopelessMs: 6_000 }

/**
 * Judges whether the media path stands still. Pure: told of samples and restarts with their times, it says what to do.
 * A filled slot gets a sender report every second, so a transport that counts no packet is a broken path or a stopped
 * worker, not a silent person.
 */
export class Watchdog {
  private packets = -1
  private grew: number
  private troubledSince: number | null = null

  constructor(now: number, private readonly limits: WatchdogLimits = LIMITS) {
    this.grew = now
  }

  /** The connection began to (re)connect or an ICE restart was sent. */
  troubled(now: number): void {
    this.troubledSince ??= now
  }

  /** The path is there again. */
  recovered(now: number): void {
    this.troubledSince = null
    this.grew = now
  }

  /** A look at the counters; `expecting`: at least one slot is filled. */
  judge(packetsIn: number, expecting: boolean, now: number): Verdict {
    if (packetsIn !== this.packets || !expecting) {
      this.grew = now
      this.packets = packetsIn
    }
    if (this.troubledSince !== null && now - this.troubledSince >= this.limits.hopelessMs) {
      this.troubledSince = now
      return "renew"
    }
    if (this.troubledSince === null && now - this.grew >= this.limits.quietMs) {
      this.troubledSince = now
      return "restart"
    }
    return "well"
  }
}
