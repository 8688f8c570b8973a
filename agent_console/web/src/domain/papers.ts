import type { LocalText } from "./formFields"

/** What an item asks for, and what has been captured of it. */
interface Asked { code: string; name: LocalText; required: boolean; pages: number | null; made_by_form: boolean }
interface Captured { material_code: string | null; page: number }

export interface NextPage { code: string | null; page: number }

const pagesOf = (asked: Asked): number => Math.max(1, asked.pages ?? 1)
const has = (captured: readonly Captured[], code: string, page: number): boolean => captured.some((one) => one.material_code === code && one.page === page)

/** The papers that a resident is asked for: what the form itself makes is not among them. */
export function askedPapers<T extends Asked>(materials: readonly T[]): T[] {
  return materials.filter((material) => !material.made_by_form)
}

/** Whether every page of `asked` is there. */
export function isComplete(asked: Asked, captured: readonly Captured[]): boolean {
  return Array.from({ length: pagesOf(asked) }, (_, index) => index + 1).every((page) => has(captured, asked.code, page))
}

/** How many of the required papers are complete. */
export function paperCount(materials: readonly Asked[], captured: readonly Captured[]): { required: number; complete: number } {
  const required = askedPapers(materials).filter((material) => material.required)
  return { required: required.length, complete: required.filter((material) => isComplete(material, captured)).length }
}

/** The page to ask for next: the first missing one of the required papers, else a paper without a name. */
export function nextPage(materials: readonly Asked[], captured: readonly Captured[], requested: readonly Captured[]): NextPage {
  const taken = [...captured, ...requested]
  for (const material of askedPapers(materials).filter((one) => one.required)) {
    for (let page = 1; page <= pagesOf(material); page++) if (!has(taken, material.code, page)) return { code: material.code, page }
  }
  return { code: null, page: captured.filter((one) => one.material_code === null).length + 1 }
}

/** The page of a named paper that a further capture of it would be. */
export function furtherPage(code: string | null, captured: readonly Captured[]): number {
  return captured.filter((one) => one.material_code === code).reduce((last, one) => Math.max(last, one.page), 0) + 1
}
