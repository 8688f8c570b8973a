"""Recordings, their parts and files, and the rights to play them."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id
from server.recordings.states import PartState, RecordingState


class Recording(SQLModel, table=True):
    """What was said and shown in one session. Its clock's zero is `started_at`."""

    __tablename__ = "recording"
    __table_args__ = (CheckConstraint(enum_check("state", RecordingState), name="state"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(unique=True)
    state: str = Field(default=RecordingState.RECORDING, max_length=16)
    started_at: dt.datetime = Field(sa_type=UtcDateTime)
    closed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    sealed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    duration_ms: int | None = Field(default=None)
    failure: str | None = Field(default=None, max_length=80)
    version: int = Field(default=1)


class RecordingPart(SQLModel, table=True):
    """What one worker recorded under one epoch.

    Once sealed: folder in the blob store, started_at (zero of the part's own clock), manifest, and
    whole: no worker died over it, and no block of its log was torn.
    """

    __tablename__ = "recording_part"
    __table_args__ = (
        CheckConstraint(enum_check("state", PartState), name="state"),
        UniqueConstraint("recording_id", "epoch"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    recording_id: UUID = Field(foreign_key="recording.id", index=True)
    epoch: int
    state: str = Field(default=PartState.OPEN, max_length=16)
    folder: str | None = Field(default=None, max_length=200)
    started_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    whole: bool = Field(default=True)
    manifest: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    failure: str | None = Field(default=None, max_length=80)


class RecordingFile(SQLModel, table=True):
    """A WebM file of a part. offset_ms and the gaps' times: from the part's `started_at`."""

    __tablename__ = "recording_file"
    __table_args__ = (UniqueConstraint("part_id", "name"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    recording_id: UUID = Field(foreign_key="recording.id", index=True)
    part_id: UUID = Field(foreign_key="recording_part.id", index=True)
    name: str = Field(max_length=128)
    blob_key: str = Field(max_length=300)
    participant_id: str = Field(max_length=64)
    role: str = Field(max_length=32)
    kind: str = Field(max_length=16)
    audience: str = Field(max_length=64)
    offset_ms: int
    duration_ms: int
    gaps: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    width: int
    height: int
    size: int
    sha256: bytes = Field(sa_type=LargeBinary)


class PlaybackGrant(SQLModel, table=True):
    """Lets one principal play one recording for some minutes; only a hash of its secret is kept."""

    __tablename__ = "playback_grant"

    secret_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    recording_id: UUID = Field(foreign_key="recording.id", index=True)
    principal_kind: str = Field(max_length=16)
    principal_id: str = Field(max_length=64)
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
