/** Playing the files of a recording in step: where each one stands at a moment of the session. Times in ms. */

export interface Gap { from_ms: number; to_ms: number }
export interface PlayFile { id: string; offset_ms: number; duration_ms: number; gaps: readonly Gap[] }

/** Beyond this a file is set to its place at once; below, its speed brings it there without a jump. */
export const JUMP_MS = 300
/** Closer than this nobody sees or hears. */
export const IN_STEP_MS = 40
/** How far the speed of a file that lags or leads is bent. */
export const BEND = 0.06

/** The file's own time at `position`, or null before it begins and after it ends. */
export function timeInFile(file: PlayFile, position: number): number | null {
  const time = position - file.offset_ms
  return time >= 0 && time < file.duration_ms ? time : null
}

export type Correction = { kind: "none" } | { kind: "jump"; to: number } | { kind: "bend"; rate: number }

/** How to bring a file that stands at `actual` to `wanted` (both its own time); `rate`: speed of the whole player. */
export function correction(wanted: number, actual: number, rate: number): Correction {
  const lag = wanted - actual
  if (Math.abs(lag) > JUMP_MS) return { kind: "jump", to: wanted }
  if (Math.abs(lag) <= IN_STEP_MS) return { kind: "none" }
  return { kind: "bend", rate: rate * (lag > 0 ? 1 + BEND : 1 - BEND) }
}

/** Length of the whole: the latest end of a file, at least what the recording says of itself. */
export function wholeLength(files: readonly PlayFile[], duration: number): number {
  return files.reduce((longest, file) => Math.max(longest, file.offset_ms + file.duration_ms), duration)
}

/** A stretch of a track in which nothing was recorded, as shares of the whole. */
export interface Hatch { left: number; width: number; from_ms: number; to_ms: number }

/** Where a person's track is hatched: before its files, between and after them, and in their gaps. */
export function hatches(files: readonly PlayFile[], length: number): Hatch[] {
  if (length <= 0) return []
  const holes: Gap[] = []
  let end = 0
  for (const file of [...files].sort((one, other) => one.offset_ms - other.offset_ms)) {
    if (file.offset_ms > end) holes.push({ from_ms: end, to_ms: file.offset_ms })
    holes.push(...file.gaps.map((gap) => ({ from_ms: gap.from_ms, to_ms: gap.to_ms })))
    end = Math.max(end, file.offset_ms + file.duration_ms)
  }
  if (end < length) holes.push({ from_ms: end, to_ms: length })
  // Joining takes a moment; a sliver that no eye can find is no gap to show.
  return holes
    .filter((hole) => hole.to_ms - hole.from_ms >= 250)
    .map((hole) => ({ ...hole, left: hole.from_ms / length, width: (hole.to_ms - hole.from_ms) / length }))
}

/** The clock of a player: runs while playing, at its speed, from where it was set. */
export interface PlayClock { playing: boolean; rate: number; at: number; since: number }

export function positionOf(clock: PlayClock, now: number, length: number): number {
  const position = clock.playing ? clock.at + (now - clock.since) * clock.rate : clock.at
  return Math.min(length, Math.max(0, position))
}

/** The clock after a change of place, speed or running at `now`; the position goes on from where it is. */
export function changed(clock: PlayClock, now: number, length: number, change: Partial<Pick<PlayClock, "playing" | "rate" | "at">>): PlayClock {
  const at = Math.min(length, Math.max(0, change.at ?? positionOf(clock, now, length)))
  return { playing: change.playing ?? clock.playing, rate: change.rate ?? clock.rate, at, since: now }
}
