"""The life of a recording, as a table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from server.infrastructure.states import step


class RecordingState(StrEnum):
    RECORDING = "recording"
    SEALING = "sealing"
    SEALED = "sealed"
    SALVAGED = "salvaged"
    FAILED = "failed"
    ARCHIVED = "archived"
    DESTROYED = "destroyed"


class RecordingEvent(StrEnum):
    """closed: the session is over, no part will be added. sealed: every part's files are safe.
    salvaged: so they are, but a worker died or lost some of it. failed: nothing could be sealed."""

    CLOSED = "closed"
    SEALED = "sealed"
    SALVAGED = "salvaged"
    FAILED = "failed"
    ARCHIVED = "archived"
    DESTROYED = "destroyed"


class PartState(StrEnum):
    """A part is what one worker recorded under one epoch of the session."""

    OPEN = "open"
    SEALED = "sealed"
    FAILED = "failed"


_S: Final = RecordingState
_E: Final = RecordingEvent

TRANSITIONS: Final[Mapping[tuple[RecordingState, RecordingEvent], RecordingState]] = {
    (_S.RECORDING, _E.CLOSED): _S.SEALING,
    (_S.SEALING, _E.SEALED): _S.SEALED,
    (_S.SEALING, _E.SALVAGED): _S.SALVAGED,
    (_S.SEALING, _E.FAILED): _S.FAILED,
    # The log is kept until it is sealed: a worker that is started again tries again.
    (_S.FAILED, _E.SEALED): _S.SEALED,
    (_S.FAILED, _E.SALVAGED): _S.SALVAGED,
    # The worker died while recording, and nobody closed the session before its log was sealed.
    (_S.RECORDING, _E.SALVAGED): _S.SALVAGED,
    (_S.SEALED, _E.ARCHIVED): _S.ARCHIVED,
    (_S.SALVAGED, _E.ARCHIVED): _S.ARCHIVED,
    (_S.ARCHIVED, _E.DESTROYED): _S.DESTROYED,
}

PLAYABLE: Final = frozenset({_S.SEALED, _S.SALVAGED, _S.ARCHIVED})


def next_state(state: RecordingState, event: RecordingEvent) -> RecordingState:
    """Where `event` leads. Pure: the service saves and announces it. Raises TransitionRefused."""
    return step("recording", TRANSITIONS, state, event)
