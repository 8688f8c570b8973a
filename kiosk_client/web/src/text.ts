import type { Language, Texts } from "@virtual-window/signaling"
import { computed } from "vue"
import { createI18n, useI18n } from "vue-i18n"
import en from "./messages/en.json"
import zh from "./messages/zh-CN.json"

type Leaves<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}` }[keyof T & string]
/** Every message there is: the zh-CN file is the list. */
export type MessageKey = Leaves<typeof zh>

export const i18n = createI18n({
  legacy: false,
  locale: "zh-CN" as Language,
  fallbackLocale: "zh-CN",
  messages: { "zh-CN": zh, en: en as typeof zh },
  missingWarn: false,
  fallbackWarn: false,
})

export function currentLanguage(): Language {
  return i18n.global.locale.value
}

export function setLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = language
}

/** Messages by key, and the server's texts, in the reader's language. */
export function useText() {
  const { t, locale } = useI18n()
  return {
    t: (key: MessageKey, values: Record<string, string | number> = {}): string => t(key, values),
    /** A text that the server sends in both languages, or a plain one. */
    say: (texts: Texts | string | null | undefined): string => {
      if (!texts) return ""
      return typeof texts === "string" ? texts : texts[locale.value as Language]
    },
    language: computed(() => locale.value as Language),
  }
}
