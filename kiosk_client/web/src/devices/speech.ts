import { readonly, ref } from "vue"

/** Where spoken prompts go. A terminal without a voice has none, and its pages then show no control for it. */
export interface SpeechPort {
  readonly available: Readonly<{ value: boolean }>
  say: (text: string, language: string) => void
  stop: () => void
}

const SPEED = 0.9

/** The voices that the browser brings, if any. */
export function browserSpeech(): SpeechPort {
  const synthesis = "speechSynthesis" in globalThis ? globalThis.speechSynthesis : null
  const available = ref(false)
  const look = () => { available.value = (synthesis?.getVoices().filter((voice) => voice.localService).length ?? 0) > 0 }
  look()
  synthesis?.addEventListener("voiceschanged", look)
  return {
    available: readonly(available),
    say(text, language) {
      if (!synthesis || !available.value) return
      synthesis.cancel()
      const words = new SpeechSynthesisUtterance(text)
      words.lang = language
      words.rate = SPEED
      synthesis.speak(words)
    },
    stop() { synthesis?.cancel() },
  }
}
