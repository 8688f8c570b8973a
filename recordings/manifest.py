"""What a sealed recording consists of: `manifest.json`, format 1.

Times named `_ms` are whole milliseconds of the session's clock, whose zero is `started_at`; a
gap's too, so that the gaps of several files can be laid side by side.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, ValidationError

from recordings.errors import ManifestUnusable

MANIFEST_NAME: Final = "manifest.json"
FORMAT: Final = 1

FileKind: TypeAlias = Literal["person", "document", "screen"]
Medium: TypeAlias = Literal["audio", "video"]


def _rfc3339(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


UtcTime: TypeAlias = Annotated[dt.datetime, PlainSerializer(_rfc3339, return_type=str)]
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Natural: TypeAlias = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gap(_Part):
    """Where a file lacks sound or picture, and why.

    reason: `loss` (packets never came), `late_keyframe` (no picture could be shown before it),
    `paused` (the source sent nothing), `not_recorded` (the recorder was too slow), or what the
    worker noted: `muted`, `camera_off`, `interrupted`, ...
    """

    from_ms: int
    to_ms: int
    reason: str
    media: Medium


class Frames(_Part):
    """Frames of the log that are in the file; silence put in where sound was missing not
    counted."""

    audio: Natural
    video: Natural


class RecordedFile(_Part):
    """A WebM file: of a person (microphone and face), a document camera or a shared screen, for one
    audience and one connection.

    offset_ms: when its first frame was, on the session's clock. width, height: the largest picture
    in it; 0 without video. lost_packets: of which no copy ever came.
    """

    name: str
    participant_id: str
    connection_id: str
    role: str
    kind: FileKind
    audience: str
    offset_ms: int
    duration_ms: Natural
    frames: Frames
    gaps: list[Gap]
    lost_packets: Natural
    width: Natural
    height: Natural
    bytes: Natural
    sha256: Sha256


class SealedLog(_Part):
    """The log that the files were made of. closed, torn_bytes: see `reading.LogEnd`."""

    blocks: Natural
    packets: Natural
    chain: Sha256
    closed: bool
    torn_bytes: Natural


class Manifest(_Part):
    """duration_ms: from the session's zero to the end of the last file."""

    format: Literal[1]
    session_id: str
    epoch: int
    started_at: UtcTime
    duration_ms: Natural
    labels: dict[str, str]
    files: list[RecordedFile]
    log: SealedLog

    def to_json(self) -> str:
        """As it is stored: the same manifest always gives the same text."""
        return self.model_dump_json(indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a sealed recording. Raises ManifestUnusable."""
    path = folder / MANIFEST_NAME
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ManifestUnusable(path, error.strerror or "can't be read") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise ManifestUnusable(path, f"{first['loc']}: {first['msg']}") from error
