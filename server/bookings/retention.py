"""How long bookings keep what they know: a telephone number as long as somebody is to be called."""

import asyncio
import datetime as dt
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, delete, select, update

from server.bookings.codes import TOLD_AFTER_END
from server.bookings.contacts import drop_contact
from server.bookings.places import give_back_place
from server.bookings.states import CANCELLABLE
from server.bookings.tables import SlotPlace, SlotUse, TicketContact
from server.infrastructure.actors import System
from server.infrastructure.settings import Settings
from server.infrastructure.tasks import each
from server.infrastructure.work import Work
from server.tickets.moves import move_ticket, withdraw_offer
from server.tickets.states import OfferState, PresenceEvent, TicketEvent, TicketState
from server.tickets.tables import Ticket

EVERY_SECONDS: Final = 2.0
TIDY_EVERY: Final = 300  # rounds
AT_ONCE: Final = 200
OVER: Final = (TicketState.DONE, TicketState.ABANDONED, TicketState.CANCELLED)
SLOTS_KEPT: Final = dt.timedelta(days=30)


class BookingRetention:
    """Runs in every replica. What the use cases delete themselves at once is not left to it; it
    finds what ended by other ways, such as a call that a resident cancelled at a page."""

    def __init__(self, work: Work, settings: Settings) -> None:
        self._work = work
        self._kept = dt.timedelta(days=settings.contact_days)

    async def run(self) -> None:
        turn = 0
        while True:
            await self.forget_ended()
            if turn == 0:
                await self.tidy()
            turn = (turn + 1) % TIDY_EVERY
            await asyncio.sleep(EVERY_SECONDS)

    async def forget_ended(self) -> None:
        """Delete contacts and give back places of tickets that are over."""
        ended = col(Ticket.state).in_(OVER)
        await each(await self._ids(TicketContact, ended), self._forget, what="contact")
        await each(await self._ids(SlotPlace, ended), self._free, what="slot's place")

    async def tidy(self) -> None:
        """Delete what has been kept long enough, whatever became of the call."""
        now = self._work.clock.now()
        old = col(TicketContact.asked_at) < now - self._kept
        await each(await self._ids(TicketContact, old), self._expire, what="old contact")
        codes = (
            update(Ticket)
            .where(
                col(Ticket.booking_code).is_not(None), col(Ticket.closed_at) < now - TOLD_AFTER_END
            )
            .values(booking_code=None)
            .execution_options(synchronize_session=False)
        )
        past = now - SLOTS_KEPT
        async with self._work.write(System("bookings")) as tx:
            await tx.session.execute(codes)
            await tx.session.execute(delete(SlotPlace).where(col(SlotPlace.starts_at) < past))
            await tx.session.execute(delete(SlotUse).where(col(SlotUse.starts_at) < past))

    async def _ids(self, table: type[TicketContact | SlotPlace], which: Any) -> list[UUID]:
        query = (
            select(col(table.ticket_id))
            .join(Ticket, col(Ticket.id) == col(table.ticket_id))
            .where(which)
            .limit(AT_ONCE)
        )
        async with self._work.read() as session:
            return list((await session.execute(query)).scalars())

    async def _forget(self, ticket_id: UUID) -> None:
        async with self._work.write(System("bookings")) as tx:
            await drop_contact(tx, ticket_id)

    async def _free(self, ticket_id: UUID) -> None:
        async with self._work.write(System("bookings")) as tx:
            await give_back_place(tx, ticket_id)

    async def _expire(self, ticket_id: UUID) -> None:
        """Without a number nobody can be called: the booking ends with it."""
        async with self._work.write(System("bookings")) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            if ticket.state in CANCELLABLE:
                await withdraw_offer(tx, ticket, OfferState.CANCELLED, PresenceEvent.WITHDRAWN)
                await move_ticket(tx, ticket, TicketEvent.CANCELLED, closed_at=tx.now)
            await drop_contact(tx, ticket_id)
