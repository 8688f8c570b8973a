/** Facts of one entity, as an event or a snapshot tells them. */
export type Facts = Readonly<Record<string, unknown>>
/** All entities of a topic: kind -> id -> facts. */
export type Entities = Readonly<Record<string, Readonly<Record<string, Facts>>>>
/** The whole new facts of an entity; null: it is gone. */
export interface Change { entity: string; id: string; value: Facts | null }

/** `entities` after `changes`: the same reducer for every topic, so that snapshot + events = a fresh snapshot. */
export function reduce(entities: Entities, changes: readonly Change[]): Entities {
  const next: Record<string, Record<string, Facts>> = { ...entities }
  const touched = new Set<string>()
  for (const { entity, id, value } of changes) {
    if (!touched.has(entity)) {
      next[entity] = { ...next[entity] }
      touched.add(entity)
    }
    const kind = next[entity] ?? {}
    if (value === null) Reflect.deleteProperty(kind, id)
    else kind[id] = value
  }
  return next
}
