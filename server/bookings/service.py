"""Bookings: make, look at, move and cancel an appointment or a call back; arrive for it.

Who holds the code may do all of this: it is the right, so no permission is asked beside it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from server.bookings.arriving import Arrivals, rank_on_arrival
from server.bookings.calendar import BookingCalendar, Day, Queue
from server.bookings.codes import Codes
from server.bookings.contacts import drop_contact, masked_phone
from server.bookings.errors import BookingFixed, BookingMissed, TooEarly
from server.bookings.making import (
    ask_call,
    new_booking,
    take_slot,
    turn_into_callback,
    wanted_slot,
)
from server.bookings.phones import parse_phone
from server.bookings.places import give_back_place
from server.bookings.quota import Quota
from server.bookings.schemas import BookingIn
from server.bookings.states import AHEAD, CANCELLABLE, BookingKind
from server.bookings.times import become_due, number_values, retime, soonest
from server.catalogue.service import Catalogue
from server.identity.limits import Limits
from server.identity.permissions import Action
from server.identity.principals import Principal, Resident
from server.infrastructure.errors import Conflict, NotPermitted, Unprocessable
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.organisations.service import Organisations
from server.tickets import events
from server.tickets.moves import move_ticket, withdraw_offer
from server.tickets.placing import own_queue
from server.tickets.priority import HeadStarts, PriorityReason
from server.tickets.reach import Reach, language_asked
from server.tickets.routing import WindowsClosed
from server.tickets.service import already_open, leave_page, own_ticket
from server.tickets.standing.estimates import Estimates
from server.tickets.standing.waiting import Outlook
from server.tickets.states import (
    QUEUED_TICKETS,
    OfferState,
    PresenceEvent,
    TicketEvent,
    TicketKind,
    TicketState,
)
from server.tickets.tables import Ticket

BOOKABLE: Final = (*QUEUED_TICKETS, TicketState.CLOSED_OUT_OF_HOURS)


@dataclass(frozen=True, slots=True)
class Booking:
    """phone: of a call back, masked."""

    ticket: Ticket
    outlook: Outlook
    phone: str | None
    ends_at: dt.datetime


class Bookings:
    def __init__(
        self,
        work: Work,
        settings: Settings,
        catalogue: Catalogue,
        organisations: Organisations,
        estimates: Estimates,
        calendar: BookingCalendar,
        limits: Limits,
    ) -> None:
        self._work = work
        self._settings = settings
        self._catalogue = catalogue
        self._organisations = organisations
        self._estimates = estimates
        self._calendar = calendar
        self._quota = Quota(settings, limits)
        self._codes = Codes(work, settings, limits)
        self._arrivals = Arrivals.of(settings)
        self._head_starts = HeadStarts(settings.priority_seconds, settings.priority_cap_seconds)

    async def slots(
        self, resident: Resident, item_code: str, day: dt.date | None
    ) -> tuple[list[Day], Day | None]:
        """All days that can be booked for an item, and the one asked for; without one, the first
        that has a free slot. Raises NotFound `item_unknown`, NoWindowServes."""
        item = await self._catalogue.item(item_code)
        place = await self._organisations.org_by_id(resident.org_id)
        now = self._work.clock.now()
        async with self._work.read() as session:
            org, _ = await own_queue(session, item, place, now)
            queue = Queue(item.channel, org.id, frozenset(item.skills))
            days = await self._calendar.days(session, queue, now)
        if day is None:
            return days, next((one for one in days if one.free), None)
        return days, next((one for one in days if one.day == day), None)

    async def book(self, resident: Resident, wanted: BookingIn, address: str) -> Booking:
        """Make an appointment, or ask for a call back.

        Raises NotPermitted `consent_missing` (whose number is kept), Unprocessable
        `phone_unusable`, `booking_time_missing`, SlotUnknown, SlotFull, Conflict
        `ticket_already_open` (who waits turns that ticket into a call), `ticket_not_bookable`,
        `phone_asked`, NotFound, NoWindowServes, TooMany `too_many_bookings`.
        """
        phone = self._phone(resident, wanted)
        if phone is None and wanted.starts_at is None:
            raise Unprocessable("booking_time_missing")
        async with self._quota.one_more(resident, address):
            return await self._book(resident, wanted, phone)

    async def _book(self, resident: Resident, wanted: BookingIn, phone: str | None) -> Booking:
        async with self._work.write(resident) as tx:
            old = await self._given_ticket(tx, resident, wanted)
            if phone is not None and old is not None:
                ticket = old
                await turn_into_callback(tx, self._calendar, ticket, wanted.starts_at)
            else:
                ticket = await self._new(tx, resident, wanted)
                if old is not None and old.state in QUEUED_TICKETS:
                    await self._give_up(tx, old)
            tx.audit(
                "booking.make",
                ("ticket", str(ticket.id)),
                kind=ticket.kind,
                item=ticket.item_code,
                org=ticket.serving_org_code,
            )
            if phone is not None:
                await ask_call(tx, ticket, phone, wanted.name)
            return await self._booking(tx.session, ticket)

    async def look(self, code: str, address: str) -> Booking:
        """Raises BookingUnknown, TooMany `too_many_codes`."""
        ticket_id = await self._codes.ticket_id(code, address)
        async with self._work.read() as session:
            return await self._booking(session, await session.get_one(Ticket, ticket_id))

    async def move(
        self, principal: Principal, code: str, starts_at: dt.datetime | None, address: str
    ) -> Booking:
        """Give it another time; its old slot is free again.

        Raises BookingUnknown, BookingFixed once its time has come, SlotUnknown, SlotFull,
        Unprocessable `booking_time_missing` for an appointment without one, TooMany.
        """
        ticket_id = await self._codes.ticket_id(code, address)
        async with self._work.write(principal) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            if ticket.state not in AHEAD:
                raise BookingFixed(ticket.state)
            queue = Queue.of(ticket)
            if starts_at is not None:
                slot = await wanted_slot(tx, self._calendar, queue, starts_at)
                await retime(tx, ticket, starts_at)
                await take_slot(tx, self._calendar, ticket, slot)
            elif ticket.kind == TicketKind.CALLBACK:
                await retime(tx, ticket, await soonest(self._calendar, tx.session, queue, tx.now))
                await take_slot(tx, self._calendar, ticket, None)
            else:
                raise Unprocessable("booking_time_missing")
            if ticket.kind == TicketKind.CALLBACK and starts_at is None:
                await self._due_at_once(tx, ticket)
            return await self._booking(tx.session, ticket)

    async def cancel(self, principal: Principal, code: str, address: str) -> Booking:
        """Give it up, up to the moment when somebody serves it. Twice is once.

        Raises BookingUnknown, BookingFixed, TooMany.
        """
        ticket_id = await self._codes.ticket_id(code, address)
        async with self._work.write(principal) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            if ticket.state in CANCELLABLE:
                await self._give_up(tx, ticket)
                await give_back_place(tx, ticket.id)
                await drop_contact(tx, ticket.id)
            elif ticket.state != TicketState.CANCELLED:
                raise BookingFixed(ticket.state)
            return await self._booking(tx.session, ticket)

    async def arrive(self, resident: Resident, code: str, address: str) -> tuple[Ticket, Outlook]:
        """Come for an appointment: it becomes this resident's ticket, and waits.

        Arriving twice is arriving once. Raises NotPermitted `consent_missing`, BookingUnknown,
        TooEarly, BookingMissed, BookingFixed, Conflict `booking_not_appointment`,
        `ticket_already_open`, WindowsClosed, TooMany.
        """
        if resident.consent_version is None:
            raise NotPermitted("consent_missing")
        ticket_id = await self._codes.ticket_id(code, address)
        async with self._work.write(resident) as tx:
            ticket = await tx.session.get_one(Ticket, ticket_id)
            if not self._has_arrived(ticket, resident):
                await self._arrive(tx, resident, ticket)
            return ticket, await self._estimates.outlook(tx.session, ticket)

    def _has_arrived(self, ticket: Ticket, resident: Resident) -> bool:
        """Whether this resident has come for it already. Raises what says why nobody can."""
        if ticket.kind != TicketKind.APPOINTMENT:
            raise Conflict("booking_not_appointment")
        if ticket.state == TicketState.BOOKED:
            return False
        if ticket.resident_id == resident.resident_id and events.is_followed(ticket):
            return True
        if ticket.state == TicketState.ABANDONED and ticket.due_at and ticket.resident_id is None:
            raise BookingMissed(ticket.due_at)
        raise BookingFixed(ticket.state)

    async def _arrive(self, tx: Transaction, resident: Resident, ticket: Ticket) -> None:
        due_at = ticket.due_at or tx.now
        self._arrivals.check(due_at, tx.now)
        old = await events.newest_ticket(tx.session, resident.resident_id)
        if old is not None and events.is_followed(old):
            raise already_open(old)
        await self._require_open(tx, ticket, due_at)
        place = await self._organisations.org_by_id(resident.org_id)
        reasons = [PriorityReason.APPOINTMENT]
        head_start = self._arrivals.head_start(self._head_starts.of(reasons))
        if old is not None:
            await leave_page(tx, resident.resident_id, old)
        await move_ticket(
            tx,
            ticket,
            TicketEvent.ARRIVED,
            resident_id=resident.resident_id,
            language=resident.language,
            reach=[_reach(ticket, resident.language).wire()],
            place_id=place.id,
            place_code=place.code,
            place_path=place.path,
            waiting_since=tx.now,
            priority=[*reasons],
            head_start_seconds=head_start,
            rank_at=rank_on_arrival(due_at, tx.now, head_start),
            **await number_values(tx, ticket, tx.now),
        )

    async def _require_open(self, tx: Transaction, ticket: Ticket, due_at: dt.datetime) -> None:
        """Nobody waits before a closed window, not even for the first appointment of the day."""
        opening = await self._calendar.opening(tx.session, Queue.of(ticket), tx.now)
        if opening.open:
            return
        if opening.opens_at is not None and opening.opens_at <= due_at:
            raise TooEarly(due_at, opening.opens_at)
        raise WindowsClosed(opening)

    def _phone(self, resident: Resident, wanted: BookingIn) -> str | None:
        """Whom to call; None for an appointment."""
        if wanted.kind is BookingKind.APPOINTMENT:
            return None
        if resident.consent_version is None:
            raise NotPermitted("consent_missing")
        if not wanted.phone:
            raise Unprocessable("phone_missing")
        settings = self._settings
        return parse_phone(
            wanted.phone, area_code=settings.area_code, countries=settings.callback_countries
        )

    async def _given_ticket(
        self, tx: Transaction, resident: Resident, wanted: BookingIn
    ) -> Ticket | None:
        """The waiting ticket that is to turn into the booking."""
        if wanted.ticket_id is None:
            newest = await events.newest_ticket(tx.session, resident.resident_id)
            calls = wanted.kind is BookingKind.CALLBACK
            if calls and newest is not None and events.is_followed(newest):
                raise already_open(newest)  # or one person had two places
            return None
        ticket = await own_ticket(tx.session, resident, wanted.ticket_id, Action.TICKET_CANCEL)
        if ticket.kind == TicketKind.CALLBACK or ticket.state not in BOOKABLE:
            raise Conflict("ticket_not_bookable", number=ticket.number, state=ticket.state)
        if wanted.kind is BookingKind.CALLBACK and wanted.item_code != ticket.item_code:
            raise Unprocessable("booking_item_differs", item=ticket.item_code)
        return ticket

    async def _new(self, tx: Transaction, resident: Resident, wanted: BookingIn) -> Ticket:
        item = await self._catalogue.item(wanted.item_code)
        place = await self._organisations.org_by_id(resident.org_id)
        kind = TicketKind(wanted.kind)
        return await new_booking(tx, resident, item, place, self._calendar, kind, wanted.starts_at)

    async def _give_up(self, tx: Transaction, ticket: Ticket) -> None:
        await withdraw_offer(tx, ticket, OfferState.CANCELLED, PresenceEvent.WITHDRAWN)
        values = {"closed_at": tx.now, "held_until": None, "undo_until": None}
        await move_ticket(tx, ticket, TicketEvent.CANCELLED, **values)

    async def _due_at_once(self, tx: Transaction, ticket: Ticket) -> None:
        if ticket.due_at is not None and ticket.due_at <= tx.now:
            await become_due(tx, ticket)

    async def _booking(self, session: AsyncSession, ticket: Ticket) -> Booking:
        return Booking(
            ticket=ticket,
            outlook=await self._estimates.outlook(session, ticket),
            phone=await masked_phone(session, ticket.id),
            ends_at=(ticket.due_at or ticket.created_at) + self._calendar.slot,
        )


def _reach(ticket: Ticket, language: str) -> Reach:
    """The ticket's own queue, for one who speaks `language`."""
    return Reach(
        ticket.channel,
        ticket.serving_org_id,
        ticket.serving_org_code,
        frozenset(ticket.skills),
        language_asked(language),
    )
