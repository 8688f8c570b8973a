"""What comes by itself: the time of a call, the end of an appointment nobody came for, the loss of
an agent who was calling."""

import asyncio
import datetime as dt
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.bookings.arriving import Arrivals
from server.bookings.calendar import BookingCalendar, Queue
from server.bookings.callbacks import Callbacks
from server.bookings.places import give_back_place
from server.bookings.tables import CallbackCall
from server.bookings.times import become_due, retime, soonest
from server.infrastructure.actors import System
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.settings import Settings
from server.infrastructure.tasks import each
from server.infrastructure.work import Work
from server.tickets.moves import move_ticket
from server.tickets.ports import Pages
from server.tickets.states import TicketEvent, TicketState
from server.tickets.tables import Ticket

EVERY_SECONDS: Final = 1.0
AT_ONCE: Final = 200


class BookingSweep:
    """Runs in every replica: each step is conditional on the state that it ends."""

    def __init__(
        self,
        work: Work,
        settings: Settings,
        calendar: BookingCalendar,
        callbacks: Callbacks,
        pages: Pages,
    ) -> None:
        self._work = work
        self._calendar = calendar
        self._callbacks = callbacks
        self._pages = pages
        self._arrivals = Arrivals.of(settings)
        self._kept = dt.timedelta(seconds=settings.place_kept_seconds)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.sweep()

    async def sweep(self) -> None:
        """Do what is due by now."""
        now = self._work.clock.now()
        missed = now - self._arrivals.grace
        due = Ticket.state == TicketState.CALLBACK, col(Ticket.due_at) <= now
        await each(await self._tickets(*due), self._become_due, what="call back due")
        over = Ticket.state == TicketState.BOOKED, col(Ticket.due_at) < missed
        await each(await self._tickets(*over), self._give_up, what="appointment missed")
        await self._watch_agents()

    async def _tickets(self, *which: Any) -> list[UUID]:
        query = select(Ticket.id).where(*which).order_by(col(Ticket.due_at)).limit(AT_ONCE)
        async with self._work.read() as session:
            return list((await session.execute(query)).scalars())

    async def _become_due(self, ticket_id: UUID) -> None:
        """The call waits in line, or, where no window is open, gets the time of the opening."""
        async with self._work.write(System("bookings")) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            if ticket.state != TicketState.CALLBACK or (ticket.due_at or tx.now) > tx.now:
                return
            due_at = await soonest(self._calendar, tx.session, Queue.of(ticket), tx.now)
            if due_at > tx.now:
                await retime(tx, ticket, due_at)
            else:
                await become_due(tx, ticket)

    async def _give_up(self, ticket_id: UUID) -> None:
        async with self._work.write(System("bookings")) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            # Asked again: it may have been moved, or somebody has come, in the meantime.
            if ticket.state != TicketState.BOOKED or ticket.due_at is None:
                return
            if self._arrivals.is_over(ticket.due_at, tx.now):
                await move_ticket(tx, ticket, TicketEvent.MISSED, closed_at=tx.now)
                await give_back_place(tx, ticket.id)

    async def _watch_agents(self) -> None:
        """An agent without a page for as long as a resident's place is kept is not calling."""
        async with self._work.read() as session:
            calls = await _calls_under_way(session)
        gone = await self._pages.gone({f"staff:{call.account_id}" for call in calls})
        away = {call.id for call in calls if f"staff:{call.account_id}" in gone}
        changed = [call.id for call in calls if (call.id in away) != bool(call.agent_gone_at)]
        await each(changed, lambda call_id: self._note(call_id, away=call_id in away), what="call")
        oldest = self._work.clock.now() - self._kept
        lost = [
            call.id
            for call in calls
            if call.id in away and call.agent_gone_at is not None and call.agent_gone_at <= oldest
        ]
        await each(lost, self._lose, what="call")

    async def _note(self, call_id: UUID, *, away: bool) -> None:
        async with self._work.write(System("bookings")) as tx:
            call = await tx.session.get_one(CallbackCall, call_id)
            if call.ended_at is None:
                await save_if_unchanged(tx, call, agent_gone_at=tx.now if away else None)

    async def _lose(self, call_id: UUID) -> None:
        async with self._work.write(System("bookings")) as tx:
            call = await tx.session.get_one(CallbackCall, call_id)
            if call.ended_at is None and call.agent_gone_at is not None:
                await self._callbacks.lose(tx, call)


async def _calls_under_way(session: AsyncSession) -> list[CallbackCall]:
    query = select(CallbackCall).where(col(CallbackCall.ended_at).is_(None))
    return list((await session.execute(query)).scalars())
