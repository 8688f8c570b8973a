"""One transaction at a time behind a door that all replicas share."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from server.infrastructure.events.tables import EventEpoch


async def take_turn(session: AsyncSession) -> None:
    """Wait until no other transaction is behind here, and keep the others out until the end of
    this one. What is read from now on is what those before have committed.

    The one row of the event epoch is the door on PostgreSQL: nobody else ever locks it. SQLite has
    one writer anyway.
    """
    await session.execute(select(EventEpoch.id).where(EventEpoch.id == 1).with_for_update())
