/**
 * The shapes that the server sends and takes, by their names here. They come from its OpenAPI document: `npm run
 * api-types` makes `generated/api.ts` anew from a running server. Times are RFC 3339 UTC strings, ids UUIDs.
 */
import type { components } from "./generated/api"

type Schemas = components["schemas"]

export type Language = Schemas["Language"]
/** A text in both languages of the pages. */
export type Texts = Schemas["Text"]
export type Channel = Schemas["Channel"]
/** What somebody is in a session. */
export type Role = Schemas["ParticipantRole"]
export type SourceKind = Schemas["SourceKind"]
export type TicketState = Schemas["TicketState"]
export type SessionState = Schemas["SessionState"]
export type PresenceState = Schemas["PresenceState"]
export type ParticipantState = Schemas["ParticipantState"]
export type Outcome = Schemas["Outcome"]
export type EngagementState = Schemas["EngagementState"]
export type CaseState = Schemas["CaseState"]
export type RecordingState = Schemas["RecordingState"]

export type Place = Schemas["PlaceOut"]
export type Org = Schemas["OrgOut"]
export type Ticket = Schemas["TicketOut"]
export type Consent = Schemas["ConsentOut"]
/** The words that a consent agrees to. */
export type ConsentText = Schemas["ConsentTextOut"]
export type Resident = Schemas["ResidentOut"]
export type ServiceStatus = Schemas["StatusOut"]

export type CatalogueItem = Schemas["ItemOut"]
export type RequiredMaterial = Schemas["RequiredMaterialOut"]
export type Limit = Schemas["LimitOut"]
/** An item with its guide and its form; the form's schema is read more closely here than HTTP can say. */
export type CatalogueItemDetail = Omit<Schemas["ItemDetailOut"], "form"> & { form: { schema: FormSchema; example: Record<string, unknown> } }

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

export type Participant = Schemas["ParticipantOut"]
export type Material = Schemas["MaterialOut"]
export type CaptureRequest = Schemas["CaptureRequestOut"]
export type Case = Schemas["CaseOut"]
export type Note = Schemas["NoteOut"]
export type Engagement = Schemas["EngagementFacts"]
export type VideoSession = Schemas["SessionOut"]

export type SourceSection = Schemas["SourceIn"]
export type SlotSection = Schemas["SlotIn"]
export type ConnectionOffer = Schemas["ConnectionIn"]
export type ConnectionAnswer = Omit<Schemas["ConnectionOut"], "ice_servers"> & { ice_servers: RTCIceServer[] }

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

export type Window = Schemas["AccountWindowOut"]
export type Account = Schemas["AccountOut"]
export type Presence = Schemas["PresenceFacts"]
export type OfferKind = Schemas["OfferKind"]
export type Offer = Schemas["OfferFacts"]
export type QueuedTicket = Schemas["QueuedTicketFacts"]
export type Desk = Schemas["DeskOut"]

export type RecordingFile = Schemas["FileOut"]
export type Recording = Schemas["RecordingOut"]
export type CaseSession = Schemas["CaseSessionOut"]
export type CaseDetail = Schemas["CaseDetail"]
export type CaseRow = Schemas["CaseSummary"]
export type CasePage = Schemas["CaseList"]
