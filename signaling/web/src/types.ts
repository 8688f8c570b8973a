/** The shapes that the server sends and takes; times are RFC 3339 UTC strings, ids UUIDs. */

export type Language = "zh-CN" | "en"
/** A text in both languages of the pages. */
export type Texts = Record<Language, string>
export type Channel = "district" | "street_town" | "yangtze_delta"
export type Role = "resident" | "agent" | "partner" | "helper" | "supervisor"
export type SourceKind = "microphone" | "face" | "document" | "screen"
export type TicketState =
  | "waiting" | "offered" | "serving" | "held" | "done" | "abandoned" | "cancelled" | "closed_out_of_hours" | "callback"
export type SessionState = "connecting" | "active" | "interrupted" | "ending" | "ended"
export type PresenceState = "offline" | "available" | "offered" | "serving" | "wrapping_up" | "on_break"
export type ParticipantState = "joining" | "connected" | "interrupted" | "left"
export type Outcome = "resolved" | "unresolved" | "follow_up"
export type EngagementState = "offered" | "joined" | "consulting" | "left" | "wrapping_up" | "completed"
export type CaseState =
  | "draft" | "submitted" | "accepted" | "correction_requested" | "not_accepted" | "in_review" | "suspended"
  | "decided" | "closed" | "withdrawn"
export type RecordingState = "recording" | "sealing" | "sealed" | "archived" | "destroyed" | "salvaged" | "failed"

export interface Place { code: string; name: Texts }
export interface Org { code: string; name: Texts }

export interface Ticket {
  id: string
  number: string
  state: TicketState
  item_code: string
  channel: Channel
  place_code: string
  serving_org_code: string
  created_at: string
  waiting_since: string
  held_until: string | null
  undo_until: string | null
  session_id: string | null
  version: number
  ahead: number | null
  expected_wait_seconds: number | null
}

export interface Consent { version: string; at: string }

export interface Resident {
  id: string
  place: Place
  language: Language
  consent: Consent | null
  ticket: Ticket | null
  session_id: string | null
}

/** The words that a consent agrees to. */
export interface ConsentText { version: string; language: Language; title: string; points: string[]; sha256: string }

export interface ServiceStatus {
  place: Place
  windows_open: number
  expected_wait_minutes: number
  consent_version: string
  recording_years: number
  demo: boolean
}

export interface CatalogueItem {
  code: string
  name: Texts
  channel: Channel
  subject: "person" | "enterprise"
  high_frequency: boolean
  handling_minutes: number
  /** Pinyin initials of the Chinese name, lower case. */
  initials: string
  promised_working_days: number | null
  fee_fen: number
}

export interface RequiredMaterial {
  code: string
  name: Texts
  required: boolean
  pages: number | null
  paper_type: string | null
  /** Made from the signed form and so never asked for. */
  made_by_form: boolean
  when: Texts | null
}

/** assumed: a plausible figure, not the office's own. */
export interface Limit { working_days: number; assumed: boolean }

export interface CatalogueItemDetail extends CatalogueItem {
  description: Texts
  authority: Texts
  materials: RequiredMaterial[]
  guide_steps: Texts[]
  limits: { legal: Limit | null; promised: Limit | null }
  form: { schema: FormSchema; example: Record<string, unknown> }
}

export interface FormField {
  type: string
  title?: string
  "x-title"?: Texts
  enum?: (string | number)[]
  format?: string
  maxLength?: number
  [more: string]: unknown
}
export interface FormSchema {
  type: "object"
  properties: Record<string, FormField>
  required?: string[]
  [more: string]: unknown
}

export interface Participant {
  id: string
  role: Role
  state: ParticipantState
  /** Null for a resident who has not said who they are. */
  display_name: Texts | null
  org_code: string
  org_name: Texts | null
}

export interface Material {
  id: string
  material_code: string | null
  page: number
  captured_at: string
  captured_by: string
  captured_by_role: Role
  sha256: string
  width: number
  height: number
  version: number
}

export interface CaptureRequest {
  id: string
  material_code: string | null
  page: number
  state: string
  requested_at: string
  material_id: string | null
}

export interface Case {
  id: string
  number: string
  state: CaseState
  item_code: string
  fields: Record<string, unknown>
  version: number
  updated_at: string
}

export interface Note { id: string; text: string; author: Texts | string; at: string }

export interface Engagement {
  id: string
  session_id: string
  state: EngagementState
  outcome: Outcome | null
  wrap_up_deadline_at: string | null
  undo_until: string | null
  version: number
}

export interface VideoSession {
  id: string
  state: SessionState
  item_code: string
  channel: Channel
  ticket_number: string
  place: Place
  opened_at: string
  ended_at: string | null
  undo_until: string | null
  version: number
  /** The caller's own participant. */
  me: string | null
  participants: Participant[]
  materials: Material[]
  case: Case | null
  /** For staff only. */
  notes: Note[] | null
  recording: { id: string; state: RecordingState } | null
  engagement: Engagement | null
  capture_requests: CaptureRequest[]
}

export interface SourceSection { mid: string; kind: SourceKind }
export interface SlotSection { mid: string; media: "audio" | "video"; index: number }
export interface ConnectionOffer { offer: string; sources: SourceSection[]; slots: SlotSection[] }
export interface ConnectionAnswer { connection_id: string; answer: string; ice_servers: RTCIceServer[] }

/** A slot of a connection, as the topic `connection:<id>` tells it; `id` is its mid. */
export interface Slot {
  id: string
  media: "audio" | "video"
  index: number
  source_id: string | null
  participant_id: string | null
  kind: SourceKind | null
  role: Role | null
}

export interface Window { id: string; code: string; name: Texts; channel: Channel; org: Org }

export interface Account {
  id: string
  username: string
  display_name: Texts
  roles: string[]
  org: Org
  windows: Window[]
  language: Language
}

export interface Presence {
  id: string
  state: PresenceState
  since: string
  window_id: string | null
  missed_offers: number
  session_id: string | null
  engagement_id: string | null
  version: number
}

export type OfferKind = "serve" | "invite" | "transfer" | "consult" | "callback"
export interface Offer {
  id: string
  kind: OfferKind
  state: string
  deadline_at: string
  lease_seconds: number
  ticket: Pick<Ticket, "id" | "number" | "item_code" | "channel" | "place_code" | "waiting_since">
  version: number
}

export interface Desk {
  presence: Presence
  offer: Offer | null
  session_id: string | null
  engagement: Engagement | null
  queues: string[]
  waiting: Ticket[]
  today: { served: number; answered_in_60s_share: number | null }
}

export interface RecordingFile {
  id: string
  participant_role: Role
  display_name: Texts | string
  kind: "person" | "document" | "screen"
  offset_ms: number
  duration_ms: number
  gaps: { from_ms: number; to_ms: number; reason?: string }[]
  width: number
  height: number
  sha256: string
  url: string
}
export interface Recording {
  id: string
  session_id: string
  state: RecordingState
  started_at: string
  duration_ms: number
  files: RecordingFile[]
}

export interface CaseSession {
  id: string
  opened_at: string
  ended_at: string | null
  outcome: Outcome | null
  agents: (Texts | string)[]
  recording: { id: string; state: RecordingState; duration_ms: number | null } | null
}
export interface CaseDetail extends Case { sessions: CaseSession[]; materials: Material[]; notes: Note[] }
export interface CasePage { items: Case[]; next: string | null }
