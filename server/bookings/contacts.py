"""Telephone numbers to call back: kept in one table, until the call is over, and nowhere else."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, delete, select

from server.bookings.phones import masked
from server.bookings.tables import TicketContact
from server.infrastructure.errors import Conflict
from server.infrastructure.work import Transaction

CALLS_A_PHONE: Final = 3
"""A household has one, and more than one matter."""


async def keep_contact(tx: Transaction, ticket_id: UUID, phone: str, name: str | None) -> None:
    """phone: as `parse_phone` gives it. Raises Conflict `phone_asked` for one that others, who may
    not be its owners, have asked calls to."""
    asked = select(func.count()).where(TicketContact.phone == phone)
    if (await tx.session.execute(asked)).scalar_one() >= CALLS_A_PHONE:
        raise Conflict("phone_asked")
    row = TicketContact(ticket_id=ticket_id, phone=phone, name=name or None, asked_at=tx.now)
    tx.session.add(row)
    await tx.session.flush()


async def contact_of(session: AsyncSession, ticket_id: UUID) -> TicketContact | None:
    query = select(TicketContact).where(TicketContact.ticket_id == ticket_id)
    return (await session.execute(query)).scalar_one_or_none()


async def masked_phone(session: AsyncSession, ticket_id: UUID) -> str | None:
    contact = await contact_of(session, ticket_id)
    return None if contact is None else masked(contact.phone)


async def drop_contact(tx: Transaction, ticket_id: UUID) -> None:
    """Delete whom to call, as the call is over. Twice is once."""
    gone = (
        delete(TicketContact)
        .where(col(TicketContact.ticket_id) == ticket_id)
        .execution_options(synchronize_session=False)
    )
    result: Any = await tx.session.execute(gone)
    if result.rowcount:
        tx.audit("contact.delete", ("ticket", str(ticket_id)))
