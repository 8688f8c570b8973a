"""Joined numbering: a hall's calling system draws, calls and returns numbers of the same queue.

A drawn number is a ticket like any other: it has its place by rank among all who wait, counts in
what is ahead of the others, and its first call is its first answer. Only it is called to a counter
of the hall, never offered to an agent at a screen.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.catalogue.service import Catalogue
from server.catalogue.tables import ServiceItem
from server.halls.errors import HallFull, NotThisWindow, NumberElsewhere, ReferenceTaken
from server.halls.schemas import HallNumberOut
from server.halls.tables import HallNumber
from server.identity.permissions import Action, Resource, require
from server.identity.principals import Staff
from server.infrastructure.errors import NotFound
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.organisations.openings import opening_of, read_able_desks
from server.organisations.tables import OrgUnit, Window
from server.tickets import events, routing
from server.tickets.drawing import draw_ticket, waits_from_now
from server.tickets.moves import move_ticket
from server.tickets.priority import HeadStarts, claimed
from server.tickets.reach import EVERYBODY_SPEAKS, Reach
from server.tickets.standing.estimates import Estimates, outlook
from server.tickets.standing.waiting import Outlook
from server.tickets.states import TicketEvent, TicketKind, TicketState
from server.tickets.tables import Ticket

Drawn = tuple[HallNumber, Ticket]
LIVE: Final = (TicketState.WAITING, TicketState.SERVING)
LIVE_MAX: Final = 2_000  # numbers of one hall: more than any has people


class Halls:
    """system: the account of the hall's calling system; all of it raises NotFound for one that is
    of another organisation."""

    def __init__(
        self, work: Work, settings: Settings, catalogue: Catalogue, estimates: Estimates
    ) -> None:
        self._work = work
        self._catalogue = catalogue
        self._estimates = estimates
        self._head_starts = HeadStarts(settings.priority_seconds, settings.priority_cap_seconds)

    async def draw(
        self, system: Staff, org_code: str, item_code: str, reference: str, priority: Sequence[str]
    ) -> HallNumberOut:
        """A number for `item_code` at the hall. The same draw again gives the same number.

        Raises NotFound `item_unknown`, NoWindowServes, WindowsClosed, ReferenceTaken, HallFull,
        Unprocessable `priority_unknown`.
        """
        reasons = claimed(priority)
        async with self._work.write(system) as tx:
            org = await _hall(tx.session, system, org_code)
            item = await self._catalogue.item(item_code)
            drawn = await _find(tx.session, org, reference)
            if drawn is None:
                await _require_open(tx, org, item)
                await _require_room(tx, org)
                drawn = await self._add(tx, org, item, reference, [*reasons])
            elif drawn[1].item_code != item.code:
                raise ReferenceTaken(reference, drawn[1].number)
            return await self._out(tx.session, drawn)

    async def look(self, system: Staff, org_code: str, reference: str) -> HallNumberOut:
        async with self._work.read() as session:
            org = await _hall(session, system, org_code)
            return await self._out(session, await _get(session, org, reference))

    async def numbers(self, system: Staff, org_code: str) -> list[HallNumberOut]:
        """All that wait or are served, by rank: for a system that has forgotten."""
        async with self._work.read() as session:
            org = await _hall(session, system, org_code)
            query = (
                select(HallNumber, Ticket)
                .join(Ticket, col(Ticket.id) == col(HallNumber.ticket_id))
                .where(HallNumber.org_id == org.id, col(Ticket.state).in_(LIVE))
                .order_by(col(Ticket.rank_at), col(Ticket.id))
            )
            rows = [(number, ticket) for number, ticket in await session.execute(query)]
            sight = await self._estimates.sight(session) if rows else None
            return [_number_out(row, outlook(row[1], sight)) for row in rows]

    async def call_next(
        self, system: Staff, org_code: str, counter: str, window_code: str
    ) -> HallNumberOut | None:
        """Call the first by rank that the window can serve; None if nobody waits for it.

        Of two counters that call at once, each gets a number of its own. Raises NotFound
        `window_unknown`.
        """
        async with self._work.write(system) as tx:
            org = await _hall(tx.session, system, org_code)
            window = await _window(tx.session, org, window_code)
            for ticket_id in await _served_by(tx.session, window):
                # Waits for another counter that has it in hand, and sees what it did.
                query = select(Ticket).where(
                    Ticket.id == ticket_id, Ticket.state == TicketState.WAITING
                )
                found = await tx.session.execute(query.with_for_update())
                ticket = found.scalar_one_or_none()
                if ticket is not None:
                    number = await tx.session.get_one(HallNumber, ticket_id)
                    await _call(tx, (number, ticket), window, counter)
                    return await self._out(tx.session, (number, ticket))
            return None

    async def call(
        self, system: Staff, org_code: str, reference: str, counter: str, window_code: str
    ) -> HallNumberOut:
        """Call this very number: its holder stands at the counter. Twice is once.

        Raises NotFound, NotThisWindow, NumberElsewhere, TransitionRefused for one that is over.
        """
        async with self._work.write(system) as tx:
            org = await _hall(tx.session, system, org_code)
            window = await _window(tx.session, org, window_code)
            number, ticket = await _get(tx.session, org, reference)
            if not _serves(window, ticket.reach):
                raise NotThisWindow(ticket.number, window.code)
            if ticket.state != TicketState.SERVING:
                await _call(tx, (number, ticket), window, counter)
            elif number.counter != counter:
                raise NumberElsewhere(ticket.number, number.counter)
            return await self._out(tx.session, (number, ticket))

    async def put_back(self, system: Staff, org_code: str, reference: str) -> HallNumberOut:
        """Back to its old place: nobody came. Twice is once. Raises NotFound, TransitionRefused."""
        async with self._work.write(system) as tx:
            number, ticket = await self._drawn(tx, system, org_code, reference)
            if ticket.state != TicketState.WAITING:
                await _put_back(tx, number, ticket)
            return await self._out(tx.session, (number, ticket))

    async def done(self, system: Staff, org_code: str, reference: str) -> HallNumberOut:
        """Served. Twice is once. Raises NotFound, TransitionRefused for one that was not called."""
        async with self._work.write(system) as tx:
            number, ticket = await self._drawn(tx, system, org_code, reference)
            if ticket.state != TicketState.DONE:
                await move_ticket(tx, ticket, TicketEvent.SERVED, closed_at=tx.now)
            return await self._out(tx.session, (number, ticket))

    async def cancel(self, system: Staff, org_code: str, reference: str) -> HallNumberOut:
        """Drop it: its holder gave it up, or never came. Twice is once. Raises NotFound,
        TransitionRefused."""
        async with self._work.write(system) as tx:
            number, ticket = await self._drawn(tx, system, org_code, reference)
            if ticket.state == TicketState.SERVING:
                await _put_back(tx, number, ticket)
            if ticket.state != TicketState.CANCELLED:
                await move_ticket(tx, ticket, TicketEvent.CANCELLED, closed_at=tx.now)
            return await self._out(tx.session, (number, ticket))

    async def _drawn(self, tx: Transaction, system: Staff, org_code: str, reference: str) -> Drawn:
        org = await _hall(tx.session, system, org_code)
        return await _get(tx.session, org, reference)

    async def _add(
        self, tx: Transaction, org: OrgUnit, item: ServiceItem, reference: str, reasons: list[str]
    ) -> Drawn:
        ticket = await draw_ticket(
            tx,
            item,
            org=org,
            reach=routing.own_reach(item, org, EVERYBODY_SPEAKS),
            place=org,
            language=EVERYBODY_SPEAKS,
            kind=TicketKind.HALL,
            **waits_from_now(tx.now, reasons, self._head_starts.of(reasons)),
        )
        number = HallNumber(ticket_id=ticket.id, org_id=org.id, reference=reference)
        tx.session.add(number)
        await tx.session.flush()
        events.announce_ticket(tx, "ticket.created", ticket)
        tx.audit(
            "ticket.create",
            ("ticket", str(ticket.id)),
            item=item.code,
            org=org.code,
            priority=reasons,
            reference=reference,
        )
        return number, ticket

    async def _out(self, session: AsyncSession, drawn: Drawn) -> HallNumberOut:
        return _number_out(drawn, await self._estimates.outlook(session, drawn[1]))


def _number_out(drawn: Drawn, seen: Outlook) -> HallNumberOut:
    number, ticket = drawn
    more = {
        "reference": number.reference,
        "ahead": seen.ahead,
        "expected_wait_seconds": seen.seconds,
        "counter": number.counter,
        "called_at": number.called_at,
    }
    return HallNumberOut.model_validate(ticket.model_dump() | more)


async def _hall(session: AsyncSession, system: Staff, org_code: str) -> OrgUnit:
    found = await session.execute(select(OrgUnit).where(OrgUnit.code == org_code))
    org = found.scalar_one_or_none()
    if org is None:
        raise NotFound
    require(system, Action.HALL_NUMBERS, Resource(kind="hall", owner_org_path=org.path))
    return org


async def _find(session: AsyncSession, org: OrgUnit, reference: str) -> Drawn | None:
    query = (
        select(HallNumber, Ticket)
        .join(Ticket, col(Ticket.id) == col(HallNumber.ticket_id))
        .where(HallNumber.org_id == org.id, HallNumber.reference == reference)
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row is not None else None


async def _get(session: AsyncSession, org: OrgUnit, reference: str) -> Drawn:
    drawn = await _find(session, org, reference)
    if drawn is None:
        raise NotFound("number_unknown", reference=reference)
    return drawn


async def _window(session: AsyncSession, org: OrgUnit, code: str) -> Window:
    query = select(Window).where(Window.code == code, Window.org_id == org.id)
    window = (await session.execute(query)).scalar_one_or_none()
    if window is None:
        raise NotFound("window_unknown", window=code)
    return window


async def _require_open(tx: Transaction, org: OrgUnit, item: ServiceItem) -> None:
    """Raises NoWindowServes, WindowsClosed: of the hall's own windows alone."""
    able = await read_able_desks(tx.session, tx.now, item.channel, item.skills, org.id)
    if not able:
        raise routing.NoWindowServes(item.code)
    opening = opening_of(able, tx.now)
    if not opening.open:
        raise routing.WindowsClosed(opening)


async def _served_by(session: AsyncSession, window: Window) -> list[UUID]:
    """The hall's numbers that wait and that a window can serve, by rank."""
    query = (
        select(Ticket.id, Ticket.reach)
        .where(
            Ticket.kind == TicketKind.HALL,
            Ticket.state == TicketState.WAITING,
            Ticket.serving_org_id == window.org_id,
            Ticket.channel == window.channel,
        )
        .order_by(col(Ticket.rank_at), col(Ticket.id))
    )
    rows = await session.execute(query)
    return [ticket_id for ticket_id, reach in rows if _serves(window, reach)]


async def _require_room(tx: Transaction, org: OrgUnit) -> None:
    """A hall's system that draws and never calls must not bury everybody's queue. Raises HallFull.

    Two that draw at once may be one too many: it is no quota.
    """
    query = (
        select(func.count())
        .select_from(Ticket)
        .where(
            Ticket.kind == TicketKind.HALL,
            Ticket.serving_org_id == org.id,
            col(Ticket.state).in_(LIVE),
        )
    )
    if (await tx.session.execute(query)).scalar_one() >= LIVE_MAX:
        raise HallFull(LIVE_MAX)


def _serves(window: Window, reach: Sequence[dict[str, object]]) -> bool:
    """Whether the number may be called to a counter with the window's skills: by its own queue
    alone, since its holder is here and nowhere else."""
    return Reach.of(reach[0]).takes(window)


async def _call(tx: Transaction, drawn: Drawn, window: Window, counter: str) -> None:
    number, ticket = drawn
    await move_ticket(
        tx,
        ticket,
        TicketEvent.CALLED,
        first_answered_at=ticket.first_answered_at or tx.now,
        answered_window_id=ticket.answered_window_id or window.id,
    )
    number.counter, number.called_at = counter, tx.now


async def _put_back(tx: Transaction, number: HallNumber, ticket: Ticket) -> None:
    await move_ticket(tx, ticket, TicketEvent.PUT_BACK)
    number.counter = number.called_at = None
