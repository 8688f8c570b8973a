/** Where a resident is on the way. */
export type Screen =
  | "loading" | "idle" | "consent" | "declined" | "items" | "guide" | "queue" | "device" | "call" | "end" | "closed" | "booking" | "booked"
  | "code" | "error"

/** What leads from one screen to another: a touch, or news from the server. */
export type Move =
  | "loaded" | "found_visit" | "start" | "agree" | "decline" | "choose" | "queued" | "served" | "finished" | "undone"
  | "back" | "to_queue" | "to_devices" | "home" | "no_window" | "to_guide" | "to_booking" | "booked" | "to_code" | "no_consent" | "broken" | "retry"

type Table = Readonly<Record<Screen, Readonly<Partial<Record<Move, Screen>>>>>

/** News that may come anywhere: a ticket is called, a visit ends, the page is wiped. */
const ANYWHERE: Readonly<Partial<Record<Move, Screen>>> = { home: "idle", served: "call", finished: "end", broken: "error" }

const TABLE: Table = {
  loading: { loaded: "idle", found_visit: "items", to_queue: "queue" },
  idle: { start: "consent", found_visit: "items", to_queue: "queue", to_code: "code" },
  // Who came to use a booking goes on with that.
  consent: { agree: "items", decline: "declined", back: "idle", booked: "booked", queued: "queue" },
  declined: { back: "consent" },
  items: { choose: "guide", back: "idle", to_queue: "queue" },
  guide: { queued: "queue", back: "items", to_queue: "queue", no_window: "closed", to_booking: "booking" },
  queue: { back: "guide", to_devices: "device", no_window: "closed", to_booking: "booking" },
  device: { back: "queue", to_queue: "queue" },
  call: { to_devices: "device" },
  end: { undone: "call", to_queue: "queue", start: "consent", found_visit: "items" },
  closed: { back: "items", to_booking: "booking" },
  booking: { booked: "booked", to_guide: "guide", to_queue: "queue", no_window: "closed" },
  booked: { to_booking: "booking", to_guide: "guide", no_consent: "consent", queued: "queue", to_queue: "queue", no_window: "closed" },
  code: { booked: "booked", back: "idle", to_queue: "queue" },
  error: { retry: "loading", found_visit: "items", to_queue: "queue" },
}

/** Where `move` leads from `screen`; `screen` itself when it leads nowhere from there (a late or doubled touch). */
export function nextScreen(screen: Screen, move: Move): Screen {
  return TABLE[screen][move] ?? ANYWHERE[move] ?? screen
}

/** The step of the bar above, 0 to 3; null on screens without it. */
export function stepOf(screen: Screen): number | null {
  switch (screen) {
    case "items": case "guide": return 0
    case "queue": return 1
    case "call": return 2
    default: return null
  }
}
