/**
 * The server's time, from bounds that every answer and event gives: an HTTP `Date` was true between asking and getting
 * the answer, an event had happened before it came. The bounds narrow with each message; when they contradict each
 * other the local clock was set, and estimating starts anew.
 */
export class ServerClock {
  private lowest = -Infinity
  private highest = Infinity

  constructor(private readonly local: () => number = Date.now) {}

  /** An answer whose `Date` header (whole seconds) is `date` ms, asked for at `asked` and here now (local ms). */
  answered(date: number, asked: number): void {
    if (Number.isNaN(date)) return
    this.narrow(date - this.local(), date + 1000 - asked)
  }

  /** A live message that the server sent at `at` (RFC 3339). */
  told(at: string): void {
    const time = Date.parse(at)
    if (!Number.isNaN(time)) this.narrow(time - this.local(), Infinity)
  }

  /** Server time minus local time, ms; 0 until something is known. */
  get offset(): number {
    if (this.lowest === -Infinity) return 0
    return this.highest === Infinity ? Math.max(0, this.lowest) : (this.lowest + this.highest) / 2
  }

  /** The server's time now, ms since 1970. */
  now(): number {
    return this.local() + this.offset
  }

  private narrow(lowest: number, highest: number): void {
    if (lowest > this.highest || highest < this.lowest) {
      this.lowest = -Infinity
      this.highest = Infinity
    }
    this.lowest = Math.max(this.lowest, lowest)
    this.highest = Math.min(this.highest, highest)
  }
}
