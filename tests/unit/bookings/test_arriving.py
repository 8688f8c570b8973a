"""When one may arrive for an appointment, and where one then stands."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.bookings.arriving import Arrivals, rank_on_arrival
from server.bookings.errors import BookingMissed, TooEarly

DUE = dt.datetime(2026, 3, 6, 1, 30, tzinfo=dt.UTC)
WINDOW = Arrivals(early=dt.timedelta(minutes=15), grace=dt.timedelta(minutes=30))


def after(minutes: float) -> dt.datetime:
    return DUE + dt.timedelta(minutes=minutes)


def test_one_arrives_from_a_quarter_of_an_hour_before_until_half_an_hour_after() -> None:
    for minutes in (-15, -1, 0, 30):
        WINDOW.check(DUE, after(minutes))
    with pytest.raises(TooEarly) as early:
        WINDOW.check(DUE, after(-15.1))
    assert early.value.params["arrive_from"] == "2026-03-06T01:15:00.000Z"
    assert early.value.params["arrive_time"] == "2026-03-06 09:15"
    with pytest.raises(BookingMissed):
        WINDOW.check(DUE, after(30.1))


def test_a_head_start_reaches_no_further_than_one_may_arrive_early() -> None:
    assert WINDOW.head_start(600) == 600
    assert WINDOW.head_start(3600) == 900
    assert Arrivals(dt.timedelta(0), dt.timedelta(0)).head_start(600) == 0


def test_the_place_is_that_of_the_time_agreed_and_of_the_time_of_coming_for_the_late() -> None:
    assert rank_on_arrival(DUE, after(-12), 600) == after(-10)
    assert rank_on_arrival(DUE, DUE, 600) == after(-10)
    assert rank_on_arrival(DUE, after(20), 600) == after(10)


@given(st.integers(-15 * 60, 30 * 60), st.integers(0, 7200))
def test_nobody_ranks_before_the_time_from_which_one_may_arrive(
    seconds: int, head_start: int
) -> None:
    now = DUE + dt.timedelta(seconds=seconds)
    rank = rank_on_arrival(DUE, now, WINDOW.head_start(head_start))
    assert rank >= DUE - WINDOW.early
    assert rank <= max(now, DUE)


@given(st.lists(st.integers(-15 * 60, 30 * 60), min_size=2, max_size=2))
def test_coming_earlier_never_costs_a_place(came: list[int]) -> None:
    earlier, later = (
        rank_on_arrival(DUE, DUE + dt.timedelta(seconds=seconds), 600) for seconds in sorted(came)
    )
    assert earlier <= later
