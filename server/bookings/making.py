"""How a booking comes to be: a ticket for a time ahead, or a waiting one that turns into a call."""

import datetime as dt
from typing import Any, Final

from server.bookings.calendar import BookingCalendar, Queue
from server.bookings.codes import new_code
from server.bookings.contacts import keep_contact
from server.bookings.errors import SlotFull, SlotUnknown
from server.bookings.places import change_place
from server.bookings.slots import Slot, next_free
from server.bookings.times import become_due, number_values, soonest
from server.catalogue.tables import ServiceItem
from server.identity.principals import Resident
from server.infrastructure.clock import business_day
from server.infrastructure.work import Transaction
from server.organisations.tables import OrgUnit
from server.tickets import events
from server.tickets.drawing import draw_ticket
from server.tickets.moves import move_ticket, withdraw_offer
from server.tickets.placing import own_queue
from server.tickets.states import (
    QUEUED_TICKETS,
    OfferState,
    PresenceEvent,
    TicketEvent,
    TicketKind,
    TicketState,
)
from server.tickets.tables import Ticket

TOLD_FREE: Final = 5


async def new_booking(
    tx: Transaction,
    resident: Resident,
    item: ServiceItem,
    place: OrgUnit,
    calendar: BookingCalendar,
    kind: TicketKind,
    starts_at: dt.datetime | None,
) -> Ticket:
    """A ticket for a time ahead, of nobody's page: whoever has its code may come for it.

    starts_at: None is as soon as possible. Raises SlotUnknown, SlotFull, NoWindowServes.
    """
    org, reach = await own_queue(tx.session, item, place, tx.now, resident.language)
    queue = Queue(item.channel, org.id, frozenset(item.skills))
    slot = None
    if starts_at is not None:
        slot = await wanted_slot(tx, calendar, queue, starts_at)
    due_at = starts_at or await soonest(calendar, tx.session, queue, tx.now)
    booked = kind == TicketKind.APPOINTMENT
    ticket = await draw_ticket(
        tx,
        item,
        org=org,
        reach=reach,
        place=place,
        language=resident.language,
        day=business_day(due_at),
        kind=kind,
        state=TicketState.BOOKED if booked else TicketState.CALLBACK,
        waiting_since=due_at,
        rank_at=due_at,
        due_at=due_at,
        booking_code=await new_code(tx.session),
    )
    events.announce_ticket(tx, "ticket.booked", ticket)
    await take_slot(tx, calendar, ticket, slot)
    return ticket


async def turn_into_callback(
    tx: Transaction,
    calendar: BookingCalendar,
    ticket: Ticket,
    starts_at: dt.datetime | None,
) -> None:
    """Let a ticket go on as a call: the resident need not wait, and its place is kept.

    Raises as `new_booking` does, TransitionRefused, Raced.
    """
    queue = Queue.of(ticket)
    slot = None
    if starts_at is not None:
        slot = await wanted_slot(tx, calendar, queue, starts_at)
        due_at = starts_at
    elif ticket.state in QUEUED_TICKETS:
        due_at = tx.now  # somebody is open who may serve it, or it would not wait
    else:
        due_at = await soonest(calendar, tx.session, queue, tx.now)
    values: dict[str, Any] = {
        "kind": TicketKind.CALLBACK,
        "due_at": due_at,
        "booking_code": ticket.booking_code or await new_code(tx.session),
        "held_until": None,
        "undo_until": None,
        "closed_at": None,
    }
    values |= await number_values(tx, ticket, due_at)
    await withdraw_offer(tx, ticket, OfferState.CANCELLED, PresenceEvent.WITHDRAWN)
    await move_ticket(tx, ticket, TicketEvent.CALLBACK_ASKED, **values)
    await take_slot(tx, calendar, ticket, slot)


async def ask_call(tx: Transaction, ticket: Ticket, phone: str, name: str | None) -> None:
    """Keep whom to call; the call waits in line at once if its time has come already."""
    await keep_contact(tx, ticket.id, phone, name)
    if ticket.due_at is not None and ticket.due_at <= tx.now:
        await become_due(tx, ticket)


async def wanted_slot(
    tx: Transaction, calendar: BookingCalendar, queue: Queue, starts_at: dt.datetime
) -> Slot:
    """Raises SlotUnknown."""
    slot = await calendar.slot_at(tx.session, queue, starts_at, tx.now)
    if slot is None:
        raise SlotUnknown(starts_at)
    return slot


async def take_slot(
    tx: Transaction, calendar: BookingCalendar, ticket: Ticket, slot: Slot | None
) -> None:
    """Let the ticket hold a place of `slot`, instead of what it held. Raises SlotFull."""
    queue = Queue.of(ticket)
    if not await change_place(tx, ticket.id, queue, slot) and slot is not None:
        days = await calendar.days(tx.session, queue, tx.now)
        slots = [slot for day in days for slot in day.slots]
        raise SlotFull(slot.starts_at, next_free(slots, after=slot.starts_at, count=TOLD_FREE))
