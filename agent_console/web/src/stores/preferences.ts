import type { Language } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { ref, watchEffect } from "vue"
import { setLanguage } from "@/messages"

export const TEXT_SIZES = [100, 115, 130] as const
export type TextSize = (typeof TEXT_SIZES)[number]

const KEY = "console.preferences"
interface Kept { language?: Language; dark?: boolean; textSize?: TextSize; volume?: number }

function kept(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Kept
  } catch {
    // Storage is blocked or holds something else: the defaults serve.
    return {}
  }
}

function keep(values: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(values))
  } catch {
    // Without storage the choice holds until the page is closed.
  }
}

/** How this agent likes the console, on this computer. */
export const usePreferences = defineStore("preferences", () => {
  const before = kept()
  const language = ref<Language>(before.language ?? "zh-CN")
  const dark = ref(before.dark ?? false)
  const textSize = ref<TextSize>(before.textSize ?? 100)
  const volume = ref(before.volume ?? 70)

  watchEffect(() => {
    setLanguage(language.value)
    document.body.classList.toggle("dark", dark.value)
    for (const size of TEXT_SIZES) document.documentElement.classList.toggle(`text-${size}`, size === textSize.value)
    keep({ language: language.value, dark: dark.value, textSize: textSize.value, volume: volume.value })
  })

  return { language, dark, textSize, volume }
})
