/** The console's tones, made by Web Audio: no files, and a volume of one's own. */
interface Tone { at: number; hertz: number; seconds: number }

const RING: readonly Tone[] = [{ at: 0, hertz: 660, seconds: 0.5 }, { at: 0.35, hertz: 880, seconds: 0.7 }]
const JOINED: readonly Tone[] = [{ at: 0, hertz: 784, seconds: 0.35 }]
const LEFT: readonly Tone[] = [{ at: 0, hertz: 523, seconds: 0.35 }]
const CAPTURED: readonly Tone[] = [{ at: 0, hertz: 1800, seconds: 0.05 }, { at: 0.07, hertz: 1200, seconds: 0.06 }]
/** Somebody has waited longer than is promised: two low tones, unlike the ring. */
const BREACH: readonly Tone[] = [{ at: 0, hertz: 392, seconds: 0.4 }, { at: 0.3, hertz: 330, seconds: 0.6 }]

let context: AudioContext | null = null

/** Browsers let a page sound only after a click: call it from one. */
export async function unlockSound(): Promise<void> {
  context ??= new AudioContext()
  if (context.state === "suspended") await context.resume()
}

export function soundLocked(): boolean {
  return context?.state !== "running"
}

/** Soft: each tone swells in 30 ms and fades to its end. `volume`: 0 to 100. */
function play(tones: readonly Tone[], volume: number): void {
  if (!context || soundLocked() || volume <= 0) return
  const output = context.createGain()
  output.gain.value = (volume / 100) * 0.3
  output.connect(context.destination)
  for (const tone of tones) {
    const start = context.currentTime + tone.at
    const source = context.createOscillator()
    const swell = context.createGain()
    source.type = "sine"
    source.frequency.value = tone.hertz
    swell.gain.setValueAtTime(0, start)
    swell.gain.linearRampToValueAtTime(1, start + 0.03)
    swell.gain.exponentialRampToValueAtTime(0.001, start + tone.seconds)
    source.connect(swell).connect(output)
    source.start(start)
    source.stop(start + tone.seconds)
  }
}

export const ring = (volume: number): void => { play(RING, volume) }
export const soundJoined = (volume: number): void => { play(JOINED, volume) }
export const soundLeft = (volume: number): void => { play(LEFT, volume) }
export const soundBreach = (volume: number): void => { play(BREACH, volume) }
export const soundCaptured = (volume: number): void => { play(CAPTURED, volume) }
