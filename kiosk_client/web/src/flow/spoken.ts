import { computed, type ComputedRef } from "vue"
import { useText } from "../text"
import { useKiosk } from "./kiosk"

/** What is read aloud on the present screen. */
export function useSpoken(): ComputedRef<string> {
  const kiosk = useKiosk()
  const { t } = useText()
  return computed(() => {
    const ticket = kiosk.visit.state.ticket
    switch (kiosk.shown.screen) {
      case "idle": return t("idle.read")
      case "consent": return t("consent.read")
      case "items": return t("items.read")
      case "guide": return t("guide.read")
      case "booking": return t("book.read")
      case "booked": return t("help.booked")
      case "code": return t("code.text")
      case "closed": return t("closed.read")
      case "queue": return ticket?.ahead ? t("queue.read", { ticket: ticket.number, n: ticket.ahead }) : t("queue.next")
      case "call": return t("help.call")
      case "device": return t("help.device")
      case "end": return t("help.end")
      default: return t("help.other")
    }
  })
}
