"""How long it will take, by who is ahead, who works, and what items took of late."""

import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tickets.standing.outlooks import raised
from server.tickets.standing.waiting import (
    ANSWER_SECONDS,
    LONGEST_SECONDS,
    Outlook,
    RaisedBy,
    expected_seconds,
    learned_seconds,
)

AHEAD = st.floats(0, 10_000)
AGENTS = st.integers(1, 300)
EACH = st.floats(30, 7_200)


@pytest.mark.parametrize(
    ("ahead", "agents", "free", "each", "seconds"),
    [
        (0, 1, 1, 600, ANSWER_SECONDS),
        (1, 2, 2, 600, ANSWER_SECONDS),
        (0, 1, 0, 600, 600),
        (0, 2, 0, 600, 300),
        (3, 2, 0, 600, 1200),
        (2, 3, 1, 720, 480),  # one goes to the free seat, two more seats must fall free
        (1, 1, 1, 480, 480),
        (0.5, 1, 0, 600, 900),  # another agent may take the one ahead
        (0.5, 1, 1, 600, 300),
        (0, 0, 0, 600, None),
        (5, 0, 0, 600, None),
    ],
)
def test_expected_wait(
    ahead: float, agents: int, free: int, each: float, seconds: int | None
) -> None:
    found = expected_seconds(ahead=ahead, agents=agents, free=free, seconds_each=each)
    assert found == seconds


@given(AHEAD, st.floats(0, 5), AGENTS, st.integers(0, 300), EACH)
def test_waits_grow_with_the_queue_and_shrink_with_agents(
    ahead: float, more: float, agents: int, free: int, each: float
) -> None:
    free = min(free, agents)
    wait = expected_seconds(ahead=ahead, agents=agents, free=free, seconds_each=each)
    longer = expected_seconds(ahead=ahead + more, agents=agents, free=free, seconds_each=each)
    staffed = expected_seconds(ahead=ahead, agents=agents + 1, free=free, seconds_each=each)
    freer = expected_seconds(ahead=ahead, agents=agents + 1, free=free + 1, seconds_each=each)
    assert wait is not None
    assert longer is not None
    assert staffed is not None
    assert freer is not None
    assert ANSWER_SECONDS <= freer <= staffed <= wait <= longer


def test_no_wait_is_known_while_nobody_works() -> None:
    assert expected_seconds(ahead=3, agents=0, free=0, seconds_each=60) is None


@pytest.mark.parametrize(("ahead", "agents"), [(0, 1), (2, 2), (8, 3), (40, 7)])
def test_waits_are_what_a_busy_queue_gives(ahead: int, agents: int) -> None:
    """Against turns drawn one by one."""
    dice = random.Random(7)  # noqa: S311 - a figure, no secret
    each = 600.0
    waits = [sum(dice.expovariate(agents / each) for _ in range(ahead + 1)) for _ in range(20_000)]
    mean = expected_seconds(ahead=ahead, agents=agents, free=0, seconds_each=each)
    assert mean == pytest.approx(fmean(waits), rel=0.03)


def test_an_item_takes_what_the_catalogue_says_until_it_was_seen() -> None:
    assert learned_seconds(600, []) == 600
    assert 500 < learned_seconds(600, [300]) < 600


def test_what_was_seen_of_late_counts_more_than_what_was_seen_before() -> None:
    slow, quick = [1200.0] * 30, [300.0] * 30
    assert learned_seconds(600, slow + quick) > 900
    assert learned_seconds(600, quick + slow) < 600
    assert learned_seconds(600, [300.0] * 500) == pytest.approx(360, rel=0.05)


@given(
    st.floats(60, 3_600), st.lists(st.floats(0, LONGEST_SECONDS), max_size=60), st.floats(0, 9e5)
)
def test_what_is_learned_lies_among_what_was_seen(
    prior: float, observed: list[float], outlier: float
) -> None:
    found = learned_seconds(prior, observed)
    assert min([prior, *observed]) * 0.999 <= found <= max([prior, *observed]) * 1.001
    # A desk left open over night moves it no further than the longest that counts.
    assert learned_seconds(prior, [outlier, *observed]) <= max(prior, LONGEST_SECONDS)


def test_a_number_that_grows_without_another_reason_is_told_to_have_come_back() -> None:
    three, four = Outlook(3, 60), Outlook(4, 80)
    assert raised(four, None).raised_by is None
    assert raised(three, four).raised_by is None
    grown = raised(four, three)
    assert grown == Outlook(4, 80, RaisedBy.RETURNED)
    assert raised(four, grown).raised_by is RaisedBy.RETURNED
    assert raised(Outlook(4, 70), grown).raised_by is RaisedBy.RETURNED
    assert raised(three, grown).raised_by is None
    known = Outlook(4, 80, RaisedBy.HEAD_START)
    assert raised(known, three) is known
    assert raised(Outlook(None, None), three).raised_by is None
