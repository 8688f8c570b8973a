"""16-bit sequence numbers that wrap, and their renumbering for a receiver's own stream."""

from typing import Final

MODULUS: Final = 1 << 16
HALF: Final = 1 << 15
MASK: Final = MODULUS - 1
REMEMBERED_SKIPS: Final = 64


def ahead(later: int, earlier: int) -> int:
    """How far `later` is ahead of `earlier` on the circle: -32768 to 32767."""
    return ((later - earlier + HALF) & MASK) - HALF


class Unwrapper:
    """Turns 16-bit numbers into ones that don't wrap, by nearness to the highest one seen."""

    __slots__ = ("highest",)

    def __init__(self) -> None:
        self.highest: int | None = None

    def unwrap(self, number: int) -> int:
        """The number with its lap. The first one is taken into lap 1, so that none is negative."""
        if self.highest is None:
            self.highest = number + MODULUS
            return self.highest
        unwrapped = self.highest + ((number - self.highest + HALF) & MASK) - HALF
        self.highest = max(self.highest, unwrapped)
        return unwrapped


class Renumbering:
    """Where the packets of one source lie in a slot's numbers, from the slot's swap to it.

    Works on unwrapped source numbers. Packets that are not forwarded leave no hole, as long as
    they come in order; those before the swap have no place.
    """

    __slots__ = ("_first", "_highest", "_offset", "_skips")

    def __init__(self, first: int, number: int) -> None:
        """first: the source's number that becomes `number`, the slot's next one."""
        self._first = first
        self._highest = first - 1
        self._offset = number - first
        self._skips: list[tuple[int, int]] = []  # (from this source number on, earlier offset)

    def place(self, number: int) -> int | None:
        """The slot's number (not yet cut to 16 bits) for the source's, or None: before the swap."""
        if number > self._highest:
            self._highest = number
            return number + self._offset
        if number < self._first:
            return None
        offset = self._offset
        for skipped, before in reversed(self._skips):
            if number > skipped:
                break
            offset = before
        return number + offset

    def skip(self, number: int) -> bool:
        """Leave out a source packet. False if it is too late for that: a later one has its place.

        Then forward it as it is, without payload, so that nobody asks for it.
        """
        if number <= self._highest:
            return number < self._first
        self._highest = number
        self._skips.append((number, self._offset))
        self._offset -= 1
        if len(self._skips) > REMEMBERED_SKIPS:
            # Numbers older than the forgotten skip would collide with those after it.
            forgotten, _ = self._skips.pop(0)
            self._first = max(self._first, forgotten + 1)
        return True
