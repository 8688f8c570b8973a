"""What a log's blocks hold: the session's header, streams, packets and notes.

    packet  1 | stream (2 bytes) | arrival, microseconds (8) | length (2) | RTP packet, decrypted
    other   2 header, 3 stream, 4 note | length (4) | JSON object, UTF-8

All numbers are big-endian. A stream's record stands before its first packet. Arrival times are
those of the writing machine's monotonic clock; the header says what it read when the session
began, so arrival minus `origin_us` is session time.
"""

import dataclasses
import datetime as dt
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, get_args

SourceKind: TypeAlias = Literal["microphone", "face", "document", "screen"]
Codec: TypeAlias = Literal["vp8", "opus"]

PACKET_RECORD: Final = struct.Struct(">BHqH")
JSON_RECORD: Final = struct.Struct(">BL")
PACKET: Final = 1
HEADER: Final = 2
STREAM: Final = 3
NOTE: Final = 4

EVERYONE: Final = "all"


@dataclass(frozen=True, slots=True)
class LogHeader:
    """Whose log it is, and how its clock reads.

    epoch: the session's fencing epoch. started_at: UTC. origin_us: the monotonic clock at
    `started_at`, microseconds; `packet()` takes arrival times of the same clock. labels: ids and
    codes to keep with the recording (kiosk, place); no personal data.
    """

    session_id: str
    epoch: int
    started_at: dt.datetime
    origin_us: int
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise ValueError("started_at needs a time zone")


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One RTP stream of a source, as the log's reader must know it.

    role: the participant's (resident, agent, ...). audience: who may see and hear it; streams of
    another audience go into other files. clock_rate: RTP ticks a second. ssrc: 32 bits.
    """

    source_id: str
    participant_id: str
    connection_id: str
    role: str
    kind: SourceKind
    codec: Codec
    payload_type: int
    clock_rate: int
    ssrc: int
    audience: str = EVERYONE


@dataclass(frozen=True, slots=True)
class StreamOpened:
    stream: int
    info: StreamInfo


@dataclass(frozen=True, slots=True)
class Packet:
    """data: a whole RTP packet; a view that lives as long as its block."""

    stream: int
    arrival_us: int
    data: memoryview


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is no packet: `log.py` lists the kinds. at_us: arrival clock."""

    kind: str
    at_us: int
    fields: Mapping[str, Any]


Record: TypeAlias = LogHeader | StreamOpened | Packet | Note


def pack_header(header: LogHeader) -> bytes:
    at = header.started_at.astimezone(dt.UTC).isoformat()
    return _pack_json(
        HEADER,
        {
            "session_id": header.session_id,
            "epoch": header.epoch,
            "started_at": at,
            "origin_us": header.origin_us,
            "labels": dict(header.labels),
        },
    )


def pack_stream(stream: int, info: StreamInfo) -> bytes:
    return _pack_json(STREAM, {"stream": stream, **dataclasses.asdict(info)})


def pack_note(note: Note) -> bytes:
    return _pack_json(NOTE, {"kind": note.kind, "at_us": note.at_us, "fields": dict(note.fields)})


def unpack(records: bytes) -> Iterator[Record]:
    """The records of one decoded block, in the order they were logged.

    Raises ValueError when the bytes are no whole records.
    """
    view = memoryview(records)
    position, end = 0, len(view)
    head_size = PACKET_RECORD.size
    unpack_head = PACKET_RECORD.unpack_from
    while position < end:
        if view[position] != PACKET:
            position, record = _unpack_json(view, position)
            yield record
            continue
        if position + head_size > end:
            raise ValueError("packet record is cut")
        _, stream, arrival_us, length = unpack_head(view, position)
        position += head_size
        if position + length > end:
            raise ValueError("packet is cut")
        yield Packet(stream, arrival_us, view[position : position + length])
        position += length


def _pack_json(kind: int, value: Mapping[str, Any]) -> bytes:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return JSON_RECORD.pack(kind, len(body)) + body


def _unpack_json(view: memoryview, position: int) -> tuple[int, Record]:
    if position + JSON_RECORD.size > len(view):
        raise ValueError("record is cut")
    kind, length = JSON_RECORD.unpack_from(view, position)
    start = position + JSON_RECORD.size
    if start + length > len(view):
        raise ValueError("record is cut")
    try:
        value = json.loads(bytes(view[start : start + length]))
        record = _from_json(kind, value)
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(f"record makes no sense: {error!r}") from error
    return start + length, record


def _from_json(kind: int, value: dict[str, Any]) -> Record:
    if kind == HEADER:
        started_at = dt.datetime.fromisoformat(value.pop("started_at"))
        return LogHeader(started_at=started_at, **value)
    if kind == STREAM:
        stream = int(value.pop("stream"))
        info = StreamInfo(**value)
        if info.kind not in get_args(SourceKind) or info.codec not in get_args(Codec):
            raise ValueError(f"unknown kind or codec: {info.kind}, {info.codec}")
        if info.clock_rate <= 0:
            raise ValueError("clock_rate must be above 0")
        return StreamOpened(stream, info)
    if kind == NOTE:
        return Note(str(value["kind"]), int(value["at_us"]), dict(value["fields"]))
    raise ValueError(f"unknown record {kind}")
