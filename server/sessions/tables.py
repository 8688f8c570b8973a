"""Rows of sessions, engagements, participants, connections and sources."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id
from server.sessions.ports import SourceKind
from server.sessions.states import (
    ConnectionState,
    EngagementState,
    Outcome,
    ParticipantRole,
    ParticipantState,
    SessionState,
)

LIVE_ENGAGEMENT = text("state IN ('offered', 'joined', 'consulting', 'left', 'wrapping_up')")


class VideoSession(SQLModel, table=True):
    """One visit, from the first accepted offer to the last person leaving.

    It belongs to the kiosk's organisation (`owner_*`), also while a partner window serves.
    (media_worker, media_epoch): where its media lies; an older epoch is fenced off.
    media_claimed_at: since when a replica is opening it there.
    """

    __tablename__ = "video_session"
    __table_args__ = (CheckConstraint(enum_check("state", SessionState), name="state"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    ticket_id: UUID = Field(foreign_key="ticket.id", index=True)
    ticket_number: str = Field(max_length=12)
    item_code: str = Field(max_length=80)
    channel: str = Field(max_length=20)
    owner_org_id: UUID = Field(foreign_key="org_unit.id", index=True)
    owner_org_path: str = Field(max_length=400, index=True)
    place_code: str = Field(max_length=60)
    serving_org_path: str = Field(max_length=400)
    resident_id: UUID = Field(foreign_key="resident_session.id", index=True)
    state: str = Field(default=SessionState.CONNECTING, max_length=16, index=True)
    opened_at: dt.datetime = Field(sa_type=UtcDateTime)
    interrupted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    undo_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    case_id: UUID | None = Field(default=None, index=True)
    media_worker: str | None = Field(default=None, max_length=80)
    media_epoch: int = Field(default=0)
    media_claimed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = Field(default=1)


class Engagement(SQLModel, table=True):
    """One agent's part in a session, with a wrap-up of its own."""

    __tablename__ = "engagement"
    __table_args__ = (
        CheckConstraint(enum_check("state", EngagementState), name="state"),
        CheckConstraint(f"outcome IS NULL OR {enum_check('outcome', Outcome)}", name="outcome"),
        Index(
            "uq_engagement_live_agent",
            "account_id",
            unique=True,
            sqlite_where=LIVE_ENGAGEMENT,
            postgresql_where=LIVE_ENGAGEMENT,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(foreign_key="video_session.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    window_id: UUID = Field(foreign_key="window.id")
    state: str = Field(default=EngagementState.JOINED, max_length=16)
    joined_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    wrap_up_deadline_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    completed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = Field(default=None, max_length=16)
    summary: str | None = Field(default=None, max_length=10_000)
    version: int = Field(default=1)


class Participant(SQLModel, table=True):
    """A person in a session. Exactly one of account_id and resident_id is set for these roles."""

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint(enum_check("role", ParticipantRole), name="role"),
        CheckConstraint(enum_check("state", ParticipantState), name="state"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(foreign_key="video_session.id", index=True)
    role: str = Field(max_length=12)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    resident_id: UUID | None = Field(default=None, foreign_key="resident_session.id")
    org_code: str = Field(max_length=60)
    state: str = Field(default=ParticipantState.JOINING, max_length=12)
    joined_at: dt.datetime = Field(sa_type=UtcDateTime)
    left_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = Field(default=1)


class Connection(SQLModel, table=True):
    """A page of a participant, as the media plane sees it.

    slots: the receive sections, `[{mid, media, index}]`; fills: what each carries, mid -> source
    id; generation: counts the maps sent to the worker, so that an old one can't overtake.
    """

    __tablename__ = "connection"
    __table_args__ = (CheckConstraint(enum_check("state", ConnectionState), name="state"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(foreign_key="video_session.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    state: str = Field(default=ConnectionState.NEW, max_length=12)
    media_epoch: int
    slots: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    fills: dict[str, str | None] = Field(sa_column=Column(JSON, nullable=False))
    generation: int = Field(default=0)
    opened_at: dt.datetime = Field(sa_type=UtcDateTime)
    closed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class Source(SQLModel, table=True):
    """Something a connection sends: a microphone, a face, a document camera, a screen."""

    __tablename__ = "source"
    __table_args__ = (CheckConstraint(enum_check("kind", SourceKind), name="kind"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(foreign_key="video_session.id", index=True)
    connection_id: UUID = Field(foreign_key="connection.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id")
    kind: str = Field(max_length=12)
    mid: str = Field(max_length=16)
    active: bool = Field(default=False)
