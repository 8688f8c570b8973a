import { onScopeDispose, readonly, ref, watch, type Ref } from "vue"

/** A skeleton that flashes disturbs more than it tells: `flag`, but true only after it was for 300 ms. */
export function useDelayed(flag: Ref<boolean>, ms = 300): Readonly<Ref<boolean>> {
  const late = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(flag, (on) => {
    clearTimeout(timer)
    if (on) timer = setTimeout(() => { late.value = true }, ms)
    else late.value = false
  }, { immediate: true })
  onScopeDispose(() => { clearTimeout(timer) })
  return readonly(late)
}
