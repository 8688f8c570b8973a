"""A day at the counter on a virtual clock, ordered by the product's own line-up on a real Valkey.

The line-up takes its time as an argument, so a day is over in seconds. Who comes when and takes
how long is drawn beforehand; who is served when, and by whom, the line-up alone decides. Days that
have nothing to do with each other are stepped together, in one call.
"""

import datetime as dt
import heapq
import itertools
import random
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

from server.queueing.lineup import AT_ONCE, LineUp
from server.queueing.values import (
    Claim,
    Left,
    Line,
    Move,
    Place,
    Seat,
    Settled,
    Sitting,
    Stood,
)
from server.tickets.standing.waiting import expected_seconds, learned_seconds

MIDNIGHT: Final = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
HOLD_MS: Final = 600_000
MOVES_A_DAY: Final = 5  # of one step at most: a pair settled, an agent up and down, a ticket
REMEMBERED: Final = 60  # of what items took of late
SPEAKS: Final = frozenset({"zh-CN"})


class DayStuck(Exception):
    """Somebody was never served, though somebody able was there."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Seconds of the day. head_start: a priority's; overflow: the lines that open after so many
    seconds of waiting; group: for the table."""

    arrives: float
    takes: float
    line: Line
    group: str = "all"
    head_start: float = 0.0
    overflow: tuple[tuple[float, Line], ...] = ()
    id: UUID = field(default_factory=uuid4)


@dataclass(slots=True)
class Desk:
    """An agent at a window, within shifts (from, to); a call that runs over one is finished."""

    seat: Seat
    shifts: Sequence[tuple[float, float]]
    account_id: UUID = field(default_factory=uuid4)
    version: int = 1
    on: bool = False
    serving: bool = False
    worked: float = 0.0


@dataclass(frozen=True, slots=True)
class Served:
    """wait, expected: seconds; expected: what the caller was told at the door, None if nothing."""

    caller: Caller
    wait: float
    expected: float | None
    desk: Desk


class Day:
    """rng: given, it picks among idle agents; otherwise it is whoever has been idle for longest.

    tells: whether callers are told how long they will wait. prior: what the catalogue says that an
    item takes, seconds.
    """

    def __init__(
        self,
        callers: Iterable[Caller],
        desks: Sequence[Desk],
        *,
        rng: random.Random | None = None,
        tells: bool = True,
        prior: float = 600.0,
    ) -> None:
        self.served: list[Served] = []
        self.desks = {desk.account_id: desk for desk in desks}
        self._rng = rng
        self._tells = tells
        self._prior = prior
        self._waiting: dict[UUID, tuple[Caller, float | None]] = {}
        self._unsettled: list[Move] = []
        self._took: deque[float] = deque(maxlen=REMEMBERED)
        self._order = itertools.count()
        self._events: list[tuple[float, int, str, Caller | Desk]] = []
        for caller in callers:
            self._plan(caller.arrives, "arrives", caller)
        for desk in desks:
            for begin, end in desk.shifts:
                self._plan(begin, "begins", desk)
                self._plan(end, "ends", desk)

    @property
    def over(self) -> bool:
        return not self._events

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def step(self) -> tuple[float, list[Move]]:
        """The next thing that happens: when, and what the line-up is to be told of it."""
        at, _, what, who = heapq.heappop(self._events)
        moves, self._unsettled = self._unsettled, []
        if isinstance(who, Caller):
            moves += self._arrives(who, at) if what == "arrives" else self._overflows(who, at)
        elif what == "served":
            moves += self._served_one(who, at)
        else:
            moves += self._shift(who, at, begins=what == "begins")
        return at, moves

    def take(self, claims: Iterable[Claim], at: float) -> None:
        """Let the pairs that the line-up made begin."""
        for claim in claims:
            caller, expected = self._waiting.pop(claim.ticket_id)
            desk = self.desks[claim.account_id]
            desk.serving, desk.version = True, claim.account_version + 1
            desk.worked += caller.takes
            self.served.append(Served(caller, at - caller.arrives, expected, desk))
            self._plan(at + caller.takes, "served", desk)
            self._took.appendleft(caller.takes)
            self._unsettled += [
                Left(claim.ticket_id, claim.ticket_version + 1),
                Stood(claim.account_id, desk.version),
                Settled(claim.name),
            ]

    def _arrives(self, caller: Caller, at: float) -> list[Move]:
        self._waiting[caller.id] = (caller, self._expected() if self._tells else None)
        for after, _ in caller.overflow:
            self._plan(at + after, "overflows", caller)
        return [_place(caller, 1, (caller.line,))]

    def _overflows(self, caller: Caller, at: float) -> list[Move]:
        if caller.id not in self._waiting:
            return []
        opened = [line for after, line in caller.overflow if caller.arrives + after <= at]
        return [_place(caller, 1 + len(opened), (caller.line, *opened))]

    def _served_one(self, desk: Desk, at: float) -> list[Move]:
        desk.serving = False
        return self._sits(desk, at) if desk.on else []

    def _shift(self, desk: Desk, at: float, *, begins: bool) -> list[Move]:
        desk.on = begins
        if desk.serving:
            return []
        if begins:
            return self._sits(desk, at)
        desk.version += 1
        return [Stood(desk.account_id, desk.version)]

    def _sits(self, desk: Desk, at: float) -> list[Move]:
        desk.version += 1
        idle_since = moment(at if self._rng is None else self._rng.uniform(0.0, 86_400.0))
        return [Sitting(desk.account_id, desk.version, idle_since, (desk.seat,), SPEAKS)]

    def _expected(self) -> float | None:
        """What the page would say to one who comes now, by the product's own rule."""
        on = [desk for desk in self.desks.values() if desk.on or desk.serving]
        return expected_seconds(
            ahead=len(self._waiting),
            free=sum(1 for desk in on if not desk.serving),
            agents=len(on),
            seconds_each=learned_seconds(self._prior, self._took),
        )

    def _plan(self, at: float, what: str, who: Caller | Desk) -> None:
        heapq.heappush(self._events, (at, next(self._order), what, who))


def moment(seconds: float) -> dt.datetime:
    return MIDNIGHT + dt.timedelta(seconds=seconds)


def _place(caller: Caller, version: int, lines: tuple[Line, ...]) -> Place:
    rank = moment(caller.arrives - caller.head_start)
    return Place(caller.id, version, rank, lines)


async def open_line(lineup: LineUp) -> None:
    """Let an empty Valkey know a queue, empty as well."""
    token = str(uuid4())
    await lineup.hold(token, HOLD_MS)
    await lineup.open(token)


async def live(lineup: LineUp, days: Sequence[Day]) -> None:
    """Let `days` pass, each at its own pace. Raises DayStuck."""
    owners = {account_id: day for day in days for account_id in day.desks}
    going = list(days)
    while going:
        for some in _parts(going, AT_ONCE // MOVES_A_DAY):
            steps = {id(day): day.step() for day in some}
            moves = [move for _, told in steps.values() for move in told]
            now = moment(max(at for at, _ in steps.values()))
            claims = await lineup.apply(moves, now) if moves else []
            for claim in claims:
                day = owners[claim.account_id]
                day.take([claim], steps[id(day)][0])
        going = [day for day in going if not day.over]
    if any(day.waiting for day in days):
        raise DayStuck(f"{sum(day.waiting for day in days)} were never served")


def _parts(days: Sequence[Day], size: int) -> Iterator[Sequence[Day]]:
    for start in range(0, len(days), size):
        yield days[start : start + size]
