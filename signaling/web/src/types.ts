/**
 * The shapes that the server sends and takes, by the pages' names for them: what it declares, generated
 * (`npm run api-types`). Times are RFC 3339 UTC strings, ids UUIDs.
 */
import type { components as Api } from "./generated/api"
import type { components as Topics } from "./generated/topics"

type Body = Api["schemas"]
type Told = Topics["schemas"]

export type Language = Body["Language"]
/** A text in both languages of the pages. */
export type Texts = Body["Text"]
export type Channel = Body["Channel"]
export type Role = Body["ParticipantRole"]
export type StaffRole = Body["Role"]
export type SourceKind = Body["SourceKind"]
export type TicketState = Body["TicketState"]
export type SessionState = Body["SessionState"]
export type PresenceState = Body["PresenceState"]
export type ParticipantState = Body["ParticipantState"]
export type Outcome = Body["Outcome"]
export type EngagementState = Body["EngagementState"]
export type CaseState = Body["CaseState"]
export type RecordingState = Body["RecordingState"]

export type Place = Body["PlaceOut"]
export type Org = Body["OrgOut"]
export type Ticket = Body["TicketOut"]
/** How somebody came by a place, and why a place is before others that are older. */
export type TicketKind = Body["TicketKind"]
export type PriorityReason = Body["PriorityReason"]
/** What those who serve a queue see of a ticket that waits. */
export type QueuedTicket = Body["QueuedTicketFacts"]
export type Consent = Body["ConsentOut"]
export type Resident = Body["ResidentOut"]
/** The words that a consent agrees to. */
export type ConsentText = Body["ConsentTextOut"]
export type ServiceStatus = Body["StatusOut"]

/** When an organisation's windows are open, and whether they are now. */
export type OrgHours = Body["OrgHoursOut"]
/** Why a ticket stands where it stands; texts are in the language of who asked. */
export type Standing = Body["StandingOut"]
export type BookingKind = Body["BookingKind"]
/** Times of an item's windows: days of the coming weeks, and the slots of the one that was asked for. */
export type BookingSlots = Body["SlotsOut"]
/** A place in the queue at a time. code: eight digits, by which whoever made it finds it again. */
export type Booking = Body["BookingOut"]

export type CatalogueItem = Body["ItemOut"]
export type RequiredMaterial = Body["RequiredMaterialOut"]
export type Limit = Body["LimitOut"]
/** The form's schema is JSON Schema of the catalogue's making, which the server hands through. */
export type CatalogueItemDetail = Omit<Body["ItemDetailOut"], "form"> & {
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

export type Participant = Body["ParticipantOut"]
export type Material = Body["MaterialOut"]
export type CaptureRequest = Body["CaptureRequestOut"]
export type FieldProblem = Body["FieldProblem"]
export type Case = Body["CaseOut"]
export type Author = Body["AuthorOut"]
export type Note = Body["NoteOut"]
/** As topics and the desk tell it; a session's own says more. */
export type Engagement = Body["EngagementFacts"]
export type VideoSession = Body["SessionOut"]

export type SourceSection = Body["SourceIn"]
export type SlotSection = Body["SlotIn"]
export type ConnectionOffer = Body["ConnectionIn"]
export type ConnectionAnswer = Body["ConnectionOut"]
/** A slot of a connection, as the topic `connection:<id>` tells it; `id` is its mid. */
export type Slot = Told["SlotFacts"]

export type Window = Body["AccountWindowOut"]
export type Account = Body["AccountOut"]
export type Presence = Body["PresenceFacts"]
export type OfferKind = Body["OfferKind"]
export type Offer = Body["OfferFacts"]
export type Desk = Body["DeskOut"]

/** The call that an agent is on, and whom to call, for who has taken it. */
export type CallbackFacts = Body["CallbackFacts"]
export type Callback = Body["CallbackOut"]
export type CallbackResult = Body["CallResult"]

/** What a supervisor sees of an organisation and all below it. */
export type Board = Body["BoardOut"]
export type BoardAgent = Body["BoardAgentOut"]
export type BoardDoor = Body["BoardDoorOut"]
export type BoardTicket = Body["BoardTicketFacts"]
export type Alarm = Body["AlarmFacts"]
export type ServiceLevel = Body["LevelOut"]
/** What the board's topic tells of an agent; names come by HTTP. */
export type BoardAgentFacts = Told["BoardAgentFacts"]

export type RecordingFile = Body["FileOut"]
export type Recording = Body["RecordingOut"]
export type CaseSession = Body["CaseSessionOut"]
export type CaseDetail = Body["CaseDetail"]
/** A row of the case library. */
export type CaseRow = Body["CaseSummary"]
export type CasePage = Body["CaseList"]

/** What topics tell of their entities; names and texts are read by HTTP. */
export type SessionFacts = Told["SessionFacts"]
export type ParticipantFacts = Told["ParticipantFacts"]
export type SourceFacts = Told["SourceFacts"]
export type MaterialFacts = Told["MaterialFacts"]
export type CaptureFacts = Told["CaptureFacts"]
export type CaseFacts = Told["CaseFacts"]
export type NoteFacts = Told["NoteFacts"]
export type RecordingFacts = Told["RecordingFacts"]
/** Where a waiting resident stands, the momentary value `queue` of the own topic. */
export type QueueValue = Told["QueueValue"]
