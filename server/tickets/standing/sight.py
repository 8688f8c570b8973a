"""The queue as it is at one moment: who waits before whom, and for which agents. Pure.

All questions about one moment are answered from one reading, so that they agree: the number ahead,
the expected wait and why. A question costs a few searches in sorted lists, however many wait.
"""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from server.tickets.reach import Reach
from server.tickets.standing.waiting import DEFAULT_SECONDS, RaisedBy, expected_seconds

Rank = tuple[dt.datetime, UUID]


class Demand:
    """Whom a ticket can be served by. Told by identity, so that ten thousand tickets are sorted
    into groups without a look at what they ask: `of` gives equal ones the same object."""

    def __init__(self, reach: tuple[Reach, ...]) -> None:
        self.reach = reach
        self.own = reach[0].queue
        self.queues = frozenset(one.queue for one in reach)

    @staticmethod
    @lru_cache(maxsize=4_096)
    def of(*reach: Reach) -> "Demand":
        """reach: of a ticket, its own queue first."""
        return Demand(reach)


class Waiter(NamedTuple):
    """A ticket that waits or is held. since: when it counts as having come, which for an early
    appointment is its time. priority: reasons of the head start."""

    rank: Rank
    since: dt.datetime
    item_code: str
    demand: Demand
    priority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """A window that is open, at which an agent serves."""

    channel: str
    org_id: UUID
    skills: frozenset[str]
    help_desk: bool = False


@dataclass(frozen=True, slots=True)
class Worker:
    """An agent at work: not offline, not on a break. item_code: of whom the agent serves."""

    account_id: UUID
    free: bool
    seats: tuple[Seat, ...]
    speaks: frozenset[str]
    item_code: str | None = None

    def serves(self, reach: Reach) -> bool:
        return reach.understands(self.speaks) and any(map(reach.takes, self.seats))


@dataclass(frozen=True, slots=True)
class _Group:
    """Tickets of one item that ask for the same, in order. seconds: of each with an agent."""

    demand: Demand
    seconds: float
    ranks: list[Rank] = field(default_factory=list)


class _Crew(NamedTuple):
    """Agents at work who may serve a demand. serving, work: of those whose item is known, how many
    and their mean times together."""

    agents: int
    free: int
    serving: int
    work: float


class Sight:
    """waiters: in the order of the queue. seats: all that are open, whether or not somebody is on.
    seconds: mean time of each item with an agent."""

    def __init__(
        self,
        waiters: Sequence[Waiter],
        workers: Sequence[Worker],
        seats: Collection[Seat],
        seconds: Mapping[str, float],
    ) -> None:
        self.waiters = waiters
        self.workers = workers
        self._seats = seats
        self._seconds = seconds
        self._able: dict[Demand, frozenset[UUID]] = {}
        self._rivals: dict[Demand, list[tuple[float, _Group]]] = {}
        self._crews: dict[Demand, _Crew] = {}

    def ahead(self, waiter: Waiter) -> int:
        """How many come before it in its own queue, also those who came over from others."""
        return bisect_left(self._lines.get(waiter.demand.own, []), waiter.rank, key=_rank)

    def before(self, waiter: Waiter) -> list[Waiter]:
        """Those who come before it in its own queue, in order."""
        line = self._lines.get(waiter.demand.own, [])
        return line[: bisect_left(line, waiter.rank, key=_rank)]

    def passed(self, waiter: Waiter) -> int:
        """How many of its own queue who came before it stand behind it."""
        line, count = self._lines.get(waiter.demand.own, []), 0
        for other in line[bisect_left(line, waiter.rank, key=_rank) :]:
            if other.rank[0] >= waiter.since:
                break  # nobody came before standing there
            count += other.since < waiter.since
        return count

    def raised_by(self, waiter: Waiter) -> RaisedBy | None:
        """Why others who are not before it by the time they came stand before it, if they do."""
        own = waiter.demand.own
        line = self._started.get(own, [])
        nearest_first = reversed(line[: bisect_left(line, waiter.rank, key=_rank)])
        for other in nearest_first:
            if other.rank[0] + self._longest_start <= waiter.since:
                break  # all further ones came earlier
            if other.since > waiter.since:
                return RaisedBy.HEAD_START
        guests = self._guests.get(own, [])
        return RaisedBy.OVERFLOW if guests and guests[0].rank < waiter.rank else None

    def able(self, demand: Demand) -> frozenset[UUID]:
        """The agents at work who may serve such a ticket."""
        found = self._able.get(demand)
        if found is None:
            found = frozenset(
                worker.account_id
                for alike in self._alike
                if any(alike[0].serves(one) for one in demand.reach)
                for worker in alike
            )
            self._able[demand] = found
        return found

    def is_open(self, demand: Demand) -> bool:
        """Whether a window is open that may serve such a ticket."""
        return any(reach.takes(seat) for seat in self._seats for reach in demand.reach)

    def seconds(self, demand: Demand, rank: Rank | None = None) -> int | None:
        """The expected wait of such a ticket at that place; None is behind all others.

        A ticket before it counts as far as the agents who may serve it are among one's own. None
        while nobody who is able works.
        """
        crew = self._crew_of(demand)
        ahead, work = 0.0, 0.0
        for share, group in self._rivals_of(demand):
            found = len(group.ranks) if rank is None else bisect_left(group.ranks, rank)
            ahead += share * found
            work += share * found * group.seconds
        known = ahead + crew.serving
        return expected_seconds(
            ahead=ahead,
            free=crew.free,
            agents=crew.agents,
            seconds_each=(work + crew.work) / known if known else self._usual_time(demand),
        )

    def _crew_of(self, demand: Demand) -> _Crew:
        found = self._crews.get(demand)
        if found is None:
            able = self.able(demand)
            workers = [worker for worker in self.workers if worker.account_id in able]
            served = [self._time_of(worker.item_code) for worker in workers if worker.item_code]
            free = sum(1 for worker in workers if worker.free)
            found = self._crews[demand] = _Crew(len(able), free, len(served), sum(served))
        return found

    def _usual_time(self, demand: Demand) -> float:
        """Of those who wait for the same agents, while it is not known whom these serve."""
        times = [(len(group.ranks) * share, group) for share, group in self._rivals_of(demand)]
        count = sum(weight for weight, _ in times)
        total = sum(weight * group.seconds for weight, group in times)
        return total / count if count else DEFAULT_SECONDS

    def _time_of(self, item_code: str) -> float:
        return self._seconds.get(item_code, DEFAULT_SECONDS)

    def _rivals_of(self, demand: Demand) -> list[tuple[float, _Group]]:
        """The groups that have agents in common, each with the share of its agents that are."""
        found = self._rivals.get(demand)
        if found is None:
            mine, found = self.able(demand), []
            for group in self._groups:
                theirs = self.able(group.demand)
                common = len(mine & theirs)
                if common:
                    found.append((common / len(theirs), group))
            self._rivals[demand] = found
        return found

    @cached_property
    def _alike(self) -> list[list[Worker]]:
        """Agents who may serve the same."""
        found: defaultdict[Any, list[Worker]] = defaultdict(list)
        for worker in self.workers:
            found[worker.seats, worker.speaks].append(worker)
        return list(found.values())

    @cached_property
    def _groups(self) -> list[_Group]:
        groups: dict[tuple[Demand, str], _Group] = {}
        for waiter in self.waiters:
            key = (waiter.demand, waiter.item_code)
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group(waiter.demand, self._time_of(waiter.item_code))
            group.ranks.append(waiter.rank)
        return list(groups.values())

    @cached_property
    def _lines(self) -> Mapping[str, list[Waiter]]:
        lines: defaultdict[str, list[Waiter]] = defaultdict(list)
        for waiter in self.waiters:
            for queue in waiter.demand.queues:
                lines[queue].append(waiter)
        return lines

    @cached_property
    def _guests(self) -> Mapping[str, list[Waiter]]:
        """In each queue those who came over from another one."""
        return {
            queue: guests
            for queue, line in self._lines.items()
            if (guests := [waiter for waiter in line if waiter.demand.own != queue])
        }

    @cached_property
    def _started(self) -> Mapping[str, list[Waiter]]:
        """In each queue those with a head start."""
        return {
            queue: started
            for queue, line in self._lines.items()
            if (started := [waiter for waiter in line if waiter.rank[0] < waiter.since])
        }

    @cached_property
    def _longest_start(self) -> dt.timedelta:
        starts = (waiter.since - waiter.rank[0] for waiter in self.waiters)
        return max(starts, default=dt.timedelta())


def _rank(waiter: Waiter) -> Rank:
    return waiter.rank
