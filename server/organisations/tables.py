"""Rows of the organisation tree and its windows."""

import datetime as dt
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id


class Level(StrEnum):
    """Where an organisation stands. A residents' committee is a village, a county a district."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET_TOWN = "street_town"
    VILLAGE = "village"
    PARK = "park"


class Channel(StrEnum):
    """Which kind of window serves."""

    DISTRICT = "district"
    STREET_TOWN = "street_town"
    YANGTZE_DELTA = "yangtze_delta"


KIOSK_LEVELS = frozenset({Level.DISTRICT, Level.STREET_TOWN, Level.VILLAGE, Level.PARK})


class OrgUnit(SQLModel, table=True):
    """A node of the tree. `path` is materialised: `/shanghai/putuo/`, codes from the root down.

    gb2260: six digits. division_code: twelve, None where an organisation has none of its own.
    extension_point: a kiosk stands here and the windows are those of its ancestors. partner: of
    another province, with a root of its own. hours: of its windows, unless they have their own
    (`server.organisations.hours`); None is open at all hours. closed_*: closed by an administrator,
    until closed_until where that is known.
    """

    __tablename__ = "org_unit"
    __table_args__ = (CheckConstraint(enum_check("level", Level), name="level"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=160)
    level: str = Field(max_length=16)
    parent_id: UUID | None = Field(default=None, foreign_key="org_unit.id", index=True)
    path: str = Field(max_length=400, unique=True)
    gb2260: str | None = Field(default=None, max_length=6)
    division_code: str | None = Field(default=None, max_length=12)
    extension_point: bool = Field(default=False)
    partner: bool = Field(default=False)
    hours: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    closed_since: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_reason: str | None = Field(default=None, max_length=200)
    version: int = Field(default=1)


class Window(SQLModel, table=True):
    """A staffed virtual desk of an organisation, with the skills that it serves.

    help_desk: takes what overflows to it whatever the skill. hours, closed_*: as of OrgUnit.
    """

    __tablename__ = "window"
    __table_args__ = (CheckConstraint(enum_check("channel", Channel), name="channel"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    org_id: UUID = Field(foreign_key="org_unit.id", index=True)
    channel: str = Field(max_length=20, index=True)
    skills: list[str] = Field(sa_column=Column(JSON, nullable=False))
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=160)
    help_desk: bool = Field(default=False)
    hours: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    closed_since: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_reason: str | None = Field(default=None, max_length=200)
    version: int = Field(default=1)


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    MAKEUP_WORKING_DAY = "makeup_working_day"


class CalendarDay(SQLModel, table=True):
    """A day that is not what its weekday says, by a notice of the State Council."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint(enum_check("kind", DayKind), name="kind"),)

    day: dt.date = Field(primary_key=True)
    kind: str = Field(max_length=20)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=60)


class Widening(StrEnum):
    """How an overflow rule lets more windows serve a ticket."""

    LANGUAGE = "language"  # agents of its queue who do not speak its language
    DISTRICT = "district"  # the district's windows that have the skills
    SAME_SKILL = "same_skill"  # windows of other organisations that have the skills
    HELP_DESK = "help_desk"  # the district's help desk, whatever the skills


class OverflowRule(SQLModel, table=True):
    """When more windows may serve a ticket: after `after_seconds` of waiting, or once nobody who is
    able has been on duty for `nobody_on_seconds` of it; None is never by that.

    channel, item_code: None is any. org_path: tickets that were taken there or below; who looks
    after that place looks after the rule. position: the order in which rules are looked at.
    """

    __tablename__ = "overflow_rule"
    __table_args__ = (
        CheckConstraint(enum_check("widening", Widening), name="widening"),
        CheckConstraint(f"channel IS NULL OR {enum_check('channel', Channel)}", name="channel"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    position: int = Field(default=0)
    channel: str | None = Field(default=None, max_length=20)
    org_path: str = Field(default="/", max_length=400)
    item_code: str | None = Field(default=None, max_length=80)
    after_seconds: int | None = Field(default=None, ge=0)
    nobody_on_seconds: int | None = Field(default=None, ge=0)
    widening: str = Field(max_length=12)
    enabled: bool = Field(default=True)
