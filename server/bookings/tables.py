"""Rows of bookings. The place itself is a ticket with a time: `server.tickets.tables.Ticket`."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from server.bookings.states import CallEnd
from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id

UNDER_WAY = text("ended_at IS NULL")


class SlotUse(SQLModel, table=True):
    """How many places of a queue's slot are taken: as many as it has rows of SlotPlace."""

    __tablename__ = "slot_use"

    org_id: UUID = Field(primary_key=True, foreign_key="org_unit.id")
    channel: str = Field(primary_key=True, max_length=20)
    starts_at: dt.datetime = Field(primary_key=True, sa_type=UtcDateTime)
    taken: int = Field(default=0)


class SlotPlace(SQLModel, table=True):
    """The place in a slot that a booking holds. It is given back once: by deleting this row."""

    __tablename__ = "slot_place"

    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    org_id: UUID = Field(foreign_key="org_unit.id")
    channel: str = Field(max_length=20)
    starts_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)


class TicketContact(SQLModel, table=True):
    """Whom to call back: personal data, apart from the ticket that events and lists show.

    tries: calls that reached nobody. asked_at: when the call was asked for.
    """

    __tablename__ = "ticket_contact"

    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    phone: str = Field(max_length=24)
    name: str | None = Field(default=None, max_length=60)
    tries: int = Field(default=0)
    asked_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)


class CallbackCall(SQLModel, table=True):
    """One try of an agent to call somebody back. agent_gone_at: since when the agent has had no
    page open. outcome: how it went, where somebody was reached."""

    __tablename__ = "callback_call"
    __table_args__ = (
        CheckConstraint(f"result IS NULL OR {enum_check('result', CallEnd)}", name="result"),
        *(
            Index(
                f"uq_callback_call_{column}_under_way",
                column,
                unique=True,
                sqlite_where=UNDER_WAY,
                postgresql_where=UNDER_WAY,
            )
            for column in ("ticket_id", "account_id")
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    ticket_id: UUID = Field(foreign_key="ticket.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    window_id: UUID = Field(foreign_key="window.id")
    started_at: dt.datetime = Field(sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    agent_gone_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    result: str | None = Field(default=None, max_length=12)
    outcome: str | None = Field(default=None, max_length=12)
    version: int = Field(default=1)
