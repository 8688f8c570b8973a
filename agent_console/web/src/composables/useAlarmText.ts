import type { Alarm } from "@virtual-window/signaling"
import { promisedWords } from "@/composables/promisedWords"
import { placeName } from "@/composables/places"
import { useNow } from "@/composables/useNow"
import { clockOf } from "@/domain/board"
import { clockText } from "@/domain/duration"
import { named, t } from "@/messages"
import { useBoard } from "@/stores/board"
import { useCatalogue } from "@/stores/catalogue"

/** An alarm in words: what happened, and what it is about. */
export function useAlarmText() {
  const board = useBoard()
  const catalogue = useCatalogue()
  const now = useNow()

  const ticketOf = (alarm: Alarm) => board.waiting.find((ticket) => ticket.id === alarm.ticket_id) ?? null
  const agentOf = (alarm: Alarm): string => named(board.agents.find((agent) => agent.id === alarm.account_id)?.name) || t("board.alarm.someone")

  function title(alarm: Alarm): string {
    switch (alarm.kind) {
      case "answer_soon": case "answer_late": {
        const ticket = ticketOf(alarm)
        const time = clockText((now.value - (ticket ? clockOf(ticket) : Date.parse(alarm.raised_at))) / 1000)
        return t(`board.alarm.${alarm.kind}`, { ticket: ticket?.number ?? t("board.alarm.aTicket"), time, limit: promisedWords(board.promised) })
      }
      case "offers_missed": return t("board.alarm.offers_missed", { name: agentOf(alarm) })
      case "nobody_on": return t("board.alarm.nobody_on", { place: placeName(alarm.org_code) })
      case "level_low": return t("board.alarm.level_low", { limit: promisedWords(board.promised) })
    }
  }

  function about(alarm: Alarm): string {
    const ticket = ticketOf(alarm)
    const channel = alarm.channel ? t(`channel.${alarm.channel}`) : ""
    if (ticket) return [channel, catalogue.itemName(ticket.item_code)].filter(Boolean).join(" · ")
    return [channel, alarm.kind === "level_low" ? placeName(alarm.org_code) : ""].filter(Boolean).join(" · ")
  }

  return { title, about }
}
