"""Places of a slot: taken and given back, of two that want the last one only one gets it."""

import datetime as dt
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select, update

from server.bookings.calendar import Queue
from server.bookings.slots import Slot
from server.bookings.tables import SlotPlace, SlotUse
from server.infrastructure.work import Transaction


async def take_place(tx: Transaction, ticket_id: UUID, queue: Queue, slot: Slot) -> bool:
    """Take one of the slot's places for a ticket that holds none; False if none is left."""
    if not await _count_up(tx, queue, slot):
        return False
    place = SlotPlace(
        ticket_id=ticket_id,
        org_id=queue.org_id,
        channel=queue.channel,
        starts_at=slot.starts_at,
    )
    tx.session.add(place)
    await tx.session.flush()
    return True


async def give_back_place(tx: Transaction, ticket_id: UUID) -> None:
    """Give back the place that a ticket holds; one without a place holds none. Twice is once."""
    gone = (
        delete(SlotPlace)
        .where(col(SlotPlace.ticket_id) == ticket_id)
        .returning(col(SlotPlace.org_id), col(SlotPlace.channel), col(SlotPlace.starts_at))
        .execution_options(synchronize_session=False)
    )
    row = (await tx.session.execute(gone)).one_or_none()
    if row is not None:
        await _count_down(tx, row.org_id, row.channel, row.starts_at)


async def change_place(tx: Transaction, ticket_id: UUID, queue: Queue, slot: Slot | None) -> bool:
    """Change the place that a ticket holds, if any, for one of `slot`; False if none is left there,
    and then all is to be rolled back. slot: None for a time without places.

    To be called with the ticket's row already changed. The slots' rows are taken in the order of
    time: two that change places with one another would else wait for each other.
    """
    query = select(SlotPlace).where(SlotPlace.ticket_id == ticket_id)
    held = (await tx.session.execute(query)).scalar_one_or_none()
    if slot is None:
        await give_back_place(tx, ticket_id)
        return True
    if held is None:
        return await take_place(tx, ticket_id, queue, slot)
    old = held.starts_at
    if old == slot.starts_at:
        return True
    if old < slot.starts_at:
        await _count_down(tx, held.org_id, held.channel, old)
    if not await _count_up(tx, queue, slot):
        return False
    if old > slot.starts_at:
        await _count_down(tx, held.org_id, held.channel, old)
    held.starts_at = slot.starts_at
    await tx.session.flush()
    return True


async def _count_up(tx: Transaction, queue: Queue, slot: Slot) -> bool:
    """Decided by the row itself: `slot` may have been read before another took the last place."""
    if slot.places < 1:
        return False
    dialect = tx.session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = (
        insert(SlotUse)
        .values(org_id=queue.org_id, channel=queue.channel, starts_at=slot.starts_at, taken=1)
        .on_conflict_do_update(
            index_elements=["org_id", "channel", "starts_at"],
            set_={"taken": SlotUse.taken + 1},
            where=col(SlotUse.taken) < slot.places,
        )
        .returning(col(SlotUse.taken))
    )
    return (await tx.session.execute(statement)).scalar_one_or_none() is not None


async def _count_down(tx: Transaction, org_id: UUID, channel: str, starts_at: dt.datetime) -> None:
    fewer = (
        update(SlotUse)
        .where(
            col(SlotUse.org_id) == org_id,
            col(SlotUse.channel) == channel,
            col(SlotUse.starts_at) == starts_at,
            col(SlotUse.taken) > 0,
        )
        .values(taken=SlotUse.taken - 1)
        .execution_options(synchronize_session=False)
    )
    await tx.session.execute(fewer)
