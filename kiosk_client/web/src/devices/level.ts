import { onScopeDispose, ref, watch, type Ref } from "vue"

/** How loud a microphone hears, 0 to 1, ten times a second; 0 without a track. */
export function useLevel(track: () => MediaStreamTrack | null): Readonly<Ref<number>> {
  const level = ref(0)
  let stop = () => { /* nothing runs yet */ }
  watch(track, (now) => {
    stop()
    level.value = 0
    if (now) stop = meter(now, (value) => { level.value = value })
  }, { immediate: true })
  onScopeDispose(() => { stop() })
  return level
}

function meter(track: MediaStreamTrack, tell: (value: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  const source = context.createMediaStreamSource(new MediaStream([track]))
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length
    // Speech lies between some -50 and -15 dB of full scale.
    const decibel = 10 * Math.log10(power + 1e-9)
    tell(Math.min(1, Math.max(0, (decibel + 50) / 35)))
  }, 100)
  return () => {
    clearInterval(timer)
    source.disconnect()
    void context.close()
  }
}
