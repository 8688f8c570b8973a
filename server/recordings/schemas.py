"""Recordings as they go over HTTP."""

from typing import Literal
from uuid import UUID

from server.infrastructure.http.schemas import Out, Text, WireTime
from server.recordings.states import RecordingState
from server.sessions.states import ParticipantRole


class GapOut(Out):
    """Where a file lacks something, on the recording's clock. media: audio or video."""

    from_ms: int
    to_ms: int
    reason: str | None
    media: Literal["audio", "video"] | None


class FileOut(Out):
    """A file to play, all in step by offset_ms. display_name: None for a resident."""

    id: UUID
    participant_id: str
    participant_role: ParticipantRole
    display_name: Text | None
    kind: Literal["person", "document", "screen"]
    offset_ms: int
    duration_ms: int
    gaps: list[GapOut]
    width: int
    height: int
    bytes: int
    sha256: str
    url: str


class RecordingOut(Out):
    id: UUID
    session_id: UUID
    state: RecordingState
    started_at: WireTime
    duration_ms: int | None
    files: list[FileOut]


class RecordingBrief(Out):
    id: UUID
    state: RecordingState
    duration_ms: int | None
