import { createApi, EventFeed, ServerClock, type Problem } from "@virtual-window/signaling"
import { language } from "./messages"

/** The one server that this page talks to: its clock, its API, its events. */
export const clock = new ServerClock()

const unauthorised = new Set<(problem: Problem) => void>()

/** Be told when the server no longer knows who is here. */
export function onUnauthorised(tell: (problem: Problem) => void): void {
  unauthorised.add(tell)
}

export const api = createApi({
  page: "console",
  language,
  clock,
  onUnauthorised: (problem) => { for (const tell of unauthorised) tell(problem) },
})

export const feed = new EventFeed({ page: "console", clock })
