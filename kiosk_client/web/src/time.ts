import { onScopeDispose, readonly, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from "vue"

/** `now()` in whole steps of `ms`, kept up to date. */
export function useNow(now: () => number, ms = 250): Readonly<Ref<number>> {
  const value = ref(now())
  const timer = setInterval(() => { value.value = now() }, ms)
  onScopeDispose(() => { clearInterval(timer) })
  return readonly(value)
}

/** Whole seconds left until `deadline` (ms in the clock of `now`), 0 once it has passed or when there is none. */
export function useCountdown(deadline: MaybeRefOrGetter<number | null>, now: () => number): Readonly<Ref<number>> {
  const left = ref(0)
  const update = () => {
    const until = toValue(deadline)
    left.value = until === null ? 0 : Math.max(0, Math.ceil((until - now()) / 1000))
  }
  watch(() => toValue(deadline), update, { immediate: true })
  const timer = setInterval(update, 250)
  onScopeDispose(() => { clearInterval(timer) })
  return readonly(left)
}

/** 222 s as 03:42. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`
}

/** An expected wait for people: whole minutes, and a range when it is long; null: nobody can say. */
export function waitRange(seconds: number | null): { from: number; to: number } | null {
  if (seconds === null) return null
  const minutes = Math.ceil(seconds / 60)
  if (minutes <= 5) return { from: minutes, to: minutes }
  return { from: Math.max(1, Math.round(minutes * 0.8)), to: Math.round(minutes * 1.3) }
}
