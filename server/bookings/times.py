"""The time of a booking: set, moved, and come."""

import datetime as dt
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.bookings.calendar import BookingCalendar, Queue
from server.infrastructure.clock import business_day
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.work import Transaction
from server.tickets import events
from server.tickets.moves import move_ticket
from server.tickets.numbers import next_number
from server.tickets.states import TicketEvent
from server.tickets.tables import Ticket


async def soonest(
    calendar: BookingCalendar, session: AsyncSession, queue: Queue, earliest: dt.datetime
) -> dt.datetime:
    """When somebody who wants it at `earliest` is called back: then, or when a window opens.

    With no opening in sight, as while an administrator has closed without saying until when, the
    call waits from `earliest` on: whoever opens a window finds it, and nobody sits and waits.
    """
    opening = await calendar.opening(session, queue, earliest)
    if opening.open or opening.opens_at is None:
        return earliest
    return opening.opens_at


async def time_values(tx: Transaction, ticket: Ticket, due_at: dt.datetime) -> dict[str, Any]:
    """The columns that change as a booking gets the time `due_at`.

    A number is one of its business day. Who asked for a call while waiting keeps that place; who
    did not has waited since the time that was agreed.
    """
    values: dict[str, Any] = {"due_at": due_at}
    if ticket.rank_at == ticket.due_at:
        values |= {"rank_at": due_at, "waiting_since": due_at}
    return values | await number_values(tx, ticket, due_at)


async def number_values(tx: Transaction, ticket: Ticket, moment: dt.datetime) -> dict[str, Any]:
    """The columns that change where `moment` lies on another business day than the number."""
    day = business_day(moment)
    if day == ticket.business_day:
        return {}
    number = await next_number(tx, ticket.serving_org_id, ticket.channel, day)
    return {"number": number, "business_day": day}


async def retime(tx: Transaction, ticket: Ticket, due_at: dt.datetime) -> None:
    """Give a booking that is still ahead another time, and announce it. Raises Raced."""
    await save_if_unchanged(tx, ticket, **await time_values(tx, ticket, due_at))
    events.announce_ticket(tx, "ticket.moved", ticket)
    tx.audit("ticket.move", ("ticket", str(ticket.id)), due_at=due_at.isoformat())


async def become_due(tx: Transaction, ticket: Ticket) -> None:
    """The time of a call back has come: it waits in line. Raises TransitionRefused, Raced."""
    values = await number_values(tx, ticket, tx.now)
    await move_ticket(tx, ticket, TicketEvent.DUE, **values)
