"""The slots of a day."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from server.bookings.slots import Interval, next_free, slots_of, with_taken
from server.infrastructure.clock import BUSINESS_ZONE

DAY = dt.datetime(2026, 3, 6, tzinfo=BUSINESS_ZONE)
QUARTER = dt.timedelta(minutes=15)


def at(hour: int, minute: int = 0) -> dt.datetime:
    return DAY + dt.timedelta(hours=hour, minutes=minute)


MORNING = (at(9), at(11, 30))
AFTERNOON = (at(13, 30), at(17))


def test_slots_lie_wholly_within_the_hours() -> None:
    slots = list(slots_of([[MORNING, AFTERNOON]], minutes=15, places=1).values())
    assert len(slots) == 10 + 14
    assert (slots[0].starts_at, slots[0].ends_at) == (at(9), at(9, 15))
    assert [slot.starts_at for slot in slots[9:11]] == [at(11, 15), at(13, 30)]
    assert slots[-1].ends_at == at(17)


def test_each_open_window_adds_its_places() -> None:
    slots = slots_of([[MORNING, AFTERNOON], [AFTERNOON], []], minutes=30, places=2)
    assert slots[at(9)].places == 2
    assert slots[at(14)].places == 4


def test_a_slot_begins_at_the_full_hour_whenever_the_window_opens() -> None:
    slots = slots_of([[(at(9, 10), at(10, 5))]], minutes=15, places=1)
    assert list(slots) == [at(9, 15), at(9, 30), at(9, 45)]


def test_hours_that_overlap_are_one_window_still() -> None:
    slots = slots_of([[(at(9), at(10)), (at(9, 30), at(11))]], minutes=30, places=1)
    assert {slot.places for slot in slots.values()} == {1}


def test_the_whole_day_has_all_of_its_slots() -> None:
    slots = slots_of([[(DAY, DAY + dt.timedelta(days=1))]], minutes=15, places=1)
    assert len(slots) == 96


def test_taken_places_make_a_slot_full_and_the_next_free_ones_are_named() -> None:
    slots = with_taken(
        slots_of([[MORNING], [MORNING]], minutes=15, places=1),
        {at(9): 2, at(9, 15): 1, at(9, 30): 3},
    )
    assert [slot.free for slot in slots[:4]] == [False, True, False, True]
    assert next_free(slots, after=at(9), count=3) == [at(9, 15), at(9, 45), at(10)]
    assert next_free(slots, after=at(11, 15), count=3) == [at(11, 15)]
    assert next_free(slots, after=at(12), count=3) == []


INTERVALS = st.lists(
    st.tuples(st.integers(0, 1440), st.integers(0, 1440)).map(
        lambda pair: (DAY + dt.timedelta(minutes=min(pair)), DAY + dt.timedelta(minutes=max(pair)))
    ),
    max_size=4,
)


@given(st.lists(INTERVALS, max_size=4), st.sampled_from([5, 10, 15, 20, 30, 60]))
def test_every_slot_has_a_place_for_each_window_open_all_through_it(
    windows: list[list[Interval]], minutes: int
) -> None:
    step = dt.timedelta(minutes=minutes)
    expected: dict[dt.datetime, int] = {}
    for number in range(1440 // minutes):
        start = DAY + number * step
        able = sum(
            any(begin <= start and start + step <= end for begin, end in intervals)
            for intervals in windows
        )
        if able:
            expected[start] = able
    found = slots_of(windows, minutes=minutes, places=1)
    assert {start: slot.places for start, slot in found.items()} == expected
