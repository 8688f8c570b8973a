"""How many bookings come from one visit and one address: nobody fills a calendar alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from server.identity.limits import Limits
from server.identity.principals import Resident
from server.infrastructure.settings import Settings

CODE: Final = "too_many_bookings"
HOUR: Final = 3600
VISIT_PER_HOUR: Final = 5
ADDRESS_PER_HOUR: Final = 60
"""A hall's kiosks may stand behind one address."""
PER_MINUTE: Final = 6
DEMO_FACTOR: Final = 3_000
"""In a demo everybody comes from one address."""


class Quota:
    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._limits = limits
        self._factor = DEMO_FACTOR if settings.demo else 1

    @asynccontextmanager
    async def one_more(self, resident: Resident, address: str) -> AsyncIterator[None]:
        """Try to book in the block; what fails there is a try, and no booking.

        Raises TooMany `too_many_bookings`.
        """
        limits, factor = self._limits, self._factor
        await limits.take(CODE, address, per_minute=factor * PER_MINUTE)
        async with (
            limits.counted(CODE, resident.id, uses=VISIT_PER_HOUR, seconds=HOUR),
            limits.counted(CODE, address, uses=factor * ADDRESS_PER_HOUR, seconds=HOUR),
        ):
            yield
