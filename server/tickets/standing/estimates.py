"""Reads the queue as it is, and answers what is ahead of a ticket and how long that will take.

The cost does not grow with those who ask: three queries a reading, whoever asks. Where many wait or
work, a reading is used again for a short while, so that asking never takes more than a tenth of
the time; what pages show is told anew every second.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Collection
from functools import lru_cache
from itertools import groupby
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy import cast as sql_cast
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.catalogue.tables import ServiceItem
from server.identity.tables import Account, AccountWindow
from server.infrastructure.clock import Clock
from server.organisations.openings import read_desks
from server.tickets.on_duty import on_duty
from server.tickets.ports import HandlingTimes
from server.tickets.reach import Reach
from server.tickets.standing.sight import Demand, Seat, Sight, Waiter, Worker
from server.tickets.standing.waiting import ANSWER_SECONDS, Outlook, learned_seconds
from server.tickets.states import (
    IN_LINE,
    QUEUED_TICKETS,
    PresenceState,
    TicketState,
)
from server.tickets.tables import AgentPresence, Ticket

# JSON as text: ten thousand tickets ask for a few dozen different things.
WAITER: Final = (
    col(Ticket.rank_at),
    col(Ticket.id),
    col(Ticket.head_start_seconds),
    col(Ticket.item_code),
    sql_cast(col(Ticket.reach), Text),
    sql_cast(col(Ticket.priority), Text),
)
FEW: Final = 500
"""Waiting and working together; so many are read afresh each time."""
BREATH: Final = 100
SHARE: Final = 10
LONGEST_USE: Final = 3.0
LEARN_SECONDS: Final = 60.0


class Estimates:
    def __init__(self, clock: Clock, times: HandlingTimes) -> None:
        self._clock = clock
        self._times = times
        self._seconds: dict[str, float] = {}
        self._learn_at = float("-inf")
        self._sight: Sight | None = None
        self._use_until = float("-inf")

    async def outlook(self, session: AsyncSession, ticket: Ticket) -> Outlook:
        """What is ahead of `ticket`, and the expected wait."""
        if ticket.state not in IN_LINE:
            return outlook(ticket, None)
        return outlook(ticket, await self.sight(session))

    async def of_residents(
        self, session: AsyncSession, residents: Collection[UUID]
    ) -> list[tuple[UUID, UUID, Outlook]]:
        """The same for many at one moment: resident, ticket and outlook of each who is queued."""
        query = select_columns(col(Ticket.resident_id), col(Ticket.state), *WAITER).where(
            col(Ticket.resident_id).in_(residents), col(Ticket.state).in_(QUEUED_TICKETS)
        )
        rows = [*await session.execute(query)]
        if not rows:
            return []
        sight = await self._read(session)
        found = []
        for number, (resident_id, state, *columns) in enumerate(rows):
            if number % BREATH == 0:
                await asyncio.sleep(0)  # others are not to wait for all of them
            waiter = _waiter(*columns)
            found.append((resident_id, waiter.rank[1], _outlook(state, waiter, sight)))
        return found

    async def sight(self, session: AsyncSession) -> Sight:
        """The queue as it is now; where many wait or work, as it was within the last seconds."""
        if self._sight is not None and self._clock.monotonic() < self._use_until:
            return self._sight
        return await self._read(session)

    async def _read(self, session: AsyncSession) -> Sight:
        started = self._clock.monotonic()
        seconds = await self._learned(session, started)
        waiters = await _read_waiters(session)
        seats = await _read_seats(session, self._clock.now())
        workers = await _read_workers(session, seats)
        sight = Sight(waiters, workers, seats.values(), seconds)
        ended = self._clock.monotonic()
        many = len(waiters) + len(workers) > FEW
        self._sight = sight
        self._use_until = ended + min((ended - started) * SHARE, LONGEST_USE) if many else started
        return sight

    async def _learned(self, session: AsyncSession, now: float) -> dict[str, float]:
        """Seconds that each item takes, by what it took of late."""
        if now >= self._learn_at:
            observed = await self._times.recent(session)
            query = select(col(ServiceItem.code), col(ServiceItem.handling_minutes))
            self._seconds = {
                code: learned_seconds(minutes * 60, observed.get(code, ()))
                for code, minutes in await session.execute(query)
            }
            self._learn_at = now + LEARN_SECONDS
        return self._seconds


def waiter_of(ticket: Ticket) -> Waiter:
    return Waiter(
        (ticket.rank_at, ticket.id),
        ticket.rank_at + dt.timedelta(seconds=ticket.head_start_seconds),
        ticket.item_code,
        Demand.of(*(Reach.of(wire) for wire in ticket.reach)),
        tuple(ticket.priority),
    )


def outlook(ticket: Ticket, sight: Sight | None) -> Outlook:
    """sight: needed for a ticket that waits or is held."""
    return _outlook(ticket.state, waiter_of(ticket), sight)


def _outlook(state: str, waiter: Waiter, sight: Sight | None) -> Outlook:
    if state == TicketState.OFFERED:
        return Outlook(0, ANSWER_SECONDS)
    if state not in IN_LINE or sight is None:
        return Outlook(None, None)
    seconds = sight.seconds(waiter.demand, waiter.rank)
    return Outlook(sight.ahead(waiter), seconds, sight.raised_by(waiter))


async def _read_waiters(session: AsyncSession) -> list[Waiter]:
    query = (
        select_columns(*WAITER)
        .where(col(Ticket.state).in_(IN_LINE))
        .order_by(col(Ticket.rank_at), col(Ticket.id))
    )
    return [_waiter(*columns) for columns in await session.execute(query)]


def _waiter(
    rank_at: dt.datetime, id_: UUID, head_start: int, item: str, reach: str, priority: str
) -> Waiter:
    since = rank_at + dt.timedelta(seconds=head_start) if head_start else rank_at
    return Waiter((rank_at, id_), since, item, _demand(reach), _reasons(priority))


@lru_cache(maxsize=4_096)
def _demand(text: str) -> Demand:
    return Demand.of(*(Reach.of(wire) for wire in json.loads(text)))


@lru_cache(maxsize=256)
def _reasons(text: str) -> tuple[str, ...]:
    return tuple(cast(list[str], json.loads(text)))


async def _read_seats(session: AsyncSession, now: dt.datetime) -> dict[UUID, Seat]:
    """The windows that are open now."""
    return {
        desk.window.id: Seat(
            desk.window.channel,
            desk.window.org_id,
            frozenset(desk.window.skills),
            desk.window.help_desk,
        )
        for desk in await read_desks(session, now)
        if desk.is_open(now)
    }


async def _read_workers(session: AsyncSession, seats: dict[UUID, Seat]) -> list[Worker]:
    """Agents at work, at the windows that are open; what they serve, if they do."""
    presence = AgentPresence
    query = (
        select_columns(
            col(presence.account_id),
            col(presence.state),
            sql_cast(col(Account.speaks), Text),
            col(AccountWindow.window_id),
            col(Ticket.item_code),
        )
        .join(Account, col(Account.id) == col(presence.account_id))
        .join(AccountWindow, col(AccountWindow.account_id) == col(presence.account_id))
        .outerjoin(Ticket, col(Ticket.session_id) == col(presence.session_id))
        .where(on_duty())
        .order_by(col(presence.account_id))
    )
    rows = [
        (account_id, state, speaks, window_id, item_code)
        for account_id, state, speaks, window_id, item_code in await session.execute(query)
    ]
    return [
        _worker([*rows_of_one], seats) for _, rows_of_one in groupby(rows, key=lambda row: row[0])
    ]


def _worker(rows: list[tuple[UUID, str, str, UUID, str | None]], seats: dict[UUID, Seat]) -> Worker:
    """rows: one for each window of one agent."""
    account_id, state, speaks, _, item_code = rows[0]
    return Worker(
        account_id,
        state == PresenceState.AVAILABLE,
        tuple(seats[window_id] for *_, window_id, _item in rows if window_id in seats),
        frozenset(_reasons(speaks)),
        item_code,
    )
