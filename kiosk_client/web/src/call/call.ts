import {
  MediaSession, Problem, type Api, type Entities, type EventFeed, type FeedEvent, type LinkQuality, type MediaState, type Material, type Person, type Picture,
  type Subscription, type VideoSession,
} from "@virtual-window/signaling"
import { shallowReactive, shallowReadonly, watch } from "vue"
import type { Devices } from "../devices/devices"

interface State {
  session: VideoSession | null
  media: MediaState | null
  /** Others in the call, the agent first. */
  people: Person[]
  screens: Picture[]
  quality: LinkQuality | null
  voice: boolean
  picture: boolean
  /** What others have switched off, as `participant:kind`. */
  silenced: ReadonlySet<string>
  /** Set when this side hung up; the other side's end leaves it false. */
  hungUp: boolean
}
export type Call = ReturnType<typeof createCall>

/** Who is shown large first. */
const RANK: Readonly<Record<string, number>> = { agent: 0, partner: 1, helper: 2, supervisor: 3 }

function silenced(entities: Entities): ReadonlySet<string> {
  const off = Object.values(entities.source ?? {}).filter((source) => source.active === false)
  return new Set(off.map((source) => `${String(source.participant_id)}:${String(source.kind)}`))
}

/** The video session of this page: its facts, its media, and what the resident may do in it. */
export function createCall(api: Api, feed: EventFeed, devices: Devices) {
  const state = shallowReactive<State>({
    session: null, media: null, people: [], screens: [], quality: null, voice: true, picture: true, silenced: new Set(), hungUp: false,
  })
  let media: MediaSession | null = null
  let topic: Subscription | null = null
  let reading: Promise<void> = Promise.resolve()
  let stale = false
  let unwatch = () => { /* nothing watched yet */ }

  /** Enter `id`, or come back into it after an undo. */
  async function open(id: string): Promise<void> {
    if (state.session?.id !== id) {
      topic?.close()
      state.session = null
      await read(id)
      topic = feed.subscribe(`session:${id}`, {
        change: (entities, event) => {
          state.silenced = silenced(entities)
          if (event) changed(id, event)
          // A snapshot: what changed before it, unheard, stands in the session's own document.
          else void refresh(id)
        },
      })
    }
    state.hungUp = false
    if (!media) startMedia(id)
  }

  function startMedia(id: string): void {
    const mine = new MediaSession({ api, feed, sessionId: id, sources: ["microphone", "face", "document"], people: 3, pictures: 1 })
    media = mine
    mine.changed.on(() => {
      if (mine !== media) return
      state.media = { ...mine.state }
      state.people = [...mine.roster.people].sort((a, b) => (RANK[a.role ?? ""] ?? 9) - (RANK[b.role ?? ""] ?? 9))
      state.screens = mine.roster.screens
      state.quality = mine.quality
    })
    mine.refused.on(() => { void refresh(id) })
    state.media = { ...mine.state }
    // A device that comes, goes or is turned in mid-call is sent at once, without a new offer.
    const ends = [follow(mine, "face", () => devices.state.video), follow(mine, "microphone", () => devices.state.audio)]
    unwatch = () => { ends.forEach((end) => { end() }) }
    if (!state.voice) void mine.setActive("microphone", false)
    if (!state.picture) void mine.setActive("face", false)
    mine.start()
  }

  /** Publish copies of a device's track: muting a copy leaves the page's own preview, and the papers, their picture. */
  function follow(mine: MediaSession, kind: "face" | "microphone", device: () => MediaStreamTrack | null): () => void {
    let copy: MediaStreamTrack | null = null
    const end = watch(device, (track) => {
      const old = copy
      copy = track?.clone() ?? null
      if (copy) copy.enabled = kind === "face" ? state.picture : state.voice
      void mine.publish(kind, copy).finally(() => { old?.stop() })
    }, { immediate: true })
    return () => {
      end()
      copy?.stop()
    }
  }

  function changed(id: string, event: FeedEvent): void {
    const facts = event.changes.find((change) => change.entity === "session")?.value
    // Shown at once, before the document is read: the end must not wait for another answer.
    if (facts && state.session) {
      state.session = { ...state.session, ...(facts as Pick<VideoSession, "state" | "ended_at" | "undo_until" | "version">) }
    }
    if (event.changes.some((change) => change.entity !== "source")) void refresh(id)
  }

  /** Read the session anew where nobody waits for it; one that is no longer ours counts as ended. */
  async function refresh(id: string): Promise<void> {
    try {
      await read(id)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // The next event, or the snapshot after an outage, reads again.
      if (error.status === 401 || error.status === 404) {
        if (state.session?.id === id) state.session = { ...state.session, state: "ended" }
      }
    }
  }

  /** Read the session anew; while one reading runs, one more follows however many changes come. */
  function read(id: string): Promise<void> {
    if (stale) return reading
    stale = true
    reading = reading.catch(() => undefined).then(async () => {
      stale = false
      take(await api.get<VideoSession>(`/sessions/${id}`))
    })
    return reading
  }

  /** An answer that was overtaken by a newer one changes nothing. */
  function take(session: VideoSession): void {
    if (state.session?.id === session.id && state.session.version > session.version) return
    state.session = session
  }

  async function stopMedia(): Promise<void> {
    unwatch()
    const old = media
    media = null
    state.media = null
    state.people = []
    state.screens = []
    await old?.close()
  }

  async function hangUp(): Promise<void> {
    const id = state.session?.id
    if (!id) return
    state.hungUp = true
    // The resident is neither seen nor heard from the moment of the touch, whatever the network does.
    const [, session] = await Promise.all([stopMedia(), api.post<VideoSession>(`/sessions/${id}/hang-up`)])
    take(session)
  }

  async function resume(): Promise<void> {
    const id = state.session?.id
    if (!id) return
    take(await api.post<VideoSession>(`/sessions/${id}/resume`))
    state.hungUp = false
    if (!media) startMedia(id)
  }

  async function setVoice(on: boolean): Promise<void> {
    state.voice = on
    await media?.setActive("microphone", on)
  }

  async function setPicture(on: boolean): Promise<void> {
    state.picture = on
    await media?.setActive("face", on)
  }

  async function upload(file: Blob, code: string | null, page: number): Promise<Material> {
    const form = new FormData()
    form.set("file", file, "page.jpg")
    if (code) form.set("material_code", code)
    form.set("page", String(page))
    return api.upload<Material>(`/sessions/${state.session?.id ?? ""}/materials`, form)
  }

  /** Nothing of this call stays in the page. */
  async function forget(): Promise<void> {
    topic?.close()
    topic = null
    await stopMedia()
    Object.assign(state, { session: null, quality: null, voice: true, picture: true, silenced: new Set(), hungUp: false })
  }

  return {
    state: shallowReadonly(state),
    open, stopMedia, hangUp, resume, setVoice, setPicture, upload, forget, reconnect: () => media?.reconnect(),
  }
}
