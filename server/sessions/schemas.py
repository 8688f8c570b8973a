"""Sessions, connections and wrap-ups by HTTP."""

from typing import Literal
from uuid import UUID

from pydantic import Field, field_validator

from server.cases.schemas import CaseOut, NoteOut, PlaceOut
from server.infrastructure.http.schemas import In, Out, Text, WireTime
from server.materials.schemas import CaptureRequestOut, MaterialOut
from server.organisations.tables import Channel
from server.recordings.states import RecordingState
from server.sessions.ports import SourceKind
from server.sessions.states import (
    EngagementState,
    Outcome,
    ParticipantRole,
    ParticipantState,
    SessionState,
)

OFFER_MAX = 96 * 1024
SECTIONS_MAX = 24
INDEX_MAX = 999
SUMMARY_MAX = 10_000


class SourceIn(In):
    """A send section of the offer, and what it carries."""

    mid: str = Field(min_length=1, max_length=16)
    kind: SourceKind


class SlotIn(In):
    """A receive section. Audio and video of equal index are one person's."""

    mid: str = Field(min_length=1, max_length=16)
    media: Literal["audio", "video"]
    index: int = Field(ge=0, le=INDEX_MAX)


class ConnectionIn(In):
    """sources: one of a kind at most: each is recorded, whoever watches it."""

    offer: str = Field(max_length=OFFER_MAX)
    sources: list[SourceIn] = Field(max_length=SECTIONS_MAX)
    slots: list[SlotIn] = Field(max_length=SECTIONS_MAX)

    @field_validator("sources")
    @classmethod
    def _each_kind_once(cls, sources: list[SourceIn]) -> list[SourceIn]:
        if len({source.kind for source in sources}) < len(sources):
            raise ValueError("each kind of source once at most")
        return sources


class IceServerOut(Out):
    """For `RTCConfiguration.iceServers`. urls: `stun:` and such."""

    urls: list[str]


class ConnectionOut(Out):
    connection_id: UUID
    answer: str
    ice_servers: list[IceServerOut]


class AnswerOut(Out):
    answer: str


class SourceStateIn(In):
    active: bool


class OutcomeIn(In):
    outcome: Outcome


class CompleteIn(In):
    outcome: Outcome | None = None
    summary: str | None = Field(default=None, max_length=SUMMARY_MAX)


class EngagementOut(Out):
    id: UUID
    session_id: UUID
    state: EngagementState
    outcome: Outcome | None
    summary: str | None
    joined_at: WireTime | None
    left_at: WireTime | None
    wrap_up_deadline_at: WireTime | None
    undo_until: WireTime | None
    version: int


class ParticipantOut(Out):
    """display_name: None for a resident who has not said who they are."""

    id: UUID
    role: ParticipantRole
    state: ParticipantState
    display_name: Text | None
    org_code: str
    org_name: Text | None


class RecordingStateOut(Out):
    id: UUID
    state: RecordingState


class SessionOut(Out):
    """A session as one of its people sees it. me: the reader's own participant, None for one who
    only looks. notes, engagement: for staff."""

    id: UUID
    state: SessionState
    item_code: str
    channel: Channel
    ticket_number: str
    place: PlaceOut
    opened_at: WireTime
    ended_at: WireTime | None
    undo_until: WireTime | None
    version: int
    me: UUID | None
    participants: list[ParticipantOut]
    materials: list[MaterialOut]
    capture_requests: list[CaptureRequestOut]
    case: CaseOut | None
    notes: list[NoteOut] | None
    recording: RecordingStateOut | None
    engagement: EngagementOut | None
