"""Booking codes: who holds one may move, cancel and use the booking."""

import datetime as dt
import re
import secrets
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from server.bookings.errors import BookingUnknown
from server.identity.limits import Limits
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from server.tickets.tables import Ticket

DIGITS: Final = 8
TOLD_AFTER_END: Final = dt.timedelta(days=1)
"""How long a code still finds a booking that is over, so that its holder sees what became of it."""
LIMIT: Final = "too_many_codes"
_SHAPE: Final = re.compile(r"[0-9]{8}")


class Codes:
    """Finds bookings by code, and lets nobody guess: wrong ones are counted by address."""

    def __init__(self, work: Work, settings: Settings, limits: Limits) -> None:
        self._work = work
        self._tries = settings.booking_code_tries
        self._limits = limits

    async def ticket_id(self, code: str, address: str) -> UUID:
        """The ticket of the booking. Raises BookingUnknown, TooMany `too_many_codes`.

        A try is counted before its code is looked at, and taken back when it was right: of many
        guesses sent at once no more are answered than of guesses sent in turn.
        """
        use = await self._limits.take(LIMIT, address, per_minute=self._tries)
        found = await self._find(code) if _SHAPE.fullmatch(code) else None
        if found is None:
            raise BookingUnknown
        await self._limits.give_back(use)
        return found

    async def _find(self, code: str) -> UUID | None:
        query = select(Ticket.id, Ticket.closed_at).where(Ticket.booking_code == code)
        async with self._work.read() as session:
            row = (await session.execute(query)).one_or_none()
        if row is None:
            return None
        told = row.closed_at is None or self._work.clock.now() < row.closed_at + TOLD_AFTER_END
        return row.id if told else None


def random_code() -> str:
    """Eight digits; leading zeros count."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


async def new_code(session: AsyncSession) -> str:
    """A code that no booking has; of two that draw the same one at once the index refuses one."""
    while True:
        code = random_code()
        if (
            await session.execute(select(Ticket.id).where(Ticket.booking_code == code))
        ).first() is None:
            return code
