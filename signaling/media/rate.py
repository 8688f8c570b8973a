"""How much a sender may send: least of what its receivers can take, within caps (REMB)."""

from collections.abc import Mapping, Sequence
from typing import Final

FLOOR_BPS: Final = 100_000
SPEECH_BPS: Final = 50_000
CAPS_BPS: Final[Mapping[str, int]] = {
    "face": 1_500_000,
    "document": 4_000_000,
    "screen": 2_500_000,
}
# What is given up first when a link is too thin for all: the paper is worth more than a face.
GIVEN_UP_FIRST: Final = ("face", "screen", "document")


def shares(limit: int | None, kinds: Sequence[str]) -> list[int]:
    """Divide a receiver's link among its filled video slots, in proportion to their caps.

    limit: what the link carries of video, bits a second, None while it has shown none. kinds: of
    the slots. A slot that would get less than the floor is given up (0), so that the others, and
    the sender's other receivers, keep theirs. Speech is not in it: it is never given up.
    """
    if limit is None:
        return [CAPS_BPS[kind] for kind in kinds]
    kept = sorted(range(len(kinds)), key=lambda at: GIVEN_UP_FIRST.index(kinds[at]))
    while kept and limit < FLOOR_BPS * len(kept):
        kept.pop(0)
    result = [0] * len(kinds)
    whole = sum(CAPS_BPS[kinds[at]] for at in kept)
    for at in kept:
        cap = CAPS_BPS[kinds[at]]
        result[at] = max(FLOOR_BPS, min(cap, limit * cap // whole))
    return result


def allowed(kind: str, receivers: Sequence[int], recorded: bool) -> int:
    """Bits a second that a video source may send. receivers: its slots' shares; 0 don't count.

    Nobody watching: the cap if it is recorded, else the floor, so that the way stays warm.
    """
    watched = [share for share in receivers if share > 0]
    if not watched:
        return CAPS_BPS[kind] if recorded else FLOOR_BPS
    return max(FLOOR_BPS, min(CAPS_BPS[kind], *watched))
