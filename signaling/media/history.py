"""What a slot has sent lately, as ciphertext, to answer NACKs with (RFC 4585, 6.2.1)."""

from typing import Final

REMEMBERED_PACKETS: Final = 1024
RESEND_SHARE: Final = 0.25
BURST_BYTES: Final = 120_000
SOONEST_REPEAT_S: Final = 0.03


class History:
    """A ring of sent packets, and an allowance for sending them again.

    Resends cost at most a quarter of what was sent, with a burst for a short outage: without a
    limit 496 NACKs of one outage once made 6,335 resends. A packet that was just resent is not
    resent until it could have arrived.
    """

    __slots__ = ("_allowance", "_numbers", "_packets", "_resent_at")

    def __init__(self) -> None:
        self._numbers: list[int] = [-1] * REMEMBERED_PACKETS
        self._packets: list[bytes] = [b""] * REMEMBERED_PACKETS
        self._resent_at: list[float] = [0.0] * REMEMBERED_PACKETS
        self._allowance = float(BURST_BYTES)

    def keep(self, number: int, packet: bytes) -> None:
        """Remember the packet sent under the 16-bit `number`."""
        at = number % REMEMBERED_PACKETS
        self._numbers[at] = number
        self._packets[at] = packet
        self._resent_at[at] = 0.0
        earned = self._allowance + len(packet) * RESEND_SHARE
        self._allowance = earned if earned < BURST_BYTES else BURST_BYTES

    def again(self, number: int, now: float, round_trip_s: float) -> bytes | None:
        """The packet to send again, or None: unknown, too soon, or the allowance is used up."""
        at = number % REMEMBERED_PACKETS
        if self._numbers[at] != number:
            return None
        if now - self._resent_at[at] < max(SOONEST_REPEAT_S, round_trip_s):
            return None
        packet = self._packets[at]
        if len(packet) > self._allowance:
            return None
        self._allowance -= len(packet)
        self._resent_at[at] = now
        return packet

    def clear(self) -> None:
        """Forget all packets: what was sent before must not be sent again."""
        self._numbers = [-1] * REMEMBERED_PACKETS
        self._packets = [b""] * REMEMBERED_PACKETS
