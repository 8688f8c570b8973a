import type { Language } from "@virtual-window/signaling"

/** Days and hours are those of the windows, whatever the terminal is set to. */
const ZONE = "Asia/Shanghai"
const DAY_MS = 24 * 3600_000

const formats = new Map<string, Intl.DateTimeFormat>()
function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`
  let made = formats.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", { timeZone: ZONE, hourCycle: "h23", ...options })
    formats.set(key, made)
  }
  return made
}
const isoDay = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" })

/** The local day of a moment (ms or RFC 3339), as `2024-11-27`. */
export function dayOf(at: number | string): string {
  return isoDay.format(new Date(at))
}

/** Noon there, so that no zone moves it to another day. */
const noon = (day: string): Date => new Date(`${day}T12:00:00+08:00`)

/** How a day is called from `today` on; `weekday` and `next` are called by their weekday, `date` by nothing shorter than its date. */
export type DayCall = "today" | "tomorrow" | "after" | "weekday" | "next" | "date"

export function dayCall(day: string, today: string): DayCall {
  const days = Math.round((noon(day).getTime() - noon(today).getTime()) / DAY_MS)
  if (days === 0) return "today"
  if (days === 1) return "tomorrow"
  if (days === 2) return "after"
  if (days < 0) return "date"
  // Weeks begin on Mondays.
  const sinceMonday = (noon(today).getUTCDay() + 6) % 7
  if (sinceMonday + days < 7) return "weekday"
  return sinceMonday + days < 14 ? "next" : "date"
}

/** `周三`, `Wed` */
export function weekdayOf(day: string, language: Language): string {
  return format(language, "weekday", { weekday: "short" }).format(noon(day))
}

/** `11月27日`, `27 Nov` */
export function dateOf(day: string, language: Language): string {
  return format(language, "date", { month: "short", day: "numeric" }).format(noon(day))
}

/** `9:20` */
export function timeOf(at: string, language: Language): string {
  return format(language, "time", { hour: "numeric", minute: "2-digit" }).format(new Date(at)).replace(/^0(?=\d:)/, "")
}

/** The hour of the day, 0 to 23. */
export function hourOf(at: string): number {
  return Number(format("en", "hour", { hour: "2-digit" }).format(new Date(at)))
}

export type PartOfDay = "night" | "morning" | "afternoon" | "evening"

export function partOf(at: string): PartOfDay {
  const hour = hourOf(at)
  if (hour < 6) return "night"
  if (hour < 12) return "morning"
  return hour < 18 ? "afternoon" : "evening"
}
