"""Which packets of a source are missing and when to ask for them (RFC 4585, 6.2.1)."""

from typing import Final

FIRST_REPEAT_S: Final = 0.05
TRIES: Final = 8
OLDEST: Final = 600
MOST_MISSING: Final = 300


class Missing:
    """The holes of one received stream, by unwrapped number.

    A stream with more holes than can be mended is given up: `gave_up` is then true until read by
    `take_gave_up`, and a keyframe should be asked for.
    """

    __slots__ = ("_gave_up", "_holes", "_next")

    def __init__(self) -> None:
        self._next: int | None = None
        self._holes: dict[int, tuple[int, float]] = {}  # number -> (tries, ask again at)
        self._gave_up = False

    def received(self, number: int, now: float) -> bool:
        """Note a packet. True if it opened a hole, so that asking at once is worth it."""
        expected = self._next
        if expected is None or number == expected:
            self._next = number + 1
            return False
        if number < expected:
            self._holes.pop(number, None)
            return False
        self._next = number + 1
        if number - expected > MOST_MISSING or len(self._holes) + number - expected > MOST_MISSING:
            self._holes.clear()
            self._gave_up = True
            return False
        for hole in range(expected, number):
            self._holes[hole] = (0, now)
        return True

    @property
    def any(self) -> bool:
        return bool(self._holes)

    @property
    def pending(self) -> bool:
        """Whether there is something to ask for, or `take_gave_up` to be read."""
        return self._gave_up or bool(self._holes)

    def due(self, now: float) -> list[int]:
        """The numbers to ask for now, as 16 bits, ascending; each is asked for TRIES times."""
        asked: list[int] = []
        oldest = (self._next or 0) - OLDEST
        for number, (tries, at) in list(self._holes.items()):
            if number < oldest or tries >= TRIES:
                del self._holes[number]
                self._gave_up = True
            elif now >= at:
                self._holes[number] = (tries + 1, now + FIRST_REPEAT_S * (1 + tries))
                asked.append(number & 0xFFFF)
        return asked

    def take_gave_up(self) -> bool:
        gave_up, self._gave_up = self._gave_up, False
        return gave_up
