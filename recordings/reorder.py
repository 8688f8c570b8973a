"""Packets of one stream in the order of their sequence numbers, each once."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

HOLD_US: Final = 3_000_000  # resends asked for in an outage come late; waiting costs only memory
HOLD_PACKETS: Final = 4096
START_US: Final = 300_000  # the very first packets may have come in disorder too
FAR: Final = 3000  # MAX_DROPOUT of RFC 3550, A.1
HALF: Final = 0x8000
SEQUENCES: Final = 0x10000


class Reorder(Generic[Item]):
    """Calls `emit(item, lost)` in order; lost: packets before it are missing.

    A packet that is missing is waited for HOLD_US of arrival time. Two packets in sequence far
    from all others are a sender that began anew: it is followed.
    """

    def __init__(self, emit: Callable[[Item, bool], None]) -> None:
        self._emit = emit
        self._next: int | None = None  # extended sequence number that is due
        self._held: dict[int, tuple[int, Item]] = {}
        self._highest = 0
        self._empty = True
        self._gap = False
        self._suspect: tuple[int, int, Item] | None = None
        self.lost_packets = 0
        self.late_or_double = 0

    def push(self, sequence: int, arrival_us: int, item: Item) -> None:
        """sequence: 16 bits. arrival_us: grows from call to call."""
        if self._empty:
            self._empty = False
            self._highest = sequence
        distance = (sequence - self._highest + HALF) % SEQUENCES - HALF
        if -FAR < distance < FAR:
            extended = self._highest + distance
            self._highest = max(self._highest, extended)
            self._place(extended, arrival_us, item)
        else:
            self._place_far(sequence, arrival_us, item)

    def flush(self) -> None:
        """No more will come: emit what is held."""
        while self._held:
            self._skip()

    def _place(self, extended: int, arrival_us: int, item: Item) -> None:
        held = self._held
        if extended == self._next:
            self._next = extended + 1
            self._emit(item, self._gap)
            self._gap = False
            if held:
                self._emit_run()
        elif extended in held or (self._next is not None and extended < self._next):
            self.late_or_double += 1
        else:
            held[extended] = (arrival_us, item)
        if held:
            self._skip_overdue(arrival_us)

    def _place_far(self, sequence: int, arrival_us: int, item: Item) -> None:
        suspect, self._suspect = self._suspect, (sequence, arrival_us, item)
        if suspect is None or (suspect[0] + 1) % SEQUENCES != sequence:
            # A single stray: it is forgotten unless the next one follows it.
            self.late_or_double += suspect is not None
            return
        self.flush()
        self._suspect = None
        self._highest, self._next, self._gap = suspect[0], suspect[0], True
        self.push(*suspect)
        self.push(sequence, arrival_us, item)

    def _skip_overdue(self, now_us: int) -> None:
        wait = HOLD_US if self._next is not None else START_US
        while self._held:
            oldest_us = next(iter(self._held.values()))[0]
            if now_us - oldest_us <= wait and len(self._held) <= HOLD_PACKETS:
                return
            self._skip()

    def _skip(self) -> None:
        """Give up what is missing before the lowest held packet."""
        lowest = min(self._held)
        if self._next is not None and lowest > self._next:
            self.lost_packets += lowest - self._next
            self._gap = True
        self._next = lowest
        self._emit_run()

    def _emit_run(self) -> None:
        held = self._held
        due = self._next
        if due is None:
            raise AssertionError("a run begins at a known number")
        while (entry := held.pop(due, None)) is not None:
            due += 1
            self._emit(entry[1], self._gap)
            self._gap = False
        self._next = due
