import { markRaw, reactive, readonly } from "vue"

export type DeviceState = "unasked" | "asking" | "ok" | "refused" | "missing" | "busy" | "insecure"
type Kind = "camera" | "microphone"

interface State {
  camera: DeviceState
  microphone: DeviceState
  video: MediaStreamTrack | null
  audio: MediaStreamTrack | null
  facing: "user" | "environment"
  /** Whether there is another camera to turn to. */
  canFlip: boolean
}

function wanted(kind: Kind, facing: State["facing"]): MediaStreamConstraints {
  if (kind === "microphone") return { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } }
  return { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25 }, facingMode: facing } }
}

/** What the browser's refusal means to the person in front of it. */
export function readRefusal(error: unknown): DeviceState {
  const name = error instanceof DOMException || error instanceof Error ? error.name : ""
  if (name === "NotAllowedError" || name === "SecurityError") return "refused"
  if (name === "NotReadableError" || name === "AbortError") return "busy"
  return "missing"
}

export type Devices = ReturnType<typeof createDevices>

/** Camera and microphone of this page: asked for once, kept until `stop`, taken again when plugged in anew. */
export function createDevices() {
  const state = reactive<State>({
    camera: "unasked", microphone: "unasked", video: null, audio: null, facing: "user", canFlip: false,
  })
  let turn = 0

  async function take(kind: Kind, mine: number): Promise<void> {
    const media = navigator.mediaDevices as MediaDevices | undefined
    if (!media) {
      state[kind] = "insecure"
      return
    }
    state[kind] = "asking"
    try {
      const stream = await media.getUserMedia(wanted(kind, state.facing))
      const track = stream.getTracks()[0]
      if (mine !== turn || !track) {
        stream.getTracks().forEach((other) => { other.stop() })
        return
      }
      hold(kind, track)
    } catch (error) {
      if (mine === turn) state[kind] = readRefusal(error)
    }
  }

  function hold(kind: Kind, track: MediaStreamTrack): void {
    const raw = markRaw(track)
    if (kind === "camera") state.video = raw
    else state.audio = raw
    state[kind] = "ok"
    track.addEventListener("ended", () => {
      if (kind === "camera" && state.video === raw) state.video = null
      else if (kind === "microphone" && state.audio === raw) state.audio = null
      else return
      state[kind] = "missing"
    })
  }

  /** Ask for what is not there yet. One prompt for both where nothing is there: then the browser asks once. */
  async function open(): Promise<void> {
    const mine = ++turn
    const media = navigator.mediaDevices as MediaDevices | undefined
    const both = !state.video && !state.audio
    if (both && media) {
      state.camera = state.microphone = "asking"
      try {
        const stream = await media.getUserMedia({ ...wanted("camera", state.facing), ...wanted("microphone", state.facing) })
        if (mine !== turn) {
          stream.getTracks().forEach((track) => { track.stop() })
          return
        }
        for (const track of stream.getTracks()) hold(track.kind === "video" ? "camera" : "microphone", track)
      } catch {
        // Which of the two it was is not said: ask for each alone.
        if (mine !== turn) return
        await take("microphone", mine)
        await take("camera", mine)
      }
    } else {
      if (!state.audio) await take("microphone", mine)
      if (!state.video) await take("camera", mine)
    }
    if (mine === turn && media) {
      const cameras = (await media.enumerateDevices()).filter((device) => device.kind === "videoinput")
      state.canFlip = cameras.length > 1
    }
  }

  /** The camera on the other side of a phone. */
  async function flip(): Promise<void> {
    state.facing = state.facing === "user" ? "environment" : "user"
    const old = state.video
    state.video = null
    old?.stop()
    await take("camera", ++turn)
  }

  function stop(): void {
    turn++
    for (const track of [state.video, state.audio]) track?.stop()
    Object.assign(state, { camera: "unasked", microphone: "unasked", video: null, audio: null, facing: "user" })
  }

  /** Plugged in again while somebody needs it: take it. */
  function watchPlugs(): void {
    const media = navigator.mediaDevices as MediaDevices | undefined
    media?.addEventListener("devicechange", () => {
      if (state.camera === "missing" || state.microphone === "missing") void open()
    })
  }
  watchPlugs()

  return { state: readonly(state) as Readonly<State>, open, flip, stop }
}
