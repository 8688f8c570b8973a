"""When a window is open. Pure: hours, calendar and closures in, an answer out.

An hours document is `{"zone": "Asia/Shanghai", "working_days": [["09:00", "11:30"], ...],
"saturday"?, "sunday"?, "other_days"?: {"2024-12-31": [...]}}`: times of one day, in order, the last
one ending at 24:00 at the latest. Its days are those of the calendar: a make-up working day has the
times of a working day, a holiday has none, and what other_days says of a date goes before both.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from server.infrastructure.clock import business_day, start_of_day
from server.organisations.errors import HoursOrder, HoursOverlap
from server.organisations.tables import DayKind

LOOK_BACK: Final = dt.timedelta(days=15)  # the longest holidays have nine days
LOOK_AHEAD: Final = dt.timedelta(days=370)
DAY: Final = dt.timedelta(days=1)
SATURDAY, SUNDAY = 5, 6  # of date.weekday()

Period = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from start to end: minutes of the local day, 1440 is its end."""

    start: int
    end: int

    @property
    def text(self) -> str:
        return f"{_clock_time(self.start)}-{_clock_time(self.end)}"


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """The times at which a window is open in a week, and on days that are different."""

    working_days: Spans
    saturday: Spans = ()
    sunday: Spans = ()
    other_days: Mapping[dt.date, Spans] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Hours":
        """Of an hours document. Raises HoursOrder, HoursOverlap, ValueError for no time of day."""
        others = document.get("other_days") or {}
        return cls(
            working_days=_spans("working_days", document["working_days"]),
            saturday=_spans("saturday", document.get("saturday") or ()),
            sunday=_spans("sunday", document.get("sunday") or ()),
            other_days={
                dt.date.fromisoformat(day): _spans(day, times) for day, times in others.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that are not what their weekday says. A year of which none is listed is unknown."""

    days: Mapping[dt.date, DayKind] = field(default_factory=dict)

    @property
    def years(self) -> frozenset[int]:
        return frozenset(day.year for day in self.days)

    def is_working_day(self, day: dt.date) -> bool:
        kind = self.days.get(day)
        if kind is not None:
            return kind == DayKind.MAKEUP_WORKING_DAY
        return day.weekday() < SATURDAY

    def is_holiday(self, day: dt.date) -> bool:
        return self.days.get(day) == DayKind.HOLIDAY

    def is_provisional(self, day: dt.date) -> bool:
        """Whether the year is not listed yet, so that Monday to Friday had to be assumed."""
        return day.year not in self.years

    def due(self, start: dt.date, working_days: int) -> dt.date:
        """The last day of a limit that begins on `start`, which is not counted (Civil Code,
        art. 201). 0 working days is `start` itself."""
        day = start
        for _ in range(working_days):
            day += DAY
            while not self.is_working_day(day):
                day += DAY
        return day


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed by an administrator. until: None is not known."""

    since: dt.datetime
    until: dt.datetime | None = None

    def covers(self, moment: dt.datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


class Reason(StrEnum):
    """Why nothing is open."""

    HOURS = "hours"
    HOLIDAY = "holiday"
    CLOSED = "closed"  # by an administrator


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it is open, since when, and until when.

    since, until: of this state; None where it is not in sight. reason: why it is closed.
    provisional: `until` lies in a year whose holidays are not known yet.
    """

    open: bool
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    reason: Reason | None = None
    provisional: bool = False

    @property
    def opens_at(self) -> dt.datetime | None:
        return None if self.open else self.until

    @property
    def closes_at(self) -> dt.datetime | None:
        return self.until if self.open else None


def is_open(
    hours: Hours | None, calendar: Calendar, closures: Sequence[Closure], now: dt.datetime
) -> bool:
    """hours: None is open at all hours. Looks at one day only: cheap."""
    if any(closure.covers(now) for closure in closures):
        return False
    if hours is None:
        return True
    day = business_day(now)
    return any(start <= now < end for start, end in _periods_of_day(hours, calendar, day))


def opening(
    hours: Hours | None, calendar: Calendar, closures: Sequence[Closure], now: dt.datetime
) -> Opening:
    """As `is_open`, with since when, until when, and why."""
    first, last = now - LOOK_BACK, now + LOOK_AHEAD
    before: dt.datetime | None = None
    for start, end in periods(hours, calendar, closures, first, last):
        if end <= now:
            before = end
        elif start <= now:
            until = end if end < last else None
            provisional = _is_provisional(hours, calendar, until)
            return Opening(True, start if start > first else None, until, None, provisional)
        else:
            break
    reason, opens_at = _reason(hours, calendar, closures, now), None
    # From the end of a closure on, which may be further away than hours are looked at.
    covering = [closure.until for closure in closures if closure.covers(now)]
    ends = [until for until in covering if until is not None]
    if len(ends) == len(covering):
        again = max(ends, default=now)
        ahead = periods(hours, calendar, closures, again, again + LOOK_AHEAD)
        opens_at = next((start for start, _ in ahead), None)
    return Opening(False, before, opens_at, reason, _is_provisional(hours, calendar, opens_at))


def periods(
    hours: Hours | None,
    calendar: Calendar,
    closures: Sequence[Closure],
    first: dt.datetime,
    last: dt.datetime,
) -> Iterator[Period]:
    """The times of opening between two moments, in order; what touches is one. Lazy."""
    held: Period | None = None
    for start, end in _without(_regular(hours, calendar, first, last), closures):
        if held is None:
            held = (start, end)
        elif start <= held[1]:
            held = (held[0], max(held[1], end))
        else:
            yield held
            held = (start, end)
    if held is not None:
        yield held


def combined(openings: Iterable[Opening]) -> Opening:
    """Of several windows that can serve the same: open while one of them is.

    While none is, what is said of it is said of the one that opens first. Nothing is open of none.
    """
    known = list(openings)
    ones = [one for one in known if one.open]
    if ones:
        until = None if any(one.until is None for one in ones) else _latest(ones)
        since = None if any(one.since is None for one in ones) else _earliest(ones)
        provisional = any(one.provisional for one in ones if one.until == until)
        return Opening(True, since, until, None, provisional)
    soon = min((one for one in known if one.until), key=_until, default=None)
    if soon is not None:
        return soon
    return known[0] if known else Opening(False, reason=Reason.CLOSED)


def _latest(openings: Sequence[Opening]) -> dt.datetime:
    return max(one.until for one in openings if one.until is not None)


def _earliest(openings: Sequence[Opening]) -> dt.datetime:
    return min(one.since for one in openings if one.since is not None)


def _until(one: Opening) -> dt.datetime:
    return one.until or dt.datetime.max.replace(tzinfo=dt.UTC)


def spans_on(hours: Hours, calendar: Calendar, day: dt.date) -> Spans:
    """The times of one local day."""
    if day in hours.other_days:
        return hours.other_days[day]
    if calendar.is_working_day(day):
        return hours.working_days
    if calendar.is_holiday(day):
        return ()
    return hours.saturday if day.weekday() == SATURDAY else hours.sunday


def _regular(
    hours: Hours | None, calendar: Calendar, first: dt.datetime, last: dt.datetime
) -> Iterator[Period]:
    """Times between two moments, closures aside."""
    if hours is None:
        yield first, last
        return
    day = business_day(first)
    until = business_day(last)
    while day <= until:
        for start, end in _periods_of_day(hours, calendar, day):
            if end > first and start < last:
                yield max(start, first), min(end, last)
        day += DAY


def _without(regular: Iterable[Period], closures: Sequence[Closure]) -> Iterator[Period]:
    """`regular`, less what closures take away."""
    for period in regular:
        left = [period]
        for closure in closures:
            left = [rest for part in left for rest in _less(part, closure)]
        yield from left


def _less(period: Period, closure: Closure) -> Iterator[Period]:
    start, end = period
    if closure.since > start:
        yield start, min(end, closure.since)
    if closure.until is not None and closure.until < end:
        yield max(start, closure.until), end


def _periods_of_day(hours: Hours, calendar: Calendar, day: dt.date) -> Iterator[Period]:
    midnight = start_of_day(day).astimezone(dt.UTC)
    for span in spans_on(hours, calendar, day):
        yield (
            midnight + dt.timedelta(minutes=span.start),
            midnight + dt.timedelta(minutes=span.end),
        )


def _reason(
    hours: Hours | None, calendar: Calendar, closures: Sequence[Closure], now: dt.datetime
) -> Reason:
    if hours is None or any(closure.covers(now) for closure in closures):
        return Reason.CLOSED
    day = business_day(now)
    off = calendar.is_holiday(day) and not spans_on(hours, calendar, day)
    return Reason.HOLIDAY if off else Reason.HOURS


def _is_provisional(hours: Hours | None, calendar: Calendar, moment: dt.datetime | None) -> bool:
    if hours is None or moment is None:
        return False
    return calendar.is_provisional(business_day(moment))


def _spans(days: str, times: Sequence[Sequence[str]]) -> Spans:
    """Sorted; days: what they are of, for the problem that is told."""
    found = []
    for opens, closes in times:
        span = Span(_minutes(opens), _minutes(closes))
        if span.end <= span.start:
            raise HoursOrder(days, opens, closes)
        found.append(span)
    found.sort()
    for one, other in pairwise(found):
        if other.start < one.end:
            raise HoursOverlap(days, one.text, other.text)
    return tuple(found)


def _minutes(clock_time: str) -> int:
    """Of `HH:MM`, from 00:00 to 24:00. Raises ValueError."""
    hour, minute = int(clock_time[:2]), int(clock_time[3:])
    total = hour * 60 + minute
    if len(clock_time) != 5 or clock_time[2] != ":" or minute > 59 or not 0 <= total <= 1440:
        raise ValueError(f"no time of day: {clock_time}")
    return total


def _clock_time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
