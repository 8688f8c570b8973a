"""The days that are simulated: who comes, who serves, and what is asked of the result."""

import math
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from benchmarks.queueing.erlang import mean_wait, probability_of_waiting
from benchmarks.queueing.virtual_day import Caller, Day, Desk, Served, live
from server.queueing.lineup import LineUp
from server.queueing.values import Line, Queue, Seat

HOUR: Final = 3_600.0
OPENS: Final = 9 * HOUR
CLOSES: Final = 17 * HOUR
NIGHT: Final = 24 * HOUR
PROMISED_SECONDS: Final = 60.0
SKILL: Final = frozenset({"any"})
HEAD_START: Final = 300.0
PRIORITY_SHARE: Final = 0.15
OVERFLOW_SECONDS: Final = 120.0
CV: Final = 0.6  # of how long a visit takes: its deviation over its mean


@dataclass(frozen=True, slots=True)
class Known:
    """A queue whose answer is known: M/M/c, `days` times with `callers` each after a start."""

    servers: int = 3
    use: float = 0.5
    service_seconds: float = 300.0
    days: int = 40
    callers: int = 2_500
    settling: int = 200

    @property
    def load(self) -> float:
        return self.servers * self.use


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the mean wait and of the share who wait: measured, known, and the half width of the
    measured one's 95 % confidence interval, by the days as batches. ideal_percent: how far the
    mean wait is from that of an ideal first-come-first-served queue with the very same people."""

    wait: float
    known_wait: float
    wait_within: float
    waiting: float
    known_waiting: float
    waiting_within: float
    ideal_percent: float

    @property
    def error_percent(self) -> float:
        """The larger of both errors."""
        wait = abs(self.wait / self.known_wait - 1)
        waiting = abs(self.waiting / self.known_waiting - 1)
        return 100 * max(wait, waiting)


async def against_erlang(lineup: LineUp, known: Known, seed: int = 1) -> Agreement:
    drawn = [_random_callers(known, chance(seed + day)) for day in range(known.days)]
    await live(lineup, days := [_always_open(callers, known.servers) for callers in drawn])
    waits = [_settled_waits(day, known.settling) for day in days]
    ideal = [_ideal_waits(callers, known.servers)[known.settling :] for callers in drawn]
    means = [statistics.fmean(some) for some in waits]
    shares = [sum(1 for wait in some if wait > 0) / len(some) for some in waits]
    ideal_mean = statistics.fmean(statistics.fmean(some) for some in ideal)
    return Agreement(
        wait=statistics.fmean(means),
        known_wait=mean_wait(known.servers, known.load, known.service_seconds),
        wait_within=_half_width(means),
        waiting=statistics.fmean(shares),
        known_waiting=probability_of_waiting(known.servers, known.load),
        waiting_within=_half_width(shares),
        ideal_percent=100 * abs(statistics.fmean(means) / ideal_mean - 1),
    )


def chance(seed: int) -> random.Random:
    """The same draws in each run."""
    return random.Random(seed)  # noqa: S311 - nothing is kept secret by it


def _half_width(batches: Sequence[float]) -> float:
    return 1.96 * statistics.stdev(batches) / math.sqrt(len(batches))


def _random_callers(known: Known, rng: random.Random) -> list[Caller]:
    line, at, callers = Line(Queue("district", uuid4()), SKILL), 0.0, []
    for _ in range(known.settling + known.callers):
        at += rng.expovariate(known.load / known.service_seconds)
        callers.append(Caller(at, rng.expovariate(1 / known.service_seconds), line))
    return callers


def _always_open(callers: Sequence[Caller], servers: int) -> Day:
    queue, last = callers[0].line.queue, callers[-1].arrives
    shifts = [(0.0, last + NIGHT)]
    return Day(callers, [_desk(queue, shifts) for _ in range(servers)], tells=False)


def _settled_waits(day: Day, settling: int) -> list[float]:
    in_order = sorted(day.served, key=lambda served: served.caller.arrives)
    return [served.wait for served in in_order[settling:]]


def _ideal_waits(callers: Sequence[Caller], servers: int) -> list[float]:
    """Each takes the server that is free first: nothing of the product is in it."""
    free, waits = [0.0] * servers, []
    for caller in callers:
        first = min(range(servers), key=free.__getitem__)
        begins = max(caller.arrives, free[first])
        free[first] = begins + caller.takes
        waits.append(begins - caller.arrives)
    return waits


# --- ordinary days: eight hours, visits of ten minutes, twelve agents


Rate = Callable[[float], float]
"""How many times the usual number come at a second of the day."""


def usual(_at: float) -> float:
    return 1.0


def surge(at: float) -> float:
    """Three times as many from eleven to twelve."""
    return 3.0 if 11 * HOUR <= at < 12 * HOUR else 1.0


@dataclass(frozen=True, slots=True)
class Office:
    agents: int = 12
    visit_seconds: float = 600.0
    use: float = 0.8

    @property
    def a_second(self) -> float:
        return self.agents * self.use / self.visit_seconds


def visits(office: Office, line: Line, rng: random.Random, rate: Rate = usual) -> list[Caller]:
    """Who comes between opening and closing, at `rate` times the usual pace."""
    most, at, callers = 3.0, OPENS, []
    while (at := at + rng.expovariate(office.a_second * most)) < CLOSES:
        if rng.random() < rate(at) / most:
            callers.append(Caller(at, _takes(office, rng), line))
    return callers


def _takes(office: Office, rng: random.Random) -> float:
    """Most visits take a little less than the mean, some much more (gamma)."""
    shape = 1 / CV**2
    return rng.gammavariate(shape, office.visit_seconds / shape)


def new_line() -> Line:
    return Line(Queue("district", uuid4()), SKILL)


def desks(office: Office, line: Line, *, lunch: bool = False) -> list[Desk]:
    """All day long, and on until the last is served; or half at lunch at a time."""
    early = [(OPENS, 11.5 * HOUR), (12.5 * HOUR, CLOSES + NIGHT)]
    late = [(OPENS, 12.5 * HOUR), (13.5 * HOUR, CLOSES + NIGHT)]
    through = [(OPENS, CLOSES + NIGHT)]
    return [
        _desk(line.queue, (early, late)[number % 2] if lunch else through)
        for number in range(office.agents)
    ]


def _desk(queue: Queue, shifts: Sequence[tuple[float, float]]) -> Desk:
    return Desk(Seat(UUID(int=uuid4().int), queue, SKILL), shifts)


# --- what is said of them


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a day or several. level: the share answered within 60 s; longest agent: how much more
    the busiest agent worked than the mean, in percent."""

    callers: int
    level: float
    mean_wait: float
    p90_wait: float
    busiest_percent: float

    def line(self, name: str) -> str:
        return (
            f"{name:34}{self.callers:8}{self.level:10.1%}{self.mean_wait:10.0f}"
            f"{self.p90_wait:10.0f}{self.busiest_percent:10.1f}"
        )


HEADING: Final = f"{'':34}{'visits':>8}{'in 60 s':>10}{'mean s':>10}{'p90 s':>10}{'busiest %':>10}"


def outcome(days: Sequence[Day], group: str | None = None) -> Outcome:
    served = [
        one for day in days for one in day.served if group is None or one.caller.group == group
    ]
    waits = sorted(one.wait for one in served)
    worked = [[desk.worked for desk in day.desks.values()] for day in days]
    return Outcome(
        callers=len(waits),
        level=sum(1 for wait in waits if wait <= PROMISED_SECONDS) / len(waits),
        mean_wait=statistics.fmean(waits),
        p90_wait=waits[int(0.9 * len(waits))],
        busiest_percent=100
        * statistics.fmean(max(some) / statistics.fmean(some) - 1 for some in worked),
    )


@dataclass(frozen=True, slots=True)
class EstimateError:
    """Of those who were told a wait and had one: median of the error in percent of the true wait,
    and in seconds; bias: how much more than the truth was told in all, in percent."""

    told: int
    median_percent: float
    median_seconds: float
    bias_percent: float


def estimate_error(days: Sequence[Day]) -> EstimateError:
    told = [
        (one.expected, one.wait)
        for day in days
        for one in day.served
        if one.expected is not None and one.wait > PROMISED_SECONDS
    ]
    errors = [abs(expected - wait) for expected, wait in told]
    shares = [error / wait for error, (_, wait) in zip(errors, told, strict=True)]
    total = sum(wait for _, wait in told)
    return EstimateError(
        told=len(told),
        median_percent=100 * statistics.median(shares),
        median_seconds=statistics.median(errors),
        bias_percent=100 * (sum(expected for expected, _ in told) / total - 1),
    )


def calm_again(days: Sequence[Day]) -> float:
    """Minutes after twelve until nobody who comes waits for longer than a minute, at the median."""
    found = []
    for day in days:
        late = [one for one in day.served if one.wait > PROMISED_SECONDS]
        after = [one.caller.arrives for one in _surge_of(late)]
        found.append(max(after, default=12 * HOUR) - 12 * HOUR)
    return statistics.median(found) / 60


def _surge_of(late: Sequence[Served]) -> list[Served]:
    """Those who waited since the surge began, as far as one follows the other within 10 min."""
    chain: list[Served] = []
    for one in sorted(late, key=lambda served: served.caller.arrives):
        if one.caller.arrives < 11 * HOUR:
            continue
        if chain and one.caller.arrives - chain[-1].caller.arrives > 600:
            break
        chain.append(one)
    return chain
