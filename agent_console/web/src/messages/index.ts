import type { Language, Texts } from "@virtual-window/signaling"
import { createI18n } from "vue-i18n"
import en from "./en.json"
import zh from "./zh-CN.json"

type Keys<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Keys<T[K]>}` }[keyof T & string]
/** Every key of the zh-CN messages. */
export type MessageKey = Keys<typeof zh>
export type MessageParams = Record<string, string | number>

// Checked here, so that a key that en lacks is a type error and not an empty label.
const english: typeof zh = en

export const i18n = createI18n({
  legacy: false,
  locale: "zh-CN",
  fallbackLocale: "zh-CN",
  messages: { "zh-CN": zh, en: english },
})

export function language(): Language {
  return i18n.global.locale.value === "en" ? "en" : "zh-CN"
}

export function setLanguage(chosen: Language): void {
  i18n.global.locale.value = chosen
  document.documentElement.lang = chosen
}

/** The message `key` in the reader's language. */
export function t(key: MessageKey, params: MessageParams = {}): string {
  return i18n.global.t(key, params)
}

/** A name that comes in both languages or in one, of a thing or of a person. */
export function named(name: Texts | string | { name: Texts } | null | undefined): string {
  if (!name) return ""
  if (typeof name === "string") return name
  if ("name" in name) return named(name.name)
  return name[language()] || name["zh-CN"]
}
