import type { FieldValue, FieldValues } from "./formFields"

/** A field that both sides changed, and what each of them wrote. */
export interface FieldConflict { name: string; mine: FieldValue | undefined; theirs: FieldValue | undefined }
export interface Merge { fields: FieldValues; conflicts: FieldConflict[] }

const same = (one: FieldValue | undefined, other: FieldValue | undefined): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * Bring two edits of the same form together.
 * base: what both started from; a field that only one side changed takes that side's value, one that both changed
 * differently is a conflict and stays mine until somebody chooses.
 */
export function mergeEdits(base: Readonly<FieldValues>, mine: Readonly<FieldValues>, theirs: Readonly<FieldValues>): Merge {
  const fields: FieldValues = {}
  const conflicts: FieldConflict[] = []
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const iChanged = !same(base[name], mine[name])
    const theyChanged = !same(base[name], theirs[name])
    if (iChanged && theyChanged && !same(mine[name], theirs[name])) conflicts.push({ name, mine: mine[name], theirs: theirs[name] })
    const value = iChanged ? mine[name] : theirs[name]
    if (value !== undefined) fields[name] = value
  }
  return { fields, conflicts }
}

/** Whether anything was changed since `base`. */
export function isChanged(base: Readonly<FieldValues>, mine: Readonly<FieldValues>): boolean {
  return [...new Set([...Object.keys(base), ...Object.keys(mine)])].some((name) => !same(base[name], mine[name]))
}
