import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from "vue"
import { secondsLeft } from "@/domain/duration"
import { useNow } from "./useNow"

/** Whole seconds left until `deadline` (RFC 3339, the server's clock), 0 once it has passed, null without one. */
export function useCountdown(deadline: MaybeRefOrGetter<string | null | undefined>): ComputedRef<number | null> {
  const now = useNow()
  return computed(() => {
    const at = toValue(deadline)
    return at ? secondsLeft(Date.parse(at), now.value) : null
  })
}
