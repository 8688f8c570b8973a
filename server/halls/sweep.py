"""Ends a hall's numbers with their day: paper that nobody called is worth nothing tomorrow."""

import asyncio
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from server.infrastructure.actors import System
from server.infrastructure.clock import business_day
from server.infrastructure.tasks import each
from server.infrastructure.work import Work
from server.tickets.moves import move_ticket
from server.tickets.states import TicketEvent, TicketKind, TicketState
from server.tickets.tables import Ticket

EVERY_SECONDS: Final = 60.0


class HallSweep:
    """Runs in every replica: each step is conditional on the state that it ends."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def run(self) -> None:
        while True:
            await self.sweep()
            await asyncio.sleep(EVERY_SECONDS)

    async def sweep(self) -> int:
        """End the numbers of days that are over; how many."""
        query = select(Ticket.id).where(
            Ticket.kind == TicketKind.HALL,
            col(Ticket.state).in_((TicketState.WAITING, TicketState.SERVING)),
            Ticket.business_day < business_day(self._work.clock.now()),
        )
        async with self._work.read() as session:
            over = list((await session.execute(query)).scalars())
        return await each(over, self._end, what="number of yesterday")

    async def _end(self, ticket_id: UUID) -> None:
        async with self._work.write(System("hall-sweep")) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            # Who was called was served, though nobody said so.
            called = ticket.state == TicketState.SERVING
            event = TicketEvent.SERVED if called else TicketEvent.HOURS_ENDED
            await move_ticket(tx, ticket, event, closed_at=tx.now)
