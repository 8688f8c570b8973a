"""Looks whether the promise is kept: clocks of tickets, queues with nobody on, levels that fall."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.infrastructure.actors import System
from server.infrastructure.settings import Settings
from server.infrastructure.turns import take_turn
from server.infrastructure.work import Transaction, Work
from server.service_level import events
from server.service_level.alarms import (
    OF_A_TICKET,
    NewAlarm,
    clear_alarms,
    clock_alarm,
    raise_alarms,
    told,
)
from server.service_level.queues import low_levels, unattended
from server.service_level.tables import Alarm, AlarmKind
from server.tickets.states import QUEUED_TICKETS, PresenceState
from server.tickets.tables import UNANSWERED, AgentPresence, Ticket

LOOK_SECONDS: Final = 0.5
QUEUES_EVERY: Final = 10  # looks: a queue's alarms are seconds late at most
TIDY_EVERY: Final = 30
BATCH: Final = 200


class Watch:
    """Runs in every replica. What is raised or cleared is so once: rows are changed on condition,
    and alarms have a key that is unique while they are open."""

    def __init__(self, work: Work, settings: Settings) -> None:
        self._work = work
        self._settings = settings

    async def run(self) -> None:
        """Look at clocks twice a second, at queues every 5 s, until cancelled."""
        turn = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            turn += 1
            await self.look_at_clocks()
            if turn % QUEUES_EVERY == 0:
                await self.look_at_queues()
            if turn % TIDY_EVERY == 0:
                await self.tidy()

    async def look_at_clocks(self) -> int:
        """Warn of first answers that near their end, and of those that are late; how many."""
        marked = 0
        while await self._any_due():
            found = await self._mark()
            marked += found
            if found < BATCH:
                break
        return marked

    async def look_at_queues(self) -> None:
        """Alarms of whole queues: raised while it is so, cleared when it is over."""
        now = self._work.clock.now()
        async with self._work.read() as session:
            open_keys = await self._open_keys(session)
            found = {
                alarm.open_key: alarm
                for alarm in (
                    *await unattended(session, now, self._settings.nobody_on_seconds),
                    *await low_levels(session, now, self._settings),
                )
            }
        new = [alarm for key, alarm in found.items() if key not in open_keys]
        over = open_keys - found.keys()
        if new or over:
            await self._change(new, col(Alarm.open_key).in_(over))

    async def tidy(self) -> None:
        """Clear what is over. Boards do so as soon as they follow; this is for what they missed."""
        over = _is_over()
        async with self._work.read() as session:
            query = select(Alarm.id).where(events.is_open(), over).limit(1)
            left = (await session.execute(query)).first()
        if left is not None:
            await self._change([], over)

    async def _any_due(self) -> bool:
        async with self._work.read() as session:
            query = select(Ticket.id).where(*self._due(self._work.clock.now())).limit(1)
            return (await session.execute(query)).first() is not None

    def _due(self, now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
        warning = now - dt.timedelta(seconds=self._settings.answer_warning_seconds)
        return (
            # As text, so that PostgreSQL sees that its small index holds all of them.
            UNANSWERED,  # type: ignore[return-value]
            col(Ticket.clock_at) <= max(warning, self._late_before(now)),
            or_(col(Ticket.warned_at).is_(None), col(Ticket.clock_at) <= self._late_before(now)),
        )

    def _late_before(self, now: dt.datetime) -> dt.datetime:
        return now - dt.timedelta(seconds=self._settings.answer_seconds)

    async def _mark(self) -> int:
        async with self._work.write(System("service-level")) as tx:
            await take_turn(tx.session)
            query = (
                select(Ticket.id, Ticket.clock_at)
                .where(*self._due(tx.now))
                .order_by(col(Ticket.clock_at))
                .limit(BATCH)
                # Whoever is being answered at this moment is not held up; the next look sees.
                .with_for_update(skip_locked=True)
            )
            rows = (await tx.session.execute(query)).all()
            border = self._late_before(tx.now)
            late = [row.id for row in rows if row.clock_at <= border]
            soon = [row.id for row in rows if row.clock_at > border]
            tickets = [*await _marked(tx, soon), *await _marked(tx, late, late_at=tx.now)]
            alarms = await clear_alarms(tx, col(Alarm.ticket_id).in_(late))
            due = [alarm for ticket in tickets if (alarm := clock_alarm(ticket)) is not None]
            alarms += await raise_alarms(tx, due)
            changes = [(events.ticket_paths(one), events.ticket_change(one)) for one in tickets]
            await events.announce(tx, "alarm.changed", [*changes, *told(alarms)])
            return len(tickets)

    async def _open_keys(self, session: AsyncSession) -> set[str]:
        query = select(Alarm.open_key).where(
            events.is_open(), col(Alarm.kind).in_((AlarmKind.NOBODY_ON, AlarmKind.LEVEL_LOW))
        )
        return {key for key in (await session.execute(query)).scalars() if key is not None}

    async def _change(self, new: Sequence[NewAlarm], over: ColumnElement[bool]) -> None:
        async with self._work.write(System("service-level")) as tx:
            await take_turn(tx.session)
            alarms = [*await clear_alarms(tx, over), *await raise_alarms(tx, new)]
            await events.announce(tx, "alarm.changed", told(alarms))


async def _marked(tx: Transaction, ids: Sequence[UUID], **values: dt.datetime) -> list[Ticket]:
    """The tickets, once it is written that their clocks have warned, and been late."""
    if not ids:
        return []
    statement = (
        update(Ticket)
        .where(col(Ticket.id).in_(ids))
        # Their version stays: what an agent is about to accept has not changed for anybody else.
        .values(warned_at=func.coalesce(Ticket.warned_at, tx.now), **values)
        .returning(Ticket)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return list((await tx.session.execute(statement)).scalars())


def _is_over() -> ColumnElement[bool]:
    """Alarms of tickets that are owed no answer any more, and of agents who are back."""
    done = select(Ticket.id).where(
        or_(
            col(Ticket.state).not_in(QUEUED_TICKETS),
            col(Ticket.first_answered_at).is_not(None),
            col(Ticket.clock_at).is_(None),
        ),
        col(Ticket.id) == col(Alarm.ticket_id),
    )
    back = select(AgentPresence.account_id).where(
        col(AgentPresence.state) != PresenceState.ON_BREAK,
        col(AgentPresence.account_id) == col(Alarm.account_id),
    )
    return or_(
        and_(col(Alarm.kind).in_(OF_A_TICKET), done.exists()),
        and_(col(Alarm.kind) == AlarmKind.OFFERS_MISSED, back.exists()),
    )
