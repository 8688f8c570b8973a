import type { CatalogueItem, CatalogueItemDetail } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { shallowReactive, shallowRef } from "vue"
import { named } from "@/messages"
import { api } from "@/server"

/** The items that are served, and what the desk must know of those it handles. */
export const useCatalogue = defineStore("catalogue", () => {
  const items = shallowRef<ReadonlyMap<string, CatalogueItem>>(new Map())
  const details = shallowReactive(new Map<string, CatalogueItemDetail>())

  async function load(): Promise<void> {
    const answer = await api.get<{ items: CatalogueItem[] }>("/catalogue/items")
    items.value = new Map(answer.items.map((item) => [item.code, item]))
  }

  /** An item with its papers, guide and form; fetched once. Throws `Problem`. */
  async function detail(code: string): Promise<CatalogueItemDetail> {
    const known = details.get(code)
    if (known) return known
    const fetched = await api.get<CatalogueItemDetail>(`/catalogue/items/${encodeURIComponent(code)}`)
    details.set(code, fetched)
    return fetched
  }

  /** Its name in the reader's language, its code while the catalogue is on its way. */
  function itemName(code: string): string {
    return named((items.value.get(code) ?? details.get(code))?.name) || code
  }

  return { items, details, load, detail, itemName }
})
