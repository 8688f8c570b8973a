import { watch } from "vue"
import { t } from "@/messages"
import { useAccount } from "@/stores/account"
import { useBoard } from "@/stores/board"
import { useNotices } from "@/stores/notices"
import { usePreferences } from "@/stores/preferences"
import { promisedWords } from "./promisedWords"
import { soundBreach } from "./sound"
import { useAlarmText } from "./useAlarmText"

/** Somebody has waited over a minute: a supervisor hears it, and sees and is told the same, on whatever page. */
export function useBreachSound(): void {
  const account = useAccount()
  const board = useBoard()
  const notices = useNotices()
  const preferences = usePreferences()
  const text = useAlarmText()
  watch(() => board.fresh, (alarms) => {
    const late = alarms.filter((alarm) => alarm.kind === "answer_late")
    if (late.length === 0 || !account.account?.roles.includes("supervisor")) return
    soundBreach(preferences.volume)
    const words = late.length === 1 && late[0] ? text.title(late[0]) : t("board.alarm.several", { n: late.length, limit: promisedWords(board.promised) })
    notices.info(words)
  })
}
