"""The outbox, numbered per topic, and the epoch that cursors belong to."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime


class EventTopic(SQLModel, table=True):
    """The last number given in a topic; its row lock orders writers of one topic."""

    __tablename__ = "event_topic"

    topic: str = Field(primary_key=True, max_length=120)
    number: int = Field(default=0)


class EventRow(SQLModel, table=True):
    """One event. `published_at` is set once it stood on the stream."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("topic", "number"),
        Index("ix_event_unpublished", "id", postgresql_where=text("published_at IS NULL")),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
        ),
    )
    topic: str = Field(max_length=120)
    number: int
    type: str = Field(max_length=80)
    at: dt.datetime = Field(sa_type=UtcDateTime)
    changes: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    published_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class EventEpoch(SQLModel, table=True):
    """One row: names this history of the database. A restore writes a new one."""

    __tablename__ = "event_epoch"

    id: int = Field(default=1, primary_key=True)
    epoch: str = Field(max_length=32)
