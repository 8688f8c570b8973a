"""Rows of the catalogue."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from server.infrastructure.database import enum_check
from server.organisations.tables import Channel


class Subject(StrEnum):
    """Whose matter it is."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


class ServiceItem(SQLModel, table=True):
    """One item. `document` is its whole entry; what lists and routing need has columns.

    position: order in the catalogue. initials: first letters of the zh-CN name's pinyin, lower
    case. wrap_up_seconds: None is the installation's. fee_fen: 1/100 yuan. promised_working_days: 0
    is on the spot.
    """

    __tablename__ = "service_item"
    __table_args__ = (
        CheckConstraint(enum_check("channel", Channel), name="channel"),
        CheckConstraint(enum_check("subject", Subject), name="subject"),
    )

    code: str = Field(primary_key=True, max_length=80)
    position: int = Field(index=True)
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=200)
    initials: str = Field(max_length=120)
    channel: str = Field(max_length=20)
    subject: str = Field(max_length=16)
    skills: list[str] = Field(sa_column=Column(JSON, nullable=False))
    high_frequency: bool = Field(default=False)
    handling_minutes: int
    wrap_up_seconds: int | None = Field(default=None, ge=1)
    promised_working_days: int
    fee_fen: int
    default_partner_window: str | None = Field(default=None, max_length=60)
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    version: int = Field(default=1)
