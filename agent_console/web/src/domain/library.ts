import type { Case, CaseDetail, CaseSession, Material, Note, Place, Texts } from "@virtual-window/signaling"

/** The case library as it answers: rows of the list, and a case with all that belongs to it. */
export interface Person { id: string; name: Texts }
export type CaseRow = Pick<Case, "id" | "number" | "state" | "item_code" | "version" | "updated_at"> & {
  /** Masked, as every name outside a session; null while the form has none. */
  applicant: string | null
  place: Place
}
export interface CaseRows { items: CaseRow[]; next: string | null }
export type LibrarySession = Omit<CaseSession, "agents"> & { agents: Person[] }
export type LibraryNote = Omit<Note, "author"> & { author: Person }
export type LibraryCase = Omit<CaseDetail, "sessions" | "notes" | "materials"> & {
  place: Place
  /** Sensitive values are starred; they can be revealed for a reason. */
  masked: boolean
  sessions: LibrarySession[]
  notes: LibraryNote[]
  materials: Material[]
}
