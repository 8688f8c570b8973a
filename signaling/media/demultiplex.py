"""What a datagram on the one port is, by its first bytes (RFC 7983; RFC 5761, 4)."""

from enum import IntEnum
from typing import Final


class Kind(IntEnum):
    """DROP is everything that no protocol of ours begins with, an empty datagram too."""

    DROP = 0
    STUN = 1
    DTLS = 2
    RTP = 3
    RTCP = 4


SHORTEST_RTP: Final = 12
SHORTEST_RTCP: Final = 8
_FIRST_BYTES: Final = bytes(
    Kind.STUN
    if first <= 3
    else Kind.DTLS
    if 20 <= first <= 63
    else Kind.RTP
    if 128 <= first <= 191
    else Kind.DROP
    for first in range(256)
)
_RTCP_TYPES: Final = range(192, 224)


def kind_of(data: bytes | bytearray | memoryview, start: int, length: int) -> int:
    """The Kind of the datagram at `data[start:start + length]`, as a plain int: hot path.

    An RTP or RTCP datagram too short for its header is DROP.
    """
    if length == 0:
        return Kind.DROP
    kind = _FIRST_BYTES[data[start]]
    if kind != Kind.RTP:
        return kind
    if length < SHORTEST_RTCP:
        return Kind.DROP
    if data[start + 1] in _RTCP_TYPES:
        return Kind.RTCP
    return Kind.RTP if length >= SHORTEST_RTP else Kind.DROP
