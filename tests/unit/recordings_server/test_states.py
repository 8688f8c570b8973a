"""The life of a recording: every state with every event."""

import itertools

import pytest

from server.infrastructure.states import TransitionRefused
from server.recordings.states import (
    TRANSITIONS,
    RecordingEvent,
    RecordingState,
    next_state,
)

S, E = RecordingState, RecordingEvent

DESIGNED = {
    (S.RECORDING, E.CLOSED): S.SEALING,
    (S.RECORDING, E.SALVAGED): S.SALVAGED,
    (S.SEALING, E.SEALED): S.SEALED,
    (S.SEALING, E.SALVAGED): S.SALVAGED,
    (S.SEALING, E.FAILED): S.FAILED,
    (S.FAILED, E.SEALED): S.SEALED,
    (S.FAILED, E.SALVAGED): S.SALVAGED,
    (S.SEALED, E.ARCHIVED): S.ARCHIVED,
    (S.SALVAGED, E.ARCHIVED): S.ARCHIVED,
    (S.ARCHIVED, E.DESTROYED): S.DESTROYED,
}


@pytest.mark.parametrize(
    ("state", "event"), list(itertools.product(RecordingState, RecordingEvent))
)
def test_every_state_with_every_event_goes_as_designed_or_is_refused(
    state: RecordingState, event: RecordingEvent
) -> None:
    expected = DESIGNED.get((state, event))
    if expected is not None:
        assert next_state(state, event) is expected
        return
    with pytest.raises(TransitionRefused):
        next_state(state, event)


def test_table_has_nothing_beyond_the_design() -> None:
    assert dict(TRANSITIONS) == DESIGNED
