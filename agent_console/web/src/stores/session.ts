import { Problem, type CaptureFacts, type Entities, type FeedEvent, type MaterialFacts, type Note, type ParticipantFacts, type RecordingFacts, type SessionFacts, type SourceFacts, type Subscription, type VideoSession } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { computed, ref, shallowRef } from "vue"
import { entriesOfEvent, entriesOfSnapshot, mergeEntries, type TimelineEntry } from "@/domain/timeline"
import { api, feed } from "@/server"
import { useCatalogue } from "./catalogue"

/** Papers as the events tell them: all that a thumbnail needs. */
export type Paper = MaterialFacts
/** Entities whose words and values come by HTTP: when one of them changed, the session is read again. */
const READ_AGAIN = new Set(["case", "note", "participant", "recording"])

const list = <T>(entities: Entities, kind: string): T[] => Object.values(entities[kind] ?? {}) as unknown as T[]

/** The session at the agent's desk: read by HTTP, kept fresh by its events. */
export const useSession = defineStore("session", () => {
  const id = ref<string | null>(null)
  const data = shallowRef<VideoSession | null>(null)
  const entities = shallowRef<Entities>({})
  const problem = shallowRef<Problem | null>(null)
  const entries = shallowRef<TimelineEntry[]>([])
  let topic: Subscription | null = null
  let reading: Promise<void> | null = null
  let again = false

  const facts = computed<Pick<SessionFacts, "id" | "state" | "opened_at" | "ended_at" | "undo_until"> | null>(() => list<SessionFacts>(entities.value, "session")[0] ?? data.value)
  const participants = computed(() => list<ParticipantFacts>(entities.value, "participant"))
  const residentState = computed(() => participants.value.find((person) => person.role === "resident")?.state ?? "joining")
  const materials = computed<Paper[]>(() => {
    const live = topic && entities.value["session"] ? list<Paper>(entities.value, "material") : data.value?.materials ?? []
    return [...live].sort((one, other) => Date.parse(one.captured_at) - Date.parse(other.captured_at))
  })
  const requests = computed(() => list<CaptureFacts>(entities.value, "capture_request").filter((request) => request.state === "open"))
  const recording = computed(() => list<RecordingFacts>(entities.value, "recording")[0] ?? data.value?.recording ?? null)
  /** What others have switched off, as `participant:kind`: it is sent on, but empty. */
  const silenced = computed<ReadonlySet<string>>(() => new Set(list<SourceFacts>(entities.value, "source").filter((source) => !source.active).map((source) => `${source.participant_id}:${source.kind}`)))
  const notes = computed<readonly Note[]>(() => data.value?.notes ?? [])
  const item = computed(() => (data.value ? useCatalogue().details.get(data.value.item_code) ?? null : null))
  const timeline = computed(() => mergeEntries(entries.value))

  function follow(next: Entities, event: FeedEvent | null): void {
    entries.value = event ? [...entries.value, ...entriesOfEvent(event, entities.value)] : [...entries.value, ...entriesOfSnapshot(next)]
    entities.value = next
    if (!event || event.changes.some((change) => READ_AGAIN.has(change.entity))) void read()
  }

  async function readOnce(of: string): Promise<void> {
    try {
      const fresh = await api.get<VideoSession>(`/sessions/${of}`)
      if (id.value !== of) return
      data.value = fresh
      problem.value = null
      await useCatalogue().detail(fresh.item_code)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (id.value === of) problem.value = error
    }
  }

  /** Read it by HTTP; while that is under way, further wishes become one more reading. */
  async function read(): Promise<void> {
    if (reading) {
      again = true
      return reading
    }
    const of = id.value
    if (!of) return
    reading = readOnce(of).finally(() => {
      reading = null
      if (again && id.value) {
        again = false
        void read()
      }
    })
    return reading
  }

  function open(sessionId: string): void {
    if (id.value === sessionId) return
    close()
    id.value = sessionId
    topic = feed.subscribe(`session:${sessionId}`, { change: follow })
    void read()
  }

  function close(): void {
    topic?.close()
    topic = null
    id.value = null
    data.value = problem.value = null
    entities.value = {}
    entries.value = []
  }

  const path = (rest: string): string => `/sessions/${id.value ?? ""}${rest}`

  async function requestCapture(code: string | null, page: number): Promise<void> {
    await api.post(path("/capture-requests"), { material_code: code, page })
  }

  async function withdrawRequest(request: string): Promise<void> {
    await api.del(`/capture-requests/${request}`)
  }

  async function removeMaterial(material: string, reason: string): Promise<void> {
    await api.del(`/materials/${material}`, reason ? { reason } : {})
  }

  return {
    id, data, facts, participants, residentState, materials, requests, recording, silenced, notes, item, problem, timeline,
    open, close, read, requestCapture, withdrawRequest, removeMaterial,
    end: () => api.post(path("/end")),
    resume: () => api.post(path("/resume")),
  }
})
