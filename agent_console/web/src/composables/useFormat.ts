import { language } from "@/messages"

/** Business days are Shanghai's, wherever the console stands. */
const ZONE = "Asia/Shanghai"

const formats = new Map<string, Intl.DateTimeFormat>()

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language()}:${name}`
  let made = formats.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "zh-CN", { timeZone: ZONE, hourCycle: "h23", ...options })
    formats.set(key, made)
  }
  return made
}

/** `10:41` */
export function timeOf(at: string): string {
  return format("time", { hour: "2-digit", minute: "2-digit" }).format(new Date(at))
}

/** `10:41:09`. at: ms. */
export function clockOfDay(at: number): string {
  return format("clock", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at)
}

/** `11月26日` */
export function dayOf(at: string): string {
  return format("day", { month: "short", day: "numeric" }).format(new Date(at))
}

const dayKey = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE })

/** The time today, the day else. `now`: ms. */
export function momentOf(at: string, now: number): string {
  return dayKey.format(new Date(at)) === dayKey.format(now) ? timeOf(at) : dayOf(at)
}

/** `11月26日 10:41` */
export function dayAndTimeOf(at: string): string {
  return `${dayOf(at)} ${timeOf(at)}`
}
