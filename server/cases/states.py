"""The life of a case, as a table (up to `accepted` ours; after it the owner's system decides)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from server.infrastructure.states import step


class CaseState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CORRECTION_REQUESTED = "correction_requested"
    NOT_ACCEPTED = "not_accepted"
    ACCEPTED = "accepted"
    IN_REVIEW = "in_review"
    SUSPENDED = "suspended"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CaseEvent(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    CORRECTION_REQUESTED = "correction_requested"
    NOT_ACCEPTED = "not_accepted"
    REVIEW_STARTED = "review_started"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


_S: Final = CaseState
_E: Final = CaseEvent

# What is decided can be appealed, not withdrawn.
OPEN: Final = frozenset(
    {
        _S.DRAFT,
        _S.SUBMITTED,
        _S.CORRECTION_REQUESTED,
        _S.ACCEPTED,
        _S.IN_REVIEW,
        _S.SUSPENDED,
    }
)
EDITABLE: Final = frozenset({_S.DRAFT, _S.CORRECTION_REQUESTED})

TRANSITIONS: Final[Mapping[tuple[CaseState, CaseEvent], CaseState]] = {
    (_S.DRAFT, _E.SUBMITTED): _S.SUBMITTED,
    (_S.SUBMITTED, _E.ACCEPTED): _S.ACCEPTED,
    (_S.SUBMITTED, _E.CORRECTION_REQUESTED): _S.CORRECTION_REQUESTED,
    (_S.SUBMITTED, _E.NOT_ACCEPTED): _S.NOT_ACCEPTED,
    (_S.CORRECTION_REQUESTED, _E.SUBMITTED): _S.SUBMITTED,
    (_S.ACCEPTED, _E.REVIEW_STARTED): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.SUSPENDED): _S.SUSPENDED,
    (_S.SUSPENDED, _E.RESUMED): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.DECIDED): _S.DECIDED,
    (_S.DECIDED, _E.CLOSED): _S.CLOSED,
    **{(state, _E.WITHDRAWN): _S.WITHDRAWN for state in OPEN},
}


def next_state(state: CaseState, event: CaseEvent) -> CaseState:
    """Where `event` leads. Pure: the service saves and announces it. Raises TransitionRefused."""
    return step("case", TRANSITIONS, state, event)
