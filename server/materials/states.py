"""What may happen to a paper, and to a request for one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from server.infrastructure.states import step


class MaterialState(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"


class MaterialEvent(StrEnum):
    REMOVED = "removed"


class CaptureState(StrEnum):
    """A request of the agent to show a paper."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"


class CaptureEvent(StrEnum):
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"


MATERIAL_TRANSITIONS: Final[Mapping[tuple[MaterialState, MaterialEvent], MaterialState]] = {
    (MaterialState.KEPT, MaterialEvent.REMOVED): MaterialState.REMOVED,
}

CAPTURE_TRANSITIONS: Final[Mapping[tuple[CaptureState, CaptureEvent], CaptureState]] = {
    (CaptureState.OPEN, CaptureEvent.FULFILLED): CaptureState.FULFILLED,
    (CaptureState.OPEN, CaptureEvent.WITHDRAWN): CaptureState.WITHDRAWN,
}


def next_material_state(state: MaterialState, event: MaterialEvent) -> MaterialState:
    """Where `event` leads a paper. Raises TransitionRefused."""
    return step("material", MATERIAL_TRANSITIONS, state, event)


def next_capture_state(state: CaptureState, event: CaptureEvent) -> CaptureState:
    """Where `event` leads a request. Raises TransitionRefused."""
    return step("capture_request", CAPTURE_TRANSITIONS, state, event)
