"""Slots, bookings and calls back by HTTP."""

from server.bookings.callbacks import Callbacks
from server.bookings.schemas import (
    BookingIn,
    BookingOut,
    CallbackOut,
    DayOut,
    MoveIn,
    ResultIn,
    ResultOut,
    SlotOut,
    SlotsIn,
    SlotsOut,
)
from server.bookings.service import Booking, Bookings
from server.infrastructure.errors import TooMany
from server.infrastructure.http.routing import Access, Call, Route
from server.tickets.routes import ticket_out
from server.tickets.schemas import TicketOut


def booking_out(booking: Booking) -> BookingOut:
    ticket = ticket_out((booking.ticket, booking.outlook))
    return BookingOut.model_validate(
        {
            "code": ticket.booking_code,
            "kind": ticket.kind,
            "item_code": ticket.item_code,
            "starts_at": ticket.due_at,
            "ends_at": booking.ends_at,
            "state": ticket.state,
            "phone": booking.phone,
            "ticket": ticket,
        }
    )


def routes(bookings: Bookings, callbacks: Callbacks) -> list[Route]:
    return [*_bookings(bookings), *_callbacks(callbacks)]


def _bookings(bookings: Bookings) -> list[Route]:
    async def slots(call: Call) -> SlotsOut:
        """Days and times that can be booked for an item at this place."""
        days, shown = await bookings.slots(call.principal, call.query.item_code, call.query.day)
        return SlotsOut(
            days=[DayOut.model_validate(day) for day in days],
            slots=[SlotOut.model_validate(slot) for slot in shown.slots] if shown else [],
        )

    async def book(call: Call) -> BookingOut:
        """Make an appointment, or ask for a call back."""
        return booking_out(await bookings.book(call.principal, call.body, _address(call)))

    async def look(call: Call) -> BookingOut:
        """A booking, by its code."""
        return booking_out(await bookings.look(call.text("code"), _address(call)))

    async def move(call: Call) -> BookingOut:
        """Give a booking another time."""
        moved = await bookings.move(
            call.principal, call.text("code"), call.body.starts_at, _address(call)
        )
        return booking_out(moved)

    async def cancel(call: Call) -> BookingOut:
        """Cancel a booking: its slot is free for somebody else."""
        return booking_out(await bookings.cancel(call.principal, call.text("code"), _address(call)))

    async def arrive(call: Call) -> TicketOut:
        """Come for an appointment: it becomes the caller's ticket, and waits."""
        return ticket_out(await bookings.arrive(call.principal, call.text("code"), _address(call)))

    resident, anyone = Access.RESIDENT, Access.ANYONE_KNOWN
    many = (TooMany,)
    return [
        Route("GET", "/booking-slots", slots, resident, query=SlotsIn, answer=SlotsOut),
        Route(
            "POST",
            "/bookings",
            book,
            resident,
            body=BookingIn,
            answer=BookingOut,
            status=201,
            problems=many,
        ),
        Route("GET", "/bookings/{code}", look, anyone, answer=BookingOut, problems=many),
        Route(
            "PUT", "/bookings/{code}", move, anyone, body=MoveIn, answer=BookingOut, problems=many
        ),
        Route("DELETE", "/bookings/{code}", cancel, anyone, answer=BookingOut, problems=many),
        Route("POST", "/bookings/{code}/arrive", arrive, resident, answer=TicketOut, problems=many),
    ]


def _callbacks(callbacks: Callbacks) -> list[Route]:
    async def look(call: Call) -> CallbackOut:
        """Whom to call, for the agent who has accepted it."""
        return await callbacks.look(call.principal, call.id("ticket_id"))

    async def finish(call: Call) -> ResultOut:
        """Say how the call went."""
        ticket = await callbacks.finish(
            call.principal, call.id("ticket_id"), call.body.result, call.body.outcome
        )
        again = ticket.due_at if ticket.closed_at is None else None
        return ResultOut(ticket_id=ticket.id, state=ticket.state, due_at=again)

    return [
        Route("GET", "/callbacks/{ticket_id}", look, Access.STAFF, answer=CallbackOut),
        Route(
            "POST",
            "/callbacks/{ticket_id}/result",
            finish,
            Access.STAFF,
            body=ResultIn,
            answer=ResultOut,
        ),
    ]


def _address(call: Call) -> str:
    return call.request.remote or ""
