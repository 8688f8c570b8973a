import { computed } from "vue"
import { useKiosk } from "./flow/kiosk"
import { useText } from "./text"
import { useNow } from "./time"
import { dateOf, dayCall, dayOf, partOf, timeOf, weekdayOf } from "./when"

/** Days and times in words, from the server's today on. */
export function useWhen() {
  const { clock } = useKiosk()
  const { t, language } = useText()
  const now = useNow(clock.now.bind(clock), 30_000)
  const today = computed(() => dayOf(now.value))

  /** A day's own name where it has one (明天, 周五), else its date. */
  function nameOf(day: string): string | null {
    const call = dayCall(day, today.value)
    if (call === "weekday") return weekdayOf(day, language.value)
    if (call === "next") return t("day.next", { weekday: weekdayOf(day, language.value) })
    return call === "date" ? null : t(`day.${call}`)
  }

  return {
    isToday: (day: string): boolean => day === today.value,
    /** For a button: 明天 over 周三 27日, 下周一 over 12月2日; short: 27日. */
    day(day: string): { name: string; note: string; short: string } {
      const date = dateOf(day, language.value)
      const name = nameOf(day)
      const call = dayCall(day, today.value)
      const short = t("day.ofMonth", { day: String(Number(day.slice(8))) })
      if (!name) return { name: date, note: weekdayOf(day, language.value), short: weekdayOf(day, language.value) }
      return { name, short, note: call === "weekday" || call === "next" ? date : t("day.note", { weekday: weekdayOf(day, language.value), day: String(Number(day.slice(8))) }) }
    },
    time: (at: string): string => timeOf(at, language.value),
    /** 明天 9:20 */
    short(at: string): string {
      const day = dayOf(at)
      return t("day.short", { day: nameOf(day) ?? dateOf(day, language.value), time: timeOf(at, language.value) })
    },
    /** 11月27日（周三） */
    date(at: string): string {
      const day = dayOf(at)
      return t("day.date", { date: dateOf(day, language.value), weekday: weekdayOf(day, language.value) })
    },
    /** 明天 11月27日（周三）9:00 */
    full(at: string): string {
      const day = dayOf(at)
      const call = dayCall(day, today.value)
      const plain = { date: dateOf(day, language.value), weekday: weekdayOf(day, language.value), time: timeOf(at, language.value) }
      const named = call === "today" || call === "tomorrow" || call === "after"
      return named ? t("day.full", { name: t(`day.${call}`), ...plain }) : t("day.plain", plain)
    },
    /** 明天上午 */
    rough(at: string): string {
      const day = dayOf(at)
      return t("day.rough", { day: nameOf(day) ?? dateOf(day, language.value), part: t(`part.${partOf(at)}`) })
    },
  }
}
