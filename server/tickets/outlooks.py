"""Tells waiting residents where they stand: a momentary value, the last one wins."""

import asyncio
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from server.infrastructure.events.hub import Hub
from server.infrastructure.work import Work
from server.tickets.events import resident_topic
from server.tickets.facts import QueueValue
from server.tickets.states import QUEUED_TICKETS
from server.tickets.tables import Ticket
from server.tickets.waiting import Outlook, outlook

EVERY_SECONDS: Final = 1.0
AGAIN_EVERY: Final = 10  # a value that did not change is told again, for a page that missed it


class Outlooks:
    """For the residents whose pages are open on this replica."""

    def __init__(self, work: Work, hub: Hub) -> None:
        self._work = work
        self._hub = hub
        self._told: dict[UUID, Outlook] = {}
        self._turn = 0

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.tell()

    async def tell(self) -> None:
        self._turn = (self._turn + 1) % AGAIN_EVERY
        if self._turn == 0:
            self._told.clear()
        residents = [UUID(key) for key in self._hub.listened("resident")]
        if not residents:
            return
        query = select(Ticket).where(
            col(Ticket.resident_id).in_(residents), col(Ticket.state).in_(QUEUED_TICKETS)
        )
        async with self._work.read() as session:
            tickets = list((await session.execute(query)).scalars())
            found = [(ticket, await outlook(session, ticket)) for ticket in tickets]
        for ticket, now in found:
            if ticket.resident_id is not None and self._told.get(ticket.id) != now:
                self._told[ticket.id] = now
                value = QueueValue(
                    ticket_id=ticket.id,
                    ahead=now.ahead,
                    expected_wait_seconds=now.seconds,
                    raised_by=now.raised_by,
                )
                topic = resident_topic(ticket.resident_id)
                await self._hub.offer_value(topic, "queue", value.wire())
