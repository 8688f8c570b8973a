"""Bases and field types of everything that goes in or out by HTTP."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from server.infrastructure.clock import wire_time

WireTime = Annotated[
    dt.datetime,
    PlainSerializer(wire_time, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]


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
