"""The rows of tickets and presence, as the line-up takes them."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, and_, cast, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.tables import Account, AccountWindow
from server.organisations.openings import Desk, read_desks
from server.organisations.tables import Window
from server.queueing.values import Left, Line, Place, Queue, Refusal, Seat, Sitting, Stood
from server.tickets.reach import Reach
from server.tickets.states import OfferState, PresenceState, TicketKind, TicketState
from server.tickets.tables import AgentPresence, Offer, Ticket

PAGE: Final = 500
"""Ids that one query names."""

COUNTED: Final = or_(
    col(Ticket.state) == TicketState.WAITING,
    # Who dropped out of a call goes back there, and is ahead of nobody.
    and_(col(Ticket.state) == TicketState.HELD, col(Ticket.session_id).is_(None)),
)
_PLACE: Final[tuple[Any, ...]] = (
    col(Ticket.id),
    col(Ticket.version),
    col(Ticket.state),
    col(Ticket.kind),
    col(Ticket.session_id),
    col(Ticket.rank_at),
    # As text: ten thousand tickets ask for a few dozen different things.
    cast(col(Ticket.reach), Text).label("reach"),
)
_AGENT: Final[tuple[Any, ...]] = (
    col(AgentPresence.account_id),
    col(AgentPresence.version),
    col(AgentPresence.state),
    col(AgentPresence.since),
    col(AgentPresence.available_since),
    col(AgentPresence.window_id),
    col(Account.speaks),
    col(Account.disabled_at),
)


async def read_places(session: AsyncSession, ids: Collection[UUID]) -> list[Place | Left]:
    """Where the tickets stand: in the order of the queue, those that left it at the end."""
    found: list[Place | Left] = []
    for some in _pages(ids):
        rows = await session.execute(select(*_PLACE).where(col(Ticket.id).in_(some)))
        found += [_place(row) for row in rows]
    return sorted(found, key=_rank)


async def read_all_places(session: AsyncSession) -> list[Place]:
    """All who wait or are held, in the order of the queue."""
    rows = await session.execute(select(*_PLACE).where(COUNTED))
    found = [place for row in rows if isinstance(place := _place(row), Place)]
    return sorted(found, key=_rank)


async def read_versions(session: AsyncSession) -> dict[UUID, int]:
    """The same as ids and versions."""
    rows = await session.execute(select(col(Ticket.id), col(Ticket.version)).where(COUNTED))
    return {row.id: row.version for row in rows}


async def read_agents(
    session: AsyncSession, now: dt.datetime, ids: Collection[UUID] | None = None
) -> list[Sitting | Stood]:
    """Whether and where agents take offers at `now`, the longest idle first; those who take none
    at the end. ids: None is all who are available."""
    found: list[Sitting | Stood] = []
    for some in [None] if ids is None else _pages(ids):
        chosen: Any = (
            col(AgentPresence.state) == PresenceState.AVAILABLE
            if some is None
            else col(AgentPresence.account_id).in_(some)
        )
        query = select(*_AGENT).join(Account, col(Account.id) == col(AgentPresence.account_id))
        rows = list(await session.execute(query.where(chosen)))
        asked = [row.account_id for row in rows if room(row)]
        seats = await _read_seats(session, now, None if some is None else asked) if asked else {}
        found += [_agent(row, seats.get(row.account_id, {})) for row in rows]
    return sorted(found, key=_idleness)


async def read_refusals(
    session: AsyncSession, pause: dt.timedelta, now: dt.datetime, ids: Collection[UUID] | None
) -> list[Refusal]:
    """Who has rejected what a moment ago: others first, and a breath before it comes again."""
    query = select(col(Offer.ticket_id), col(Offer.account_id), col(Offer.answered_at)).where(
        Offer.state == OfferState.REJECTED, col(Offer.answered_at) > now - pause
    )
    found: list[Refusal] = []
    for some in [None] if ids is None else _pages(ids):
        chosen = query if some is None else query.where(col(Offer.ticket_id).in_(some))
        for ticket_id, account_id, answered_at in await session.execute(chosen):
            if answered_at is not None:
                found.append(Refusal(ticket_id, account_id, answered_at + pause))
    return found


def room(presence: Any) -> int:
    """How many offers an agent could have now: one at a time, and nothing else beside it."""
    free = presence.state == PresenceState.AVAILABLE and presence.disabled_at is None
    return 1 if free else 0


def _pages(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    listed = list(ids)
    for start in range(0, len(listed), PAGE):
        yield listed[start : start + PAGE]


def _rank(one: Place | Left) -> tuple[bool, float, UUID]:
    left = isinstance(one, Left)
    return left, 0.0 if isinstance(one, Left) else one.rank_at.timestamp(), one.ticket_id


def _idleness(one: Sitting | Stood) -> tuple[bool, float, UUID]:
    since = 0.0 if isinstance(one, Stood) else one.idle_since.timestamp()
    return isinstance(one, Stood), since, one.account_id


def _place(row: Any) -> Place | Left:
    held = row.state == TicketState.HELD and row.session_id is None
    if row.state != TicketState.WAITING and not held:
        return Left(row.id, row.version)
    # Who is away is called by nobody; a hall's numbers are called to the counters there.
    called = not held and row.kind != TicketKind.HALL
    return Place(row.id, row.version, row.rank_at, _lines(row.reach) if called else ())


@lru_cache(maxsize=4096)
def _lines(reach: str) -> tuple[Line, ...]:
    """The lines of what `Ticket.reach` says."""
    return tuple(
        Line(Queue(one.channel, one.org_id), one.skills, one.language, one.help_desk)
        for one in (Reach.of(wire) for wire in json.loads(reach))
    )


async def _read_seats(
    session: AsyncSession, now: dt.datetime, ids: Collection[UUID] | None
) -> dict[UUID, dict[UUID, Seat]]:
    """The open windows of each agent."""
    query = select(col(AccountWindow.account_id), col(AccountWindow.window_id))
    conditions: list[Any] = []
    if ids is not None:
        query = query.where(col(AccountWindow.account_id).in_(ids))
    pairs = [(account_id, window_id) for account_id, window_id in await session.execute(query)]
    if ids is not None:
        conditions = [col(Window.id).in_({window_id for _, window_id in pairs})]
    desks = await read_desks(session, now, *conditions)
    open_seats = {desk.window.id: _seat(desk) for desk in desks if desk.is_open(now)}
    seats: dict[UUID, dict[UUID, Seat]] = defaultdict(dict)
    for account_id, window_id in pairs:
        if window_id in open_seats:
            seats[account_id][window_id] = open_seats[window_id]
    return seats


def _seat(desk: Desk) -> Seat:
    window = desk.window
    queue = Queue(window.channel, window.org_id)
    return Seat(window.id, queue, frozenset(window.skills), window.help_desk)


def _agent(row: Any, seats: dict[UUID, Seat]) -> Sitting | Stood:
    chosen = [seat for seat in seats.values() if row.window_id in (None, seat.window_id)]
    free = room(row)
    if not free or not chosen:
        return Stood(row.account_id, row.version)
    since = row.available_since or row.since
    return Sitting(row.account_id, row.version, since, tuple(chosen), frozenset(row.speaks), free)
