"""What may happen to a paper, and to a request for one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from server.infrastructure.errors import Conflict


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


class TransitionRefused(Conflict):
    """The state machine has no such step; nothing was changed."""

    def __init__(self, machine: str, state: str, event: str) -> None:
        super().__init__("transition_refused", machine=machine, state=state, event=event)


MATERIAL_TRANSITIONS: Final[Mapping[tuple[MaterialState, MaterialEvent], MaterialState]] = {
    (MaterialState.KEPT, MaterialEvent.REMOVED): MaterialState.REMOVED,
}

CAPTURE_TRANSITIONS: Final[Mapping[tuple[CaptureState, CaptureEvent], CaptureState]] = {
    (CaptureState.OPEN, CaptureEvent.FULFILLED): CaptureState.FULFILLED,
    (CaptureState.OPEN, CaptureEvent.WITHDRAWN): CaptureState.WITHDRAWN,
}


def next_material_state(state: MaterialState, event: MaterialEvent) -> MaterialState:
    """Where `event` leads a paper. Raises TransitionRefused."""
    try:
        return MATERIAL_TRANSITIONS[state, event]
    except KeyError:
        raise TransitionRefused("material", state, event) from None


def next_capture_state(state: CaptureState, event: CaptureEvent) -> CaptureState:
    """Where `event` leads a request. Raises TransitionRefused."""
    try:
        return CAPTURE_TRANSITIONS[state, event]
    except KeyError:
        raise TransitionRefused("capture_request", state, event) from None
