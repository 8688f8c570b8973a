"""Who gets a head start, how much, and that nobody starves by it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.infrastructure.errors import Unprocessable
from server.infrastructure.settings import PRIORITY_SECONDS, Settings
from server.tickets.priority import (
    Claim,
    HeadStarts,
    PriorityReason,
    claimed,
    is_elderly,
    rank_at,
)
from server.tickets.schemas import PriorityIn, TicketIn

TODAY = dt.date(2024, 11, 26)
START = dt.datetime(2024, 11, 26, 1, tzinfo=dt.UTC)
USUAL = HeadStarts(PRIORITY_SECONDS, 600)


@pytest.mark.parametrize(
    ("born_on", "elderly"),
    [
        ("1964-11-26", True),  # sixty today
        ("1964-11-27", False),
        ("1964-12-01", False),
        ("1900-01-01", True),
        ("2024-11-26", False),
    ],
)
def test_the_elderly_are_sixty_and_over(born_on: str, elderly: bool) -> None:
    assert is_elderly(dt.date.fromisoformat(born_on), TODAY) is elderly


def test_who_was_born_on_a_leap_day_is_sixty_on_that_day() -> None:
    born_on = dt.date(1964, 2, 29)
    assert not is_elderly(born_on, dt.date(2024, 2, 28))
    assert is_elderly(born_on, dt.date(2024, 2, 29))


@pytest.mark.parametrize("born_on", ["2024-11-27", "1899-12-31", "0001-01-01", "9999-12-31"])
def test_impossible_dates_of_birth_are_refused(born_on: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        is_elderly(dt.date.fromisoformat(born_on), TODAY)
    assert refused.value.code == "born_on_impossible"


def test_reasons_come_from_what_was_claimed_the_age_and_the_large_text() -> None:
    young, old = dt.date(1990, 1, 1), dt.date(1950, 1, 1)
    veteran = [PriorityReason.VETERAN]
    assert Claim().granted(TODAY) == []
    assert Claim(veteran, born_on=young).granted(TODAY) == ["veteran"]
    assert Claim(veteran, born_on=old).granted(TODAY) == ["elderly", "veteran"]
    assert Claim(elder_mode=True, born_on=old).granted(TODAY) == ["elderly"]


def test_only_known_reasons_can_be_claimed_and_an_appointment_cannot() -> None:
    assert claimed(["veteran", "elderly", "veteran"]) == ["elderly", "veteran"]
    for words in (["hurry"], ["elderly", "appointment"]):
        with pytest.raises(Unprocessable) as refused:
            claimed(words)
        assert refused.value.code == "priority_unknown"
        assert "pregnant" in str(refused.value.params["known"])
        with pytest.raises(Unprocessable):
            PriorityIn.model_validate({"priority": words})


def test_bodies_without_a_reason_claim_nothing() -> None:
    body = TicketIn.model_validate({"item_code": "x"})
    assert body.claim().granted(TODAY) == []
    body = TicketIn.model_validate({"item_code": "x", "priority": ["pregnant"], "elder_mode": True})
    assert body.claim().granted(TODAY) == ["elderly", "pregnant"]


@pytest.mark.parametrize("priority", ["elderly", [1], ["elderly"] * 9, {"elderly": True}, None])
def test_reasons_of_another_shape_are_refused(priority: object) -> None:
    with pytest.raises(ValidationError):
        PriorityIn.model_validate({"priority": priority})


def test_head_starts_add_up_to_the_cap_and_never_shrink() -> None:
    assert USUAL.of([]) == 0
    assert USUAL.of(["elderly", "elderly"]) == PRIORITY_SECONDS["elderly"]
    assert USUAL.of(["elderly", "pregnant"]) == 300
    assert USUAL.of(list(PRIORITY_SECONDS)) == 600
    assert USUAL.gained(120, ["elderly", "pregnant"]) == 180
    assert USUAL.gained(600, ["appointment", "elderly"]) == 0
    # The weights were lowered while somebody waited.
    assert USUAL.gained(900, ["elderly"]) == 0


def test_settings_name_every_reason_and_no_other() -> None:
    assert set(PRIORITY_SECONDS) == set(PriorityReason)
    changed = Settings(priority_seconds={"elderly": 300}).priority_seconds
    assert changed == PRIORITY_SECONDS | {"elderly": 300}
    for wrong in ({"friend": 60}, {"elderly": -1}):
        with pytest.raises(ValidationError):
            Settings(priority_seconds=wrong)


@dataclass(frozen=True)
class Arrival:
    number: int
    since: dt.datetime
    reasons: tuple[str, ...]
    head_start: int

    @property
    def rank(self) -> tuple[dt.datetime, int]:
        return rank_at(self.since, self.head_start), self.number


def arrivals(
    gaps: Sequence[int], reasons: Sequence[Sequence[str]], starts: HeadStarts
) -> list[Arrival]:
    made: list[Arrival] = []
    since = START
    for number, (gap, why) in enumerate(zip(gaps, reasons, strict=False)):
        since += dt.timedelta(seconds=gap)
        made.append(Arrival(number, since, tuple(why), starts.of(why)))
    return made


GAPS = st.lists(st.integers(0, 900), min_size=1, max_size=40)
REASONS = st.lists(st.lists(st.sampled_from(list(PriorityReason)), max_size=5), min_size=40)
WEIGHTS = st.dictionaries(st.sampled_from(list(PriorityReason)), st.integers(0, 10_000))


@given(GAPS, REASONS, WEIGHTS, st.integers(0, 3_600))
def test_nobody_starves(
    gaps: list[int],
    reasons: list[list[str]],
    weights: Mapping[str, int],
    cap: int,
) -> None:
    """Whoever comes later than the cap after somebody stands behind, whatever the reasons."""
    came = arrivals(gaps, reasons, HeadStarts(weights, cap))
    for one in came:
        for other in came:
            if other.rank < one.rank and other.number > one.number:
                assert (other.since - one.since).total_seconds() <= cap
                assert other.head_start > one.head_start


@given(GAPS, REASONS, WEIGHTS, st.integers(0, 3_600))
def test_equals_are_served_first_come_first_served(
    gaps: list[int],
    reasons: list[list[str]],
    weights: Mapping[str, int],
    cap: int,
) -> None:
    came = arrivals(gaps, reasons, HeadStarts(weights, cap))
    ordered = sorted(came, key=lambda one: one.rank)
    for head_start in {one.head_start for one in came}:
        equals = [one.number for one in ordered if one.head_start == head_start]
        assert equals == sorted(equals)


@given(st.lists(st.sets(st.sampled_from(list(PriorityReason))), max_size=6), WEIGHTS)
def test_adding_reasons_moves_forward_only_and_within_the_cap(
    steps: list[set[str]], weights: Mapping[str, int]
) -> None:
    starts = HeadStarts(weights, 600)
    reasons: set[str] = set()
    head_start, rank = 0, START
    for added in [*steps, *steps]:
        reasons |= added
        gained = starts.gained(head_start, reasons)
        assert gained >= 0
        head_start, rank = head_start + gained, rank_at(rank, gained)
    assert head_start == starts.of(reasons) <= 600
    assert rank == rank_at(START, head_start)
