"""The resident's use cases: take a number, look, leave, come back."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server.catalogue.service import Catalogue
from server.identity.permissions import Action, Resource, require
from server.identity.principals import Resident, Staff
from server.infrastructure.clock import business_day
from server.infrastructure.errors import Conflict, NotFound, NotPermitted
from server.infrastructure.events.topics import Change
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.organisations.service import Organisations
from server.tickets import events
from server.tickets.drawing import draw_ticket, waits_from_now
from server.tickets.moves import move_ticket, seconds_after, withdraw_offer
from server.tickets.placing import find_queue
from server.tickets.priority import NOTHING_CLAIMED, Claim, HeadStarts, in_order, rank_at
from server.tickets.standing.estimates import Estimates
from server.tickets.standing.reasons import Standing, may_ask, read_standing
from server.tickets.standing.waiting import Outlook
from server.tickets.states import (
    LIVE_TICKETS,
    QUEUED_TICKETS,
    OfferState,
    PresenceEvent,
    TicketEvent,
    TicketKind,
    TicketState,
)
from server.tickets.tables import Ticket


class Tickets:
    def __init__(
        self,
        work: Work,
        settings: Settings,
        catalogue: Catalogue,
        organisations: Organisations,
        estimates: Estimates,
    ) -> None:
        self._work = work
        self._settings = settings
        self._catalogue = catalogue
        self._organisations = organisations
        self._estimates = estimates
        self._head_starts = HeadStarts(settings.priority_seconds, settings.priority_cap_seconds)

    async def take(
        self, resident: Resident, item_code: str, claim: Claim = NOTHING_CLAIMED
    ) -> tuple[Ticket, Outlook]:
        """A place in the queue that serves `item_code` for the resident's place.

        Raises NotPermitted `consent_missing`, NotFound `item_unknown`, Conflict
        `ticket_already_open`, NoWindowServes, WindowsClosed, Unprocessable `born_on_impossible`.
        """
        if resident.consent_version is None:
            raise NotPermitted("consent_missing")
        async with self._work.write(resident) as tx:
            reasons: list[str] = [*claim.granted(business_day(tx.now))]
            item = await self._catalogue.item(item_code)
            place = await self._organisations.org_by_id(resident.org_id)
            old = await events.newest_ticket(tx.session, resident.resident_id)
            if old is not None and events.is_followed(old):
                raise already_open(old)
            placing = await find_queue(tx.session, item, place, tx.now, resident.language)
            placing.require_open()
            ticket = await draw_ticket(
                tx,
                item,
                org=placing.org,
                reach=placing.reach,
                place=place,
                language=resident.language,
                resident_id=resident.resident_id,
                **waits_from_now(tx.now, reasons, self._head_starts.of(reasons)),
            )
            if old is not None:
                await leave_page(tx, resident.resident_id, old)
            events.announce_ticket(tx, "ticket.created", ticket)
            tx.audit(
                "ticket.create",
                ("ticket", str(ticket.id)),
                item=item.code,
                org=ticket.serving_org_code,
                priority=reasons,
            )
            return ticket, await self._estimates.outlook(tx.session, ticket)

    async def look(self, principal: Resident | Staff, ticket_id: UUID) -> tuple[Ticket, Outlook]:
        """The ticket and what is ahead of it. Raises NotFound, also for somebody else's."""
        async with self._work.read() as session:
            ticket = await own_ticket(session, principal, ticket_id, Action.TICKET_READ)
            return ticket, await self._estimates.outlook(session, ticket)

    async def standing(self, principal: Resident | Staff, ticket_id: UUID) -> Standing:
        """Why the ticket stands where it stands; also for those who serve a queue that overflow
        rules have opened to it. Raises NotFound, also for somebody else's."""
        async with self._work.read() as session:
            ticket = await session.get(Ticket, ticket_id)
            if ticket is None or not await may_ask(session, principal, ticket):
                raise NotFound
            return await read_standing(session, self._estimates, ticket, self._work.clock.now())

    async def prioritise(
        self, resident: Resident, ticket_id: UUID, claim: Claim
    ) -> tuple[Ticket, Outlook]:
        """Add reasons of a head start to a ticket that waits.

        It moves forward by what they add, up to the cap of all together. The same reasons twice
        change nothing. Raises NotFound, Conflict `ticket_not_queued`, Unprocessable
        `born_on_impossible`.
        """
        async with self._work.write(resident) as tx:
            ticket = await own_ticket(tx.session, resident, ticket_id, Action.TICKET_CANCEL)
            granted = claim.granted(business_day(tx.now))
            if ticket.state not in QUEUED_TICKETS:
                raise Conflict("ticket_not_queued", number=ticket.number)
            reasons = in_order({*ticket.priority, *granted})
            if reasons != ticket.priority:
                gained = self._head_starts.gained(ticket.head_start_seconds, reasons)
                await save_if_unchanged(
                    tx,
                    ticket,
                    priority=reasons,
                    head_start_seconds=ticket.head_start_seconds + gained,
                    rank_at=rank_at(ticket.rank_at, gained),
                )
                events.announce_ticket(tx, "ticket.prioritised", ticket)
                tx.audit(
                    "ticket.prioritise",
                    ("ticket", str(ticket.id)),
                    priority=reasons,
                    head_start_seconds=ticket.head_start_seconds,
                )
            return ticket, await self._estimates.outlook(tx.session, ticket)

    async def cancel(self, resident: Resident, ticket_id: UUID) -> tuple[Ticket, Outlook]:
        """Leave the queue; for `undo_seconds` the place can be had back.

        Cancelling twice is cancelling once. Raises NotFound, TransitionRefused.
        """
        async with self._work.write(resident) as tx:
            ticket = await own_ticket(tx.session, resident, ticket_id, Action.TICKET_CANCEL)
            if ticket.state != TicketState.CANCELLED:
                await withdraw_offer(tx, ticket, OfferState.CANCELLED, PresenceEvent.WITHDRAWN)
                # A call back is asked for anew: its telephone number is deleted.
                seconds = self._settings.undo_seconds
                called = ticket.kind == TicketKind.CALLBACK
                undo_until = None if called else seconds_after(tx.now, seconds)
                await move_ticket(
                    tx,
                    ticket,
                    TicketEvent.CANCELLED,
                    undo_until=undo_until,
                    closed_at=tx.now,
                    held_until=None,
                )
            return ticket, await self._estimates.outlook(tx.session, ticket)

    async def restore(self, resident: Resident, ticket_id: UUID) -> tuple[Ticket, Outlook]:
        """Undo a cancellation: the same number at the same place.

        Raises Conflict `undo_over` when it comes too late, `ticket_already_open` for one who has
        taken another number since, NotFound, TransitionRefused.
        """
        async with self._work.write(resident) as tx:
            ticket = await own_ticket(tx.session, resident, ticket_id, Action.TICKET_CANCEL)
            if ticket.state not in LIVE_TICKETS:
                newest = await events.newest_ticket(tx.session, resident.resident_id)
                if newest is not None and events.is_followed(newest):
                    raise already_open(newest)
                over = ticket.undo_until is None or ticket.undo_until < tx.now
                if over or newest is not ticket:
                    raise Conflict("undo_over", number=ticket.number)
                await move_ticket(tx, ticket, TicketEvent.RESTORED, undo_until=None, closed_at=None)
            return ticket, await self._estimates.outlook(tx.session, ticket)

    async def leave(self, tx: Transaction, resident_id: UUID) -> None:
        """The resident ends the visit: whatever place there is, is given up. Who is called back
        needs no visit."""
        ticket = await events.newest_ticket(tx.session, resident_id)
        if ticket is None or not events.is_followed(ticket) or ticket.state not in QUEUED_TICKETS:
            return
        await withdraw_offer(tx, ticket, OfferState.CANCELLED, PresenceEvent.WITHDRAWN)
        await move_ticket(
            tx, ticket, TicketEvent.CANCELLED, closed_at=tx.now, held_until=None, undo_until=None
        )


def already_open(ticket: Ticket) -> Conflict:
    return Conflict("ticket_already_open", ticket_id=str(ticket.id), number=ticket.number)


async def leave_page(tx: Transaction, resident_id: UUID, old: Ticket) -> None:
    """A page follows one ticket: `old` makes room for another one of the same resident. A call
    back that is still to come goes on, without the page."""
    gone = Change("ticket", str(old.id), None)
    tx.publish(events.resident_topic(resident_id), "ticket.left", gone)
    if old.kind == TicketKind.CALLBACK and old.closed_at is None:
        await save_if_unchanged(tx, old, resident_id=None)


async def own_ticket(
    session: AsyncSession, principal: Resident | Staff, ticket_id: UUID, action: Action
) -> Ticket:
    ticket = await session.get(Ticket, ticket_id)
    if ticket is None:
        raise NotFound
    require(
        principal,
        action,
        Resource(
            kind="ticket",
            owner_org_path=ticket.place_path,
            serving_org_path=ticket.serving_org_path,
            resident_id=ticket.resident_id,
        ),
    )
    return ticket
