"""Brings tickets and agents together: first come first served, the longest idle agent first."""

import asyncio
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, select

from server.identity.tables import AccountWindow
from server.infrastructure.actors import System
from server.infrastructure.settings import Settings
from server.infrastructure.tasks import each
from server.infrastructure.work import Work
from server.organisations.tables import Window
from server.tickets import events
from server.tickets.moves import move_presence, move_ticket, seconds_after
from server.tickets.states import (
    OfferState,
    PresenceEvent,
    PresenceState,
    TicketEvent,
    TicketKind,
    TicketState,
)
from server.tickets.tables import AgentPresence, Offer, Ticket

LOOK_SECONDS: Final = 1.0
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Seat:
    """A free agent at a window. idle_since orders seats; an agent may have several."""

    account_id: UUID
    window_id: UUID
    org_id: UUID
    channel: str
    skills: frozenset[str]
    idle_since: dt.datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits, as the match sees it."""

    ticket_id: UUID
    org_id: UUID
    channel: str
    skills: frozenset[str]


Refusal = tuple[UUID, UUID]
"""A ticket, and the account of an agent who has just rejected it."""


def match(
    waiting: Sequence[Waiting],
    seats: Sequence[Seat],
    refusals: Collection[Refusal] = frozenset(),
) -> list[tuple[Waiting, Seat]]:
    """Pairs of ticket and seat. Pure.

    waiting: in the order of the queue. Of those able, the longest idle agent gets the ticket; an
    agent gets one at most; a ticket that nobody free is able to serve does not hold up those
    behind it. refusals: pairs that are not made now.
    """
    free = sorted(seats, key=lambda seat: (seat.idle_since, seat.account_id))
    pairs: list[tuple[Waiting, Seat]] = []
    taken: set[UUID] = set()
    for ticket in waiting:
        for seat in free:
            if (
                seat.account_id not in taken
                and seat.org_id == ticket.org_id
                and seat.channel == ticket.channel
                and ticket.skills <= seat.skills
                and (ticket.ticket_id, seat.account_id) not in refusals
            ):
                pairs.append((ticket, seat))
                taken.add(seat.account_id)
                break
    return pairs


def _waiting(ticket: Ticket) -> Waiting:
    return Waiting(ticket.id, ticket.serving_org_id, ticket.channel, frozenset(ticket.skills))


class Dispatch:
    """Runs in every replica; conditional updates make it harmless that several look at once."""

    def __init__(self, work: Work, settings: Settings) -> None:
        self._work = work
        self._settings = settings
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Offer until cancelled: at once when woken, else once a second."""
        while True:
            self._woken.clear()
            await self.offer_all()
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def offer_all(self) -> int:
        """Make an offer of every pair that can be made now; how many stood."""
        made = 0
        seats = await self._read_seats()
        refusals = await self._read_refusals()
        last: Ticket | None = None
        # On and on through the queue, while somebody is free: those whom nobody can serve now,
        # however many they are, must not hide the others behind them.
        while seats:
            tickets = await self._read_waiting(seats, last)
            pairs = match([_waiting(ticket) for ticket in tickets], seats, refusals)
            made += await each(pairs, self._offer, what="offer")
            if len(tickets) < BATCH:
                break
            taken = {seat.account_id for _, seat in pairs}
            seats = [seat for seat in seats if seat.account_id not in taken]
            last = tickets[-1]
        return made

    async def _offer(self, pair: tuple[Waiting, Seat]) -> None:
        waiting, seat = pair
        async with self._work.write(System("dispatch")) as tx:
            ticket = await tx.session.get_one(Ticket, waiting.ticket_id)
            presence = await tx.session.get_one(AgentPresence, seat.account_id)
            await move_ticket(tx, ticket, TicketEvent.OFFERED)
            # The place among the idle is kept in case the resident leaves.
            await move_presence(
                tx, presence, PresenceEvent.OFFERED, available_since=presence.available_since
            )
            offer = Offer(
                ticket_id=ticket.id,
                account_id=seat.account_id,
                window_id=seat.window_id,
                offered_at=tx.now,
                deadline_at=seconds_after(tx.now, self._settings.offer_lease_seconds),
            )
            tx.session.add(offer)
            await tx.session.flush()
            events.announce_offer(tx, "offer.made", offer, ticket)
            tx.audit("offer.make", ("offer", str(offer.id)), ticket=str(ticket.id))

    async def _read_waiting(self, seats: Sequence[Seat], last: Ticket | None) -> list[Ticket]:
        """The next who wait for one of the seats' queues, after `last`."""
        queues = {(seat.channel, seat.org_id) for seat in seats}
        query = (
            select(Ticket)
            .where(
                Ticket.state == TicketState.WAITING,
                # A hall's numbers are called to its counters.
                Ticket.kind != TicketKind.HALL,
                or_(
                    *(
                        and_(col(Ticket.channel) == channel, col(Ticket.serving_org_id) == org_id)
                        for channel, org_id in sorted(queues)
                    )
                ),
            )
            .order_by(col(Ticket.rank_at), col(Ticket.id))
            .limit(BATCH)
        )
        if last is not None:
            since, same = col(Ticket.rank_at), last.rank_at
            query = query.where(or_(since > same, and_(since == same, col(Ticket.id) > last.id)))
        async with self._work.read() as session:
            return list((await session.execute(query)).scalars())

    async def _read_refusals(self) -> set[Refusal]:
        """Who has rejected what a moment ago: others first, and a breath before it comes again."""
        pause = dt.timedelta(seconds=self._settings.reject_pause_seconds)
        query = select(Offer.ticket_id, Offer.account_id).where(
            Offer.state == OfferState.REJECTED,
            col(Offer.answered_at) > self._work.clock.now() - pause,
        )
        async with self._work.read() as session:
            return {(row.ticket_id, row.account_id) for row in await session.execute(query)}

    async def _read_seats(self) -> list[Seat]:
        query = (
            select(AgentPresence, Window)
            .join(AccountWindow, col(AccountWindow.account_id) == col(AgentPresence.account_id))
            .join(Window, col(Window.id) == col(AccountWindow.window_id))
            .where(AgentPresence.state == PresenceState.AVAILABLE)
        )
        async with self._work.read() as session:
            return [
                Seat(
                    presence.account_id,
                    window.id,
                    window.org_id,
                    window.channel,
                    frozenset(window.skills),
                    presence.available_since or presence.since,
                )
                for presence, window in await session.execute(query)
                if presence.window_id in (None, window.id)
            ]
