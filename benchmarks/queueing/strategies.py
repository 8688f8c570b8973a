"""Ordinary days under different strategies, all through the product's own line-up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.queueing.days import (
    HEAD_START,
    OVERFLOW_SECONDS,
    PRIORITY_SHARE,
    Office,
    Rate,
    chance,
    desks,
    new_line,
    surge,
    usual,
    visits,
)
from benchmarks.queueing.virtual_day import Caller, Day
from server.queueing.values import Line

DAYS: Final = 5
BUSY: Final = Office(agents=6, use=1.0)
SPARE: Final = Office(agents=6, use=0.6)


@dataclass(frozen=True, slots=True)
class Strategy:
    """groups: lines of the table of their own, beside that for all. tells: callers were told how
    long they would wait. surges: by three times at eleven."""

    key: str
    name: str
    days: list[Day]
    groups: tuple[str, ...] = ()
    tells: bool = False
    surges: bool = False


def strategies() -> list[Strategy]:
    """The same people on the same days, each time served otherwise."""
    seeds = range(DAYS)
    return [
        Strategy("fifo", "first come first served", [_plain(seed) for seed in seeds], tells=True),
        Strategy(
            "any_idle", "any idle agent, at random", [_plain(seed, any_idle=True) for seed in seeds]
        ),
        Strategy(
            "priority",
            "head start of 5 min for 15 %",
            [_with_priority(seed) for seed in seeds],
            ("priority", "others"),
        ),
        Strategy(
            "surge",
            "surge of 3x for an hour",
            [_plain(seed, rate=surge) for seed in seeds],
            tells=True,
            surges=True,
        ),
        Strategy(
            "lunch",
            "half at lunch, in turns",
            [_plain(seed, lunch=True) for seed in seeds],
            tells=True,
        ),
        Strategy(
            "apart",
            "one queue full, one half empty",
            [_two_queues(seed) for seed in seeds],
            ("full", "spare"),
        ),
        Strategy(
            "overflow",
            "the same, overflow after 2 min",
            [_two_queues(seed, overflow=True) for seed in seeds],
            ("full", "spare"),
        ),
    ]


def _plain(seed: int, *, any_idle: bool = False, rate: Rate = usual, lunch: bool = False) -> Day:
    office, line = Office(), new_line()
    people = visits(office, line, chance(seed), rate)
    rng = chance(seed) if any_idle else None
    return Day(people, desks(office, line, lunch=lunch), rng=rng)


def _with_priority(seed: int) -> Day:
    office, line, rng = Office(), new_line(), chance(seed + 1_000)
    people = [
        replace(caller, group="priority", head_start=HEAD_START)
        if rng.random() < PRIORITY_SHARE
        else replace(caller, group="others")
        for caller in visits(office, line, chance(seed))
    ]
    return Day(people, desks(office, line))


def _two_queues(seed: int, *, overflow: bool = False) -> Day:
    """Two organisations: one with as many visits as its agents can take, one with fewer."""
    full, spare = new_line(), new_line()
    wider = ((OVERFLOW_SECONDS, spare),) if overflow else ()
    people: list[Caller] = [
        *_named(visits(BUSY, full, chance(seed)), "full", wider),
        *_named(visits(SPARE, spare, chance(seed + 500)), "spare", ()),
    ]
    return Day(people, [*desks(BUSY, full), *desks(SPARE, spare)], tells=False)


def _named(
    callers: Sequence[Caller], group: str, overflow: tuple[tuple[float, Line], ...]
) -> list[Caller]:
    return [replace(caller, group=group, overflow=overflow) for caller in callers]
