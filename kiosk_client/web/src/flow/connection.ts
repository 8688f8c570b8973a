import { computed, type ComputedRef } from "vue"
import { useKiosk } from "./kiosk"
import { useNow } from "../time"

/** So long without the server it is called lost, though trying goes on. */
const LOST_AFTER_MS = 30_000

export interface Connection {
  /** The contract's token. */
  token: "connected" | "reconnecting" | "lost"
  /** Whether it is about a visit under way, not just about the network. */
  live: boolean
  /** Since when (local ms), and how many tries. */
  since: number
  tries: number
  /** The media's first connecting, which is no trouble. */
  first: boolean
  /** Pictures stand still; without it only the events are away, and the call goes on. */
  frozen: boolean
}

/** The worse of the events' and the media's connection. */
export function useConnection(): ComputedRef<Connection> {
  const kiosk = useKiosk()
  const now = useNow(Date.now, 1_000)
  return computed(() => {
    const media = kiosk.shown.screen === "call" ? kiosk.call.state.media : null
    const live = kiosk.visit.state.resident !== null
    const link = kiosk.link.value
    if (media && media.status !== "connected") {
      const first = media.status === "connecting" && media.tries < 2
      const token = media.status === "lost" || media.status === "closed" ? "lost" : "reconnecting"
      return { token, live: true, since: media.since, tries: media.tries, first, frozen: !first }
    }
    const away = live && link.status !== "online" && (link.status === "offline" || now.value - link.since > 3_000)
    if (away) return { token: now.value - link.since > LOST_AFTER_MS ? "lost" : "reconnecting", live, since: link.since, tries: 1, first: false, frozen: false }
    return { token: "connected", live, since: link.since, tries: 0, first: false, frozen: false }
  })
}
