"""When somebody may arrive for an appointment, and where they then stand. Pure."""

import datetime as dt
from dataclasses import dataclass

from server.bookings.errors import BookingMissed, TooEarly
from server.infrastructure.settings import Settings


@dataclass(frozen=True, slots=True)
class Arrivals:
    """early: how long before its time one can arrive; grace: how long after it one still can."""

    early: dt.timedelta
    grace: dt.timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Arrivals":
        return cls(
            dt.timedelta(minutes=settings.booking_early_minutes),
            dt.timedelta(minutes=settings.booking_grace_minutes),
        )

    def check(self, due_at: dt.datetime, now: dt.datetime) -> None:
        """Raises TooEarly, BookingMissed."""
        if now < due_at - self.early:
            raise TooEarly(due_at, due_at - self.early)
        if self.is_over(due_at, now):
            raise BookingMissed(due_at)

    def is_over(self, due_at: dt.datetime, now: dt.datetime) -> bool:
        return now > due_at + self.grace

    def head_start(self, seconds: int) -> int:
        """`seconds` of head start, less where it would put somebody before the time of arriving."""
        return min(seconds, round(self.early.total_seconds()))


def rank_on_arrival(due_at: dt.datetime, now: dt.datetime, head_start: int) -> dt.datetime:
    """Where one who arrives now stands: by the time that was agreed, less the head start.

    Who comes early has no advantage over who comes in time. Who comes late stands by when that was:
    the place was kept for nobody, and others have come meanwhile.
    """
    return max(due_at, now) - dt.timedelta(seconds=head_start)
