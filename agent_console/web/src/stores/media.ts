import { MediaSession, type LinkQuality, type MediaStatus, type Problem, type Roster } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { computed, ref, shallowRef } from "vue"
import { api, feed } from "@/server"
import { takeCall } from "@/composables/callLock"
import { useDevices } from "./devices"

const NOBODY: Roster = { people: [], documents: [], screens: [] }

/** The words of the contract for `connection-state`. */
export type ConnectionToken = "connected" | "reconnecting" | "lost"

/** Sound and picture of the call at hand. */
export const useMedia = defineStore("media", () => {
  const devices = useDevices()
  const status = ref<MediaStatus>("closed")
  const since = ref(0)
  const tries = ref(0)
  const roster = shallowRef<Roster>(NOBODY)
  const quality = shallowRef<LinkQuality | null>(null)
  const refusal = shallowRef<Problem | null>(null)
  const muted = ref(false)
  const cameraOff = ref(false)
  let session: MediaSession | null = null
  /** The call is open in another page of this browser. */
  const elsewhere = ref(false)
  let running: string | null = null
  let letGo: (() => void) | null = null

  const token = computed<ConnectionToken>(() => {
    if (status.value === "connected") return "connected"
    return status.value === "lost" ? "lost" : "reconnecting"
  })
  const resident = computed(() => roster.value.people.find((person) => person.role === "resident") ?? null)
  const others = computed(() => roster.value.people.filter((person) => person.role !== "resident"))

  function read(from: MediaSession): void {
    status.value = from.state.status
    since.value = from.state.since
    tries.value = from.state.tries
    roster.value = from.roster
    quality.value = from.quality
  }

  async function publish(to: MediaSession): Promise<void> {
    await devices.open()
    if (session !== to) return
    await to.publish("microphone", devices.audioTrack)
    await to.publish("face", devices.videoTrack)
  }

  /** Join the call of `sessionId`, unless another page holds it and `steal` is false; the same one again changes nothing. */
  async function start(sessionId: string, steal = false): Promise<void> {
    if (running === sessionId) return
    void stop()
    running = sessionId
    const release = await takeCall(sessionId, steal, () => { if (running === sessionId) void leaveIt() })
    if (running !== sessionId) {
      release?.()
      return
    }
    if (!release) {
      running = null
      elsewhere.value = true
      return
    }
    letGo = release
    join(sessionId)
  }

  async function leaveIt(): Promise<void> {
    await stop()
    elsewhere.value = true
  }

  function join(sessionId: string): void {
    muted.value = cameraOff.value = false
    refusal.value = null
    const mine = new MediaSession({ api, feed, sessionId, sources: ["microphone", "face"] })
    session = mine
    mine.changed.on(read)
    mine.refused.on((problem) => { refusal.value = problem })
    read(mine)
    mine.start()
    void publish(mine)
  }

  async function stop(): Promise<void> {
    const old = session
    session = null
    running = null
    elsewhere.value = false
    letGo?.()
    letGo = null
    status.value = "closed"
    roster.value = NOBODY
    quality.value = null
    await old?.close()
  }

  async function toggleMuted(): Promise<void> {
    muted.value = !muted.value
    await session?.setActive("microphone", !muted.value)
  }

  async function toggleCamera(): Promise<void> {
    cameraOff.value = !cameraOff.value
    await session?.setActive("face", !cameraOff.value)
  }

  return {
    status, since, tries, roster, quality, refusal, muted, cameraOff, elsewhere, token, resident, others,
    start, stop, toggleMuted, toggleCamera, reconnect: () => { session?.reconnect() },
    /** After the camera has come back: send what there is now. */
    republish: async () => { if (session) await publish(session) },
  }
})
