"""When to ask a source for a keyframe (PLI, RFC 4585, 6.3.1)."""

from typing import Final

# Chromium drops a request that comes within some 300 ms of the last one.
REPEAT_WHILE_WAITING_S: Final = 0.35
SOONEST_OTHERWISE_S: Final = 1.0


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

    def due(self, now: float, waiting: bool) -> bool:
        """Whether to send a request now; it then counts as sent.

        waiting: a slot shows nothing until a keyframe comes.
        """
        if not waiting and not self._complaint:
            return False
        soonest = REPEAT_WHILE_WAITING_S if waiting or self._urgent else SOONEST_OTHERWISE_S
        if now - self._asked_at < soonest:
            return False
        self._asked_at = now
        self._complaint = False
        self._urgent = False
        return True
