"""Goes round those who wait: opens more windows to them by the overflow rules, and tells those whom
nobody is open for any more that the windows have closed."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Row, Table, and_, bindparam, or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col, select

from server.infrastructure.actors import System
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.tasks import each
from server.infrastructure.work import Transaction, Work
from server.tickets import events
from server.tickets.moves import move_ticket, seconds_after
from server.tickets.overflow.rules import Decision, Rule, Scene, Waiter, decide, may_be_served
from server.tickets.overflow.scene import read_rules, read_scene
from server.tickets.reach import Reach
from server.tickets.states import AT_A_PAGE, IN_LINE, TicketEvent, TicketKind, TicketState
from server.tickets.tables import ReachedQueue, Ticket

LOOK_SECONDS: Final = 0.5
# Once a while all are looked at whose window may have closed: somebody may have come back to a
# place in the very moment in which it did.
ALL_SECONDS: Final = 30.0
AGAIN_SECONDS: Final = 24 * 3600  # where time alone makes no rule due
PAGE: Final = 500
TOGETHER: Final = 25  # tickets of one transaction, which keeps other writers waiting
# Who has no page sees no closed door: a call back is kept for the next opening, and a hall's
# numbers are called at its own counters.
OVERFLOWING: Final = (*AT_A_PAGE, TicketKind.CALLBACK)

T = TypeVar("T")

_TICKETS: Final[Table] = SQLModel.metadata.tables["ticket"]
_LOOKED_AT: Final[tuple[Any, ...]] = (
    col(Ticket.id),
    col(Ticket.item_code),
    col(Ticket.place_path),
    col(Ticket.skills),
    col(Ticket.reach),
    col(Ticket.waiting_since),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look saw. staffed: windows that are open with somebody on duty, by languages."""

    rules: tuple[Rule, ...]
    open_ids: frozenset[UUID]
    staffed: frozenset[tuple[UUID, frozenset[str]]]

    @classmethod
    def of(cls, rules: Sequence[Rule], scene: Scene) -> "Seen":
        open_ids = frozenset(counter.window_id for counter in scene.counters if counter.open)
        staffed = frozenset(
            (crew.window_id, crew.speaks)
            for window_id in open_ids
            for crew in scene.crews.get(window_id, ())
            if crew.on
        )
        return cls(tuple(rules), open_ids, staffed)


@dataclass(frozen=True, slots=True)
class Widening:
    """What is to be opened to a ticket, and when it is looked at again."""

    ticket_id: UUID
    opened: tuple[Reach, ...]
    rules_at: dt.datetime


class Rounds:
    """Runs in every replica: each step is conditional on the ticket's state.

    A look costs a few small queries, however many wait: of the tickets only those are read whose
    time has come (`Ticket.rules_at`), or, once rules, open windows or people at them have changed,
    those whom that may concern.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._seen: Seen | None = None
        self._all_at = 0.0

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Do what is due now."""
        now = self._work.clock.now()
        async with self._work.read() as session:
            if not await _anybody_waits(session):
                self._seen = None
                return
            scene, rules = await read_scene(session, now), await read_rules(session)
        before, self._seen = self._seen, Seen.of(rules, scene)
        await self._look_again(before, self._seen, scene)
        monotonic = self._work.clock.monotonic()
        if before is None or before.open_ids != self._seen.open_ids or monotonic >= self._all_at:
            self._all_at = monotonic + ALL_SECONDS
            await self._close(scene, rules)
        await self._widen(scene, rules, now)

    async def _look_again(self, before: Seen | None, now: Seen, scene: Scene) -> None:
        """Let tickets be looked at whose time was reckoned with what has changed since."""
        which: list[Any] = []
        if before is not None and (before.rules, before.open_ids) == (now.rules, now.open_ids):
            left = {window_id for window_id, _ in before.staffed - now.staffed}
            if not left:
                return
            which = [_may_be_served_at(left, scene)]
        forget = update(Ticket).where(
            col(Ticket.state) == TicketState.WAITING, col(Ticket.rules_at).is_not(None), *which
        )
        async with self._work.write(System("overflow")) as tx:
            await tx.session.execute(
                forget.values(rules_at=None).execution_options(synchronize_session=False)
            )

    async def _widen(self, scene: Scene, rules: Sequence[Rule], now: dt.datetime) -> None:
        last: UUID | None = None
        while True:
            rows = await self._read_due(now, last)
            widenings, times = _decided(rows, rules, scene, now)
            await self._keep_times(times)
            await _together(widenings, self._widen_some, what="overflow")
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    async def _read_due(self, now: dt.datetime, last: UUID | None) -> Sequence[Row[Any]]:
        rules_at = col(Ticket.rules_at)
        query = select(*_LOOKED_AT).where(
            Ticket.state == TicketState.WAITING,
            or_(rules_at.is_(None), rules_at <= now),
            col(Ticket.kind).in_(OVERFLOWING),
        )
        async with self._work.read() as session:
            return (await session.execute(_page(query, last))).all()

    async def _keep_times(self, times: Sequence[tuple[UUID, dt.datetime]]) -> None:
        """Not a change of the tickets: it races with nothing, and is told to nobody."""
        if not times:
            return
        keep = (
            _TICKETS.update()
            .where(_TICKETS.c.id == bindparam("of"), _TICKETS.c.state == TicketState.WAITING)
            .values(rules_at=bindparam("at"))
        )
        async with self._work.write(System("overflow")) as tx:
            connection = await tx.session.connection()
            await connection.execute(keep, [{"of": id_, "at": at} for id_, at in times])

    async def _widen_some(self, widenings: Sequence[Widening]) -> None:
        by_id = {widening.ticket_id: widening for widening in widenings}
        async with self._work.write(System("overflow")) as tx:
            for ticket in await _locked(tx, by_id, (TicketState.WAITING,)):
                await widen(tx, ticket, by_id[ticket.id])

    async def _close(self, scene: Scene, rules: Sequence[Rule]) -> None:
        last: UUID | None = None
        while True:
            query = select(*_LOOKED_AT).where(
                col(Ticket.state).in_(IN_LINE),
                col(Ticket.session_id).is_(None),
                col(Ticket.kind).in_(AT_A_PAGE),
            )
            async with self._work.read() as session:
                rows = (await session.execute(_page(query, last))).all()
            lost = [row.id for row in rows if not may_be_served(_waiter(row), rules, scene)]

            async def close_some(ids: Sequence[UUID]) -> None:
                await self._close_some(ids, scene, rules)

            await _together(lost, close_some, what="closing time")
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    async def _close_some(self, ids: Sequence[UUID], scene: Scene, rules: Sequence[Rule]) -> None:
        async with self._work.write(System("closing-time")) as tx:
            for ticket in await _locked(tx, ids, IN_LINE):
                # Another replica may have opened more windows to it in the meantime.
                if ticket.session_id is None and not may_be_served(_waiter(ticket), rules, scene):
                    await move_ticket(
                        tx, ticket, TicketEvent.HOURS_ENDED, closed_at=tx.now, held_until=None
                    )


async def widen(tx: Transaction, ticket: Ticket, widening: Widening) -> None:
    """Let more queues serve a ticket that waits, and tell them. Raises Raced."""
    known = [Reach.of(wire) for wire in ticket.reach]
    plain = {replace(one, rule=None) for one in known}
    opened = [one for one in widening.opened if replace(one, rule=None) not in plain]
    if not opened:
        return
    queues = {one.queue for one in opened} - {one.queue for one in known}
    tx.session.add_all(ReachedQueue(queue=queue, ticket_id=ticket.id) for queue in sorted(queues))
    reach = [*ticket.reach, *(one.wire() for one in opened)]
    await save_if_unchanged(tx, ticket, reach=reach, rules_at=widening.rules_at)
    events.announce_ticket(tx, "ticket.widened", ticket)
    tx.audit(
        "ticket.widen",
        ("ticket", str(ticket.id)),
        rules=sorted({one.rule for one in opened if one.rule is not None}),
        queues=sorted(queues),
    )


def _decided(
    rows: Sequence[Row[Any]], rules: Sequence[Rule], scene: Scene, now: dt.datetime
) -> tuple[list[Widening], list[tuple[UUID, dt.datetime]]]:
    """Who gets more windows, and when the others are looked at next."""
    widenings: list[Widening] = []
    times: list[tuple[UUID, dt.datetime]] = []
    for row in rows:
        found: Decision = decide(_waiter(row), rules, scene, now)
        again = found.next_at or seconds_after(now, AGAIN_SECONDS)
        if found.opened:
            widenings.append(Widening(row.id, found.opened, again))
        else:
            times.append((row.id, again))
    return widenings, times


def _waiter(row: Any) -> Waiter:
    """row: a ticket, or the columns of _LOOKED_AT."""
    return Waiter(
        row.item_code,
        row.place_path,
        frozenset(row.skills),
        tuple(Reach.of(wire) for wire in row.reach),
        row.waiting_since,
    )


def _may_be_served_at(window_ids: set[UUID], scene: Scene) -> Any:
    """The condition for tickets that reach a queue of one of the windows."""
    counters = [counter for counter in scene.counters if counter.window_id in window_ids]
    own = [
        and_(col(Ticket.channel) == counter.channel, col(Ticket.serving_org_id) == counter.org_id)
        for counter in counters
    ]
    queues = [counter.queue for counter in counters]
    reached = select(ReachedQueue.ticket_id).where(col(ReachedQueue.queue).in_(queues))
    return or_(*own, col(Ticket.id).in_(reached))


async def _anybody_waits(session: AsyncSession) -> bool:
    query = select(Ticket.id).where(col(Ticket.state).in_(IN_LINE)).limit(1)
    return (await session.execute(query)).first() is not None


def _page(query: Any, last: UUID | None) -> Any:
    query = query.order_by(col(Ticket.id)).limit(PAGE)
    return query if last is None else query.where(col(Ticket.id) > last)


async def _locked(
    tx: Transaction, ids: Iterable[UUID], states: Sequence[TicketState]
) -> Sequence[Ticket]:
    """The tickets that still are in one of `states`, held for this transaction alone; without
    those that somebody else holds right now, whose turn comes at the next look."""
    query = (
        select(Ticket)
        .where(col(Ticket.id).in_(list(ids)), col(Ticket.state).in_(states))
        .order_by(col(Ticket.id))
        .with_for_update(skip_locked=True)
    )
    return (await tx.session.execute(query)).scalars().all()


async def _together(
    rows: Sequence[T], step: Callable[[Sequence[T]], Awaitable[None]], *, what: str
) -> None:
    """Do `step` for many at once; where that fails, for each alone, so that one that can't be
    handled does not hold up the others."""
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        if not await each([some], step, what=what) and len(some) > 1:
            await each([[one] for one in some], step, what=what)
