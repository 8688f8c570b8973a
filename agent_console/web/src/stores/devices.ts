import { defineStore } from "pinia"
import { computed, ref, shallowRef } from "vue"

export type DeviceState = "closed" | "asking" | "ready" | "refused" | "missing" | "failed"

const CAMERA: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } }
const MICROPHONE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }

const stateOf = (error: unknown): DeviceState => {
  const name = error instanceof DOMException ? error.name : ""
  if (name === "NotAllowedError" || name === "SecurityError") return "refused"
  return name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "failed"
}

/** The agent's camera and microphone: one stream, looked at while idle and sent in a call. */
export const useDevices = defineStore("devices", () => {
  const stream = shallowRef<MediaStream | null>(null)
  const camera = ref<DeviceState>("closed")
  const microphone = ref<DeviceState>("closed")
  let opening: Promise<void> | null = null
  let turn = 0

  const videoTrack = computed(() => stream.value?.getVideoTracks()[0] ?? null)
  const audioTrack = computed(() => stream.value?.getAudioTracks()[0] ?? null)

  function take(kind: "video" | "audio", tracks: readonly MediaStreamTrack[]): void {
    const device = kind === "video" ? camera : microphone
    device.value = tracks.length > 0 ? "ready" : device.value
    // A camera that is unplugged says so by ending its track.
    for (const track of tracks) track.addEventListener("ended", () => { device.value = "missing" })
  }

  async function get(constraints: MediaStreamConstraints): Promise<MediaStreamTrack[]> {
    return (await navigator.mediaDevices.getUserMedia(constraints)).getTracks()
  }

  /** Both at once, so that the browser asks once; if that fails, each for itself, so that one missing does not cost both. */
  async function obtain(): Promise<MediaStreamTrack[]> {
    try {
      return await get({ video: CAMERA, audio: MICROPHONE })
    } catch {
      const single = async (kind: "video" | "audio"): Promise<MediaStreamTrack[]> => {
        try {
          return await get(kind === "video" ? { video: CAMERA } : { audio: MICROPHONE })
        } catch (error) {
          (kind === "video" ? camera : microphone).value = stateOf(error)
          return []
        }
      }
      return [...await single("video"), ...await single("audio")]
    }
  }

  async function request(): Promise<void> {
    const mine = ++turn
    if (!("mediaDevices" in navigator)) {
      camera.value = microphone.value = "failed"
      return
    }
    camera.value = microphone.value = "asking"
    const tracks = await obtain()
    if (mine !== turn) {
      for (const track of tracks) track.stop()
      return
    }
    take("video", tracks.filter((track) => track.kind === "video"))
    take("audio", tracks.filter((track) => track.kind === "audio"))
    stream.value = tracks.length > 0 ? new MediaStream(tracks) : null
  }

  /** Open them if they are not; never throws: what is missing is told by the states. */
  function open(): Promise<void> {
    opening ??= request()
    return opening
  }

  function close(): void {
    turn++
    opening = null
    for (const track of stream.value?.getTracks() ?? []) track.stop()
    stream.value = null
    camera.value = microphone.value = "closed"
  }

  function retry(): Promise<void> {
    close()
    return open()
  }

  return { stream, camera, microphone, videoTrack, audioTrack, open, close, retry }
})
