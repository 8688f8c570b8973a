"""Rows of the numbers that a hall's own calling system has drawn."""

import datetime as dt
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime


class HallNumber(SQLModel, table=True):
    """A ticket on paper. reference: the hall system's own id, unique in its organisation.
    counter: where it was called to."""

    __tablename__ = "hall_number"
    __table_args__ = (UniqueConstraint("org_id", "reference"),)

    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    org_id: UUID = Field(foreign_key="org_unit.id")
    reference: str = Field(max_length=80)
    counter: str | None = Field(default=None, max_length=40)
    called_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
