import { computed, inject, ref, type ComputedRef, type InjectionKey } from "vue"

export type Layout = "kiosk" | "phone" | "pc"

/** Which of the three layouts a viewport gets: below 900 wide the phone's, landscape from 1024 the PC's, else the terminal's. */
export function layoutOf(width: number, height: number): Layout {
  if (width >= 1024 && width > height) return "pc"
  if (width < 900) return "phone"
  return width > height ? "phone" : "kiosk"
}

/** The viewport's layout, followed for the life of the page. */
export function useLayout(): ComputedRef<Layout> {
  const size = ref({ width: innerWidth, height: innerHeight })
  addEventListener("resize", () => { size.value = { width: innerWidth, height: innerHeight } })
  return computed(() => layoutOf(size.value.width, size.value.height))
}

/** The layout, for components that draw themselves differently. */
export const LAYOUT: InjectionKey<ComputedRef<Layout>> = Symbol("layout")

export function useCurrentLayout(): ComputedRef<Layout> {
  return inject(LAYOUT, () => computed<Layout>(() => "kiosk"), true)
}
