import { Problem, type Case } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { computed, ref, shallowRef, watch } from "vue"
import { isChanged, mergeEdits, type FieldConflict } from "@/domain/conflict"
import { filledCount, filledValues, formFields, type FieldValue, type FieldValues } from "@/domain/formFields"
import { api, clock } from "@/server"
import { useSession } from "./session"

/** The form of the session at the desk and the note being written: what is typed, what is saved, and who else changed it. */
export const useCaseForm = defineStore("caseForm", () => {
  const session = useSession()
  /** What the server has, as far as this page knows; edits are told from it. */
  const saved = shallowRef<Case | null>(null)
  const values = ref<FieldValues>({})
  const note = ref("")
  const savedAt = ref<string | null>(null)
  const saving = ref(false)
  const conflicts = shallowRef<FieldConflict[]>([])
  let theirs: Case | null = null

  const fields = computed(() => formFields(session.item?.form.schema))
  const base = computed<FieldValues>(() => (saved.value?.fields ?? {}) as FieldValues)
  const filled = computed(() => filledValues(fields.value, values.value))
  const count = computed(() => filledCount(fields.value, values.value))
  const changed = computed(() => isChanged(withConstants(base.value), filled.value))
  const unsaved = computed(() => changed.value || note.value.trim() !== "")

  function withConstants(of: FieldValues): FieldValues {
    return filledValues(fields.value, of)
  }

  function adopt(fresh: Case): void {
    saved.value = fresh
    savedAt.value = fresh.updated_at
  }

  // What others saved comes in at once where nothing was typed; where both typed, saving asks.
  watch(() => session.data?.case, (fresh) => {
    if (!fresh || fresh.version <= (saved.value?.version ?? 0)) return
    const merge = mergeEdits(base.value, values.value, fresh.fields as FieldValues)
    if (merge.conflicts.length > 0) return
    values.value = merge.fields
    adopt(fresh)
  })

  watch(() => session.id, () => {
    saved.value = null
    values.value = {}
    note.value = ""
    savedAt.value = null
    conflicts.value = []
    theirs = null
  })

  function set(name: string, value: FieldValue | undefined): void {
    const next = { ...values.value }
    if (value === undefined) Reflect.deleteProperty(next, name)
    else next[name] = value
    values.value = next
  }

  async function saveFields(): Promise<void> {
    if (saved.value && !changed.value) return
    try {
      const fresh = await api.put<Case>(`/sessions/${session.id ?? ""}/case`, { fields: filled.value, version: saved.value?.version ?? null })
      const typedMeanwhile = mergeEdits(filled.value, values.value, fresh.fields as FieldValues)
      values.value = typedMeanwhile.fields
      adopt(fresh)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "case_changed") throw error
      await reconcile(error.params["current"] as Case)
    }
  }

  /** Another saved first: keep both edits where they do not touch, else let the agent choose. */
  async function reconcile(current: Case): Promise<void> {
    const merge = mergeEdits(base.value, filled.value, current.fields as FieldValues)
    if (merge.conflicts.length > 0) {
      theirs = current
      conflicts.value = merge.conflicts
      return
    }
    values.value = merge.fields
    adopt(current)
    await saveFields()
  }

  async function saveNote(): Promise<void> {
    const text = note.value.trim()
    if (!text) return
    const path = saved.value ? `/cases/${saved.value.id}/notes` : `/sessions/${session.id ?? ""}/notes`
    await api.post(path, { text })
    if (note.value.trim() === text) note.value = ""
    await session.read()
  }

  /** Save what was typed, form and note. Throws `Problem`; a conflict is shown instead. */
  async function save(): Promise<void> {
    if (saving.value) return
    saving.value = true
    try {
      await saveFields()
      await saveNote()
      savedAt.value = new Date(clock.now()).toISOString()
      await session.read()
    } finally {
      saving.value = false
    }
  }

  /** Save only what was touched: an agent who ends a call with a half-typed form loses nothing. */
  async function saveTouched(): Promise<void> {
    if (changed.value) await save()
    else await saveNote()
  }

  /** The agent has chosen, field by field; mine: names of the fields to keep as typed here. */
  async function resolve(mine: ReadonlySet<string>): Promise<void> {
    const current = theirs
    if (!current) return
    const chosen = { ...mergeEdits(base.value, filled.value, current.fields as FieldValues).fields }
    for (const conflict of conflicts.value) {
      if (mine.has(conflict.name)) continue
      if (conflict.theirs === undefined) Reflect.deleteProperty(chosen, conflict.name)
      else chosen[conflict.name] = conflict.theirs
    }
    values.value = chosen
    adopt(current)
    conflicts.value = []
    theirs = null
    await save()
  }

  return { saved, values, note, savedAt, saving, conflicts, fields, count, changed, unsaved, set, save, saveNote, saveTouched, resolve, cancelConflict: () => { conflicts.value = [] } }
})
