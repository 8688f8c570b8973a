// Made by `npm run api-types` from what the server declares; not to be edited.

export interface paths {
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with name and password; sets the console's cookie */
        post: operations["post_auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out: cookie, tokens and sockets of this log-in end */
        post: operations["post_auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The account that is signed in */
        get: operations["get_auth_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A short access token for an API client, by the console's cookie */
        post: operations["post_auth_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/machine-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A short access token for the account of a machine, such as a hall's calling system */
        post: operations["post_auth_machine_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys of access tokens */
        get: operations["get_auth_keys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/residents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a visit, or get the open one (200); sets the kiosk page's cookie */
        post: operations["post_residents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/residents/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The visit, with its ticket and call */
        get: operations["get_residents_current"];
        put?: never;
        post?: never;
        /** End the visit: ticket given up, cookie cleared */
        delete: operations["delete_residents_current"];
        options?: never;
        head?: never;
        /** Change the visit's language */
        patch: operations["patch_residents_current"];
        trace?: never;
    };
    "/api/v1/residents/current/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep the consent to what a call needs */
        post: operations["post_residents_current_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How it stands at a place: whether it is open, who serves, the expected wait */
        get: operations["get_service_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/consent-text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The words that a consent agrees to */
        get: operations["get_consent_text"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/catalogue/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All items, in the catalogue's order */
        get: operations["get_catalogue_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/catalogue/items/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One item: materials, guide, limits, form */
        get: operations["get_catalogue_items_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{code}/hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When an organisation's windows are open, and whether they are now */
        get: operations["get_organisations_code_hours"];
        /** Set the hours of an organisation's windows */
        put: operations["put_organisations_code_hours"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{code}/closure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Close an organisation's windows, or open them again. Counts at once */
        put: operations["put_organisations_code_closure"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/windows/{id}/hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When a window is open, and whether it is now */
        get: operations["get_windows_id_hours"];
        /** Set a window's own hours */
        put: operations["put_windows_id_hours"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/windows/{id}/closure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Close a window, or open it again. Counts at once */
        put: operations["put_windows_id_closure"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendar/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Holidays and make-up working days of a year */
        get: operations["get_calendar_year"];
        /** List the holidays and make-up working days of a year anew */
        put: operations["put_calendar_year"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overflow-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The overflow rules, in the order in which they are looked at */
        get: operations["get_overflow_rules"];
        /** Write the overflow rules anew. Counts at once, also for those who wait already */
        put: operations["put_overflow_rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a number for an item */
        post: operations["post_tickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A ticket, what is ahead of it, and the expected wait */
        get: operations["get_tickets_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/standing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a ticket stands where it stands, in words */
        get: operations["get_tickets_id_standing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/priority": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a reason to be served earlier: the place moves forward, never back */
        post: operations["post_tickets_id_priority"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave the queue */
        post: operations["post_tickets_id_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo leaving the queue: the same number, the same place */
        post: operations["post_tickets_id_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/desk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the desk shows when it opens */
        get: operations["get_desk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/desk/available": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take offers from now on */
        post: operations["post_desk_available"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/desk/break": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take no offers for a while */
        post: operations["post_desk_break"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/desk/off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave the desk */
        post: operations["post_desk_off"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/offers/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept an offer: the session opens */
        post: operations["post_offers_id_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/offers/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reject an offer, or add the reason afterwards */
        post: operations["post_offers_id_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/booking-slots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Days and times that can be booked for an item at this place */
        get: operations["get_booking_slots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an appointment, or ask for a call back */
        post: operations["post_bookings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A booking, by its code */
        get: operations["get_bookings_code"];
        /** Give a booking another time */
        put: operations["put_bookings_code"];
        post?: never;
        /** Cancel a booking: its slot is free for somebody else */
        delete: operations["delete_bookings_code"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{code}/arrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Come for an appointment: it becomes the caller's ticket, and waits */
        post: operations["post_bookings_code_arrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/callbacks/{ticket_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom to call, for the agent who has accepted it */
        get: operations["get_callbacks_ticket_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/callbacks/{ticket_id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say how the call went */
        post: operations["post_callbacks_ticket_id_result"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A session, its people, papers, case and recording */
        get: operations["get_sessions_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/hang-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the call at once; `resume` undoes it for a while */
        post: operations["post_sessions_id_hang_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the call at once; `resume` undoes it for a while */
        post: operations["post_sessions_id_end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo a hang-up: back into the same session */
        post: operations["post_sessions_id_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Connect a page by WebRTC: the client offers, the server answers */
        post: operations["post_sessions_id_connections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/connections/{connection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Restart ICE, or add sections, on the same connection */
        put: operations["put_sessions_id_connections_connection"];
        post?: never;
        /** End a connection */
        delete: operations["delete_sessions_id_connections_connection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/connections/{connection}/sources/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say that a source is on or off */
        put: operations["put_sessions_id_connections_connection_sources_kind"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/engagements/{id}/outcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say how the session went */
        post: operations["post_engagements_id_outcome"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/engagements/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Two more minutes for the wrap-up */
        post: operations["post_engagements_id_extend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/engagements/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The wrap-up is done; the next one may come */
        post: operations["post_engagements_id_complete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/materials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a captured page */
        post: operations["post_sessions_id_materials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/materials/{id}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page's picture, made anew from what was captured */
        get: operations["get_materials_id_image"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/materials/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a page out of session and case; it stays in the audit trail */
        delete: operations["delete_materials_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/capture-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the resident to show a page */
        post: operations["post_sessions_id_capture_requests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/capture-requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a request for a page back */
        delete: operations["delete_capture_requests_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/case": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keep the form as it is filled so far; the first save makes the case */
        put: operations["put_sessions_id_case"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a note to a session */
        post: operations["post_sessions_id_notes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a note to a case */
        post: operations["post_cases_id_notes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand the form in, complete */
        post: operations["post_cases_id_submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept what was submitted */
        post: operations["post_cases_id_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases, newest change first; `next` is the cursor of the following page */
        get: operations["get_cases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A case with its sessions, papers and notes; sensitive fields masked */
        get: operations["get_cases_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same case unmasked, for a reason that is kept */
        post: operations["post_cases_id_reveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A recording, its state, and its files once it is sealed */
        get: operations["get_recordings_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{id}/playback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Allow playing for some minutes, by a cookie that is sent to this recording alone */
        post: operations["post_recordings_id_playback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{id}/files/{file_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file's bytes: all, or one range of them */
        get: operations["get_recordings_id_files_file_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** A file's bytes: all, or one range of them */
        head: operations["head_recordings_id_files_file_id"];
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-level": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many got a first answer in time, by both usual formulas
         * @description `level_answered` is answered within / answered; `level_offered` is answered within /
         *     (answered + abandoned after the threshold). Who left before it counts in neither.
         */
        get: operations["get_service_level"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An organisation and all below it, now: figures, who waits, agents, open alarms */
        get: operations["get_board"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{id}/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that somebody sees to an alarm */
        post: operations["post_alarms_id_seen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halls/{org}/numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The hall's numbers that wait or are served */
        get: operations["get_halls_org_numbers"];
        put?: never;
        /**
         * Draw a number of the hall's queue
         * @description The same reference and item again give the same number.
         */
        post: operations["post_halls_org_numbers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halls/{org}/numbers/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A number, what is ahead of it, and the expected wait */
        get: operations["get_halls_org_numbers_reference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halls/{org}/call-next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call the next number to a counter; 204 if nobody waits for it
         * @description It is the first by rank that the window's skills can serve. Send an Idempotency-Key, so that
         *     an answer that was lost can be had again.
         */
        post: operations["post_halls_org_call_next"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halls/{org}/numbers/{reference}/call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Call this very number to a counter: its holder stands there */
        post: operations["post_halls_org_numbers_reference_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halls/{org}/numbers/{reference}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a number that nobody came with back to its old place */
        post: operations["post_halls_org_numbers_reference_return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halls/{org}/numbers/{reference}/done": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that a number was served */
        post: operations["post_halls_org_numbers_reference_done"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halls/{org}/numbers/{reference}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Drop a number */
        post: operations["post_halls_org_numbers_reference_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description What has begun: a call by video in a session, or, of kind `callback`, one by telephone,
         *     whose number `/callbacks/{ticket_id}` tells.
         */
        AcceptedOut: {
            kind: components["schemas"]["OfferKind"];
            /** Format: uuid */
            ticket_id: string;
            session_id: string | null;
            engagement_id: string | null;
        };
        AccountOut: {
            /** Format: uuid */
            id: string;
            username: string;
            display_name: components["schemas"]["Text"];
            roles: components["schemas"]["Role"][];
            org: components["schemas"]["OrgOut"];
            windows: components["schemas"]["AccountWindowOut"][];
            language: components["schemas"]["Language"];
        };
        AccountWindowOut: {
            /** Format: uuid */
            id: string;
            code: string;
            name: components["schemas"]["Text"];
            channel: components["schemas"]["Channel"];
            org: components["schemas"]["OrgOut"];
        };
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
        AnswerOut: {
            answer: string;
        };
        AuthorOut: {
            /** Format: uuid */
            id: string;
            name: components["schemas"]["Text"];
        };
        AvailableIn: {
            /** @default null */
            window_id?: string | null;
        };
        /**
         * @description The facts of the topic with names. since, version: None and 0 before the first day at a desk.
         *     windows: at which the agent may serve, of this board's organisations.
         */
        BoardAgentOut: {
            /** Format: uuid */
            id: string;
            username: string;
            name: components["schemas"]["Text"];
            state: components["schemas"]["PresenceState"];
            since: string | null;
            window_id: string | null;
            missed_offers: number;
            windows: components["schemas"]["BoardWindowOut"][];
            version: number;
        };
        /**
         * @description A window, and whether it is open. closed, org_closed: somebody has closed it, or its whole
         *     organisation; opens_at: None while open, or where that is not known.
         */
        BoardDoorOut: {
            /** Format: uuid */
            id: string;
            code: string;
            name: components["schemas"]["Text"];
            channel: components["schemas"]["Channel"];
            org: components["schemas"]["OrgOut"];
            open: boolean;
            opens_at: string | null;
            reason: components["schemas"]["Reason"] | null;
            closed: boolean;
            org_closed: boolean;
        };
        /**
         * @description waiting: who waits, is offered or held. longest_wait_seconds: of those who are owed a first
         *     answer. agents: how many are in each state.
         */
        BoardFigures: {
            waiting: number;
            longest_wait_seconds: number | null;
            offered_today: number;
            answered_today: number;
            abandoned_today: number;
            level_answered_today: number | null;
            level_offered_today: number | null;
            agents: {
                [key: string]: number;
            };
        };
        /**
         * @description topic: brings what changes of waiting, agents and alarms. waiting: by rank, the first ones;
         *     alarms: the open ones, newest first; windows: by code.
         */
        BoardOut: {
            org: components["schemas"]["OrgOut"];
            topic: string;
            /** Format: date-time */
            at: string;
            answer_seconds: number;
            answer_warning_seconds: number;
            figures: components["schemas"]["BoardFigures"];
            waiting: components["schemas"]["BoardTicketFacts"][];
            agents: components["schemas"]["BoardAgentOut"][];
            alarms: components["schemas"]["AlarmFacts"][];
            windows: components["schemas"]["BoardDoorOut"][];
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
        BoardWindowOut: {
            /** Format: uuid */
            id: string;
            code: string;
            name: components["schemas"]["Text"];
        };
        /**
         * @description starts_at: of a slot; null, for a call back, is as soon as possible. phone: to call back; a
         *     landline without area code is a local one. ticket_id: a waiting number of the caller's, that
         *     turns into it: a call back keeps its place. phone and name of an appointment are not kept.
         */
        BookingIn: {
            kind: components["schemas"]["BookingKind"];
            item_code: string;
            /** @default null */
            starts_at?: string | null;
            /** @default null */
            phone?: string | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            ticket_id?: string | null;
        };
        /** @enum {string} */
        BookingKind: "appointment" | "callback";
        /**
         * @description code: eight digits, by which whoever made it finds, moves, cancels and uses it. phone: of a
         *     call back, masked.
         */
        BookingOut: {
            code: string;
            kind: components["schemas"]["BookingKind"];
            item_code: string;
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            ends_at: string;
            state: components["schemas"]["TicketState"];
            phone: string | null;
            ticket: components["schemas"]["TicketOut"];
        };
        CalendarDayDocument: {
            /** Format: date */
            day: string;
            kind: components["schemas"]["DayKind"];
            name: components["schemas"]["Text"];
        };
        /** @description All days of the year that are not what their weekday says; none takes the year back. */
        CalendarIn: {
            days: components["schemas"]["CalendarDayDocument"][];
        };
        /** @description provisional: the year is not listed, so that Monday to Friday are taken for working days. */
        CalendarOut: {
            year: number;
            provisional: boolean;
            days: components["schemas"]["CalendarDayDocument"][];
        };
        /** @description counter: as it is announced. window_code: the window whose skills the counter has. */
        CallIn: {
            counter: string;
            window_code: string;
        };
        /**
         * @description How a call ended, as the agent says.
         * @enum {string}
         */
        CallResult: "reached" | "not_reached" | "wrong_number";
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
        /** @description Whom to call. tries: calls that reached nobody so far; tries_left: with this one. */
        CallbackOut: {
            /** Format: uuid */
            ticket_id: string;
            number: string;
            item_code: string;
            phone: string;
            name: string | null;
            language: string;
            tries: number;
            tries_left: number;
        };
        CaptureIn: {
            /** @default null */
            material_code?: string | null;
            /** @default 1 */
            page?: number;
        };
        CaptureRequestOut: {
            /** Format: uuid */
            id: string;
            material_code: string | null;
            page: number;
            state: components["schemas"]["CaptureState"];
            /** Format: date-time */
            requested_at: string;
            material_id: string | null;
        };
        /**
         * @description A request of the agent to show a paper.
         * @enum {string}
         */
        CaptureState: "open" | "fulfilled" | "withdrawn";
        CaseDetail: {
            /** Format: uuid */
            id: string;
            number: string;
            state: components["schemas"]["CaseState"];
            item_code: string;
            fields: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            problems: components["schemas"]["FieldProblem"][];
            masked: boolean;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            place: components["schemas"]["PlaceOut"];
            sessions: components["schemas"]["CaseSessionOut"][];
            materials: components["schemas"]["MaterialOut"][];
            notes: components["schemas"]["NoteOut"][];
        };
        /** @description All of the form's values; what is left out is empty. version: None for the first save. */
        CaseIn: {
            fields: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** @default null */
            version?: number | null;
        };
        CaseList: {
            items: components["schemas"]["CaseSummary"][];
            next: string | null;
        };
        /** @description masked: sensitive fields are starred. problems: what hinders submitting. */
        CaseOut: {
            /** Format: uuid */
            id: string;
            number: string;
            state: components["schemas"]["CaseState"];
            item_code: string;
            fields: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            problems: components["schemas"]["FieldProblem"][];
            masked: boolean;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        CaseSessionOut: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["SessionState"];
            /** Format: date-time */
            opened_at: string;
            ended_at: string | null;
            outcome: components["schemas"]["Outcome"] | null;
            agents: components["schemas"]["AuthorOut"][];
            recording: components["schemas"]["RecordingBrief"] | null;
        };
        /** @enum {string} */
        CaseState: "draft" | "submitted" | "correction_requested" | "not_accepted" | "accepted" | "in_review" | "suspended" | "decided" | "closed" | "withdrawn";
        /** @description A row of the library. applicant: masked. */
        CaseSummary: {
            /** Format: uuid */
            id: string;
            number: string;
            state: components["schemas"]["CaseState"];
            item_code: string;
            applicant: string | null;
            place: components["schemas"]["PlaceOut"];
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /**
         * @description Which kind of window serves.
         * @enum {string}
         */
        Channel: "district" | "street_town" | "yangtze_delta";
        /** @description until: None is until somebody opens it again. reason: for staff. */
        ClosureIn: {
            closed: boolean;
            /** @default null */
            until?: string | null;
            /** @default null */
            reason?: string | null;
        };
        ClosureOut: {
            closed: boolean;
            since: string | null;
            until: string | null;
            reason: string | null;
            version: number;
        };
        CompleteIn: {
            /** @default null */
            outcome?: components["schemas"]["Outcome"] | null;
            /** @default null */
            summary?: string | null;
        };
        /** @description sources: one of a kind at most: each is recorded, whoever watches it. */
        ConnectionIn: {
            offer: string;
            sources: components["schemas"]["SourceIn"][];
            slots: components["schemas"]["SlotIn"][];
        };
        ConnectionOut: {
            /** Format: uuid */
            connection_id: string;
            answer: string;
            ice_servers: components["schemas"]["IceServerOut"][];
        };
        ConsentIn: {
            version: string;
            language: components["schemas"]["Language"];
        };
        ConsentOut: {
            version: string;
            /** Format: date-time */
            at: string;
        };
        /** @description The words that are agreed to. sha256: hexadecimal, kept with each consent. */
        ConsentTextOut: {
            version: string;
            language: components["schemas"]["Language"];
            title: string;
            points: string[];
            sha256: string;
        };
        /** @enum {string} */
        DayKind: "holiday" | "makeup_working_day";
        /** @description free: slots that are not full. */
        DayOut: {
            /** Format: date */
            day: string;
            open: boolean;
            free: number;
        };
        /** @description Everything a desk shows when it opens: facts as the topics give them, and their names. */
        DeskOut: {
            presence: components["schemas"]["PresenceFacts"];
            offer: components["schemas"]["OfferFacts"] | null;
            session_id: string | null;
            engagement: components["schemas"]["EngagementFacts"] | null;
            callback: components["schemas"]["CallbackFacts"] | null;
            queues: string[];
            waiting: components["schemas"]["QueuedTicketFacts"][];
            today: components["schemas"]["TodayOut"];
        };
        /**
         * @description reference: the hall system's own id of the number, never used twice in an organisation.
         *     priority: reasons of a head start.
         */
        DrawIn: {
            item_code: string;
            reference: string;
            priority?: string[];
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
        EngagementOut: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            session_id: string;
            state: components["schemas"]["EngagementState"];
            outcome: components["schemas"]["Outcome"] | null;
            summary: string | null;
            joined_at: string | null;
            left_at: string | null;
            wrap_up_deadline_at: string | null;
            undo_until: string | null;
            version: number;
        };
        /** @enum {string} */
        EngagementState: "offered" | "joined" | "consulting" | "left" | "wrapping_up" | "completed";
        /** @description What a value lacks. limit: the schema's figure, type or format, where it has one. */
        FieldProblem: {
            field: string;
            code: string;
            /** @default null */
            limit?: string | number | null;
        };
        /** @description A file to play, all in step by offset_ms. display_name: None for a resident. */
        FileOut: {
            /** Format: uuid */
            id: string;
            participant_id: string;
            participant_role: components["schemas"]["ParticipantRole"];
            display_name: components["schemas"]["Text"] | null;
            /** @enum {string} */
            kind: "person" | "document" | "screen";
            offset_ms: number;
            duration_ms: number;
            gaps: components["schemas"]["GapOut"][];
            width: number;
            height: number;
            bytes: number;
            sha256: string;
            url: string;
        };
        /** @description form_schema: JSON Schema draft 2020-12. example: a made-up filled form that it accepts. */
        FormOut: {
            schema: {
                [key: string]: unknown;
            };
            example: {
                [key: string]: unknown;
            };
        };
        /** @description Where a file lacks something, on the recording's clock. media: audio or video. */
        GapOut: {
            from_ms: number;
            to_ms: number;
            reason: string | null;
            media: ("audio" | "video") | null;
        };
        /**
         * @description What a row of figures stands for. An hour is one of a day in Asia/Shanghai.
         * @enum {string}
         */
        Grouping: "total" | "channel" | "window" | "item" | "hour";
        /** @description ahead, expected_wait_seconds: None once it does not wait. counter: where it was called to. */
        HallNumberOut: {
            reference: string;
            number: string;
            state: components["schemas"]["TicketState"];
            item_code: string;
            channel: components["schemas"]["Channel"];
            priority: string[];
            /** Format: date-time */
            waiting_since: string;
            ahead: number | null;
            expected_wait_seconds: number | null;
            counter: string | null;
            called_at: string | null;
            version: number;
        };
        /** @description Those that wait or are served, by rank. */
        HallNumbersOut: {
            items: components["schemas"]["HallNumberOut"][];
        };
        /**
         * @description When a window is open: times of one day, as [opens, closes] by Shanghai's clocks.
         *
         *     A make-up working day has the times of a working day, a holiday has none, and other_days go
         *     before both.
         */
        HoursDocument: {
            /**
             * @default Asia/Shanghai
             * @constant
             */
            zone?: "Asia/Shanghai";
            working_days: [
                string,
                string
            ][];
            saturday?: [
                string,
                string
            ][];
            sunday?: [
                string,
                string
            ][];
            other_days?: {
                [key: string]: [
                    string,
                    string
                ][];
            };
        };
        /** @description hours: None is those of the organisation, or for one of these, open at all hours. */
        HoursIn: {
            hours: components["schemas"]["HoursDocument"] | null;
        };
        /** @description For `RTCConfiguration.iceServers`. urls: `stun:` and such. */
        IceServerOut: {
            urls: string[];
        };
        /** @description An item with all that its guide and its form show. */
        ItemDetailOut: {
            code: string;
            name: components["schemas"]["Text"];
            channel: components["schemas"]["Channel"];
            subject: components["schemas"]["Subject"];
            high_frequency: boolean;
            handling_minutes: number;
            initials: string;
            promised_working_days: number;
            fee_fen: number;
            description: components["schemas"]["Text"];
            authority: components["schemas"]["Text"];
            proxy_allowed: boolean;
            default_partner_window: string | null;
            materials: components["schemas"]["RequiredMaterialOut"][];
            guide_steps: components["schemas"]["Text"][];
            limits: components["schemas"]["LimitsOut"];
            form: components["schemas"]["FormOut"];
            version: number;
        };
        /** @description An item in a list. initials: of the zh-CN name's pinyin. */
        ItemOut: {
            code: string;
            name: components["schemas"]["Text"];
            channel: components["schemas"]["Channel"];
            subject: components["schemas"]["Subject"];
            high_frequency: boolean;
            handling_minutes: number;
            initials: string;
            promised_working_days: number;
            fee_fen: number;
        };
        ItemsOut: {
            items: components["schemas"]["ItemOut"][];
        };
        JsonValue: unknown;
        /** @description RFC 7517 key set; access tokens are signed by its keys. */
        JwksOut: {
            keys: {
                [key: string]: unknown;
            }[];
        };
        /**
         * @description What the pages speak.
         * @enum {string}
         */
        Language: "zh-CN" | "en";
        LanguageIn: {
            language: components["schemas"]["Language"];
        };
        /** @description answer_seconds: within which a first answer is promised. */
        LevelOut: {
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
            by: components["schemas"]["Grouping"];
            answer_seconds: number;
            answer_warning_seconds: number;
            rows: components["schemas"]["LevelRow"][];
        };
        /**
         * @description key: a channel, a window's or item's code, an hour as `2024-11-20T09:00` (Asia/Shanghai), or
         *     `total`; None for those whom no window answered. Levels are shares from 0 to 1.
         */
        LevelRow: {
            key: string | null;
            offered: number;
            answered: number;
            answered_within: number;
            abandoned: number;
            abandoned_after: number;
            level_answered: number | null;
            level_offered: number | null;
            p50_wait_seconds: number | null;
            p90_wait_seconds: number | null;
        };
        /** @description assumed: a plausible figure, to be replaced by the office's own. */
        LimitOut: {
            working_days: number;
            /** @default false */
            assumed?: boolean;
        };
        LimitsOut: {
            legal: components["schemas"]["LimitOut"] | null;
            promised: components["schemas"]["LimitOut"];
        };
        /** @description Not trimmed: spaces may belong to a password. */
        LoginIn: {
            username: string;
            /** Format: password */
            password: string;
        };
        LoginOut: {
            account: components["schemas"]["AccountOut"];
        };
        /** @description sha256: of the bytes as they were captured. width, height: pixels of the page picture. */
        MaterialOut: {
            /** Format: uuid */
            id: string;
            material_code: string | null;
            page: number;
            /** Format: date-time */
            captured_at: string;
            /** Format: uuid */
            captured_by: string;
            captured_by_role: components["schemas"]["ParticipantRole"];
            sha256: string;
            width: number;
            height: number;
            version: number;
        };
        /** @description starts_at: of a slot; null, for a call back, is as soon as possible. */
        MoveIn: {
            starts_at: string | null;
        };
        NoteIn: {
            text: string;
        };
        NoteOut: {
            /** Format: uuid */
            id: string;
            text: string;
            author: components["schemas"]["AuthorOut"];
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
        /** @description hours: of its windows that have none of their own. Open while one of its windows is. */
        OrgHoursOut: {
            open: boolean;
            opens_at: string | null;
            closes_at: string | null;
            reason: components["schemas"]["Reason"] | null;
            provisional: boolean;
            code: string;
            name: components["schemas"]["Text"];
            hours: components["schemas"]["HoursDocument"] | null;
            windows: components["schemas"]["WindowHoursOut"][];
        };
        OrgOut: {
            code: string;
            name: components["schemas"]["Text"];
        };
        /** @enum {string} */
        Outcome: "resolved" | "unresolved" | "follow_up";
        OutcomeIn: {
            outcome: components["schemas"]["Outcome"];
        };
        /** @description display_name: None for a resident who has not said who they are. */
        ParticipantOut: {
            /** Format: uuid */
            id: string;
            role: components["schemas"]["ParticipantRole"];
            state: components["schemas"]["ParticipantState"];
            display_name: components["schemas"]["Text"] | null;
            org_code: string;
            org_name: components["schemas"]["Text"] | null;
        };
        /** @enum {string} */
        ParticipantRole: "resident" | "agent" | "partner" | "helper" | "supervisor";
        /** @enum {string} */
        ParticipantState: "joining" | "connected" | "interrupted" | "left";
        PlaceOut: {
            code: string;
            name: components["schemas"]["Text"];
        };
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
        /** @description born_on: decides about `elderly` and is not kept. */
        PriorityIn: {
            priority?: ("elderly" | "disabled" | "pregnant" | "veteran")[];
            /** @default null */
            born_on?: string | null;
        };
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
         * @description Why nothing is open.
         * @enum {string}
         */
        Reason: "hours" | "holiday" | "closed";
        /** @description One reason why a ticket stands where it stands; text is in the caller's language. */
        ReasonOut: {
            code: components["schemas"]["Why"];
            params: {
                [key: string]: unknown;
            };
            text: string;
        };
        RecordingBrief: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["RecordingState"];
            duration_ms: number | null;
        };
        RecordingOut: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            session_id: string;
            state: components["schemas"]["RecordingState"];
            /** Format: date-time */
            started_at: string;
            duration_ms: number | null;
            files: components["schemas"]["FileOut"][];
        };
        /** @enum {string} */
        RecordingState: "recording" | "sealing" | "sealed" | "salvaged" | "failed" | "archived" | "destroyed";
        RecordingStateOut: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["RecordingState"];
        };
        RejectIn: {
            /** @default null */
            reason?: components["schemas"]["RejectReason"] | null;
        };
        /** @enum {string} */
        RejectReason: "device" | "unfamiliar" | "conflict" | "other";
        RemoveIn: {
            /** @default null */
            reason?: string | null;
        };
        /** @description A paper that the item needs. when: in which case, for one that is not always required. */
        RequiredMaterialOut: {
            code: string;
            name: components["schemas"]["Text"];
            required: boolean;
            pages: number;
            paper_type: string;
            made_by_form: boolean;
            when: components["schemas"]["Text"] | null;
        };
        /** @description A visit. ticket: as `GET /tickets/{id}` answers; session_id: of the call, if there is one. */
        ResidentOut: {
            /** Format: uuid */
            id: string;
            place: components["schemas"]["OrgOut"];
            language: components["schemas"]["Language"];
            consent: components["schemas"]["ConsentOut"] | null;
            ticket: components["schemas"]["TicketOut"] | null;
            session_id: string | null;
        };
        /** @description outcome: how it went, where somebody was reached. */
        ResultIn: {
            result: components["schemas"]["CallResult"];
            /** @default null */
            outcome?: components["schemas"]["Outcome"] | null;
        };
        /** @description due_at: when it is tried again; null if it is over. */
        ResultOut: {
            /** Format: uuid */
            ticket_id: string;
            state: components["schemas"]["TicketState"];
            due_at: string | null;
        };
        RevealIn: {
            reason: string;
        };
        /**
         * @description What a grant makes of its holder. `partner_agent`: an agent of another province.
         *     `hall_system`: no person, but the calling system of a hall.
         * @enum {string}
         */
        Role: "agent" | "partner_agent" | "supervisor" | "admin" | "hall_system";
        /**
         * @description When more windows may serve a ticket that was taken at `org` or below it.
         *
         *     after_seconds: of waiting. nobody_on_seconds: of it, with nobody able on duty; 0 is at once. One
         *     of them has to be there. channel, item_code: None is any.
         */
        RuleDocument: {
            code: string;
            org: string;
            /** @default null */
            channel?: components["schemas"]["Channel"] | null;
            /** @default null */
            item_code?: string | null;
            widening: components["schemas"]["Widening"];
            /** @default null */
            after_seconds?: number | null;
            /** @default null */
            nobody_on_seconds?: number | null;
            /** @default true */
            enabled?: boolean;
        };
        /** @description All rules of the organisations that the administrator looks after, in their order. */
        RulesIn: {
            rules: components["schemas"]["RuleDocument"][];
        };
        RulesOut: {
            rules: components["schemas"]["RuleDocument"][];
        };
        /**
         * @description A session as one of its people sees it. me: the reader's own participant, None for one who
         *     only looks. notes, engagement: for staff.
         */
        SessionOut: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["SessionState"];
            item_code: string;
            channel: components["schemas"]["Channel"];
            ticket_number: string;
            place: components["schemas"]["PlaceOut"];
            /** Format: date-time */
            opened_at: string;
            ended_at: string | null;
            undo_until: string | null;
            version: number;
            me: string | null;
            participants: components["schemas"]["ParticipantOut"][];
            materials: components["schemas"]["MaterialOut"][];
            capture_requests: components["schemas"]["CaptureRequestOut"][];
            case: components["schemas"]["CaseOut"] | null;
            notes: components["schemas"]["NoteOut"][] | null;
            recording: components["schemas"]["RecordingStateOut"] | null;
            engagement: components["schemas"]["EngagementOut"] | null;
        };
        /** @enum {string} */
        SessionState: "connecting" | "active" | "interrupted" | "ending" | "ended";
        /** @description A receive section. Audio and video of equal index are one person's. */
        SlotIn: {
            mid: string;
            /** @enum {string} */
            media: "audio" | "video";
            index: number;
        };
        SlotOut: {
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            ends_at: string;
            free: boolean;
        };
        /** @description days: all that can be booked. slots: of the day that was asked for. */
        SlotsOut: {
            days: components["schemas"]["DayOut"][];
            slots: components["schemas"]["SlotOut"][];
        };
        /** @description A send section of the offer, and what it carries. */
        SourceIn: {
            mid: string;
            kind: components["schemas"]["SourceKind"];
        };
        /**
         * @description What a source shows; `microphone` alone is sound.
         * @enum {string}
         */
        SourceKind: "microphone" | "face" | "document" | "screen";
        SourceStateIn: {
            active: boolean;
        };
        StandingOut: {
            ahead: number | null;
            expected_wait_seconds: number | null;
            /** Format: date-time */
            rank_at: string;
            reasons: components["schemas"]["ReasonOut"][];
        };
        /** @description opens_at: None while open, or where that is not known. reason: why it is closed. */
        StatusOut: {
            place: components["schemas"]["OrgOut"];
            open: boolean;
            opens_at: string | null;
            reason: components["schemas"]["Reason"] | null;
            windows_open: number;
            expected_wait_minutes: number;
            consent_version: string;
            recording_years: number;
            demo: boolean;
        };
        /**
         * @description Whose matter it is.
         * @enum {string}
         */
        Subject: "person" | "enterprise";
        /** @description A text in the languages that the pages speak. */
        Text: {
            "zh-CN": string;
            en: string;
        };
        /** @description elder_mode: the page is in large text, which counts as `elderly`. */
        TicketIn: {
            priority?: ("elderly" | "disabled" | "pregnant" | "veteran")[];
            /** @default null */
            born_on?: string | null;
            item_code: string;
            /** @default false */
            elder_mode?: boolean;
        };
        /**
         * @description How somebody came by a place in the queue.
         * @enum {string}
         */
        TicketKind: "walk_in" | "appointment" | "callback" | "hall";
        TicketOut: {
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
            created_at: string;
            /** Format: date-time */
            waiting_since: string;
            priority: components["schemas"]["PriorityReason"][];
            head_start_seconds: number;
            /** Format: date-time */
            rank_at: string;
            due_at: string | null;
            booking_code: string | null;
            held_until: string | null;
            undo_until: string | null;
            session_id: string | null;
            version: number;
            ahead: number | null;
            expected_wait_seconds: number | null;
        };
        /** @enum {string} */
        TicketState: "waiting" | "offered" | "serving" | "held" | "done" | "abandoned" | "cancelled" | "closed_out_of_hours" | "callback" | "booked";
        TodayOut: {
            served: number;
            answered_in_60s_share: number | null;
        };
        /** @description expires_in: seconds. */
        TokenOut: {
            access_token: string;
            expires_in: number;
        };
        VersionIn: {
            version: number;
        };
        /** @description place: code of the organisation where the page stands; None for the installation's own. */
        VisitIn: {
            /** @default null */
            place?: string | null;
            language: components["schemas"]["Language"];
        };
        /**
         * @description Codes of the reasons; their sentences are in `server/texts`.
         * @enum {string}
         */
        Why: "first_come" | "next" | "passed_by" | "let_in" | "appointment" | "head_start" | "head_start_unused" | "overflow" | "overflow_help_desk" | "overflow_language" | "on_duty" | "nobody_on" | "service_closed" | "service_closed_until" | "held" | "offered" | "serving" | "over" | "callback" | "booked";
        /**
         * @description How an overflow rule lets more windows serve a ticket.
         * @enum {string}
         */
        Widening: "language" | "district" | "same_skill" | "help_desk";
        /**
         * @description hours: what counts for the window; None is at all hours. inherited: they are those of its
         *     organisation.
         */
        WindowHoursOut: {
            open: boolean;
            opens_at: string | null;
            closes_at: string | null;
            reason: components["schemas"]["Reason"] | null;
            provisional: boolean;
            /** Format: uuid */
            id: string;
            code: string;
            name: components["schemas"]["Text"];
            channel: components["schemas"]["Channel"];
            help_desk: boolean;
            hours: components["schemas"]["HoursDocument"] | null;
            inherited: boolean;
        };
    };
    responses: {
        /** @description The request is not as it must be */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description Who calls is not known: no credential, or none that is good */
        Unauthorised: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description Not with these rights, or not from this origin */
        NotPermitted: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description Absent, or somebody else's: the same answer */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description The state says otherwise; `code` and `params` say which */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description It was there, and is no more */
        Gone: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description More than is taken */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description Not of a type that is taken */
        UnsupportedMedia: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description A field is wrong; `params.fields` says which */
        Unprocessable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description Locked for a while; `params.until` says how long */
        Locked: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description Too often; `params.retry_after_seconds` says when to come again */
        TooMany: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description Not now; try again in a moment */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
    };
    parameters: {
        /** @description Sent twice, done once: the second gets the first one's answer */
        IdempotencyKey: string;
        /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
        Page: "kiosk" | "console";
        /** @description One range of bytes (RFC 9110, 14.2) */
        Range: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    post_auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            423: components["responses"]["Locked"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Problem"];
        };
    };
    post_auth_logout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    get_auth_me: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            default: components["responses"]["Problem"];
        };
    };
    post_auth_tokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_auth_machine_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            423: components["responses"]["Locked"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Problem"];
        };
    };
    get_auth_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JwksOut"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_residents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VisitIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResidentOut"];
                };
            };
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResidentOut"];
                };
            };
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Problem"];
        };
    };
    get_residents_current: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResidentOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            default: components["responses"]["Problem"];
        };
    };
    delete_residents_current: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    patch_residents_current: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LanguageIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResidentOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_residents_current_consent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_service_status: {
        parameters: {
            query?: {
                place?: string | null;
                item_code?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusOut"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_consent_text: {
        parameters: {
            query?: {
                language?: "zh-CN" | "en";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentTextOut"];
                };
            };
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_catalogue_items: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemsOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            default: components["responses"]["Problem"];
        };
    };
    get_catalogue_items_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDetailOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    get_organisations_code_hours: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrgHoursOut"];
                };
            };
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    put_organisations_code_hours: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoursIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrgHoursOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    put_organisations_code_closure: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClosureIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosureOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_windows_id_hours: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WindowHoursOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    put_windows_id_hours: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoursIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WindowHoursOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    put_windows_id_closure: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClosureIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosureOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_calendar_year: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                year: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    put_calendar_year: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                year: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_overflow_rules: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            default: components["responses"]["Problem"];
        };
    };
    put_overflow_rules: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RulesIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_tickets: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_tickets_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    get_tickets_id_standing: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandingOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    post_tickets_id_priority: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriorityIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_tickets_id_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_tickets_id_restore: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    get_desk: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            default: components["responses"]["Problem"];
        };
    };
    post_desk_available: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AvailableIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_desk_break: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_desk_off: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_offers_id_accept: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_offers_id_reject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectIn"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_booking_slots: {
        parameters: {
            query: {
                item_code: string;
                day?: string | null;
            };
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlotsOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_bookings: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BookingIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Problem"];
        };
    };
    get_bookings_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Problem"];
        };
    };
    put_bookings_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Problem"];
        };
    };
    delete_bookings_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Problem"];
        };
    };
    post_bookings_code_arrive: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooMany"];
            default: components["responses"]["Problem"];
        };
    };
    get_callbacks_ticket_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    post_callbacks_ticket_id_result: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResultIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_sessions_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    post_sessions_id_hang_up: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_sessions_id_end: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_sessions_id_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_sessions_id_connections: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    put_sessions_id_connections_connection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
                connection: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnswerOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    delete_sessions_id_connections_connection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
                connection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    put_sessions_id_connections_connection_sources_kind: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
                connection: string;
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceStateIn"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_engagements_id_outcome: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OutcomeIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngagementOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_engagements_id_extend: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngagementOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_engagements_id_complete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompleteIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngagementOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_sessions_id_materials: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                    /** @default null */
                    material_code?: string | null;
                    /** @default 1 */
                    page?: number;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaterialOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooMany"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    get_materials_id_image: {
        parameters: {
            query?: {
                rendition?: "page" | "thumbnail";
            };
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    delete_materials_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RemoveIn"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_sessions_id_capture_requests: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaptureIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaptureRequestOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    delete_capture_requests_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    put_sessions_id_case: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_sessions_id_notes: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_cases_id_notes: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_cases_id_submit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VersionIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_cases_id_accept: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VersionIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_cases: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
                state?: ("draft" | "submitted" | "correction_requested" | "not_accepted" | "accepted" | "in_review" | "suspended" | "decided" | "closed" | "withdrawn") | null;
                item?: string | null;
                place?: string | null;
                q?: string | null;
            };
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseList"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_cases_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDetail"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    post_cases_id_reveal: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevealIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDetail"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_recordings_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    post_recordings_id_playback: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            410: components["responses"]["Gone"];
            default: components["responses"]["Problem"];
        };
    };
    get_recordings_id_files_file_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description One range of bytes (RFC 9110, 14.2) */
                Range?: components["parameters"]["Range"];
            };
            path: {
                id: string;
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/webm": unknown;
                };
            };
            /** @description The range that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/webm": unknown;
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            410: components["responses"]["Gone"];
            /** @description The range lies outside the file; `Content-Range` has its size */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    head_recordings_id_files_file_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                id: string;
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            410: components["responses"]["Gone"];
            default: components["responses"]["Problem"];
        };
    };
    get_service_level: {
        parameters: {
            query?: {
                org?: string | null;
                channel?: ("district" | "street_town" | "yangtze_delta") | null;
                window?: string | null;
                item?: string | null;
                from?: string | null;
                to?: string | null;
                by?: "total" | "channel" | "window" | "item" | "hour";
            };
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_board: {
        parameters: {
            query?: {
                org?: string | null;
            };
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_alarms_id_seen: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmFacts"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    get_halls_org_numbers: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumbersOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    post_halls_org_numbers: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrawIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumberOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    get_halls_org_numbers_reference: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
            };
            path: {
                org: string;
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumberOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    post_halls_org_call_next: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumberOut"];
                };
            };
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumberOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_halls_org_numbers_reference_call: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                org: string;
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumberOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            default: components["responses"]["Problem"];
        };
    };
    post_halls_org_numbers_reference_return: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                org: string;
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumberOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_halls_org_numbers_reference_done: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                org: string;
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumberOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    post_halls_org_numbers_reference_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Whose cookie counts in a browser that holds both; `?page=` where no header can be sent */
                "X-Virtual-Window-Page"?: components["parameters"]["Page"];
                /** @description Sent twice, done once: the second gets the first one's answer */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                org: string;
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallNumberOut"];
                };
            };
            401: components["responses"]["Unauthorised"];
            403: components["responses"]["NotPermitted"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
}
