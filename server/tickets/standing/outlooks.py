"""Tells waiting residents where they stand: a momentary value, the last one wins."""

import asyncio
from dataclasses import replace
from typing import Final
from uuid import UUID

from server.infrastructure.events.hub import Hub
from server.infrastructure.work import Work
from server.tickets.events import resident_topic
from server.tickets.facts import QueueValue
from server.tickets.standing.estimates import Estimates
from server.tickets.standing.waiting import Outlook, RaisedBy

EVERY_SECONDS: Final = 1.0
SHARE: Final = 5
"""Telling takes a fifth of the time at most, however many wait."""

Told = tuple[Outlook, int]
"""What was told, and the number of the last page that had come to hear it."""


class Outlooks:
    """For the residents whose pages are open on this replica: whenever it has changed, and when
    another page listens."""

    def __init__(self, work: Work, hub: Hub, estimates: Estimates) -> None:
        self._work = work
        self._hub = hub
        self._estimates = estimates
        self._told: dict[UUID, Told] = {}

    async def run(self) -> None:
        pause = EVERY_SECONDS
        while True:
            await asyncio.sleep(pause)
            started = self._work.clock.monotonic()
            await self.tell()
            pause = max(EVERY_SECONDS, (self._work.clock.monotonic() - started) * SHARE)

    async def tell(self) -> int:
        """Tell whom something has changed for; how many were told."""
        residents = [UUID(key) for key in self._hub.listened("resident")]
        told: dict[UUID, Told] = {}
        count = 0
        for resident_id, ticket_id, now in await self._read(residents) if residents else []:
            topic = resident_topic(resident_id)
            before = self._told.get(ticket_id)
            told[ticket_id] = value = raised(now, before and before[0]), self._hub.joined(topic)
            if before != value:
                count += 1
                await self._hub.offer_value(topic, "queue", _value(ticket_id, value[0]).wire())
        self._told = told
        return count

    async def _read(self, residents: list[UUID]) -> list[tuple[UUID, UUID, Outlook]]:
        async with self._work.read() as session:
            return await self._estimates.of_residents(session, residents)


def raised(now: Outlook, before: Outlook | None) -> Outlook:
    """`now` with a reason where the number ahead has grown since `before` and nothing else says
    why: somebody is back at an old place. It stays until the number falls again. Pure."""
    if now.raised_by is not None or now.ahead is None or before is None or before.ahead is None:
        return now
    grown = now.ahead > before.ahead
    if grown or (now.ahead == before.ahead and before.raised_by is RaisedBy.RETURNED):
        return replace(now, raised_by=RaisedBy.RETURNED)
    return now


def _value(ticket_id: UUID, outlook: Outlook) -> QueueValue:
    return QueueValue(
        ticket_id=ticket_id,
        ahead=outlook.ahead,
        expected_wait_seconds=outlook.seconds,
        raised_by=outlook.raised_by,
    )
