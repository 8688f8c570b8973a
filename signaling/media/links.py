"""What a receiver's link carries of video, from its REMB and loss, against what it was sent.

Chromium's REMB counts payloads of video alone, so that is what is compared with it.
"""

from typing import Final

FALL: Final = 0.97
FIRST_FALL: Final = 0.9
LOSS_OF_NOTE: Final = 26  # of 256: a tenth
CALM_S: Final = 5.0
GROWTH_PER_S: Final = 1.08
PATIENCE_S: Final = 3.0
SMOOTHING: Final = 0.3
LEAST_BPS: Final = 30_000


class LinkLimit:
    """A limit that is only there once the link has shown one.

    A receiver's estimate can't exceed one and a half times what it receives: of a camera that
    looks at a still page it says 60 kbit/s, on any link, and the page would stay blurred for long
    once it is moved. So an estimate counts when it falls, as it does on congestion alone; after a
    calm while the limit grows again, whether or not the estimate can follow.
    """

    __slots__ = ("_estimate", "_fell_at", "_grown_at", "_limit", "_octets", "_sent_at", "_sent_bps")

    def __init__(self) -> None:
        self._estimate: int | None = None
        self._limit: float | None = None
        self._fell_at = 0.0
        self._grown_at = 0.0
        self._octets = 0
        self._sent_at: float | None = None
        self._sent_bps = 0.0

    def sent(self, octets: int, now: float) -> None:
        """Octets of video payload sent to it so far; call it several times a second."""
        if self._sent_at is not None and now > self._sent_at:
            rate = max(0, octets - self._octets) * 8 / (now - self._sent_at)
            self._sent_bps += (rate - self._sent_bps) * SMOOTHING
        self._octets = octets
        self._sent_at = now

    def estimated(self, bits_per_second: int, now: float) -> None:
        """Its REMB has come."""
        before, self._estimate = self._estimate, bits_per_second
        if before is None:
            fell = bits_per_second < FIRST_FALL * self._sent_bps
        else:
            fell = bits_per_second < FALL * before
        if fell:
            self._fall(bits_per_second, now)
        elif self._limit is not None:
            self._limit = max(self._limit, bits_per_second)

    def lost(self, fraction: int, now: float) -> None:
        """A receiver report has come. fraction: of 256, since the last one."""
        if fraction > LOSS_OF_NOTE and now - self._fell_at > 1.0:
            self._fall(int(self._sent_bps * (1 - fraction / 512)), now)

    def _fall(self, bits_per_second: int, now: float) -> None:
        self._limit = float(max(LEAST_BPS, bits_per_second))
        self._fell_at = self._grown_at = now

    def limit(self, wanted: int, now: float) -> int | None:
        """Bits a second that it carries; None while that is no less than `wanted`."""
        if self._limit is None:
            return None
        if now - self._fell_at > CALM_S:
            self._limit *= GROWTH_PER_S ** (now - self._grown_at)
            if self._limit >= wanted:
                self._limit = None
                return None
        self._grown_at = now
        return int(self._limit)


class Patience:
    """Whether a video slot is given up for now: only once its share has been 0 for a while."""

    __slots__ = ("_since", "paused")

    def __init__(self) -> None:
        self.paused = False
        self._since: float | None = None

    def judge(self, share: int, now: float) -> bool:
        """Note the slot's share of its link; whether it is paused from now on."""
        if share > 0:
            self._since = None
            self.paused = False
        elif self._since is None:
            self._since = now
        elif now - self._since >= PATIENCE_S:
            self.paused = True
        return self.paused
