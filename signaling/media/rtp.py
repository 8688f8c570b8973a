"""The RTP header (RFC 3550, 5.1; RFC 8285): read where it lies, written anew for a slot."""

import struct
from typing import Final

FIXED: Final = struct.Struct(">BBHII")
WITH_SEND_TIME: Final = struct.Struct(">BBHIIHHI")
WORD: Final = struct.Struct(">I")
HALF_WORD: Final = struct.Struct(">H")
VERSION_2: Final = 0x80
VERSION_MASK: Final = 0xC0
PADDING: Final = 0x20
EXTENSION: Final = 0x10
CSRC_COUNT: Final = 0x0F
MARKER: Final = 0x80
ONE_BYTE_EXTENSIONS: Final = 0xBEDE
SSRC_AT: Final = 8
TIMESTAMP_MASK: Final = 0xFFFFFFFF


class RtpMalformed(ValueError):
    """The header says more than the packet has."""


def payload_bounds(
    data: bytes | bytearray | memoryview, start: int, length: int
) -> tuple[int, int]:
    """Where the payload of the packet `data[start:start + length]` begins and ends.

    length: at least 12. Padding is left out; equal bounds: a packet of padding alone. Raises
    RtpMalformed.
    """
    first = data[start]
    if first & VERSION_MASK != VERSION_2:
        raise RtpMalformed
    end = start + length
    at = start + FIXED.size + 4 * (first & CSRC_COUNT)
    if first & EXTENSION:
        if at + 4 > end:
            raise RtpMalformed
        at += 4 + 4 * HALF_WORD.unpack_from(data, at + 2)[0]
    if at > end:
        raise RtpMalformed
    if first & PADDING:
        if at == end:
            raise RtpMalformed
        padding = data[end - 1]
        if padding == 0 or at + padding > end:
            raise RtpMalformed
        end -= padding
    return at, end


def write_header(  # noqa: PLR0913 (an object a packet would cost more than it tells)
    into: bytearray,
    at: int,
    *,
    marker: int,
    payload_type: int,
    sequence: int,
    timestamp: int,
    ssrc: int,
    send_time_id: int,
    send_time: int,
) -> int:
    """Write a slot's own header at `into[at:]`; its size. Nothing of the source's is carried on.

    marker: 0 or 0x80. send_time_id: extension id of abs-send-time, 0 if not negotiated.
    send_time: 24 bits, 6.18 fixed-point seconds.
    """
    if send_time_id:
        WITH_SEND_TIME.pack_into(
            into,
            at,
            VERSION_2 | EXTENSION,
            marker | payload_type,
            sequence,
            timestamp,
            ssrc,
            ONE_BYTE_EXTENSIONS,
            1,
            send_time_id << 28 | 2 << 24 | send_time,
        )
        return WITH_SEND_TIME.size
    FIXED.pack_into(into, at, VERSION_2, marker | payload_type, sequence, timestamp, ssrc)
    return FIXED.size


def send_time(now: float) -> int:
    """abs-send-time of the moment `now` (seconds of any steady clock)."""
    return int(now * (1 << 18)) & 0xFFFFFF
