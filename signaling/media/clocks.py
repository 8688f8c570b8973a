"""Whose clock says what: senders' NTP times and media timestamps, told in the server's clock.

Server time here is the monotonic clock in seconds; on the wire it is NTP (RFC 3550, 4).
"""

import time
from collections import deque
from typing import Final

NTP_EPOCH_S: Final = 2_208_988_800
FRACTION: Final = 1 << 32
TIMESTAMP_MASK: Final = FRACTION - 1
REMEMBERED_OFFSETS: Final = 30
REBASE_S: Final = 60.0


def ntp_of(unix_s: float) -> int:
    """32.32 fixed-point NTP time."""
    return int((unix_s + NTP_EPOCH_S) * FRACTION)


def middle(ntp: int) -> int:
    """The middle 32 bits, 16.16 seconds, as LSR and DLSR have them."""
    return ntp >> 16 & 0xFFFFFFFF


class ServerClock:
    """The worker's one clock: monotonic, placed on the calendar once, when it is made."""

    __slots__ = ("_began_unix",)

    def __init__(self) -> None:
        self._began_unix = time.time() - time.monotonic()

    def now(self) -> float:
        return time.monotonic()

    def ntp(self, now: float) -> int:
        return ntp_of(self._began_unix + now)


class SenderClock:
    """How a sender's NTP clock lies to ours: the least seen difference, which waited least.

    One for all sources of a connection, so that what was in step there stays in step here, however
    wrong that clock is. Only the last reports count, since clocks drift.
    """

    __slots__ = ("_offsets", "offset_s")

    def __init__(self) -> None:
        self._offsets: deque[float] = deque(maxlen=REMEMBERED_OFFSETS)
        self.offset_s = 0.0

    def heard(self, ntp: int, arrival: float) -> None:
        """A sender report of NTP time `ntp` came in at server time `arrival`."""
        self._offsets.append(arrival - ntp / FRACTION)
        self.offset_s = min(self._offsets)


class MediaClock:
    """Which server time a source's media timestamps belong to.

    By its sender reports once one has come, by the earliest arrival until then.
    """

    __slots__ = ("_arrived", "_sender", "_server", "_timestamp", "rate")

    def __init__(self, rate: int, sender: SenderClock) -> None:
        """rate: ticks a second."""
        self.rate = rate
        self._sender = sender
        self._timestamp = 0
        self._server: float | None = None  # the sender's NTP seconds for _timestamp, if reported
        self._arrived: float | None = None  # else when it arrived

    @property
    def known(self) -> bool:
        return self._server is not None or self._arrived is not None

    def heard_report(self, timestamp: int, ntp: int) -> None:
        self._timestamp = timestamp
        self._server = ntp / FRACTION

    def heard_packet(self, timestamp: int, arrival: float) -> None:
        """Only needed until a report has come."""
        if self._server is not None:
            return
        if self._arrived is None:
            self._timestamp, self._arrived = timestamp, arrival
            return
        ahead = ((timestamp - self._timestamp + (1 << 31)) & TIMESTAMP_MASK) - (1 << 31)
        expected = self._arrived + ahead / self.rate
        if arrival < expected:
            self._timestamp, self._arrived = timestamp, arrival
        elif arrival - self._arrived > REBASE_S:
            self._timestamp, self._arrived = timestamp, expected

    def timestamp_at(self, now: float) -> int:
        """The media timestamp that belongs to server time `now`; `known` must be true."""
        if self._server is not None:
            began = self._server + self._sender.offset_s
        else:
            began = self._arrived if self._arrived is not None else now
        return (self._timestamp + round((now - began) * self.rate)) & TIMESTAMP_MASK
