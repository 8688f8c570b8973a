import type { CatalogueItem, Channel, Language } from "@virtual-window/signaling"

/** What the letter pad can spell of an item: pinyin initials, or in English the initials of its words. */
export function spelling(item: CatalogueItem, language: Language): string {
  if (language === "zh-CN") return item.initials.toLowerCase()
  return item.name.en.split(/[^A-Za-z]+/).filter(Boolean).map((word) => word[0]).join("").toLowerCase()
}

/** Items of a channel: the most used first, then as the catalogue has them. */
export function ofChannel(items: readonly CatalogueItem[], channel: Channel): CatalogueItem[] {
  const own = items.filter((item) => item.channel === channel)
  return [...own.filter((item) => item.high_frequency), ...own.filter((item) => !item.high_frequency)]
}

/** Where `typed` stands in the spelling of `item`, or -1. */
export function found(item: CatalogueItem, typed: string, language: Language): number {
  return spelling(item, language).indexOf(typed.toLowerCase())
}

/** Items that `typed` finds: letters anywhere in the initials, or any text in the name. */
export function search(items: readonly CatalogueItem[], typed: string, language: Language): CatalogueItem[] {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return [...items]
  const letters = /^[a-z]+$/.test(wanted)
  return items.filter((item) =>
    (letters && found(item, wanted, language) >= 0)
    || item.name["zh-CN"].includes(wanted)
    || (wanted.length > 1 && item.name.en.toLowerCase().includes(wanted)))
}

/** Letters that lead somewhere after `typed`. */
export function nextLetters(items: readonly CatalogueItem[], typed: string, language: Language): ReadonlySet<string> {
  const letters = new Set<string>()
  for (const item of items) {
    const text = spelling(item, language)
    for (let at = typed.length; at < text.length; at++) {
      const next = text[at]
      if (next && text.startsWith(typed, at - typed.length)) letters.add(next)
    }
  }
  return letters
}
