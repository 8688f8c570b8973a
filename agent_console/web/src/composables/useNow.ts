import { onScopeDispose, readonly, ref, type Ref } from "vue"
import { clock } from "@/server"

const TICK_MS = 250
const now = ref(clock.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The server's time, ms since 1970, renewed four times a second; one timer for all who use it. */
export function useNow(): Readonly<Ref<number>> {
  users++
  now.value = clock.now()
  timer ??= setInterval(() => { now.value = clock.now() }, TICK_MS)
  onScopeDispose(() => {
    if (--users > 0) return
    clearInterval(timer)
    timer = undefined
  })
  return readonly(now)
}
