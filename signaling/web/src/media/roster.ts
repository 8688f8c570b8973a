import type { Role, Slot, SourceKind } from "../types"
import { FIRST_PICTURE_SLOT } from "./sections"

/** Another person of the session, as this connection receives them. */
export interface Person {
  participantId: string
  role: Role | null
  /** The pair of slots; it may change when people come and go. */
  index: number
  /** Both tracks in one stream: Chromium keeps lips in step within one stream only. Stays the same object while `index` does. */
  stream: MediaStream
  /** Whether a sound, a picture is sent in; a slot that has emptied keeps its last picture, so go by this. */
  audio: boolean
  video: boolean
}

/** A document camera or a shared screen. */
export interface Picture {
  participantId: string | null
  role: Role | null
  kind: SourceKind
  sourceId: string
  stream: MediaStream
}

export interface Roster { people: Person[]; documents: Picture[]; screens: Picture[] }
export const NOBODY: Roster = { people: [], documents: [], screens: [] }

/**
 * Who is in which slot. `stream` gives the stream of a slot index, always the same object for an index, so that a page's
 * <video> does not start anew on each event.
 */
export function readRoster(slots: readonly Slot[], stream: (index: number) => MediaStream): Roster {
  const people = new Map<number, Person>()
  const roster: Roster = { people: [], documents: [], screens: [] }
  const filled = slots.filter((slot) => slot.source_id !== null).sort((a, b) => a.index - b.index)
  for (const slot of filled) {
    if (slot.index >= FIRST_PICTURE_SLOT) {
      const picture: Picture = {
        participantId: slot.participant_id, role: slot.role, kind: slot.kind ?? "document",
        sourceId: slot.source_id ?? "", stream: stream(slot.index),
      }
      if (slot.kind === "screen") roster.screens.push(picture)
      else roster.documents.push(picture)
      continue
    }
    if (slot.participant_id === null) continue
    const person = people.get(slot.index) ?? {
      participantId: slot.participant_id, role: slot.role, index: slot.index, stream: stream(slot.index),
      audio: false, video: false,
    }
    person[slot.media] = true
    people.set(slot.index, person)
  }
  roster.people = [...people.values()]
  return roster
}
