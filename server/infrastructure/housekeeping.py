"""Drops what is kept for a time only: answers of commands, events that pages have long seen."""

import asyncio
import datetime as dt
from typing import Final

from server.infrastructure import idempotency
from server.infrastructure.clock import Clock
from server.infrastructure.database import Database
from server.infrastructure.events import log
from server.infrastructure.settings import Settings

EVERY_SECONDS: Final = 600.0


class Housekeeping:
    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._events_kept = dt.timedelta(seconds=settings.event_retention_seconds)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.tidy()

    async def tidy(self) -> None:
        now = self._clock.now()
        async with self._database.write() as session:
            await idempotency.forget_before(session, now - idempotency.KEPT)
            await log.forget_before(session, now - self._events_kept)
            await session.commit()
