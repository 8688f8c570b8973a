"""RTP packets as the log holds them: parsed without copying, every length checked."""

import struct
from typing import Final, NamedTuple

from recordings.errors import PacketMalformed

_HEAD: Final = struct.Struct(">BBHLL")
VERSION: Final = 2
VERSION_SHIFT: Final = 6
PADDING: Final = 0x20
EXTENSION: Final = 0x10
CSRC_COUNT: Final = 0x0F
MARKER: Final = 0x80
PAYLOAD_TYPE: Final = 0x7F


class RtpPacket(NamedTuple):
    """sequence: 16 bits. timestamp: 32 bits. payload: a view without padding, perhaps empty."""

    sequence: int
    timestamp: int
    marker: bool
    payload_type: int
    payload: memoryview


def parse(data: memoryview) -> RtpPacket:
    """The packet's fields. Raises PacketMalformed. Source: RFC 3550, 5.1 and 5.3.1."""
    end = len(data)
    start = _HEAD.size
    if end < start:
        raise PacketMalformed("shorter than an RTP header")
    first, second, sequence, timestamp, _ = _HEAD.unpack_from(data)
    if first >> VERSION_SHIFT != VERSION:
        raise PacketMalformed("not RTP version 2")
    if first & (CSRC_COUNT | EXTENSION | PADDING):
        start, end = _payload_bounds(data, first)
    return RtpPacket(sequence, timestamp, second >= MARKER, second & PAYLOAD_TYPE, data[start:end])


def _payload_bounds(data: memoryview, first: int) -> tuple[int, int]:
    end = len(data)
    start = _HEAD.size + 4 * (first & CSRC_COUNT)
    if first & EXTENSION:
        if start + 4 > end:
            raise PacketMalformed("its header extension is cut")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if start > end:
        raise PacketMalformed("its header is cut")
    if first & PADDING:
        padding = data[end - 1] if end > start else 0
        if not 0 < padding <= end - start:
            raise PacketMalformed("its padding makes no sense")
        end -= padding
    return start, end
