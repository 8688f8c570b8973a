import { Emitter } from "../emitter"
import type { EventFeed, Subscription } from "../feed"
import { Problem, type Api } from "../http"
import type { Slot, SourceKind } from "../types"
import { Link } from "./link"
import { gradeLink, type LinkQuality, type Sample } from "./quality"
import { NOBODY, readRoster, type Roster } from "./roster"
import { SOURCE_ORDER } from "./sections"
import { StateLog, type MediaState, type StateChange } from "./state"
import { Watchdog } from "./watchdog"

export type { MediaState, MediaStatus, StateChange } from "./state"

export interface MediaSessionOptions {
  api: Api
  feed: EventFeed
  sessionId: string
  /** The sources this page may ever send, all four unless told. */
  sources?: readonly SourceKind[]
  /** How many other people, and how many documents and screens, can be seen at once. */
  people?: number
  pictures?: number
  now?: () => number
  makePeer?: (configuration: RTCConfiguration) => RTCPeerConnection
}

const TICK_MS = 1_000
const AGAIN_MS = 1_500
const ON_FROM_THE_START: ReadonlySet<SourceKind> = new Set(["microphone", "face"])
/** Answers to a new connection that no further try changes: the session is over, or not ours. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 410])

/**
 * This page's media of one session: sends its sources, receives the others, and comes back by itself. An ICE restart is
 * tried on `disconnected`, on a network that is there again and on media standing still; when that leads nowhere, a
 * wholly new connection. It goes on trying until `close`, or until the server says that the session is over.
 */
export class MediaSession {
  /** Told after every change of `state`, `roster` or `quality`. */
  readonly changed = new Emitter<MediaSession>()
  /** Told once when the server refuses: the session is over, or no longer ours. */
  readonly refused = new Emitter<Problem>()
  roster: Roster = NOBODY
  quality: LinkQuality | null = null

  private readonly now: () => number
  private readonly log: StateLog
  private readonly tracks = new Map<SourceKind, MediaStreamTrack>()
  private readonly quiet = new Set<SourceKind>()
  private readonly untold = new Set<SourceKind>()
  private link: Link | null = null
  private slots: Subscription | null = null
  private watchdog: Watchdog
  private before: Sample | null = null
  private ticking: ReturnType<typeof setInterval> | undefined
  private again: ReturnType<typeof setTimeout> | undefined
  private over = false

  constructor(private readonly options: MediaSessionOptions) {
    this.now = options.now ?? Date.now
    this.log = new StateLog(this.now)
    this.watchdog = new Watchdog(this.now())
  }

  get state(): MediaState {
    return this.log.state
  }

  /** What happened to the link, oldest first. */
  get history(): readonly StateChange[] {
    return this.log.history
  }

  get connectionId(): string | null {
    return this.link?.connectionId ?? null
  }

  /** Connect; failures are tried again in the background and seen in `state`. */
  start(): void {
    if (this.over || this.ticking) return
    this.ticking = setInterval(() => { void this.tick() }, TICK_MS)
    globalThis.addEventListener?.("online", this.networkIsBack)
    void this.renew("start")
  }

  /** Send `track` as `kind`; null ends the source. The track stays the caller's: closing does not stop it. */
  async publish(kind: SourceKind, track: MediaStreamTrack | null): Promise<void> {
    if (track) this.tracks.set(kind, track)
    else this.tracks.delete(kind)
    await this.link?.send(kind, track)
    await this.tellActive(kind)
  }

  /** Mute or unmute a source that is being sent, here and in the server's knowledge. */
  async setActive(kind: SourceKind, active: boolean): Promise<void> {
    if (active) this.quiet.delete(kind)
    else this.quiet.add(kind)
    const track = this.tracks.get(kind)
    if (track) track.enabled = active
    await this.tellActive(kind)
  }

  isActive(kind: SourceKind): boolean {
    return this.tracks.has(kind) && !this.quiet.has(kind)
  }

  /** Try at once, as a person who presses "reconnect now" wishes. */
  reconnect(): void {
    void this.renew("asked")
  }

  /** End it here. `tell` where the session goes on without this page; the end of a session ends its connections anyway. */
  async close(tell = false): Promise<void> {
    if (this.over) return
    this.over = true
    clearInterval(this.ticking)
    clearTimeout(this.again)
    globalThis.removeEventListener?.("online", this.networkIsBack)
    this.slots?.close()
    this.log.closed()
    this.roster = NOBODY
    this.changed.emit(this)
    this.changed.clear()
    this.refused.clear()
    await this.link?.close(tell)
  }

  private readonly networkIsBack = (): void => {
    if (this.state.status !== "connecting") void this.restart("network_back")
  }

  /** A new connection in place of whatever there is. */
  private async renew(reason: string): Promise<void> {
    if (this.over) return
    clearTimeout(this.again)
    if (reason !== "start" && this.log.trying(reason)) this.changed.emit(this)
    const old = this.link
    const { api, sessionId, sources = SOURCE_ORDER, people = 3, pictures = 2 } = this.options
    const link = new Link(api, { sessionId, kinds: sources, people, pictures },
      { state: (state) => { this.linkState(link, state) } },
      this.options.makePeer ?? ((configuration) => new RTCPeerConnection(configuration)))
    this.link = link
    this.before = null
    this.watchdog = new Watchdog(this.now())
    this.watchdog.troubled(this.now())
    // The server lets the new connection take the place of the old one.
    if (old) void old.close(false)
    try {
      await Promise.all([...this.tracks].map(([kind, track]) => link.send(kind, track)))
      await link.connect()
    } catch (error) {
      if (link === this.link) this.failed(error)
      return
    }
    if (link !== this.link || !link.connectionId) return
    this.listen(link, link.connectionId)
    // The server takes microphone and face for on; a page without a camera says so.
    for (const kind of sources) if (ON_FROM_THE_START.has(kind) || this.tracks.has(kind)) void this.tellActive(kind)
  }

  private async restart(reason: string): Promise<void> {
    const link = this.link
    if (this.over || !link?.connectionId) return
    this.watchdog.troubled(this.now())
    if (this.log.trying(reason)) this.changed.emit(this)
    try {
      await link.restartIce()
    } catch (error) {
      if (link !== this.link || this.over) return
      // Not known any more, or not to be restarted: only a new connection helps.
      if (error instanceof Problem && !error.offline) void this.renew(error.code)
      else this.failed(error)
    }
  }

  /** A new connection could not be made: over if the server says so, else another try in a moment. */
  private failed(error: unknown): void {
    if (error instanceof Problem && (REFUSALS.has(error.status) || error.code === "session_over")) {
      this.refused.emit(error)
      void this.close()
      return
    }
    this.tryAgain(error instanceof Problem ? error.code : "fault")
    if (!(error instanceof Problem)) throw error
  }

  private tryAgain(reason: string): void {
    clearTimeout(this.again)
    this.again = setTimeout(() => { void this.renew(reason) }, AGAIN_MS)
  }

  private linkState(link: Link, state: RTCPeerConnectionState): void {
    if (link !== this.link || this.over) return
    if (state === "connected") {
      this.watchdog.recovered(this.now())
      if (this.log.connected("media")) this.changed.emit(this)
    } else if (state === "disconnected") void this.restart("ice_disconnected")
    else if (state === "failed") void this.renew("ice_failed")
  }

  private listen(link: Link, connectionId: string): void {
    this.slots?.close()
    this.slots = this.options.feed.subscribe(`connection:${connectionId}`, {
      change: (entities) => {
        if (link !== this.link) return
        const slots = Object.values(entities.slot ?? {}) as unknown as Slot[]
        this.roster = readRoster(slots, (index) => link.stream(index))
        this.changed.emit(this)
      },
      closed: () => { if (link === this.link && !this.over) this.tryAgain("connection_closed") },
    })
  }

  private async tellActive(kind: SourceKind): Promise<void> {
    const id = this.link?.connectionId
    if (!id || this.over) return
    this.untold.delete(kind)
    try {
      await this.options.api.put(`/sessions/${this.options.sessionId}/connections/${id}/sources/${kind}`, { active: this.isActive(kind) })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // Told again once the connection is well; the media itself is already as wished.
      if (error.offline || error.status >= 500) this.untold.add(kind)
    }
  }

  private async tick(): Promise<void> {
    const link = this.link
    if (!link || this.over) return
    const sample = await link.sample(this.now())
    if (link !== this.link || this.over) return
    const previous = this.before
    this.before = sample
    if (this.log.tick()) this.changed.emit(this)
    if (previous && link.connectionState === "connected") {
      const quality = gradeLink(previous, sample)
      const changed = quality.grade !== this.quality?.grade
      this.quality = quality
      if (changed) this.changed.emit(this)
    }
    const expecting = this.roster.people.length + this.roster.documents.length + this.roster.screens.length > 0
    const verdict = this.watchdog.judge(sample.packetsIn, expecting, this.now())
    if (verdict === "restart") await this.restart("media_stands_still")
    else if (verdict === "renew") await this.renew("no_way_back")
    else if (this.moving(previous, sample)) this.recovered()
    if (this.state.status === "connected") for (const kind of [...this.untold]) await this.tellActive(kind)
  }

  /** ICE can say "connected" all along while nothing comes; packets that come again end such a trouble. */
  private moving(previous: Sample | null, sample: Sample): boolean {
    return previous !== null && sample.packetsIn > previous.packetsIn && this.link?.connectionState === "connected"
  }

  private recovered(): void {
    if (this.state.status === "connected") return
    this.watchdog.recovered(this.now())
    if (this.log.connected("packets")) this.changed.emit(this)
  }
}
