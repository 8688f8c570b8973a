"""Rows of alarms."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id


class AlarmKind(StrEnum):
    ANSWER_SOON = "answer_soon"  # a ticket nears the promised first answer
    ANSWER_LATE = "answer_late"
    OFFERS_MISSED = "offers_missed"  # an agent let offers pass, and is on a break for it
    NOBODY_ON = "nobody_on"  # somebody waits and nobody able is on duty
    LEVEL_LOW = "level_low"  # too few of the last answers came in time


class Alarm(SQLModel, table=True):
    """What a supervisor is told, until it is over or somebody has seen to it."""

    __tablename__ = "alarm"
    __table_args__ = (
        CheckConstraint(enum_check("kind", AlarmKind), name="kind"),
        Index("ix_alarm_open", "org_path", "cleared_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=16)
    # What it is about, so that the same thing raises one alarm, whichever replica sees it.
    subject: str = Field(max_length=120)
    open_key: str | None = Field(default=None, max_length=140, unique=True)
    channel: str | None = Field(default=None, max_length=20)
    org_code: str = Field(max_length=60)
    org_path: str = Field(max_length=400)
    # Where the resident of its ticket is: that district is told, too, whoever's window serves.
    place_path: str | None = Field(default=None, max_length=400)
    ticket_id: UUID | None = Field(default=None, foreign_key="ticket.id", index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    raised_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    seen_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_by: UUID | None = Field(default=None, foreign_key="account.id")
    cleared_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = Field(default=1)
