"""What topics tell of sessions, their people, sources and connections."""

from typing import Literal
from uuid import UUID

from server.infrastructure.events.facts import EntityFacts
from server.infrastructure.http.schemas import WireTime
from server.organisations.tables import Channel
from server.sessions.ports import SourceKind
from server.sessions.states import (
    EngagementState,
    Outcome,
    ParticipantRole,
    ParticipantState,
    SessionState,
)


class SessionBrief(EntityFacts):
    """That there is a session, and how it stands."""

    id: UUID
    state: SessionState


class SessionFacts(SessionBrief):
    item_code: str
    channel: Channel
    ticket_number: str
    place_code: str
    opened_at: WireTime
    ended_at: WireTime | None
    undo_until: WireTime | None
    case_id: UUID | None
    version: int


class ParticipantFacts(EntityFacts):
    id: UUID
    role: ParticipantRole
    state: ParticipantState
    org_code: str
    joined_at: WireTime
    version: int


class SourceFacts(EntityFacts):
    """Something that a participant sends."""

    id: UUID
    participant_id: UUID
    kind: SourceKind
    active: bool


class EngagementFacts(EntityFacts):
    """An agent's part in a session."""

    id: UUID
    session_id: UUID
    state: EngagementState
    outcome: Outcome | None
    wrap_up_deadline_at: WireTime | None
    undo_until: WireTime | None
    version: int


class SlotFacts(EntityFacts):
    """A receive section of a connection, and what fills it now. id: its mid."""

    id: str
    media: Literal["audio", "video"]
    index: int
    source_id: UUID | None
    participant_id: UUID | None
    kind: SourceKind | None
    role: ParticipantRole | None
