"""Papers and requests for them: every state with every event."""

import itertools

import pytest

from server.infrastructure.states import TransitionRefused
from server.materials.states import (
    CaptureEvent,
    CaptureState,
    MaterialEvent,
    MaterialState,
    next_capture_state,
    next_material_state,
)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(MaterialState, MaterialEvent)))
def test_paper_goes_as_designed_or_is_refused(state: MaterialState, event: MaterialEvent) -> None:
    if (state, event) == (MaterialState.KEPT, MaterialEvent.REMOVED):
        assert next_material_state(state, event) is MaterialState.REMOVED
    else:
        with pytest.raises(TransitionRefused):
            next_material_state(state, event)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(CaptureState, CaptureEvent)))
def test_request_goes_as_designed_or_is_refused(state: CaptureState, event: CaptureEvent) -> None:
    if state is CaptureState.OPEN:
        assert next_capture_state(state, event) == event.value
    else:
        with pytest.raises(TransitionRefused):
            next_capture_state(state, event)
