import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { EventFeed, TopicListener } from "../feed"
import { Problem, type Api } from "../http"
import { MediaSession } from "./session"

/** As much of RTCPeerConnection as a link uses. */
class FakePeer extends EventTarget {
  static all: FakePeer[] = []
  connectionState: RTCPeerConnectionState = "new"
  packets = 0
  closed = false
  readonly sent: (MediaStreamTrack | null)[] = []
  readonly offers: boolean[] = []
  private mids = 0

  constructor() {
    super()
    FakePeer.all.push(this)
  }
  addTransceiver(media: string) {
    const mid = String(this.mids++)
    return {
      mid, setCodecPreferences: () => undefined,
      sender: {
        replaceTrack: (track: MediaStreamTrack | null) => { this.sent.push(track); return Promise.resolve() },
        getParameters: () => ({ encodings: [{}] }), setParameters: () => Promise.resolve(),
      },
      receiver: { track: { kind: media, mid } },
    }
  }
  createOffer(options: { iceRestart: boolean }) {
    this.offers.push(options.iceRestart)
    return Promise.resolve({ type: "offer", sdp: "offer" })
  }
  setLocalDescription() { return Promise.resolve() }
  setRemoteDescription() { return Promise.resolve() }
  getConfiguration() { return {} }
  setConfiguration() { return undefined }
  getStats() { return Promise.resolve(new Map([["t", { type: "transport", packetsReceived: this.packets }]])) }
  close() { this.closed = true }
  turn(state: RTCPeerConnectionState) {
    this.connectionState = state
    this.dispatchEvent(new Event("connectionstatechange"))
  }
}

function fakeApi() {
  let connections = 0
  const calls: string[] = []
  const fail: { next: Problem | null } = { next: null }
  function answer<T>(line: string, value: unknown): Promise<T> {
    calls.push(line)
    const problem = fail.next
    if (problem && !line.includes("/sources/") && !line.startsWith("DELETE")) {
      fail.next = null
      return Promise.reject(problem)
    }
    return Promise.resolve(value as T)
  }
  const api = {
    page: "kiosk",
    post: (path: string) => answer(`POST ${path}`, { connection_id: `c${++connections}`, answer: "answer", ice_servers: [] }),
    put: (path: string) => answer(`PUT ${path}`, { answer: "answer" }),
    del: (path: string) => answer(`DELETE ${path}`, undefined),
  } as unknown as Api
  return { api, calls, fail }
}

function fakeFeed() {
  const topics = new Map<string, TopicListener>()
  const feed = {
    subscribe: (topic: string, listener: TopicListener) => {
      topics.set(topic, listener)
      return { topic, ready: Promise.resolve(), entities: () => ({}), all: () => [], one: () => undefined, close: () => topics.delete(topic) }
    },
  } as unknown as EventFeed
  return { feed, topics }
}

const track = (kind: string) => ({ kind, enabled: true, contentHint: "" }) as unknown as MediaStreamTrack
const offline = () => new Problem("offline", 0, "", "")

describe("a media session", () => {
  let server: ReturnType<typeof fakeApi>
  let events: ReturnType<typeof fakeFeed>
  let session: MediaSession
  const peer = () => FakePeer.all.at(-1) as FakePeer

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => ({ codecs: [] }) })
    vi.stubGlobal("MediaStream", class { constructor(readonly tracks: unknown[] = []) {} })
    FakePeer.all = []
    server = fakeApi()
    events = fakeFeed()
    session = new MediaSession({
      api: server.api, feed: events.feed, sessionId: "s", sources: ["microphone", "face"], people: 1, pictures: 0,
      makePeer: () => new FakePeer() as unknown as RTCPeerConnection,
    })
  })
  afterEach(async () => {
    await session.close()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  async function connected(): Promise<void> {
    session.start()
    await vi.advanceTimersByTimeAsync(0)
    peer().turn("connected")
  }

  it("offers once, listens to its slots and becomes connected", async () => {
    await connected()
    expect(server.calls[0]).toBe("POST /sessions/s/connections")
    expect(session.state.status).toBe("connected")
    events.topics.get("connection:c1")?.change?.({ slot: {
      2: { id: "2", media: "audio", index: 0, source_id: "x", participant_id: "p", kind: "microphone", role: "agent" },
      3: { id: "3", media: "video", index: 0, source_id: "y", participant_id: "p", kind: "face", role: "agent" },
    } }, null)
    expect(session.roster.people).toMatchObject([{ participantId: "p", audio: true, video: true }])
  })

  it("sends a track without a new offer, and tells the server of muting", async () => {
    await connected()
    const face = track("video")
    await session.publish("face", face)
    expect(peer().sent).toContain(face)
    expect(peer().offers).toEqual([false])
    await session.setActive("face", false)
    expect(face.enabled).toBe(false)
    expect(server.calls.at(-1)).toBe("PUT /sessions/s/connections/c1/sources/face")
  })

  it("restarts ICE when the path is gone, on the same connection", async () => {
    await connected()
    peer().turn("disconnected")
    await vi.advanceTimersByTimeAsync(0)
    expect(session.state).toMatchObject({ status: "reconnecting", reason: "ice_disconnected" })
    expect(server.calls).toContain("PUT /sessions/s/connections/c1")
    expect(peer().offers).toEqual([false, true])
    peer().turn("connected")
    expect(session.state.status).toBe("connected")
    expect(FakePeer.all).toHaveLength(1)
  })

  it("makes a new connection when the server no longer knows the old one", async () => {
    await connected()
    const face = track("video")
    await session.publish("face", face)
    server.fail.next = new Problem("connection_gone", 409, "", "")
    peer().turn("disconnected")
    await vi.advanceTimersByTimeAsync(0)
    expect(FakePeer.all).toHaveLength(2)
    expect(FakePeer.all[0]?.closed).toBe(true)
    expect(peer().sent).toContain(face)
    peer().turn("connected")
    expect(session.connectionId).toBe("c2")
  })

  it("tries on by itself when the network is away, and counts the tries", async () => {
    await connected()
    server.fail.next = offline()
    peer().turn("failed")
    await vi.advanceTimersByTimeAsync(0)
    expect(session.state.status).toBe("reconnecting")
    await vi.advanceTimersByTimeAsync(2_000)
    expect(session.state.tries).toBeGreaterThan(1)
    peer().turn("connected")
    expect(session.state).toMatchObject({ status: "connected", tries: 0 })
  })

  it("notices media that stands still while ICE says all is well", async () => {
    await connected()
    events.topics.get("connection:c1")?.change?.({ slot: { 2: { id: "2", media: "audio", index: 0, source_id: "x", participant_id: "p", kind: "microphone", role: "agent" } } }, null)
    for (let second = 0; second < 4; second++) {
      peer().packets += 50
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(session.state.status).toBe("connected")
    await vi.advanceTimersByTimeAsync(5_000)
    expect(session.state).toMatchObject({ status: "reconnecting", reason: "media_stands_still" })
    await vi.advanceTimersByTimeAsync(7_000)
    expect(FakePeer.all.length).toBeGreaterThan(1)
  })

  it("is over when the server says so, and tries no more", async () => {
    const refused = vi.fn()
    session.refused.on(refused)
    server.fail.next = new Problem("session_over", 409, "", "")
    session.start()
    await vi.advanceTimersByTimeAsync(0)
    expect(refused).toHaveBeenCalledTimes(1)
    expect(session.state.status).toBe("closed")
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.calls.filter((line) => line.startsWith("POST"))).toHaveLength(1)
  })

  it("closes cleanly: the server is told where the session goes on, no timer stays", async () => {
    await connected()
    await session.close(true)
    expect(server.calls.at(-1)).toBe("DELETE /sessions/s/connections/c1")
    expect(peer().closed).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})
