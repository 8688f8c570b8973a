"""Rows of the organisation tree and its windows."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from server.infrastructure.database import enum_check
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
    another province, with a root of its own.
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


class Window(SQLModel, table=True):
    """A staffed virtual desk of an organisation, with the skills that it serves."""

    __tablename__ = "window"
    __table_args__ = (CheckConstraint(enum_check("channel", Channel), name="channel"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    org_id: UUID = Field(foreign_key="org_unit.id", index=True)
    channel: str = Field(max_length=20, index=True)
    skills: list[str] = Field(sa_column=Column(JSON, nullable=False))
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=160)
