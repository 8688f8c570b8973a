"""What ends by itself: offers that nobody answered, places that nobody came back to, pages gone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from server.infrastructure.actors import System
from server.infrastructure.settings import Settings
from server.infrastructure.tasks import each
from server.infrastructure.work import Work
from server.tickets.moves import (
    answer_offer,
    move_presence,
    move_ticket,
    rescind_offer,
    seconds_after,
    withdraw_offer,
)
from server.tickets.ports import Pages
from server.tickets.states import (
    AT_A_PAGE,
    OfferState,
    PresenceEvent,
    PresenceState,
    TicketEvent,
    TicketState,
)
from server.tickets.tables import AgentPresence, Offer, Ticket

SWEEP_SECONDS: Final = 0.5
WATCH_SHARE: Final = 10
"""Of the time, one part at most goes into looking for pages that are gone, however many wait."""
LONGEST_PAUSE: Final = 2.0  # `Pages.gone` has to be asked more often than a page counts as stale
RECEPTIVE: Final = (PresenceState.AVAILABLE, PresenceState.OFFERED, PresenceState.ON_BREAK)
WATCHED_TICKETS: Final = (TicketState.WAITING, TicketState.OFFERED)


class Leases:
    """Runs in every replica: each step is conditional on the state that it ends."""

    def __init__(self, work: Work, settings: Settings, pages: Pages) -> None:
        self._work = work
        self._settings = settings
        self._pages = pages

    async def run(self) -> None:
        monotonic, watch_at = self._work.clock.monotonic, 0.0
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self._end_overdue()
            if (started := monotonic()) >= watch_at:
                await self._watch_pages()
                ended = monotonic()
                watch_at = ended + min((ended - started) * WATCH_SHARE, LONGEST_PAUSE)

    async def sweep(self) -> None:
        """End what is over by now."""
        await self._end_overdue()
        await self._watch_pages()

    async def _end_overdue(self) -> None:
        await self._each(await self._overdue_offers(), self._time_out)
        await self._each(await self._overdue_holds(), self._give_up)

    async def _watch_pages(self) -> None:
        await self._watch_agents()
        await self._watch_residents()

    async def _each(self, ids: Sequence[UUID], step: Callable[[UUID], Awaitable[None]]) -> None:
        await each(ids, step, what="lease")

    async def _overdue_offers(self) -> list[UUID]:
        query = select(Offer.id).where(
            Offer.state == OfferState.PENDING, Offer.deadline_at <= self._work.clock.now()
        )
        async with self._work.read() as session:
            return list((await session.execute(query)).scalars())

    async def _overdue_holds(self) -> list[UUID]:
        query = select(Ticket.id).where(
            Ticket.state == TicketState.HELD,
            col(Ticket.session_id).is_(None),
            col(Ticket.held_until) <= self._work.clock.now(),
        )
        async with self._work.read() as session:
            return list((await session.execute(query)).scalars())

    async def _time_out(self, offer_id: UUID) -> None:
        async with self._work.write(System("lease")) as tx:
            offer = await tx.session.get_one(Offer, offer_id)
            ticket = await tx.session.get_one(Ticket, offer.ticket_id)
            await answer_offer(tx, offer, ticket, OfferState.TIMED_OUT)
            if ticket.state == TicketState.OFFERED:
                await move_ticket(tx, ticket, TicketEvent.LEASE_EXPIRED)
            presence = await tx.session.get_one(AgentPresence, offer.account_id)
            missed = presence.missed_offers + 1
            too_often = missed >= self._settings.missed_offers_to_break
            event = PresenceEvent.MISSED_TOO_OFTEN if too_often else PresenceEvent.MISSED
            await move_presence(tx, presence, event, missed_offers=missed)

    async def _give_up(self, ticket_id: UUID) -> None:
        async with self._work.write(System("lease")) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            await move_ticket(
                tx, ticket, TicketEvent.HOLD_EXPIRED, closed_at=tx.now, held_until=None
            )

    async def _watch_agents(self) -> None:
        """An agent whose page is gone takes no offers: what it was offered goes back."""
        query = select(AgentPresence.account_id).where(col(AgentPresence.state).in_(RECEPTIVE))
        async with self._work.read() as session:
            names = {f"staff:{row}": row for row in (await session.execute(query)).scalars()}
        gone = await self._pages.gone(names)
        await self._each([names[name] for name in gone], self._lose_agent)

    async def _lose_agent(self, account_id: UUID) -> None:
        async with self._work.write(System("presence")) as tx:
            presence = await tx.session.get_one(AgentPresence, account_id)
            await rescind_offer(tx, account_id, TicketEvent.AGENT_LOST)
            await move_presence(tx, presence, PresenceEvent.LOST)

    async def _watch_residents(self) -> None:
        """A resident whose page is gone keeps the place for a while, and is offered to nobody."""
        query = select(Ticket.id, Ticket.resident_id, Ticket.state).where(
            col(Ticket.state).in_((*WATCHED_TICKETS, TicketState.HELD)),
            col(Ticket.session_id).is_(None),
            # Who is called back, or holds a hall's number, has no page to be gone.
            col(Ticket.kind).in_(AT_A_PAGE),
        )
        async with self._work.read() as session:
            rows = [(row.id, row.resident_id, row.state) for row in await session.execute(query)]
        names = {f"resident:{resident_id}" for _, resident_id, _ in rows}
        gone = await self._pages.gone(names)
        for ticket_id, resident_id, state in rows:
            away = f"resident:{resident_id}" in gone
            if away and state in WATCHED_TICKETS:
                await self._each([ticket_id], self._hold)
            elif not away and state == TicketState.HELD:
                await self._each([ticket_id], self._take_back)

    async def _hold(self, ticket_id: UUID) -> None:
        async with self._work.write(System("presence")) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            await withdraw_offer(tx, ticket, OfferState.CANCELLED, PresenceEvent.WITHDRAWN)
            held_until = seconds_after(tx.now, self._settings.place_kept_seconds)
            await move_ticket(tx, ticket, TicketEvent.DROPPED, held_until=held_until)

    async def _take_back(self, ticket_id: UUID) -> None:
        async with self._work.write(System("presence")) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            await move_ticket(tx, ticket, TicketEvent.RETURNED, held_until=None)
