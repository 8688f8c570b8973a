"""Cases, who handled them, notes, and the counter of their numbers."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from server.cases.states import CaseState
from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id


class Case(SQLModel, table=True):
    """A case. It belongs to the organisation of the kiosk where it was begun.

    fields: the form's values, perhaps not all yet. applicant: whose case it is, masked, for lists.
    search_text: number and values in lower case, one a line.
    """

    __tablename__ = "case_record"
    __table_args__ = (
        CheckConstraint(enum_check("state", CaseState), name="state"),
        Index("ix_case_newest", "updated_at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=80, unique=True)
    state: str = Field(default=CaseState.DRAFT, max_length=24, index=True)
    item_code: str = Field(max_length=80, index=True)
    owner_org_id: UUID = Field(foreign_key="org_unit.id")
    owner_org_path: str = Field(max_length=400, index=True)
    serving_org_path: str = Field(max_length=400, index=True)
    resident_id: UUID = Field(index=True)
    fields: dict[str, Any] = Field(sa_column=Column("form_fields", JSON, nullable=False))
    applicant: str | None = Field(default=None, max_length=200)
    search_text: str = Field(sa_column=Column(Text, nullable=False))
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    updated_at: dt.datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)


class CaseHandler(SQLModel, table=True):
    """An account that was engaged in a session of the case."""

    __tablename__ = "case_handler"

    case_id: UUID = Field(primary_key=True, foreign_key="case_record.id")
    account_id: UUID = Field(primary_key=True, index=True)


class CaseNote(SQLModel, table=True):
    """A remark among staff: of a session, and of its case once there is one."""

    __tablename__ = "case_note"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID | None = Field(default=None, index=True)
    case_id: UUID | None = Field(default=None, foreign_key="case_record.id", index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    author_id: UUID = Field(foreign_key="account.id")
    at: dt.datetime = Field(sa_type=UtcDateTime)


class CaseCounter(SQLModel, table=True):
    """The last number given in a district on a local day."""

    __tablename__ = "case_counter"

    prefix: str = Field(primary_key=True, max_length=60)
    day: dt.date = Field(primary_key=True)
    number: int = Field(default=0)
