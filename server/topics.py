"""The kinds of topic that pages can listen to, put together from what each subject knows."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

import server.bookings.events as booking_events
import server.cases.events as case_events
import server.materials.events as material_events
import server.recordings.events as recording_events
import server.service_level.events as level_events
import server.sessions.events as session_events
import server.tickets.events as ticket_events
from server.bookings.facts import CallbackFacts
from server.cases.facts import CaseFacts, NoteFacts
from server.infrastructure.events.topics import Snapshot, TopicKind, Topics
from server.materials.facts import CaptureFacts, MaterialFacts
from server.recordings.facts import RecordingFacts
from server.sessions.facts import (
    EngagementFacts,
    ParticipantFacts,
    SessionBrief,
    SessionFacts,
    SlotFacts,
    SourceFacts,
)
from server.sessions.tables import VideoSession
from server.tickets.facts import OfferFacts, PresenceFacts, QueueValue, TicketFacts

Part = Callable[[AsyncSession, str], Awaitable[Snapshot]]


def joined(*parts: Part) -> Part:
    """One snapshot of several parts, without empty entities."""

    async def snapshot(session: AsyncSession, key: str) -> Snapshot:
        whole: Snapshot = {}
        for part in parts:
            found = await part(session, key)
            whole.update({entity: dict(rows) for entity, rows in found.items() if rows})
        return whole

    return snapshot


async def _papers(session: AsyncSession, key: str) -> Snapshot:
    return await material_events.session_snapshot(session, UUID(key))


async def _recording(session: AsyncSession, key: str) -> Snapshot:
    return await recording_events.snapshot(session, [UUID(key)])


async def _case(session: AsyncSession, key: str) -> Snapshot:
    row = await session.get(VideoSession, UUID(key))
    case_id = row.case_id if row is not None else None
    return await case_events.session_snapshot(session, UUID(key), case_id)


def all_topics(case_topic: TopicKind) -> Topics:
    """case_topic: the case library's own, which asks who may read a case."""
    kinds: list[Any] = [
        TopicKind(
            "resident",
            ticket_events.may_hear_resident,
            joined(ticket_events.resident_snapshot, session_events.resident_session_snapshot),
            about="A visit, for the resident: the newest ticket, and the session once there is one",
            key="{resident_id}",
            entities={"ticket": TicketFacts, "session": SessionBrief},
            values={"queue": QueueValue},
        ),
        TopicKind(
            "desk",
            ticket_events.may_hear_desk,
            joined(
                _desk,
                session_events.desk_engagement_snapshot,
                booking_events.desk_callback_snapshot,
            ),
            about="A desk, for its agent: presence, the pending offer, the live engagement or call",
            key="{account_id}",
            entities={
                "presence": PresenceFacts,
                "offer": OfferFacts,
                "engagement": EngagementFacts,
                "callback": CallbackFacts,
            },
        ),
        ticket_events.QUEUE_TOPIC,
        TopicKind(
            "session",
            session_events.may_hear_session,
            joined(session_events.session_snapshot, _papers, _case, _recording),
            about="A session, for the people in it and those who supervise",
            key="{session_id}",
            entities={
                "session": SessionFacts,
                "participant": ParticipantFacts,
                "source": SourceFacts,
                "material": MaterialFacts,
                "capture_request": CaptureFacts,
                "case": CaseFacts,
                "note": NoteFacts,
                "recording": RecordingFacts,
            },
        ),
        TopicKind(
            "connection",
            session_events.may_hear_connection,
            session_events.connection_snapshot,
            about="A connection, for the page that opened it: what fills each receive section",
            key="{connection_id}",
            entities={"slot": SlotFacts},
        ),
        case_topic,
        level_events.BOARD_TOPIC,
    ]
    return Topics(kinds)


async def _desk(session: AsyncSession, key: str) -> Snapshot:
    return await ticket_events.desk_facts(session, UUID(key))
