"""Packets on a TCP connection: two bytes of length before each (RFC 4571, 2). Bytes alone."""

from typing import Final

LENGTH_BYTES: Final = 2
LONGEST_FRAME: Final = 2048  # as a datagram's: no packet of WebRTC is longer than an Ethernet frame


class FrameTooLong(ValueError):
    """What follows can't be found any more: the connection is of no use."""


class Deframer:
    """Cuts what has come, in whatever pieces, into packets."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The packets that are whole by now, empty ones left out. Raises FrameTooLong.

        Never more than a frame is kept.
        """
        data = self._rest + data
        packets: list[bytes] = []
        at = 0
        while len(data) - at >= LENGTH_BYTES:
            length = int.from_bytes(data[at : at + LENGTH_BYTES], "big")
            if length > LONGEST_FRAME:
                raise FrameTooLong
            end = at + LENGTH_BYTES + length
            if end > len(data):
                break
            if length:
                packets.append(data[at + LENGTH_BYTES : end])
            at = end
        self._rest = data[at:]
        return packets


def frame(packet: bytes) -> bytes:
    """A packet as it is written. Raises OverflowError above 65,535 bytes."""
    return len(packet).to_bytes(LENGTH_BYTES, "big") + packet
