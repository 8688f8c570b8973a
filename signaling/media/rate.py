"""How much a sender may send: least of what its receivers can take, within caps (REMB)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

FLOOR_BPS: Final = 100_000
SPEECH_BPS: Final = 50_000
CAPS_BPS: Final[Mapping[str, int]] = {
    "microphone": SPEECH_BPS,
    "face": 1_500_000,
    "document": 4_000_000,
    "screen": 2_500_000,
}
# What is given up first when a link is too thin for all: the paper is worth more than a face.
GIVEN_UP_FIRST: Final = ("face", "screen", "document")
RESUME_TRIES_S: Final = (5.0, 10.0, 20.0, 40.0)
PATIENCE_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Share:
    """A video slot's part of its receiver's link. bits_per_second 0: the slot is given up."""

    kind: str
    bits_per_second: int


def shares(estimate: int | None, speech: int, kinds: Sequence[str]) -> list[int]:
    """Divide a receiver's link among its filled video slots, in proportion to their caps.

    estimate: the receiver's REMB in bits a second, None while it has said nothing. speech: filled
    audio slots, served first. kinds: of the video slots. A slot that would get less than the floor
    is given up (0) so that the others, and the sender's other receivers, keep theirs.
    """
    result = [CAPS_BPS[kind] for kind in kinds]
    if estimate is None:
        return result
    left = max(0, estimate - speech * SPEECH_BPS)
    kept = sorted(range(len(kinds)), key=lambda at: GIVEN_UP_FIRST.index(kinds[at]))
    while kept:
        whole = sum(CAPS_BPS[kinds[at]] for at in kept)
        parts = {at: min(CAPS_BPS[kinds[at]], left * CAPS_BPS[kinds[at]] // whole) for at in kept}
        if left >= FLOOR_BPS * len(kept):
            return [max(FLOOR_BPS, parts[at]) if at in parts else 0 for at in range(len(kinds))]
        kept.pop(0)
    return [0] * len(kinds)


def allowed(kind: str, receivers: Sequence[int], recorded: bool) -> int:
    """Bits a second that a source may send. receivers: its slots' shares; those of 0 don't count.

    Nobody watching: the cap if it is recorded, else the floor, so that the way stays warm.
    """
    wanted = [share for share in receivers if share > 0]
    if not wanted:
        return CAPS_BPS[kind] if recorded else min(FLOOR_BPS, CAPS_BPS[kind])
    return max(min(FLOOR_BPS, CAPS_BPS[kind]), min(CAPS_BPS[kind], *wanted))


class ThinLink:
    """Whether a receiver's video slot is given up for now.

    A receiver without video can't measure that its link has become wide again: its estimate
    follows what it receives. So video is tried again, ever more seldom while that fails.
    """

    __slots__ = ("_thin_since", "_tries", "_try_at", "paused")

    def __init__(self) -> None:
        self.paused = False
        self._thin_since: float | None = None
        self._try_at = 0.0
        self._tries = 0

    def judge(self, share: int, now: float) -> bool:
        """Note the slot's share; whether it is paused from now on."""
        if share > 0:
            if not self.paused and self._thin_since is None:
                return False
            self._thin_since = None
            self.paused = False
            self._tries = 0
        elif self.paused:
            if now >= self._try_at:
                self.paused = False
                self._thin_since = now
        elif self._thin_since is None:
            self._thin_since = now
        elif now - self._thin_since >= PATIENCE_S:
            self.paused = True
            self._try_at = now + RESUME_TRIES_S[min(self._tries, len(RESUME_TRIES_S) - 1)]
            self._tries += 1
        return self.paused
