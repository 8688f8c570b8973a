"""The slots of a queue's day: from when its windows are open, to how many places are left. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Interval = tuple[dt.datetime, dt.datetime]
"""From, and until before; with time zone."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked. places: how many people in all; taken: of these."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    places: int
    taken: int = 0

    @property
    def free(self) -> bool:
        return self.taken < self.places


def slots_of(
    windows: Iterable[Sequence[Interval]], *, minutes: int, places: int
) -> dict[dt.datetime, Slot]:
    """The slots of one day, by when they start.

    windows: of each window the times of the day at which it is open. A slot lies wholly within
    such a time, counts its `minutes` from the full hour, and has `places` for each window that is
    open all through it.
    """
    open_at: dict[dt.datetime, int] = {}
    step = dt.timedelta(minutes=minutes)
    for intervals in windows:
        for start in {start for opened in intervals for start in _starts(opened, minutes)}:
            open_at[start] = open_at.get(start, 0) + 1
    return {
        start: Slot(start, start + step, windows_open * places)
        for start, windows_open in sorted(open_at.items())
    }


def with_taken(slots: Mapping[dt.datetime, Slot], taken: Mapping[dt.datetime, int]) -> list[Slot]:
    """The slots in order, with how many of each one's places are taken."""
    return [
        Slot(slot.starts_at, slot.ends_at, slot.places, taken.get(start, 0))
        for start, slot in slots.items()
    ]


def next_free(slots: Iterable[Slot], *, after: dt.datetime, count: int) -> list[dt.datetime]:
    """The starts of the first `count` free slots that begin at `after` or later."""
    free = [slot.starts_at for slot in slots if slot.free and slot.starts_at >= after]
    return sorted(free)[:count]


def _starts(opened: Interval, minutes: int) -> list[dt.datetime]:
    """When slots start that lie wholly within `opened`."""
    start, end = opened
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    step = dt.timedelta(minutes=minutes)
    first = midnight + -((midnight - start) // step) * step
    found: list[dt.datetime] = []
    while first + step <= end:
        found.append(first)
        first += step
    return found
