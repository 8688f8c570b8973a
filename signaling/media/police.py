"""A source that sends much more than its cap is cut, so that others do not suffer."""

from collections.abc import Mapping
from typing import Final

from signaling.media.rate import CAPS_BPS

OVER_CAP: Final = 1.5
BURST_S: Final = 2.0
# Nobody tells a microphone how much to send: this is the most that Opus makes in stereo.
MICROPHONE_BPS: Final = 510_000
POLICED_BPS: Final[Mapping[str, int]] = {**CAPS_BPS, "microphone": MICROPHONE_BPS}


class Police:
    """A token bucket in octets."""

    __slots__ = ("_burst", "_left", "_octets_per_s", "_seen_at")

    def __init__(self, cap_bps: int) -> None:
        self._octets_per_s = cap_bps * OVER_CAP / 8
        self._burst = self._octets_per_s * BURST_S
        self._left = self._burst
        self._seen_at = 0.0

    def allows(self, octets: int, now: float) -> bool:
        """Whether a packet of so many octets may pass; it then counts."""
        left = self._left + (now - self._seen_at) * self._octets_per_s
        self._seen_at = now
        left = min(left, self._burst)
        if octets > left:
            self._left = left
            return False
        self._left = left - octets
        return True
