"""When to ask a source for a keyframe (PLI, RFC 4585, 6.3.1)."""

import random
from collections.abc import Callable
from typing import Final

# Chromium drops a request that comes within some 300 ms of the last one.
REPEAT_WHILE_WAITING_S: Final = 0.35
SOONEST_OTHERWISE_S: Final = 1.0
JITTER: Final = 0.2


class KeyframeRequests:
    """One source's requests. While a slot waits they are repeated; complaints are rationed."""

    __slots__ = ("_asked_at", "_complaint", "_urgent")

    def __init__(self) -> None:
        self._asked_at = float("-inf")
        self._complaint = False
        self._urgent = False

    def complain(self, *, urgent: bool = False) -> None:
        """A receiver can't decode, or packets are lost for good.

        urgent: a receiver's path is new, so it does not count that another one has just asked.
        """
        self._complaint = True
        self._urgent = self._urgent or urgent

    def due(self, now: float, waiting: bool, recording: bool = False) -> bool:
        """Whether to send a request now; it then counts as sent.

        waiting: a slot shows nothing until a keyframe comes. recording: its SeekPoints are due.
        """
        if not waiting and not self._complaint and not recording:
            return False
        soonest = REPEAT_WHILE_WAITING_S if waiting or self._urgent else SOONEST_OTHERWISE_S
        if now - self._asked_at < soonest:
            return False
        self._asked_at = now
        self._complaint = False
        self._urgent = False
        return True


class SeekPoints:
    """Whether a source's recording needs a keyframe, whoever watches or not.

    A player begins at a keyframe: without any since the first one, a seek decodes all before it,
    and what is lost for good spoils the picture to the end. Drawn apart by JITTER, so that the
    sources of a session don't all send their largest frames at once.
    """

    __slots__ = ("_broken", "_came_at", "_chance", "_share")

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        """chance: gives 0 to 1."""
        self._chance = chance
        self._came_at = float("-inf")
        self._share = 1.0
        self._broken = False

    def came(self, now: float) -> None:
        """A keyframe has begun."""
        self._came_at = now
        self._share = 1 + JITTER * (2 * self._chance() - 1)
        self._broken = False

    def lost(self) -> None:
        """Packets are gone for good: what follows can't be shown until a keyframe comes."""
        self._broken = True

    def due(self, now: float, every_s: float) -> bool:
        """Whether one is wanted now; it stays so until `came`."""
        return self._broken or now - self._came_at >= every_s * self._share
