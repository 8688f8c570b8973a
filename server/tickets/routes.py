"""Tickets, desk and offers by HTTP."""

from server.identity.principals import Resident
from server.infrastructure.http.routing import Access, Call, Route
from server.tickets.desk import Desk
from server.tickets.schemas import (
    AcceptedOut,
    AvailableIn,
    DeskOut,
    PriorityIn,
    ReasonOut,
    RejectIn,
    StandingOut,
    TicketIn,
    TicketOut,
)
from server.tickets.service import Tickets
from server.tickets.standing.reasons import Standing, words
from server.tickets.standing.waiting import Outlook
from server.tickets.tables import Ticket


def ticket_out(found: tuple[Ticket, Outlook]) -> TicketOut:
    ticket, outlook = found
    return TicketOut.model_validate(
        ticket.model_dump() | {"ahead": outlook.ahead, "expected_wait_seconds": outlook.seconds}
    )


def standing_out(standing: Standing, language: str) -> StandingOut:
    return StandingOut(
        ahead=standing.outlook.ahead,
        expected_wait_seconds=standing.outlook.seconds,
        rank_at=standing.ticket.rank_at,
        reasons=[
            ReasonOut(
                code=reason.code,
                params=reason.wire_params(),
                text=words(reason, language, standing.org_names),
            )
            for reason in standing.reasons
        ],
    )


def routes(tickets: Tickets, desk: Desk) -> list[Route]:
    async def take(call: Call) -> TicketOut:
        """Take a number for an item."""
        taken = await tickets.take(call.principal, call.body.item_code, call.body.claim())
        return ticket_out(taken)

    async def look(call: Call) -> TicketOut:
        """A ticket, what is ahead of it, and the expected wait."""
        seen = ticket_out(await tickets.look(call.principal, call.id()))
        if isinstance(call.principal, Resident):
            return seen
        return seen.model_copy(update={"booking_code": None})  # its holder's alone

    async def stand(call: Call) -> StandingOut:
        """Why a ticket stands where it stands, in words."""
        return standing_out(await tickets.standing(call.principal, call.id()), call.language)

    async def prioritise(call: Call) -> TicketOut:
        """Add a reason to be served earlier: the place moves forward, never back."""
        return ticket_out(await tickets.prioritise(call.principal, call.id(), call.body.claim()))

    async def cancel(call: Call) -> TicketOut:
        """Leave the queue."""
        return ticket_out(await tickets.cancel(call.principal, call.id()))

    async def restore(call: Call) -> TicketOut:
        """Undo leaving the queue: the same number, the same place."""
        return ticket_out(await tickets.restore(call.principal, call.id()))

    async def accept(call: Call) -> AcceptedOut:
        """Accept an offer: the session opens."""
        return await desk.accept(call.principal, call.id())

    async def reject(call: Call) -> None:
        """Reject an offer, or add the reason afterwards."""
        await desk.reject(call.principal, call.id(), call.body.reason)

    return [
        Route(
            "POST", "/tickets", take, Access.RESIDENT, body=TicketIn, answer=TicketOut, status=201
        ),
        Route("GET", "/tickets/{id}", look, Access.ANYONE_KNOWN, answer=TicketOut),
        Route("GET", "/tickets/{id}/standing", stand, Access.ANYONE_KNOWN, answer=StandingOut),
        Route(
            "POST",
            "/tickets/{id}/priority",
            prioritise,
            Access.RESIDENT,
            body=PriorityIn,
            answer=TicketOut,
        ),
        Route("POST", "/tickets/{id}/cancel", cancel, Access.RESIDENT, answer=TicketOut),
        Route("POST", "/tickets/{id}/restore", restore, Access.RESIDENT, answer=TicketOut),
        *_desk_routes(desk),
        Route("POST", "/offers/{id}/accept", accept, Access.STAFF, answer=AcceptedOut),
        Route("POST", "/offers/{id}/reject", reject, Access.STAFF, body=RejectIn, status=204),
    ]


def _desk_routes(desk: Desk) -> list[Route]:
    async def available(call: Call) -> DeskOut:
        """Take offers from now on."""
        return DeskOut(**await desk.go_available(call.principal, call.body.window_id))

    async def on_break(call: Call) -> DeskOut:
        """Take no offers for a while."""
        return DeskOut(**await desk.go_on_break(call.principal))

    async def off(call: Call) -> DeskOut:
        """Leave the desk."""
        return DeskOut(**await desk.go_off(call.principal))

    async def view(call: Call) -> DeskOut:
        """What the desk shows when it opens."""
        return DeskOut(**await desk.view(call.principal))

    return [
        Route("GET", "/desk", view, Access.STAFF, answer=DeskOut),
        Route("POST", "/desk/available", available, Access.STAFF, body=AvailableIn, answer=DeskOut),
        Route("POST", "/desk/break", on_break, Access.STAFF, answer=DeskOut),
        Route("POST", "/desk/off", off, Access.STAFF, answer=DeskOut),
    ]
