"""The clock of a first answer, and the two formulas, on examples worked by hand."""

import datetime as dt
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from server.service_level.formulas import Tally
from server.tickets.answer_clock import clock_values
from server.tickets.states import TicketEvent

NOON = dt.datetime(2024, 11, 20, 4, 0, tzinfo=dt.UTC)


@dataclass
class Place:
    due_at: dt.datetime | None = None
    clock_at: dt.datetime | None = None
    first_answered_at: dt.datetime | None = None


def minutes(count: float) -> dt.datetime:
    return NOON + dt.timedelta(minutes=count)


def test_the_published_example() -> None:
    # 1,000 answered, 860 in time; 60 gave up, 20 of them before it was due.
    tally = Tally(
        offered=1060, answered=1000, answered_within=860, abandoned=60, abandoned_after=40
    )
    assert tally.level_answered == 0.86
    assert tally.level_offered is not None
    assert round(tally.level_offered, 3) == 0.827


def test_a_short_abandon_counts_neither_for_nor_against() -> None:
    few = Tally(offered=10, answered=8, answered_within=6)
    more = Tally(offered=15, answered=8, answered_within=6, abandoned=5, abandoned_after=0)
    assert few.level_offered == more.level_offered == 0.75


def test_who_was_never_answered_weighs_in_one_formula_alone() -> None:
    tally = Tally(offered=4, answered=1, answered_within=1, abandoned=3, abandoned_after=3)
    assert (tally.level_answered, tally.level_offered) == (1.0, 0.25)


def test_nobody_asked_is_no_level() -> None:
    waiting = Tally(offered=3)
    assert (waiting.level_answered, waiting.level_offered) == (None, None)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 300)), max_size=60))
def test_levels_are_shares_and_the_stricter_one_is_never_above(
    visits: list[tuple[bool, float]],
) -> None:
    waits = [wait for answered, wait in visits if answered]
    left = [wait for answered, wait in visits if not answered]
    tally = Tally(
        len(visits),
        len(waits),
        sum(wait <= 60 for wait in waits),
        len(left),
        sum(wait > 60 for wait in left),
    )
    if tally.level_answered is not None:
        assert tally.level_offered is not None
        assert 0 <= tally.level_offered <= tally.level_answered <= 1


def test_an_appointment_is_owed_an_answer_from_its_time_or_the_arrival() -> None:
    early, late = Place(due_at=minutes(15)), Place(due_at=minutes(-5))
    assert clock_values(early, TicketEvent.ARRIVED, NOON) == {"clock_at": minutes(15)}
    assert clock_values(late, TicketEvent.ARRIVED, NOON) == {"clock_at": NOON}


def test_a_call_back_is_owed_from_when_it_was_promised_and_once() -> None:
    promised = Place(due_at=minutes(-1))
    assert clock_values(promised, TicketEvent.DUE, NOON) == {"clock_at": minutes(-1)}
    again = Place(due_at=minutes(-1), clock_at=minutes(-16), first_answered_at=minutes(-15))
    assert clock_values(again, TicketEvent.DUE, NOON) == {}


def test_who_turns_the_wait_into_a_call_back_waits_no_more() -> None:
    waiting = Place(clock_at=minutes(-3))
    gone = {"clock_at": None, "warned_at": None, "late_at": None}
    assert clock_values(waiting, TicketEvent.CALLBACK_ASKED, NOON) == gone
    # Who was answered once, and not reached, keeps the clock that the answer met.
    answered = Place(clock_at=minutes(-3), first_answered_at=minutes(-2))
    assert clock_values(answered, TicketEvent.CALLBACK_ASKED, NOON) == {}


def test_nothing_else_sets_the_clock_back() -> None:
    place = Place(clock_at=minutes(-3))
    begins = {TicketEvent.ARRIVED, TicketEvent.DUE, TicketEvent.CALLBACK_ASKED}
    for event in set(TicketEvent) - begins:
        assert clock_values(place, event, NOON) == {}
