"""One clock, passed in. UTC in storage, Asia/Shanghai for business days."""

import datetime as dt
import time
from typing import Protocol
from zoneinfo import ZoneInfo

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> dt.datetime:
        """Now, in UTC, with time zone."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean something."""
        ...


class SystemClock:
    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def business_day(moment: dt.datetime) -> dt.date:
    """The local calendar day on which `moment` falls."""
    return moment.astimezone(BUSINESS_ZONE).date()


def start_of_day(day: dt.date) -> dt.datetime:
    """Midnight, by which the local `day` begins."""
    return dt.datetime.combine(day, dt.time.min, BUSINESS_ZONE)


def wire_time(moment: dt.datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds, as every API answer and event writes it."""
    if moment is None:
        return None
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
