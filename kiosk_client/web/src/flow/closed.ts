import type { ServiceStatus } from "@virtual-window/signaling"
import type { MessageKey } from "../text"

/** How it is said that windows are closed, by why they are. */
export function closedTitle(reason: ServiceStatus["reason"]): MessageKey {
  switch (reason) {
    case "holiday": return "closed.holiday"
    case "closed": return "closed.paused"
    default: return "closed.title"
  }
}
