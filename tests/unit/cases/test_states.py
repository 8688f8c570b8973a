"""The life of a case: every state with every event."""

import itertools

import pytest

from server.cases.states import (
    EDITABLE,
    OPEN,
    TRANSITIONS,
    CaseEvent,
    CaseState,
    next_state,
)
from server.infrastructure.states import TransitionRefused

S, E = CaseState, CaseEvent

DESIGNED = {
    (S.DRAFT, E.SUBMITTED): S.SUBMITTED,
    (S.SUBMITTED, E.ACCEPTED): S.ACCEPTED,
    (S.SUBMITTED, E.CORRECTION_REQUESTED): S.CORRECTION_REQUESTED,
    (S.SUBMITTED, E.NOT_ACCEPTED): S.NOT_ACCEPTED,
    (S.CORRECTION_REQUESTED, E.SUBMITTED): S.SUBMITTED,
    (S.ACCEPTED, E.REVIEW_STARTED): S.IN_REVIEW,
    (S.IN_REVIEW, E.SUSPENDED): S.SUSPENDED,
    (S.SUSPENDED, E.RESUMED): S.IN_REVIEW,
    (S.IN_REVIEW, E.DECIDED): S.DECIDED,
    (S.DECIDED, E.CLOSED): S.CLOSED,
    (S.DRAFT, E.WITHDRAWN): S.WITHDRAWN,
    (S.SUBMITTED, E.WITHDRAWN): S.WITHDRAWN,
    (S.CORRECTION_REQUESTED, E.WITHDRAWN): S.WITHDRAWN,
    (S.ACCEPTED, E.WITHDRAWN): S.WITHDRAWN,
    (S.IN_REVIEW, E.WITHDRAWN): S.WITHDRAWN,
    (S.SUSPENDED, E.WITHDRAWN): S.WITHDRAWN,
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(CaseState, CaseEvent)))
def test_every_state_with_every_event_goes_as_designed_or_is_refused(
    state: CaseState, event: CaseEvent
) -> None:
    expected = DESIGNED.get((state, event))
    if expected is not None:
        assert next_state(state, event) is expected
        return
    with pytest.raises(TransitionRefused) as refused:
        next_state(state, event)
    assert refused.value.params == {"machine": "case", "state": state, "event": event}


def test_table_has_nothing_beyond_the_design() -> None:
    assert dict(TRANSITIONS) == DESIGNED


def test_what_can_be_edited_is_open() -> None:
    assert EDITABLE <= OPEN
