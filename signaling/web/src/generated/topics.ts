// Made by `npm run api-types` from what the server declares; not to be edited.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description What a supervisor is told. subject: what it is about, one open alarm each: a ticket's or an
         *     account's id, or a queue as `{channel}:{org_code}`. seen_at: when somebody saw to it.
         */
        AlarmFacts: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["AlarmKind"];
            subject: string;
            channel: components["schemas"]["Channel"] | null;
            org_code: string;
            ticket_id: string | null;
            account_id: string | null;
            /** Format: date-time */
            raised_at: string;
            seen_at: string | null;
            version: number;
        };
        /** @enum {string} */
        AlarmKind: "answer_soon" | "answer_late" | "offers_missed" | "nobody_on" | "level_low";
        /** @description With the connection. page: whose cookie counts; token: for API clients. */
        Auth: {
            /** @default null */
            page?: string | null;
            /** @default null */
            token?: string | null;
        };
        /** @description What an agent is doing. id: of the account; window_id: None for all of the agent's. */
        BoardAgentFacts: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["PresenceState"];
            /** Format: date-time */
            since: string;
            window_id: string | null;
            missed_offers: number;
            version: number;
        };
        /**
         * @description Who waits, is offered or held. clock_at: since when a first answer is owed, None once there
         *     was one before (a transfer) or while none is owed yet; warned_at, late_at: when the clock
         *     reached its warning and its end.
         */
        BoardTicketFacts: {
            /** Format: uuid */
            id: string;
            number: string;
            kind: components["schemas"]["TicketKind"];
            state: components["schemas"]["TicketState"];
            item_code: string;
            channel: components["schemas"]["Channel"];
            place_code: string;
            serving_org_code: string;
            /** Format: date-time */
            waiting_since: string;
            priority: components["schemas"]["PriorityReason"][];
            due_at: string | null;
            clock_at: string | null;
            held_until: string | null;
            warned_at: string | null;
            late_at: string | null;
            version: number;
        };
        /**
         * @description The call that an agent is on: whom to call is asked for at `/callbacks/{ticket_id}`.
         *
         *     id: of the ticket. tries: calls that reached nobody so far.
         */
        CallbackFacts: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            ticket_id: string;
            number: string;
            item_code: string;
            place_code: string;
            /** Format: uuid */
            window_id: string;
            /** Format: date-time */
            started_at: string;
            tries: number;
            version: number;
        };
        /** @description A request for a page. */
        CaptureFacts: {
            /** Format: uuid */
            id: string;
            material_code: string | null;
            page: number;
            state: components["schemas"]["CaptureState"];
        };
        /**
         * @description A request of the agent to show a paper.
         * @enum {string}
         */
        CaptureState: "open" | "fulfilled" | "withdrawn";
        CaseFacts: {
            /** Format: uuid */
            id: string;
            number: string;
            state: components["schemas"]["CaseState"];
            version: number;
        };
        /** @enum {string} */
        CaseState: "draft" | "submitted" | "correction_requested" | "not_accepted" | "accepted" | "in_review" | "suspended" | "decided" | "closed" | "withdrawn";
        /** @description The whole new facts of an entity; None: it is gone. */
        Change: {
            entity: string;
            id: string;
            value: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * @description Which kind of window serves.
         * @enum {string}
         */
        Channel: "district" | "street_town" | "yangtze_delta";
        /** @description The right is lost, or the topic is over. reason: a problem's code. */
        Closed: {
            topic: string;
            reason: string;
        };
        CursorIn: {
            epoch: string;
            number: number;
        };
        /** @description It is so now. */
        Done: {
            /** @constant */
            ok: true;
        };
        /** @description An agent's part in a session. */
        EngagementFacts: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            session_id: string;
            state: components["schemas"]["EngagementState"];
            outcome: components["schemas"]["Outcome"] | null;
            wrap_up_deadline_at: string | null;
            undo_until: string | null;
            version: number;
        };
        /** @enum {string} */
        EngagementState: "offered" | "joined" | "consulting" | "left" | "wrapping_up" | "completed";
        /** @description A page. captured_by: the participant who showed it. */
        MaterialFacts: {
            /** Format: uuid */
            id: string;
            material_code: string | null;
            page: number;
            /** Format: date-time */
            captured_at: string;
            /** Format: uuid */
            captured_by: string;
            version: number;
        };
        NoteFacts: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
        };
        /** @description A ticket held out to an agent until the deadline, which is lease_seconds after offered_at. */
        OfferFacts: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["OfferKind"];
            state: components["schemas"]["OfferState"];
            /** Format: date-time */
            offered_at: string;
            /** Format: date-time */
            deadline_at: string;
            lease_seconds: number;
            /** Format: uuid */
            window_id: string;
            ticket: components["schemas"]["OfferedTicket"];
            version: number;
        };
        /** @enum {string} */
        OfferKind: "serve" | "invite" | "transfer" | "consult" | "callback";
        /** @enum {string} */
        OfferState: "pending" | "accepted" | "rejected" | "timed_out" | "cancelled" | "rescinded";
        OfferedTicket: {
            /** Format: uuid */
            id: string;
            number: string;
            item_code: string;
            channel: components["schemas"]["Channel"];
            place_code: string;
            /** Format: date-time */
            waiting_since: string;
        };
        /** @enum {string} */
        Outcome: "resolved" | "unresolved" | "follow_up";
        ParticipantFacts: {
            /** Format: uuid */
            id: string;
            role: components["schemas"]["ParticipantRole"];
            state: components["schemas"]["ParticipantState"];
            org_code: string;
            /** Format: date-time */
            joined_at: string;
            version: number;
        };
        /** @enum {string} */
        ParticipantRole: "resident" | "agent" | "partner" | "helper" | "supervisor";
        /** @enum {string} */
        ParticipantState: "joining" | "connected" | "interrupted" | "left";
        /** @description What an agent is doing. id: of the account; since: None before the first day at a desk. */
        PresenceFacts: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["PresenceState"];
            since: string | null;
            window_id: string | null;
            missed_offers: number;
            session_id: string | null;
            engagement_id: string | null;
            version: number;
        };
        /** @enum {string} */
        PresenceState: "offline" | "available" | "offered" | "serving" | "wrapping_up" | "on_break";
        /**
         * @description Reasons of a head start, in the order in which texts name them.
         * @enum {string}
         */
        PriorityReason: "elderly" | "disabled" | "pregnant" | "veteran" | "appointment";
        /** @description RFC 9457 problem document. */
        ProblemOut: {
            type: string;
            code: string;
            title: string;
            status: number;
            detail: string;
            params: {
                [key: string]: unknown;
            };
        };
        /**
         * @description Where a waiting resident stands. expected_wait_seconds: None while nobody serves. raised_by:
         *     why others who came later stand before it, or the number ahead has grown; None if neither.
         */
        QueueValue: {
            /** Format: uuid */
            ticket_id: string;
            ahead: number | null;
            expected_wait_seconds: number | null;
            raised_by: components["schemas"]["RaisedBy"] | null;
        };
        /**
         * @description What those who serve the queue see of one who waits. Queues are in order of (rank_at, id):
         *     waiting_since less the head start that the reasons of `priority` give. due_at: for when an
         *     appointment or a callback is.
         */
        QueuedTicketFacts: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["TicketKind"];
            number: string;
            state: components["schemas"]["TicketState"];
            item_code: string;
            channel: components["schemas"]["Channel"];
            place_code: string;
            serving_org_code: string;
            /** Format: date-time */
            waiting_since: string;
            priority: components["schemas"]["PriorityReason"][];
            head_start_seconds: number;
            /** Format: date-time */
            rank_at: string;
            due_at: string | null;
            held_until: string | null;
            version: number;
        };
        /**
         * @description Why there are more ahead of a ticket than one who came after another would think.
         * @enum {string}
         */
        RaisedBy: "head_start" | "overflow" | "returned";
        RecordingFacts: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["RecordingState"];
        };
        /** @enum {string} */
        RecordingState: "recording" | "sealing" | "sealed" | "salvaged" | "failed" | "archived" | "destroyed";
        /** @description Nothing has changed; the problem says why. */
        Refused: {
            /** @constant */
            ok: false;
            problem: components["schemas"]["ProblemOut"];
        };
        /** @description Subscribe to the topic again, without a cursor. */
        Reset: {
            topic: string;
        };
        /** @description That there is a session, and how it stands. */
        SessionBrief: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["SessionState"];
        };
        SessionFacts: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["SessionState"];
            item_code: string;
            channel: components["schemas"]["Channel"];
            ticket_number: string;
            place_code: string;
            /** Format: date-time */
            opened_at: string;
            ended_at: string | null;
            undo_until: string | null;
            case_id: string | null;
            version: number;
        };
        /** @enum {string} */
        SessionState: "connecting" | "active" | "interrupted" | "ending" | "ended";
        /** @description A receive section of a connection, and what fills it now. id: its mid. */
        SlotFacts: {
            id: string;
            /** @enum {string} */
            media: "audio" | "video";
            index: number;
            source_id: string | null;
            participant_id: string | null;
            kind: components["schemas"]["SourceKind"] | null;
            role: components["schemas"]["ParticipantRole"] | null;
        };
        /** @description Something that a participant sends. */
        SourceFacts: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            participant_id: string;
            kind: components["schemas"]["SourceKind"];
            active: boolean;
        };
        /**
         * @description What a source shows; `microphone` alone is sound.
         * @enum {string}
         */
        SourceKind: "microphone" | "face" | "document" | "screen";
        /** @description cursor: the last event that is known of the topic; without it the answer is a snapshot. */
        Subscribe: {
            topic: string;
            /** @default null */
            cursor?: components["schemas"]["CursorIn"] | null;
        };
        /** @description Where a listener stands: a fresh snapshot, or what it missed since its cursor (events). */
        Subscribed: {
            /** @constant */
            ok: true;
            epoch: string;
            number: number;
            snapshot: {
                [key: string]: {
                    [key: string]: unknown;
                };
            } | null;
            events: components["schemas"]["TopicEvent"][];
        };
        /** @description What the resident sees of the own ticket. */
        TicketFacts: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["TicketKind"];
            number: string;
            state: components["schemas"]["TicketState"];
            item_code: string;
            channel: components["schemas"]["Channel"];
            place_code: string;
            serving_org_code: string;
            /** Format: date-time */
            waiting_since: string;
            priority: components["schemas"]["PriorityReason"][];
            head_start_seconds: number;
            /** Format: date-time */
            rank_at: string;
            due_at: string | null;
            held_until: string | null;
            version: number;
            /** Format: date-time */
            created_at: string;
            undo_until: string | null;
            session_id: string | null;
            booking_code: string | null;
        };
        /**
         * @description How somebody came by a place in the queue.
         * @enum {string}
         */
        TicketKind: "walk_in" | "appointment" | "callback" | "hall";
        /** @enum {string} */
        TicketState: "waiting" | "offered" | "serving" | "held" | "done" | "abandoned" | "cancelled" | "closed_out_of_hours" | "callback" | "booked";
        /** @description Numbers grow by one per topic. Another epoch: the history began anew. */
        TopicEvent: {
            topic: string;
            epoch: string;
            number: number;
            type: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["Change"][];
        };
        Unsubscribe: {
            topic: string;
        };
        /** @description A momentary value: not numbered, not kept, the last one wins. */
        Value: {
            topic: string;
            name: string;
            value: {
                [key: string]: unknown;
            };
        };
        /** @description By entity and id; an entity of which there is none is absent */
        ResidentSnapshot: {
            ticket?: {
                [key: string]: components["schemas"]["TicketFacts"];
            };
            session?: {
                [key: string]: components["schemas"]["SessionBrief"];
            };
        };
        ResidentChange: {
            /** @constant */
            entity: "ticket";
            id: string;
            value: components["schemas"]["TicketFacts"] | null;
        } | {
            /** @constant */
            entity: "session";
            id: string;
            value: components["schemas"]["SessionBrief"] | null;
        };
        /** @description Numbers grow by one per topic. Another epoch: the history began anew. */
        ResidentEvent: {
            topic: string;
            epoch: string;
            number: number;
            type: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["ResidentChange"][];
        };
        ResidentValue: {
            topic: string;
            /** @constant */
            name: "queue";
            value: components["schemas"]["QueueValue"];
        };
        /** @description By entity and id; an entity of which there is none is absent */
        DeskSnapshot: {
            presence?: {
                [key: string]: components["schemas"]["PresenceFacts"];
            };
            offer?: {
                [key: string]: components["schemas"]["OfferFacts"];
            };
            engagement?: {
                [key: string]: components["schemas"]["EngagementFacts"];
            };
            callback?: {
                [key: string]: components["schemas"]["CallbackFacts"];
            };
        };
        DeskChange: {
            /** @constant */
            entity: "presence";
            id: string;
            value: components["schemas"]["PresenceFacts"] | null;
        } | {
            /** @constant */
            entity: "offer";
            id: string;
            value: components["schemas"]["OfferFacts"] | null;
        } | {
            /** @constant */
            entity: "engagement";
            id: string;
            value: components["schemas"]["EngagementFacts"] | null;
        } | {
            /** @constant */
            entity: "callback";
            id: string;
            value: components["schemas"]["CallbackFacts"] | null;
        };
        /** @description Numbers grow by one per topic. Another epoch: the history began anew. */
        DeskEvent: {
            topic: string;
            epoch: string;
            number: number;
            type: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["DeskChange"][];
        };
        /** @description By entity and id; an entity of which there is none is absent */
        QueueSnapshot: {
            ticket?: {
                [key: string]: components["schemas"]["QueuedTicketFacts"];
            };
        };
        QueueChange: {
            /** @constant */
            entity: "ticket";
            id: string;
            value: components["schemas"]["QueuedTicketFacts"] | null;
        };
        /** @description Numbers grow by one per topic. Another epoch: the history began anew. */
        QueueEvent: {
            topic: string;
            epoch: string;
            number: number;
            type: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["QueueChange"][];
        };
        /** @description By entity and id; an entity of which there is none is absent */
        SessionSnapshot: {
            session?: {
                [key: string]: components["schemas"]["SessionFacts"];
            };
            participant?: {
                [key: string]: components["schemas"]["ParticipantFacts"];
            };
            source?: {
                [key: string]: components["schemas"]["SourceFacts"];
            };
            material?: {
                [key: string]: components["schemas"]["MaterialFacts"];
            };
            capture_request?: {
                [key: string]: components["schemas"]["CaptureFacts"];
            };
            case?: {
                [key: string]: components["schemas"]["CaseFacts"];
            };
            note?: {
                [key: string]: components["schemas"]["NoteFacts"];
            };
            recording?: {
                [key: string]: components["schemas"]["RecordingFacts"];
            };
        };
        SessionChange: {
            /** @constant */
            entity: "session";
            id: string;
            value: components["schemas"]["SessionFacts"] | null;
        } | {
            /** @constant */
            entity: "participant";
            id: string;
            value: components["schemas"]["ParticipantFacts"] | null;
        } | {
            /** @constant */
            entity: "source";
            id: string;
            value: components["schemas"]["SourceFacts"] | null;
        } | {
            /** @constant */
            entity: "material";
            id: string;
            value: components["schemas"]["MaterialFacts"] | null;
        } | {
            /** @constant */
            entity: "capture_request";
            id: string;
            value: components["schemas"]["CaptureFacts"] | null;
        } | {
            /** @constant */
            entity: "case";
            id: string;
            value: components["schemas"]["CaseFacts"] | null;
        } | {
            /** @constant */
            entity: "note";
            id: string;
            value: components["schemas"]["NoteFacts"] | null;
        } | {
            /** @constant */
            entity: "recording";
            id: string;
            value: components["schemas"]["RecordingFacts"] | null;
        };
        /** @description Numbers grow by one per topic. Another epoch: the history began anew. */
        SessionEvent: {
            topic: string;
            epoch: string;
            number: number;
            type: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["SessionChange"][];
        };
        /** @description By entity and id; an entity of which there is none is absent */
        ConnectionSnapshot: {
            slot?: {
                [key: string]: components["schemas"]["SlotFacts"];
            };
        };
        ConnectionChange: {
            /** @constant */
            entity: "slot";
            id: string;
            value: components["schemas"]["SlotFacts"] | null;
        };
        /** @description Numbers grow by one per topic. Another epoch: the history began anew. */
        ConnectionEvent: {
            topic: string;
            epoch: string;
            number: number;
            type: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["ConnectionChange"][];
        };
        /** @description By entity and id; an entity of which there is none is absent */
        CaseSnapshot: {
            case?: {
                [key: string]: components["schemas"]["CaseFacts"];
            };
            note?: {
                [key: string]: components["schemas"]["NoteFacts"];
            };
            material?: {
                [key: string]: components["schemas"]["MaterialFacts"];
            };
            recording?: {
                [key: string]: components["schemas"]["RecordingFacts"];
            };
        };
        CaseChange: {
            /** @constant */
            entity: "case";
            id: string;
            value: components["schemas"]["CaseFacts"] | null;
        } | {
            /** @constant */
            entity: "note";
            id: string;
            value: components["schemas"]["NoteFacts"] | null;
        } | {
            /** @constant */
            entity: "material";
            id: string;
            value: components["schemas"]["MaterialFacts"] | null;
        } | {
            /** @constant */
            entity: "recording";
            id: string;
            value: components["schemas"]["RecordingFacts"] | null;
        };
        /** @description Numbers grow by one per topic. Another epoch: the history began anew. */
        CaseEvent: {
            topic: string;
            epoch: string;
            number: number;
            type: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["CaseChange"][];
        };
        /** @description By entity and id; an entity of which there is none is absent */
        BoardSnapshot: {
            alarm?: {
                [key: string]: components["schemas"]["AlarmFacts"];
            };
            agent?: {
                [key: string]: components["schemas"]["BoardAgentFacts"];
            };
            ticket?: {
                [key: string]: components["schemas"]["BoardTicketFacts"];
            };
        };
        BoardChange: {
            /** @constant */
            entity: "alarm";
            id: string;
            value: components["schemas"]["AlarmFacts"] | null;
        } | {
            /** @constant */
            entity: "agent";
            id: string;
            value: components["schemas"]["BoardAgentFacts"] | null;
        } | {
            /** @constant */
            entity: "ticket";
            id: string;
            value: components["schemas"]["BoardTicketFacts"] | null;
        };
        /** @description Numbers grow by one per topic. Another epoch: the history began anew. */
        BoardEvent: {
            topic: string;
            epoch: string;
            number: number;
            type: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["BoardChange"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
