"""What came of a received stream, for its receiver reports (RFC 3550, 6.4.1, A.3, A.8)."""

from signaling.media.clocks import middle
from signaling.media.rtcp import Report


class Reception:
    """Counts one stream's packets, by unwrapped number."""

    __slots__ = (
        "_base",
        "_expected_before",
        "_highest",
        "_jitter",
        "_received_before",
        "_report_arrival",
        "_report_ntp",
        "_transit",
        "octets",
        "packets",
    )

    def __init__(self) -> None:
        self._base: int | None = None
        self._highest = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._expected_before = 0
        self._received_before = 0
        self._report_ntp = 0
        self._report_arrival = 0.0
        self.packets = 0
        self.octets = 0

    def received(self, number: int, octets: int, ticks_late: float) -> None:
        """ticks_late: arrival minus timestamp, in ticks of the media clock, from any zero."""
        if self._base is None:
            self._base = self._highest = number
        elif number > self._highest:
            self._highest = number
        self.packets += 1
        self.octets += octets
        if self._transit is not None:
            change = abs(ticks_late - self._transit)
            if change < 1 << 20:  # a wrap of the timestamp is no jitter
                self._jitter += (change - self._jitter) / 16
        self._transit = ticks_late

    def reported(self, ntp: int, arrival: float) -> None:
        """The stream's sender report has come."""
        self._report_ntp = middle(ntp)
        self._report_arrival = arrival

    def report(self, ssrc: int, now: float) -> Report:
        """The block since the last call."""
        expected = 0 if self._base is None else self._highest - self._base + 1
        expected_now = expected - self._expected_before
        lost_now = expected_now - (self.packets - self._received_before)
        self._expected_before = expected
        self._received_before = self.packets
        fraction = 0
        if expected_now > 0 and lost_now > 0:
            fraction = min(255, lost_now * 256 // expected_now)
        lost = max(-(1 << 23), min(expected - self.packets, (1 << 23) - 1))
        waited = int((now - self._report_arrival) * 65536) if self._report_ntp else 0
        return Report(
            ssrc,
            fraction,
            lost,
            self._highest & 0xFFFFFFFF,
            int(self._jitter),
            self._report_ntp,
            waited & 0xFFFFFFFF,
        )
