import { MINUTE, type Promised } from "@/domain/waiting"
import { t } from "@/messages"

/** The promised time in words: 1 minute, 45 seconds. */
export function promisedWords({ over }: Promised = MINUTE): string {
  return over % 60 === 0 ? t("desk.minutes", { n: over / 60 }) : t("desk.seconds", { n: over })
}
