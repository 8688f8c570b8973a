"""Every state and event of session and engagement: as the table says, or refused."""

from itertools import product

import pytest

from server.infrastructure.states import TransitionRefused
from server.sessions.states import (
    LIVE_ENGAGEMENTS,
    OPEN_SESSIONS,
    EngagementEvent,
    EngagementState,
    SessionEvent,
    SessionState,
    next_engagement_state,
    next_session_state,
)

SESSION = {
    "connecting": {"connected": "active", "hung_up": "ending", "finished": "ended"},
    "active": {"interrupted": "interrupted", "hung_up": "ending", "finished": "ended"},
    "interrupted": {"connected": "active", "hung_up": "ending", "finished": "ended"},
    "ending": {"resumed": "connecting", "finished": "ended"},
}
ENGAGEMENT = {
    "offered": {"joined": "joined"},
    "joined": {"consults": "consulting", "left": "left"},
    "consulting": {"consulted": "joined", "left": "left"},
    "left": {"wraps_up": "wrapping_up", "resumed": "joined"},
    "wrapping_up": {"resumed": "joined", "completed": "completed"},
}


@pytest.mark.parametrize(("state", "event"), list(product(SessionState, SessionEvent)))
def test_a_session_goes_as_the_table_says_or_stays(
    state: SessionState, event: SessionEvent
) -> None:
    expected = SESSION.get(state, {}).get(event)
    if expected is None:
        with pytest.raises(TransitionRefused) as refused:
            next_session_state(state, event)
        assert refused.value.params == {"machine": "session", "state": state, "event": event}
    else:
        assert next_session_state(state, event) == expected


@pytest.mark.parametrize(("state", "event"), list(product(EngagementState, EngagementEvent)))
def test_an_engagement_goes_as_the_table_says_or_stays(
    state: EngagementState, event: EngagementEvent
) -> None:
    expected = ENGAGEMENT.get(state, {}).get(event)
    if expected is None:
        with pytest.raises(TransitionRefused) as refused:
            next_engagement_state(state, event)
        assert refused.value.params == {"machine": "engagement", "state": state, "event": event}
    else:
        assert next_engagement_state(state, event) == expected


def test_what_counts_as_open_and_live() -> None:
    assert set(SessionState) - set(OPEN_SESSIONS) == {SessionState.ENDING, SessionState.ENDED}
    assert set(EngagementState) - set(LIVE_ENGAGEMENTS) == {EngagementState.COMPLETED}
