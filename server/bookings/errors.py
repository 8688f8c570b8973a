"""What can be wrong with a booking. Branches of `server.infrastructure.errors`."""

import datetime as dt
from collections.abc import Sequence

from server.infrastructure.clock import BUSINESS_ZONE, wire_time
from server.infrastructure.errors import Conflict, NotFound, Unprocessable


class BookingUnknown(NotFound):
    """No booking has this code: mistyped, guessed or long over, with one answer for all."""

    def __init__(self) -> None:
        super().__init__("booking_unknown")


class SlotFull(Conflict):
    """Somebody else has taken the last place. free: when the next free slots start."""

    def __init__(self, starts_at: dt.datetime, free: Sequence[dt.datetime]) -> None:
        super().__init__(
            "slot_full",
            starts_at=wire_time(starts_at),
            free=[wire_time(moment) for moment in free],
            time=clock_time(starts_at),
            times=", ".join(clock_time(moment) for moment in free),
        )


class SlotUnknown(Unprocessable):
    """No slot that can be booked begins then."""

    def __init__(self, starts_at: dt.datetime) -> None:
        super().__init__("slot_unknown", starts_at=wire_time(starts_at), time=clock_time(starts_at))


class TooEarly(Conflict):
    """The appointment is later. arrive_from: when one can arrive for it."""

    def __init__(self, due_at: dt.datetime, arrive_from: dt.datetime) -> None:
        super().__init__(
            "too_early",
            due_at=wire_time(due_at),
            arrive_from=wire_time(arrive_from),
            time=clock_time(due_at),
            arrive_time=clock_time(arrive_from),
        )


class BookingMissed(Conflict):
    """Nobody came in time; a number can be taken, or another time booked."""

    def __init__(self, due_at: dt.datetime) -> None:
        super().__init__("booking_missed", due_at=wire_time(due_at), time=clock_time(due_at))


class BookingFixed(Conflict):
    """It can't be changed any more: its time has come, or it is over."""

    def __init__(self, state: str) -> None:
        super().__init__("booking_fixed", state=state)


class CallbackOver(Conflict):
    """The call is not (any longer) this agent's: done, or given to another one meanwhile."""

    def __init__(self) -> None:
        super().__init__("callback_over")


def clock_time(moment: dt.datetime) -> str:
    """As texts say it: 2026-03-06 09:30, local."""
    return moment.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")
