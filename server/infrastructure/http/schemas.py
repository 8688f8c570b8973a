"""Bases and field types of everything that goes in or out by HTTP."""

import datetime as dt
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from server.infrastructure.clock import wire_time

WireTime = Annotated[
    dt.datetime,
    PlainSerializer(wire_time, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]

EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LATEST: Final = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def _plausible(moment: dt.datetime) -> dt.datetime:
    """At the ends of the calendar a moment has no other time zone, and none a year behind it."""
    if not EARLIEST <= moment.replace(tzinfo=dt.UTC) <= LATEST:
        raise ValueError("Input should lie between the years 2000 and 2200")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
"""A moment as it is sent to us."""


class In(BaseModel):
    """A request body or query: unknown fields are refused, strings are trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Out(BaseModel):
    """An answer; also made from rows and dataclasses."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Text(Out):
    """A text in the languages that the pages speak."""

    model_config = ConfigDict(
        from_attributes=True, frozen=True, populate_by_name=True, serialize_by_alias=True
    )

    zh_cn: str = Field(alias="zh-CN")
    en: str


class ProblemOut(Out):
    """RFC 9457 problem document."""

    type: str
    code: str
    title: str
    status: int
    detail: str
    params: dict[str, object]
