"""One step of a state machine that a subject keeps as a table. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from server.infrastructure.errors import Conflict

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


class TransitionRefused(Conflict):
    """The state machine has no such step; nothing was changed."""

    def __init__(self, machine: str, state: str, event: str) -> None:
        super().__init__("transition_refused", machine=machine, state=state, event=event)


def step(
    machine: str, table: Mapping[tuple[State, Event], State], state: State, event: Event
) -> State:
    """Where `event` leads from `state`, as `table` says. Raises TransitionRefused."""
    try:
        return table[state, event]
    except KeyError:
        raise TransitionRefused(machine, state, event) from None
