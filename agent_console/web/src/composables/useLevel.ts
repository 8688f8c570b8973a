import { onScopeDispose, readonly, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from "vue"

const EVERY_MS = 100

/** How loud a microphone is, 0 to 1. */
export function useLevel(track: MaybeRefOrGetter<MediaStreamTrack | null>): Readonly<Ref<number>> {
  const level = ref(0)
  let stop: () => void = () => undefined

  watch(() => toValue(track), (now) => {
    stop()
    level.value = 0
    if (!now) return
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = 512
    context.createMediaStreamSource(new MediaStream([now])).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
      // Speech is some -50 to -10 dB; the meter shows that range.
      level.value = loudness > 0 ? Math.min(1, Math.max(0, (20 * Math.log10(loudness) + 55) / 45)) : 0
    }, EVERY_MS)
    stop = () => {
      clearInterval(timer)
      void context.close()
      stop = () => undefined
    }
  }, { immediate: true })

  onScopeDispose(() => { stop() })
  return readonly(level)
}
