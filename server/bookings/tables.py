"""Rows of bookings. The place itself is a ticket with a time: `server.tickets.tables.Ticket`."""

import datetime as dt
from uuid import UUID

from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime


class SlotUse(SQLModel, table=True):
    """How many places of a queue's slot are taken."""

    __tablename__ = "slot_use"

    org_id: UUID = Field(primary_key=True, foreign_key="org_unit.id")
    channel: str = Field(primary_key=True, max_length=20)
    starts_at: dt.datetime = Field(primary_key=True, sa_type=UtcDateTime)
    taken: int = Field(default=0)


class TicketContact(SQLModel, table=True):
    """Whom to call back: personal data, apart from the ticket that events and lists show.

    tries: calls that reached nobody.
    """

    __tablename__ = "ticket_contact"

    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    phone: str = Field(max_length=24)
    name: str | None = Field(default=None, max_length=60)
    tries: int = Field(default=0)
