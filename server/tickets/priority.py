"""Who gets a head start in the queue, and how much. Pure.

A head start is time: a ticket stands where it would stand, had its holder come that much earlier.
It is capped and a rank never moves back, so ageing comes by itself and nobody starves: a ticket
without one is overtaken only by those who come within the cap after it.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.infrastructure.errors import Unprocessable

ELDERLY_YEARS: Final = 60
"""老年人权益保障法, art. 2: citizens of 60 years of age and over."""
EARLIEST_BIRTH: Final = dt.date(1900, 1, 1)


class PriorityReason(StrEnum):
    """Reasons of a head start, in the order in which texts name them."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    VETERAN = "veteran"
    APPOINTMENT = "appointment"  # not to be claimed: a booking brings it


CLAIMABLE: Final = tuple(reason for reason in PriorityReason if reason != "appointment")


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of themself. born_on is used and never kept."""

    reasons: Collection[PriorityReason] = ()
    elder_mode: bool = False
    born_on: dt.date | None = None

    def granted(self, today: dt.date) -> list[PriorityReason]:
        """The reasons that hold today, each once. Raises Unprocessable `born_on_impossible`."""
        found = set(self.reasons)
        if self.elder_mode or (self.born_on is not None and is_elderly(self.born_on, today)):
            found.add(PriorityReason.ELDERLY)
        return in_order(found)


NOTHING_CLAIMED: Final = Claim()


@dataclass(frozen=True, slots=True)
class HeadStarts:
    """seconds: of each reason; one that is left out gives none. cap: of their sum, in seconds."""

    seconds: Mapping[str, int]
    cap: int

    def of(self, reasons: Collection[str]) -> int:
        """The head start of one with `reasons`, 0 to `cap` seconds."""
        return min(sum(self.seconds.get(reason, 0) for reason in set(reasons)), self.cap)

    def gained(self, had: int, reasons: Collection[str]) -> int:
        """Seconds by which one who had `had` moves forward with `reasons`; never below 0."""
        return max(self.of(reasons) - had, 0)


def rank_at(since: dt.datetime, head_start_seconds: int) -> dt.datetime:
    """The moment by which the queue is ordered."""
    return since - dt.timedelta(seconds=head_start_seconds)


def in_order(reasons: Collection[str]) -> list[PriorityReason]:
    return [reason for reason in PriorityReason if reason in reasons]


def claimed(words: Collection[str]) -> list[PriorityReason]:
    """The reasons named by `words`. Raises Unprocessable `priority_unknown` for any other."""
    unknown = sorted({word for word in words if word not in CLAIMABLE})
    if unknown:
        raise Unprocessable(
            "priority_unknown",
            unknown=", ".join(unknown)[:80],
            known=", ".join(CLAIMABLE),
        )
    return in_order(words)


def is_elderly(born_on: dt.date, today: dt.date) -> bool:
    """Whether somebody is 60 or more on `today`; from the birthday on.

    Raises Unprocessable `born_on_impossible` for a day to come, or before 1900.
    """
    if not EARLIEST_BIRTH <= born_on <= today:
        raise Unprocessable("born_on_impossible", earliest=EARLIEST_BIRTH.isoformat())
    before_birthday = (today.month, today.day) < (born_on.month, born_on.day)
    return today.year - born_on.year - before_birthday >= ELDERLY_YEARS
