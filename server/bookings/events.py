"""What a desk is told of the call back that its agent is on."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.bookings.facts import CallbackFacts
from server.bookings.tables import CallbackCall, TicketContact
from server.infrastructure.events.topics import Change, Facts, Snapshot
from server.infrastructure.work import Transaction
from server.tickets.events import desk_topic
from server.tickets.tables import Ticket


def callback_facts(call: CallbackCall, ticket: Ticket, tries: int) -> Facts:
    return CallbackFacts(
        id=ticket.id,
        ticket_id=ticket.id,
        number=ticket.number,
        item_code=ticket.item_code,
        place_code=ticket.place_code,
        window_id=call.window_id,
        started_at=call.started_at,
        tries=tries,
        version=call.version,
    ).wire()


def announce_call(tx: Transaction, type_: str, call: CallbackCall, facts: Facts | None) -> None:
    """facts: None once the call is over."""
    change = Change("callback", str(call.ticket_id), facts)
    tx.publish(desk_topic(call.account_id), type_, change)


async def desk_callback(session: AsyncSession, account_id: UUID) -> Facts | None:
    """The call that an agent is on."""
    query = (
        select(CallbackCall, Ticket, TicketContact)
        .join(Ticket, col(Ticket.id) == col(CallbackCall.ticket_id))
        .outerjoin(TicketContact, col(TicketContact.ticket_id) == col(Ticket.id))
        .where(CallbackCall.account_id == account_id, col(CallbackCall.ended_at).is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    call, ticket, contact = row
    return callback_facts(call, ticket, contact.tries if contact is not None else 0)


async def desk_callback_snapshot(session: AsyncSession, key: str) -> Snapshot:
    facts = await desk_callback(session, UUID(key))
    return {"callback": {str(facts["id"]): dict(facts)}} if facts is not None else {}
