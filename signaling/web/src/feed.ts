import { io, type Socket } from "socket.io-client"
import type { ServerClock } from "./clock"
import { Emitter } from "./emitter"
import { TopicState, type Cursor, type FeedEvent, type SubscribeAnswer } from "./topic"
import type { Entities } from "./reducer"
import type { Problem } from "./http"

export type FeedStatus = "connecting" | "online" | "offline"
export interface FeedState { status: FeedStatus; /** Local ms. */ since: number }

export interface TopicListener {
  /** After the first snapshot and after every change; `event` is null for a snapshot. */
  change?: (entities: Entities, event: FeedEvent | null) => void
  /** A momentary value, never replayed. */
  value?: (name: string, value: unknown) => void
  /** The topic is over, or the right to it was lost; nothing follows. */
  closed?: (reason: string) => void
}

/** One topic as one listener sees it. */
export interface Subscription {
  readonly topic: string
  /** Resolves with the first snapshot; rejects when the server refuses the topic. */
  readonly ready: Promise<void>
  entities(): Entities
  all<T>(entity: string): T[]
  one<T>(entity: string, id: string): T | undefined
  close(): void
}

/** What the feed needs of a Socket.IO socket. */
export type FeedSocket = Pick<Socket, "on" | "emit" | "connect" | "disconnect" | "connected" | "active" | "timeout">

export interface FeedOptions {
  page: "kiosk" | "console"
  clock?: ServerClock
  /** Makes the socket, not yet connected; by default Socket.IO at this origin, WebSocket alone. */
  socket?: () => FeedSocket
  now?: () => number
}

const ANSWER_LIMIT_MS = 8_000
const REFUSED_RETRY_MS = 3_000

function defaultSocket(page: string): FeedSocket {
  return io({
    path: "/socket.io",
    transports: ["websocket"],
    auth: { page },
    autoConnect: false,
    reconnectionDelay: 250,
    reconnectionDelayMax: 3_000,
    timeout: 8_000,
  })
}

/**
 * The server's ordered events over one Socket.IO connection. Each topic keeps its entities and its cursor: after an
 * outage it is subscribed again with the cursor and gets what it missed, once and in order.
 */
export class EventFeed {
  readonly changed = new Emitter<FeedState>()
  private readonly topics = new Map<string, Topic>()
  private readonly now: () => number
  private readonly socket: FeedSocket
  private current: FeedState
  private retry: ReturnType<typeof setTimeout> | undefined
  private closed = false
  private resting = false

  constructor(options: FeedOptions) {
    this.now = options.now ?? Date.now
    this.current = { status: "connecting", since: this.now() }
    this.socket = options.socket?.() ?? defaultSocket(options.page)
    this.socket.on("connect", () => { this.becomeOnline() })
    this.socket.on("disconnect", () => { this.becomeOffline() })
    this.socket.on("connect_error", () => { this.becomeOffline() })
    this.socket.on("event", (event: FeedEvent) => {
      options.clock?.told(event.at)
      this.topics.get(event.topic)?.state.event(event)
    })
    this.socket.on("value", (message: { topic: string; name: string; value: unknown }) => {
      this.topics.get(message.topic)?.tellValue(message.name, message.value)
    })
    this.socket.on("closed", (message: { topic: string; reason: string }) => { this.finish(message.topic, message.reason) })
    this.socket.on("reset", (message: { topic: string }) => { this.topics.get(message.topic)?.state.reset() })
  }

  get state(): FeedState {
    return this.current
  }

  /** Connect; safe to call again. */
  open(): void {
    this.resting = false
    // An active socket is on its way already; connecting twice would send two CONNECT packets.
    if (!this.closed && !this.socket.connected && !this.socket.active) this.socket.connect()
  }

  /** Disconnect and stay so until `open` or `reopen`: there is nobody to listen for. */
  rest(): void {
    this.resting = true
    clearTimeout(this.retry)
    this.socket.disconnect()
  }

  /** Connect anew, after a change of who the page is (its cookie). */
  reopen(): void {
    this.resting = true
    this.socket.disconnect()
    this.resting = false
    this.become("connecting")
    this.socket.connect()
  }

  subscribe(topic: string, listener: TopicListener): Subscription {
    let shared = this.topics.get(topic)
    if (!shared) {
      shared = new Topic(topic, (cursor) => this.ask(topic, cursor), () => { this.topics.delete(topic) })
      this.topics.set(topic, shared)
      if (this.socket.connected) shared.state.start()
    }
    return shared.join(listener, () => { this.leave(topic) })
  }

  /** End the connection and all subscriptions. */
  close(): void {
    this.closed = true
    clearTimeout(this.retry)
    this.topics.clear()
    this.socket.disconnect()
    this.changed.clear()
  }

  private ask(topic: string, cursor: Cursor | null): Promise<SubscribeAnswer> {
    return new Promise((resolve, reject) => {
      this.socket.timeout(ANSWER_LIMIT_MS).emit("subscribe", { topic, cursor }, (error: Error | null, answer: SubscribeAnswer) => {
        if (error) reject(error)
        else resolve(answer)
      })
    })
  }

  private leave(topic: string): void {
    const shared = this.topics.get(topic)
    if (!shared || shared.listening) return
    this.topics.delete(topic)
    shared.state.stop()
    if (this.socket.connected) this.socket.emit("unsubscribe", { topic })
  }

  private finish(topic: string, reason: string): void {
    const shared = this.topics.get(topic)
    if (!shared) return
    this.topics.delete(topic)
    shared.state.stop()
    shared.tellClosed(reason)
  }

  private becomeOnline(): void {
    clearTimeout(this.retry)
    this.become("online")
    for (const topic of this.topics.values()) topic.state.start()
  }

  private becomeOffline(): void {
    if (this.closed) return
    for (const topic of this.topics.values()) topic.state.pause()
    if (this.resting) return
    this.become("offline")
    // Socket.IO comes back by itself after a lost connection, not after one that the server refused or ended.
    if (!this.socket.active) {
      clearTimeout(this.retry)
      this.retry = setTimeout(() => { this.open() }, REFUSED_RETRY_MS)
    }
  }

  private become(status: FeedStatus): void {
    if (this.current.status === status) return
    this.current = { status, since: this.now() }
    this.changed.emit(this.current)
  }
}

/** A topic and its listeners. */
class Topic {
  readonly state: TopicState
  private readonly listeners = new Set<TopicListener>()
  private readonly first: Promise<void>

  constructor(readonly name: string, ask: (cursor: Cursor | null) => Promise<SubscribeAnswer>, over: () => void) {
    let arrived: () => void = () => undefined
    let refused: (problem: Problem) => void = () => undefined
    this.first = new Promise((resolve, reject) => {
      arrived = resolve
      refused = reject
    })
    // Whoever does not wait for it is told by `closed`.
    this.first.catch(() => undefined)
    this.state = new TopicState(ask, {
      change: (entities, event) => {
        arrived()
        for (const listener of [...this.listeners]) listener.change?.(entities, event)
      },
      refused: (problem) => {
        over()
        refused(problem)
        this.tellClosed(problem.code)
      },
    })
  }

  get listening(): boolean {
    return this.listeners.size > 0
  }

  join(listener: TopicListener, left: () => void): Subscription {
    this.listeners.add(listener)
    if (this.state.known) queueMicrotask(() => { if (this.listeners.has(listener)) listener.change?.(this.state.entities, null) })
    return {
      topic: this.name,
      ready: this.first,
      entities: () => this.state.entities,
      all: <T>(entity: string) => Object.values(this.state.entities[entity] ?? {}) as T[],
      one: <T>(entity: string, id: string) => this.state.entities[entity]?.[id] as T | undefined,
      close: () => {
        this.listeners.delete(listener)
        left()
      },
    }
  }

  tellValue(name: string, value: unknown): void {
    for (const listener of [...this.listeners]) listener.value?.(name, value)
  }

  tellClosed(reason: string): void {
    for (const listener of [...this.listeners]) listener.closed?.(reason)
  }
}
