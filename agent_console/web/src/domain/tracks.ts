import type { PlayFile } from "./playback"

/** A file as the player tells them apart: by who and what it shows. */
interface Shown extends PlayFile { participant_role: string; kind: string; participant_id?: string }

/** One person, document camera or screen: its files follow each other when somebody came back. */
export interface Track<T> { key: string; files: T[] }

/** The tracks of a recording, the resident's first, else in the order of the files. */
export function tracksOf<T extends Shown>(files: readonly T[]): Track<T>[] {
  const tracks = new Map<string, T[]>()
  for (const file of files) {
    const key = `${file.kind}:${file.participant_id ?? file.participant_role}`
    tracks.set(key, [...tracks.get(key) ?? [], file])
  }
  const residentFirst = (one: T[], other: T[]): number => Number(other[0]?.participant_role === "resident") - Number(one[0]?.participant_role === "resident")
  return [...tracks].sort(([, one], [, other]) => residentFirst(one, other)).map(([key, list]) => ({ key, files: list.sort((one, other) => one.offset_ms - other.offset_ms) }))
}

/** People join and leave within a moment of each other: that long a file's first and last picture stand for what is missing. */
const SLACK_MS = 500

/** The file of a track that shows something at `position`; of two at once the later one, it is the fresher connection. */
export function fileAt<T extends PlayFile>(track: Track<T>, position: number): T | null {
  return track.files.findLast((file) => position >= file.offset_ms - SLACK_MS && position <= file.offset_ms + file.duration_ms + SLACK_MS) ?? null
}
