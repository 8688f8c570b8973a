import type { Subscription, CaseSession } from "@virtual-window/signaling"
import { onScopeDispose, watch, type Ref } from "vue"
import { feed } from "@/server"

const SETTLED = new Set(["sealed", "archived", "destroyed", "salvaged", "failed"])
const POLL_MS = 2000

/** While the recording of `session` is being made or sealed: `reload` whenever it moves, told by its topic or looked up. */
export function useRecordingWatch(session: Ref<CaseSession | null>, reload: () => Promise<void>): void {
  let topic: Subscription | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  function stop(): void {
    topic?.close()
    topic = null
    clearInterval(timer)
  }

  watch(() => [session.value?.id, session.value?.recording?.state] as const, ([id, state]) => {
    stop()
    if (!id || !state || SETTLED.has(state)) return
    topic = feed.subscribe(`session:${id}`, {
      change: (_entities, event) => { if (event?.changes.some((change) => change.entity === "recording")) void reload() },
      // Once it is over, a session's topic may be closed to us: look instead.
      closed: () => { timer = setInterval(() => { void reload() }, POLL_MS) },
    })
  }, { immediate: true })

  onScopeDispose(stop)
}
