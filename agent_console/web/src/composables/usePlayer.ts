import { computed, onScopeDispose, readonly, ref, shallowReactive, shallowRef, toValue, watch, type MaybeRefOrGetter } from "vue"
import { changed, correction, positionOf, timeInFile, type PlayClock, type PlayFile } from "@/domain/playback"

const TICK_MS = 100
/** HTMLMediaElement.HAVE_FUTURE_DATA: it can go on for a moment at least. */
const CAN_PLAY = 3

/**
 * One clock for all files of a recording: each <video> is kept at its own place, and all wait while one of them has
 * nothing to show yet.
 */
export function usePlayer(files: MaybeRefOrGetter<readonly PlayFile[]>, length: MaybeRefOrGetter<number>) {
  const clock = shallowRef<PlayClock>({ playing: false, rate: 1, at: 0, since: 0 })
  const videos = shallowReactive(new Map<string, HTMLVideoElement>())
  const position = ref(0)
  /** Wanted to play; `waiting`: but something is still loading. */
  const playing = ref(false)
  const waiting = ref(false)
  const now = (): number => performance.now()
  const change = (what: Parameters<typeof changed>[3]): void => { clock.value = changed(clock.value, now(), toValue(length), what) }

  function place(file: PlayFile, video: HTMLVideoElement, at: number, jump: boolean): void {
    const wanted = timeInFile(file, at)
    if (wanted === null) {
      if (!video.paused) video.pause()
      return
    }
    const fix = jump ? { kind: "jump" as const, to: wanted } : correction(wanted, video.currentTime * 1000, clock.value.rate)
    if (fix.kind === "jump" && Math.abs(video.currentTime * 1000 - fix.to) > 1) video.currentTime = fix.to / 1000
    video.playbackRate = fix.kind === "bend" ? fix.rate : clock.value.rate
    if (clock.value.playing && video.paused) void start(video)
    else if (!clock.value.playing && !video.paused) video.pause()
  }

  async function start(video: HTMLVideoElement): Promise<void> {
    try {
      await video.play()
    } catch (error) {
      // Paused or sought before it began: the next tick decides anew.
      if (!(error instanceof DOMException)) throw error
    }
  }

  function hungry(at: number): boolean {
    return toValue(files).some((file) => {
      const video = videos.get(file.id)
      return video !== undefined && timeInFile(file, at) !== null && !video.ended && (video.readyState < CAN_PLAY || video.seeking)
    })
  }

  function tick(jump = false): void {
    const at = positionOf(clock.value, now(), toValue(length))
    position.value = at
    waiting.value = playing.value && hungry(at)
    if (playing.value && at >= toValue(length)) playing.value = false
    const run = playing.value && !waiting.value
    if (run !== clock.value.playing) change({ playing: run })
    for (const file of toValue(files)) {
      const video = videos.get(file.id)
      if (video) place(file, video, at, jump)
    }
  }

  function play(): void {
    if (position.value >= toValue(length)) seek(0)
    playing.value = true
    tick()
  }

  function pause(): void {
    playing.value = false
    tick()
  }

  function seek(at: number): void {
    change({ at })
    tick(true)
  }

  const timer = setInterval(() => { tick() }, TICK_MS)
  onScopeDispose(() => { clearInterval(timer) })
  watch(() => toValue(files).map((file) => file.id).join(), () => {
    playing.value = false
    change({ playing: false, at: 0 })
  })

  return {
    position: readonly(position), playing: readonly(playing), waiting: readonly(waiting), rate: computed(() => clock.value.rate),
    play, pause, seek, setRate: (rate: number) => { change({ rate }) },
    /** Take part: the element that shows a file; null when it goes. */
    attach: (id: string, video: HTMLVideoElement | null) => {
      if (video) videos.set(id, video)
      else videos.delete(id)
    },
  }
}
