import { onScopeDispose, readonly, ref, type Ref } from "vue"

/** Whether the window is at least `width` px wide. */
export function useWide(width: number): Readonly<Ref<boolean>> {
  const query = window.matchMedia(`(min-width: ${width}px)`)
  const wide = ref(query.matches)
  const update = (): void => { wide.value = query.matches }
  query.addEventListener("change", update)
  onScopeDispose(() => { query.removeEventListener("change", update) })
  return readonly(wide)
}

/** From here on the third column stands beside the second; below it becomes tabs of the second. */
export const THREE_COLUMNS = 1680
