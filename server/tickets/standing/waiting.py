"""How long somebody will wait. Pure.

The model is that of a busy queue (M/M/c): each agent at work finishes one ticket every
`seconds_each` on average, whenever the last one began. So seats fall free as a Poisson process of
agents / seconds_each, and who has `ahead` before it waits for the (ahead - free + 1)th of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DEFAULT_SECONDS: Final = 600.0
"""Of an item that is not known: what most items of the catalogue take."""
ANSWER_SECONDS: Final = 10
"""From an offer until somebody answers."""
PRIOR_WEIGHT: Final = 5.0
"""How many real ones the catalogue's own figure counts for."""
DECAY: Final = 0.95
"""How much less each older one counts: together they count for 20 at most."""
LONGEST_SECONDS: Final = 2 * 3600.0
"""A desk that was left open over lunch tells nothing of how long an item takes."""


class RaisedBy(StrEnum):
    """Why there are more ahead of a ticket than one who came after another would think."""

    HEAD_START = "head_start"  # others came later, with a head start
    OVERFLOW = "overflow"  # others came over from another queue
    RETURNED = "returned"  # others came back to a place that they had before


@dataclass(frozen=True, slots=True)
class Outlook:
    """ahead: tickets that come first; None once it does not wait. seconds: expected wait, None
    while nobody works at the queue."""

    ahead: int | None
    seconds: int | None
    raised_by: RaisedBy | None = None


def expected_seconds(*, ahead: float, free: int, agents: int, seconds_each: float) -> int | None:
    """The mean wait of one with `ahead` before it; None where nobody works.

    ahead: tickets that the same agents will take first; a part of one counts where others may take
    it. agents: at work and able; free: those of them who are idle. seconds_each: mean time of a
    ticket with an agent, wrap-up included. Grows with ahead, shrinks with agents.
    """
    if agents == 0:
        return None
    turns = ahead - free + 1
    if turns <= 0:
        return ANSWER_SECONDS
    return max(round(turns * seconds_each / agents), ANSWER_SECONDS)


def learned_seconds(prior: float, observed: Sequence[float]) -> float:
    """The mean time of an item in seconds, by what it really took; the newest first.

    Exponentially weighted, with `prior` as if it had been seen PRIOR_WEIGHT times before.
    """
    total, weight, one = prior * PRIOR_WEIGHT, PRIOR_WEIGHT, 1.0
    for seconds in observed:
        total += one * min(seconds, LONGEST_SECONDS)
        weight += one
        one *= DECAY
    return total / weight
