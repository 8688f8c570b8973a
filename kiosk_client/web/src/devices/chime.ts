/** Two soft tones: it is this resident's turn. Silent where the browser allows no sound yet; the screen says it too. */
export function chime(): void {
  const context = new AudioContext()
  const tones: readonly (readonly [number, number])[] = [[659, 0], [880, 0.28]]
  for (const [frequency, at] of tones) {
    const tone = context.createOscillator()
    const gain = context.createGain()
    tone.frequency.value = frequency
    gain.gain.setValueAtTime(0, context.currentTime + at)
    gain.gain.linearRampToValueAtTime(0.18, context.currentTime + at + 0.03)
    gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + at + 0.7)
    tone.connect(gain).connect(context.destination)
    tone.start(context.currentTime + at)
    tone.stop(context.currentTime + at + 0.75)
  }
  setTimeout(() => { void context.close() }, 1_500)
}
