"""How long it will take, by who is ahead and who works."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tickets.waiting import ANSWER_SECONDS, expected_seconds


@pytest.mark.parametrize(
    ("ahead", "agents", "free", "minutes", "seconds"),
    [
        (0, 1, 1, 10, ANSWER_SECONDS),
        (1, 2, 2, 10, ANSWER_SECONDS),
        (0, 1, 0, 10, 600),
        (0, 2, 0, 10, 300),
        (3, 2, 0, 10, 1200),
        (2, 3, 1, 12, 480),  # one goes to the free seat, two more seats must fall free
        (1, 1, 1, 8, 480),
        (0, 0, 0, 10, None),
        (5, 0, 0, 10, None),
    ],
)
def test_expected_wait(
    ahead: int, agents: int, free: int, minutes: float, seconds: int | None
) -> None:
    found = expected_seconds(ahead=ahead, agents=agents, free=free, minutes=minutes)
    assert found == seconds


@given(
    st.integers(0, 200),
    st.integers(1, 30),
    st.integers(0, 30),
    st.floats(1, 120),
)
def test_waits_grow_with_the_queue_and_shrink_with_agents(
    ahead: int, agents: int, free: int, minutes: float
) -> None:
    free = min(free, agents)
    wait = expected_seconds(ahead=ahead, agents=agents, free=free, minutes=minutes)
    longer = expected_seconds(ahead=ahead + 1, agents=agents, free=free, minutes=minutes)
    staffed = expected_seconds(ahead=ahead, agents=agents + 1, free=free, minutes=minutes)
    assert wait is not None
    assert longer is not None
    assert staffed is not None
    assert ANSWER_SECONDS <= staffed <= wait <= longer
