"""When a window is open: on every kind of day, and while somebody has closed it."""

import datetime as dt
import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.infrastructure.clock import BUSINESS_ZONE
from server.organisations.errors import HoursOrder, HoursOverlap
from server.organisations.hours import (
    Calendar,
    Closure,
    Hours,
    Opening,
    Reason,
    combined,
    is_open,
    opening,
)
from server.organisations.tables import DayKind

CALENDAR_FILE = json.loads(
    resources.files("server.demo").joinpath("data", "calendar.json").read_text(encoding="utf-8")
)
CALENDAR = Calendar(
    {
        dt.date.fromisoformat(entry["date"]): DayKind(entry["kind"])
        for year in CALENDAR_FILE["years"].values()
        for entry in year["days"]
    }
)
ORGANISATIONS_FILE = json.loads(
    resources.files("server.demo")
    .joinpath("data", "organisations.json")
    .read_text(encoding="utf-8")
)
SERVICE_HOURS = ORGANISATIONS_FILE["service_hours"]
TOWN = Hours.of(
    {
        "zone": SERVICE_HOURS["zone"],
        "working_days": SERVICE_HOURS["working_days"],
        "saturday": SERVICE_HOURS["street_town_saturday"],
    }
)


def at(text: str) -> dt.datetime:
    """A moment by Shanghai's clocks."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BUSINESS_ZONE).astimezone(dt.UTC)


def seen(when: str, *closures: Closure, hours: Hours | None = TOWN) -> Opening:
    found = opening(hours, CALENDAR, closures, at(when))
    assert found.open == is_open(hours, CALENDAR, closures, at(when))
    return found


def test_every_limit_of_the_data_ends_on_the_day_that_it_says() -> None:
    assert len(CALENDAR_FILE["test_cases"]) == 11
    for case in CALENDAR_FILE["test_cases"]:
        due = CALENDAR.due(dt.date.fromisoformat(case["start"]), case["working_days"])
        assert due.isoformat() == case["due"], case["why"]


def test_working_days_of_each_month_are_as_many_as_the_data_says() -> None:
    for year, entry in CALENDAR_FILE["years"].items():
        days = [dt.date(int(year), 1, 1) + dt.timedelta(days=n) for n in range(366)]
        worked = [day.month for day in days if CALENDAR.is_working_day(day)]
        months = [worked.count(month) for month in range(1, 13)]
        if dt.date(int(year), 1, 1) + dt.timedelta(days=365) != dt.date(int(year), 12, 31):
            first = dt.date(int(year) + 1, 1, 1)
            months[0] -= int(CALENDAR.is_working_day(first))
        assert months == entry["working_days_per_month"]
        assert sum(months) == entry["working_days"]


def test_on_a_working_day_it_opens_in_the_morning_and_again_after_lunch() -> None:
    morning = seen("2024-11-20 10:00")
    assert (morning.open, morning.since) == (True, at("2024-11-20 09:00"))
    assert morning.closes_at == at("2024-11-20 11:30")
    lunch = seen("2024-11-20 12:00")
    assert (lunch.open, lunch.reason) == (False, Reason.HOURS)
    assert (lunch.since, lunch.opens_at) == (at("2024-11-20 11:30"), at("2024-11-20 13:30"))
    assert seen("2024-11-20 09:00").open
    assert not seen("2024-11-20 11:30").open
    assert seen("2024-11-20 18:00").opens_at == at("2024-11-21 09:00")


def test_on_a_saturday_it_has_its_own_times_and_on_a_sunday_none() -> None:
    assert seen("2024-11-23 10:00").open
    assert seen("2024-11-23 14:00").opens_at == at("2024-11-25 09:00")
    assert seen("2024-11-24 10:00").reason is Reason.HOURS


def test_a_holiday_is_closed_and_names_itself() -> None:
    # National Day of 2024: off from 1 to 7 October.
    closed = seen("2024-10-02 10:00")
    assert (closed.open, closed.reason) == (False, Reason.HOLIDAY)
    assert closed.since == at("2024-09-30 17:00")
    assert closed.opens_at == at("2024-10-08 09:00")
    # A Saturday in it has no Saturday's times, and the evening before is no holiday yet.
    assert not seen("2024-10-05 10:00").open
    assert seen("2024-09-30 18:00").reason is Reason.HOURS


def test_a_make_up_working_day_has_the_times_of_a_working_day() -> None:
    assert seen("2024-09-29 14:00").open  # a Sunday
    assert seen("2024-10-12 16:00").open  # a Saturday, whose own times end at 11:30
    assert seen("2024-09-28 18:00").opens_at == at("2024-09-29 09:00")


def test_a_year_that_is_not_published_counts_monday_to_friday_and_says_so() -> None:
    monday = seen("2027-02-08 10:00")  # within the Spring Festival of 2027, not listed yet
    assert (monday.open, monday.provisional) == (True, True)
    over = seen("2026-12-31 18:00")
    assert (over.opens_at, over.provisional) == (at("2027-01-01 09:00"), True)
    assert not seen("2026-12-30 18:00").provisional


def test_other_days_go_before_everything() -> None:
    hours = Hours.of(
        {
            "working_days": [["09:00", "17:00"]],
            "other_days": {"2024-11-20": [], "2024-10-01": [["10:00", "12:00"]]},
        }
    )
    assert seen("2024-11-20 10:00", hours=hours).opens_at == at("2024-11-21 09:00")
    assert seen("2024-10-01 11:00", hours=hours).closes_at == at("2024-10-01 12:00")
    assert seen("2024-10-01 13:00", hours=hours).reason is Reason.HOURS


def test_without_hours_it_is_open_at_all_hours_until_somebody_closes_it() -> None:
    assert seen("2024-10-02 03:00", hours=None) == Opening(True)
    closure = Closure(at("2024-10-02 02:00"), at("2024-10-02 04:00"))
    closed = seen("2024-10-02 03:00", closure, hours=None)
    assert (closed.open, closed.reason) == (False, Reason.CLOSED)
    assert (closed.since, closed.opens_at) == (closure.since, closure.until)
    again = seen("2024-10-02 04:00", closure, hours=None)
    assert (again.open, again.since, again.until) == (True, closure.until, None)


def test_a_closure_that_ends_out_of_hours_opens_at_the_next_hours() -> None:
    closure = Closure(at("2024-11-20 10:00"), at("2024-11-20 12:00"))
    closed = seen("2024-11-20 10:30", closure)
    assert (closed.reason, closed.opens_at) == (Reason.CLOSED, at("2024-11-20 13:30"))
    assert seen("2024-11-20 12:30", closure).reason is Reason.HOURS


def test_a_closure_of_years_still_ends() -> None:
    closure = Closure(at("2024-11-20 10:00"), at("2029-12-31 20:00"))
    closed = seen("2024-11-20 10:30", closure)
    assert (closed.opens_at, closed.provisional) == (at("2030-01-01 09:00"), True)
    assert seen("2024-11-20 10:30", closure, hours=None).opens_at == closure.until
    both = seen("2024-11-20 10:30", closure, Closure(at("2024-11-20 10:00")))
    assert both.opens_at is None


def test_a_closure_without_an_end_opens_at_no_known_time() -> None:
    closed = seen("2024-11-20 10:30", Closure(at("2024-11-20 10:00")))
    assert (closed.open, closed.reason, closed.opens_at) == (False, Reason.CLOSED, None)
    never = Hours.of({"working_days": []})
    assert seen("2024-11-20 10:30", hours=never).opens_at is None


def test_hours_round_the_clock_go_on_over_midnight_to_the_next_holiday() -> None:
    whole = [["00:00", "24:00"]]
    hours = Hours.of({"working_days": whole, "saturday": whole, "sunday": whole})
    assert seen("2024-11-20 00:00", hours=hours) == Opening(True, until=at("2025-01-01 00:00"))


def test_of_several_windows_the_one_that_is_open_or_opens_first_counts() -> None:
    early = Hours.of({"working_days": [["08:00", "12:00"]]})
    late = Hours.of({"working_days": [["10:00", "18:00"]]})

    def both(when: str) -> Opening:
        return combined(seen(when, hours=hours) for hours in (late, early))

    assert both("2024-11-20 11:00").since == at("2024-11-20 08:00")
    assert both("2024-11-20 11:00").closes_at == at("2024-11-20 18:00")
    assert both("2024-11-20 19:00").opens_at == at("2024-11-21 08:00")
    closed = seen("2024-11-20 11:00", Closure(at("2024-11-20 10:00")))
    assert combined([closed]).reason is Reason.CLOSED
    assert combined([]) == Opening(False, reason=Reason.CLOSED)


@pytest.mark.parametrize(
    ("times", "problem", "params"),
    [
        ([["12:00", "11:00"]], HoursOrder, {"opens": "12:00", "closes": "11:00"}),
        ([["12:00", "12:00"]], HoursOrder, {"opens": "12:00", "closes": "12:00"}),
        (
            [["13:00", "15:00"], ["09:00", "13:30"]],
            HoursOverlap,
            {"first": "09:00-13:30", "second": "13:00-15:00"},
        ),
    ],
)
def test_times_that_can_not_be_are_explained(
    times: Any, problem: type[HoursOrder | HoursOverlap], params: dict[str, str]
) -> None:
    with pytest.raises(problem) as refused:
        Hours.of({"working_days": [["09:00", "10:00"]], "saturday": times})
    assert refused.value.params == {"days": "saturday", **params}


@pytest.mark.parametrize("text", ["9:00", "24:01", "12:60", "12.30", "aa:bb", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no time of day|invalid literal"):
        Hours.of({"working_days": [[text, "23:00"]]})


@st.composite
def some_spans(draw: st.DrawFn) -> list[list[str]]:
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    texts = [f"{edge // 4:02d}:{edge % 4 * 15:02d}" for edge in edges]
    return [list(pair) for pair in zip(texts[::2], texts[1::2], strict=False)]


MOMENTS = st.integers(0, 1_500_000).map(
    lambda minutes: at("2024-01-20 00:00") + dt.timedelta(minutes=minutes)
)


@given(
    working=some_spans(),
    saturday=some_spans(),
    now=MOMENTS,
    closed=st.none() | st.tuples(st.integers(-100, 100), st.none() | st.integers(1, 300)),
)
def test_what_is_said_of_now_and_of_the_next_change_is_what_will_be(
    working: Any, saturday: Any, now: dt.datetime, closed: tuple[int, int | None] | None
) -> None:
    hours = Hours.of({"working_days": working, "saturday": saturday})
    closures = []
    if closed is not None:
        since = now + dt.timedelta(hours=closed[0])
        until = None if closed[1] is None else since + dt.timedelta(hours=closed[1])
        closures.append(Closure(since, until))

    def open_at(moment: dt.datetime) -> bool:
        return is_open(hours, CALENDAR, closures, moment)

    found = opening(hours, CALENDAR, closures, now)
    assert found.open == open_at(now)
    assert (found.reason is None) == found.open
    if found.until is not None:
        assert found.until > now
        assert open_at(found.until) != found.open
        quarter = dt.timedelta(minutes=15)
        for step in range(1, min(100, (found.until - now) // quarter)):
            assert open_at(now + step * quarter) == found.open
    elif not found.open:
        assert not any(open_at(now + dt.timedelta(hours=n)) for n in range(24 * 30))
    if found.since is not None:
        assert found.since <= now
        assert open_at(found.since) == found.open
        assert open_at(found.since - dt.timedelta(microseconds=1)) != found.open
