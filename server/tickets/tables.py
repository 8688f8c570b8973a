"""Rows of tickets, offers and agent presence."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id
from server.tickets.states import OfferKind, OfferState, PresenceState, TicketKind, TicketState

PENDING = text("state = 'pending'")
LIVE_AT_A_PAGE = text(
    "state IN ('waiting', 'offered', 'serving', 'held') AND kind IN ('walk_in', 'appointment')"
)
UNANSWERED = text(
    "state IN ('waiting', 'offered', 'held') AND first_answered_at IS NULL AND late_at IS NULL"
)


class Ticket(SQLModel, table=True):
    """A resident's place. `rank_at` orders the queue: `waiting_since` less the head start. Neither
    moves: an offer that failed, a drop and a cancellation that was undone all come back to the
    same place.

    reach: the queues that may serve it, its own first; more by overflow rules (`Reach.wire`).
    rules_at: when these are looked at next, None at once (`server.tickets.overflow.rules`).
    priority: reasons of the head start. due_at: of a callback or an appointment. clock_at: since
    when it waits for the promised first answer, None before (`server.tickets.answer_clock`).
    resident_id: None for a hall's number, whose holder has no page.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(enum_check("state", TicketState), name="state"),
        CheckConstraint(enum_check("kind", TicketKind), name="kind"),
        Index("ix_ticket_queue", "channel", "serving_org_id", "state", "rank_at"),
        Index("ix_ticket_rules", "state", "rules_at"),
        # The clock of the promised first answer looks every second, however many wait.
        Index(
            "ix_ticket_unanswered",
            "clock_at",
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        ),
        # Nobody waits twice: one live ticket a resident.
        Index(
            "uq_ticket_live_resident",
            "resident_id",
            unique=True,
            sqlite_where=LIVE_AT_A_PAGE,
            postgresql_where=LIVE_AT_A_PAGE,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(default=TicketKind.WALK_IN, max_length=12)
    number: str = Field(max_length=12)
    business_day: dt.date
    channel: str = Field(max_length=20)
    item_code: str = Field(max_length=80)
    skills: list[str] = Field(sa_column=Column(JSON, nullable=False))
    serving_org_id: UUID = Field(foreign_key="org_unit.id")
    serving_org_code: str = Field(max_length=60)
    serving_org_path: str = Field(max_length=400)
    place_id: UUID = Field(foreign_key="org_unit.id")
    place_code: str = Field(max_length=60)
    place_path: str = Field(max_length=400)
    resident_id: UUID | None = Field(default=None, foreign_key="resident_session.id", index=True)
    language: str = Field(max_length=8)
    reach: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    priority: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    head_start_seconds: int = Field(default=0)
    state: str = Field(default=TicketState.WAITING, max_length=24, index=True)
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    waiting_since: dt.datetime = Field(sa_type=UtcDateTime)
    rank_at: dt.datetime = Field(sa_type=UtcDateTime)
    due_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    booking_code: str | None = Field(default=None, max_length=12, unique=True)
    held_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    undo_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    clock_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    warned_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    late_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    answered_window_id: UUID | None = Field(default=None, foreign_key="window.id")
    rules_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    session_id: UUID | None = Field(default=None, index=True)
    version: int = Field(default=1)


class ReachedQueue(SQLModel, table=True):
    """A queue that an overflow rule let serve a ticket: finds by queue what `Ticket.reach` says."""

    __tablename__ = "reached_queue"

    queue: str = Field(primary_key=True, max_length=100)
    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")


class TicketCounter(SQLModel, table=True):
    """The last number given by an organisation on a local day, per channel letter."""

    __tablename__ = "ticket_counter"

    org_id: UUID = Field(primary_key=True)
    day: dt.date = Field(primary_key=True)
    letter: str = Field(primary_key=True, max_length=1)
    number: int = Field(default=0)


class Offer(SQLModel, table=True):
    """A ticket held out to one agent until `deadline_at`."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(enum_check("state", OfferState), name="state"),
        CheckConstraint(enum_check("kind", OfferKind), name="kind"),
        Index(
            "uq_offer_pending_agent",
            "account_id",
            unique=True,
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
        Index(
            "uq_offer_pending_ticket",
            "ticket_id",
            unique=True,
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
        Index("ix_offer_deadline", "state", "deadline_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(default=OfferKind.SERVE, max_length=12)
    ticket_id: UUID = Field(foreign_key="ticket.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    window_id: UUID = Field(foreign_key="window.id")
    state: str = Field(default=OfferState.PENDING, max_length=12)
    reason: str | None = Field(default=None, max_length=20)
    offered_at: dt.datetime = Field(sa_type=UtcDateTime)
    deadline_at: dt.datetime = Field(sa_type=UtcDateTime)
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    session_id: UUID | None = Field(default=None)
    engagement_id: UUID | None = Field(default=None)
    version: int = Field(default=1)


class AgentPresence(SQLModel, table=True):
    """What an agent is doing. `available_since` orders agents: the longest idle comes first."""

    __tablename__ = "agent_presence"
    __table_args__ = (CheckConstraint(enum_check("state", PresenceState), name="state"),)

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    state: str = Field(default=PresenceState.OFFLINE, max_length=16, index=True)
    since: dt.datetime = Field(sa_type=UtcDateTime)
    available_since: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    window_id: UUID | None = Field(default=None, foreign_key="window.id")
    missed_offers: int = Field(default=0)
    session_id: UUID | None = Field(default=None)
    engagement_id: UUID | None = Field(default=None)
    version: int = Field(default=1)
