"""Keeps the line-up true to SQL: brings all of it anew when it was lost, and mends what a replica
that died between its commit and Redis has left."""

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

from server.infrastructure.work import Work
from server.queueing.lineup import AT_ONCE, LineUp, LineUpLost, is_broken
from server.queueing.values import Claim, Known, Left, Move, Place, Sitting, Stood
from server.tickets.dispatch.news import News
from server.tickets.dispatch.queue_rows import (
    read_agents,
    read_all_places,
    read_places,
    read_refusals,
    read_versions,
)

LOOK_SECONDS: Final = 1.0
SPARE: Final = 20
"""A comparison is made again after so many times as long as the last one took, at the earliest."""
HOLD_MS: Final = 2_500
CLAIM: Final = dt.timedelta(seconds=3)
"""A claim that nobody has kept for so long was in the hands of a replica that runs no more."""


class Mender:
    """news: where it puts what has to be brought. take_on: gets the pairs that come of bringing
    everything anew. pause: how long a refusal lasts."""

    def __init__(
        self,
        work: Work,
        line_up: LineUp,
        news: News,
        take_on: Callable[[Sequence[Claim]], None],
        pause: dt.timedelta,
    ) -> None:
        self._work = work
        self._line_up = line_up
        self._news = news
        self._take_on = take_on
        self._pause = pause
        self._token = secrets.token_hex(8)
        self._woken = asyncio.Event()
        self._took = 0.0
        self._broken = False

    def heed(self, failure: Exception) -> None:
        """The line-up could not be told. Where it contradicts itself, all of it is brought anew."""
        if is_broken(failure):
            self._broken = True
        self.wake()

    def wake(self) -> None:
        """Compare now: the line-up may be lost, or out of date."""
        self._woken.set()

    async def rest(self) -> None:
        """Until the next comparison is due."""
        try:
            async with asyncio.timeout(max(LOOK_SECONDS, SPARE * self._took)):
                await self._woken.wait()
        except TimeoutError:
            return

    async def look(self) -> None:
        """Compare, or bring everything anew, unless another replica is at it; in any case see
        whose claims have been left behind. Raises RedisError, LineUpLost."""
        self._woken.clear()
        started = self._work.clock.monotonic()
        if self._broken:
            await self._restore()
        for name, ticket_id, account_id in await self._line_up.overdue(
            self._work.clock.now() - CLAIM
        ):
            self._news.settled.append(name)
            self._news.read(ticket=ticket_id, agent=account_id)
        if not await self._line_up.known():
            await self._restore()
        elif await self._line_up.hold(self._token, HOLD_MS):
            await self._compare()
        self._took = self._work.clock.monotonic() - started

    async def _restore(self) -> None:
        """Bring all agents, then all tickets in their order: each gets the longest idle who is
        able, as if nothing had happened. Until that is done nobody else may bring anything, so
        that nobody overtakes one who is still to be brought."""
        await self._line_up.release(self._token)
        self._token = secrets.token_hex(8)  # claims of different line-ups have different names
        if not await self._line_up.hold(self._token, HOLD_MS):
            raise LineUpLost
        if self._broken:
            await self._line_up.forget()
            self._broken = False
        now = self._work.clock.now()
        async with self._work.read() as session:
            moves: list[Move] = [*await read_refusals(session, self._pause, now, None)]
            moves += await read_agents(session, now)
            moves += await read_all_places(session)
        for start in range(0, len(moves), AT_ONCE):
            some = moves[start : start + AT_ONCE]
            self._take_on(await self._line_up.apply(some, now, token=self._token))
            if not await self._line_up.hold(self._token, HOLD_MS):
                raise LineUpLost
        await self._line_up.open(self._token)

    async def _compare(self) -> None:
        """What differs is brought again. The line-up is read first: whatever it knows, SQL has
        had before, so a version that is higher there comes from another life of the database."""
        known_tickets = await self._line_up.tickets()
        known_agents = await self._line_up.agents()
        now = self._work.clock.now()
        async with self._work.read() as session:
            versions = await read_versions(session)
            agents = await read_agents(session, now)
            sitting = {one.account_id: one for one in agents if isinstance(one, Sitting)}
            known = {one: (row.version, row.digest) for one, row in known_agents.items()}
            there = {one: (row.version, row.digest) for one, row in sitting.items()}
            tickets = _different({one: row.version for one, row in known_tickets.items()}, versions)
            accounts = _different(known, there)
            places = await read_places(session, tickets)
            seen = await read_agents(session, now, accounts)
        for ticket_id in tickets:
            self._news.read(ticket=ticket_id)
        for account_id in accounts:
            self._news.read(agent=account_id)
        self._news.rejected |= bool(tickets)
        self._news.anew |= {
            *(one.ticket_id for one in places if _is_older(one, known_tickets.get(one.ticket_id))),
            *(one.account_id for one in seen if _is_older(one, known_agents.get(one.account_id))),
        }


def _different(one: Mapping[UUID, object], other: Mapping[UUID, object]) -> list[UUID]:
    return [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]


def _is_older(row: Place | Left | Sitting | Stood, known: Known | None) -> bool:
    return known is not None and row.version < known.version
