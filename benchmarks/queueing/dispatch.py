"""Dispatch alone: the product's line-up on a real Valkey, without SQL behind it.

A cycle is what a visit costs the line-up: a ticket comes in, an agent becomes free, the pair is
given, and settled once the offer would stand. How long an agent waits for the offer is measured
apart, one call at a time, beside bare round trips of the same connection.
"""

import asyncio
import datetime as dt
import itertools
import math
import os
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from redis.asyncio import Redis

from server.infrastructure.redis import connect_redis
from server.queueing.lineup import AT_ONCE, LineUp
from server.queueing.values import (
    Claim,
    Left,
    Line,
    Move,
    Place,
    Queue,
    Seat,
    Settled,
    Sitting,
    Stood,
)

START: Final = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
STEP: Final = dt.timedelta(milliseconds=1)
HOLD_MS: Final = 600_000
LANES: Final = 8
WARM_UP: Final = 200


@dataclass(frozen=True, slots=True)
class Office:
    """waiting: tickets, of any of the skills alike. agents: each serves at a window that has a
    run of them."""

    waiting: int = 10_000
    agents: int = 2_000
    skills: int = 200
    skills_a_window: int = 10


@dataclass(frozen=True, slots=True)
class Latencies:
    """Seconds. offers: an agent becomes free until the pair is there; bare: PING."""

    offers: list[float]
    bare: list[float]

    @property
    def p99_ratio(self) -> float:
        return percentile(self.offers, 99) / statistics.median(self.bare)


class LineOfOffice:
    """Keeps as many waiting as there were: for each who is served another one comes."""

    def __init__(self, lineup: LineUp, office: Office) -> None:
        self._lineup = lineup
        self._office = office
        self._queue = Queue("district", uuid4())
        self._agents = [uuid4() for _ in range(office.agents)]
        self._versions = itertools.count(1)
        self._arrivals = itertools.count()
        self._turns = itertools.count()

    async def fill(self) -> None:
        """Bring all who wait, while nobody is free, as after Redis was lost."""
        token = str(uuid4())
        await self._lineup.hold(token, HOLD_MS)
        for start in range(0, self._office.waiting, AT_ONCE):
            some = range(start, min(start + AT_ONCE, self._office.waiting))
            await self._lineup.apply([self._place() for _ in some], START, token=token)
        await self._lineup.open(token)

    async def cycle(self) -> float:
        """One ticket in, one agent free, one pair out; seconds from the agent to the pair."""
        now = START + next(self._turns) * STEP
        arrival = self._place()
        await self._lineup.apply([arrival], now)
        agent = self._able_to_serve(arrival, now)
        started = time.perf_counter()
        claims = await self._lineup.apply([agent], now)
        spent = time.perf_counter() - started
        await self._settle(claims, now)
        return spent

    async def _settle(self, claims: list[Claim], now: dt.datetime) -> None:
        """What is committed after an offer was written: the ticket and the agent have it."""
        if len(claims) != 1:
            raise RuntimeError(f"{len(claims)} pairs for one agent and a ticket of the agent's own")
        for claim in claims:
            moves: list[Move] = [
                Left(claim.ticket_id, claim.ticket_version + 1),
                Stood(claim.account_id, claim.account_version + 1),
                Settled(claim.name),
            ]
            await self._lineup.apply(moves, now)

    def _place(self) -> Place:
        number = next(self._arrivals)
        skill = f"skill-{number * 7919 % self._office.skills}"
        line = Line(self._queue, frozenset({skill}))
        return Place(uuid4(), 1, START + number * STEP, (line,))

    def _able_to_serve(self, ticket: Place, now: dt.datetime) -> Sitting:
        """An agent who may get `ticket`, or another one that has waited for longer."""
        office, turn = self._office, next(self._turns)
        (wanted,) = ticket.lines[0].skills
        first = int(wanted.removeprefix("skill-")) // office.skills_a_window
        first *= office.skills_a_window
        skills = frozenset(f"skill-{first + one}" for one in range(office.skills_a_window))
        account: UUID = self._agents[turn % office.agents]
        seat = Seat(UUID(int=first), self._queue, skills)
        version = next(self._versions) * 2
        return Sitting(account, version, now, (seat,), frozenset({"zh-CN"}))


@asynccontextmanager
async def line_of(redis_url: str, office: Office) -> AsyncIterator[tuple[LineOfOffice, LineUp]]:
    """A filled line on an emptied Valkey."""
    redis = connect_redis(redis_url)
    try:
        await redis.flushall()
        lineup = LineUp(redis)
        line = LineOfOffice(lineup, office)
        await line.fill()
        yield line, lineup
    finally:
        await redis.aclose()


async def cycles_per_second(redis_url: str, office: Office, seconds: float) -> float:
    """How many cycles a second this process and its Valkey do."""
    async with line_of(redis_url, office) as (line, _):
        for _ in range(WARM_UP):
            await line.cycle()
        started, done = time.perf_counter(), 0

        async def lane() -> None:
            nonlocal done
            while time.perf_counter() - started < seconds:
                await line.cycle()
                done += 1

        await asyncio.gather(*(lane() for _ in range(LANES)))
        return done / (time.perf_counter() - started)


async def rounds(redis_url: str, office: Office, times: int, count: int) -> list[Latencies]:
    """`count` rounds of `times` cycles, one at a time, a bare round trip after each."""
    redis = connect_redis(redis_url)
    try:
        async with line_of(redis_url, office) as (line, _):
            for _ in range(WARM_UP):
                await line.cycle()
            return [await _round(line, redis, times) for _ in range(count)]
    finally:
        await redis.aclose()


async def _round(line: LineOfOffice, redis: Redis, times: int) -> Latencies:
    offers, bare = [], []
    for _ in range(times):
        offers.append(await line.cycle())
        started = time.perf_counter()
        await redis.ping()
        bare.append(time.perf_counter() - started)
    return Latencies(offers, bare)


def growth(costs: dict[int, float]) -> float:
    """The cost's growth from the shortest line to the longest, over that of the logarithm of those
    waiting: at most 1 is no faster than logarithmic. costs: by how many wait, at least two."""
    short, long = min(costs), max(costs)
    return (costs[long] / costs[short]) / (math.log(long) / math.log(short))


def percentile(values: list[float], percent: float) -> float:
    """The value that `percent` of all do not exceed (nearest rank)."""
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


@contextmanager
def on_one_core() -> Iterator[None]:
    """This process, and what it starts meanwhile, on a single core."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
