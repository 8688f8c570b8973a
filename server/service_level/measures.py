"""Service levels counted in SQL, of SQLite and PostgreSQL alike."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, String, Subquery, and_, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from server.infrastructure.clock import BUSINESS_ZONE
from server.organisations.tables import Window
from server.service_level.formulas import Tally
from server.service_level.schemas import Grouping
from server.tickets.states import OfferState, TicketState
from server.tickets.tables import Offer, Ticket

UNANSWERED_ENDS = (TicketState.ABANDONED, TicketState.CANCELLED, TicketState.CLOSED_OUT_OF_HOURS)


class seconds_between(FunctionElement[float]):  # noqa: N801 - as SQL functions are named
    """Seconds from one moment to a later one, to the millisecond."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"round((julianday({end}) - julianday({start})) * 86400.0, 3)"


@compiles(seconds_between, "postgresql")
def _seconds_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(round(extract(epoch FROM {end} - {start})::numeric, 3) AS double precision)"


class local_hour(FunctionElement[str]):  # noqa: N801 - as SQL functions are named
    """The hour in Asia/Shanghai of a moment, `2024-11-20T09:00`."""

    type = String()
    inherit_cache = True


@compiles(local_hour, "sqlite")
def _hour_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    # The zone has had no other offset since 1991.
    return f"strftime('%Y-%m-%dT%H:00', {compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(local_hour, "postgresql")
def _hour_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"to_char({moment} AT TIME ZONE '{BUSINESS_ZONE.key}', 'YYYY-MM-DD\"T\"HH24:00')"


@dataclass(frozen=True, slots=True)
class Measured:
    """A row of figures; the waits of those answered, in seconds, as nearest-rank percentiles."""

    key: str | None
    tally: Tally
    p50: float | None
    p90: float | None


async def measured(
    session: AsyncSession,
    conditions: Sequence[ColumnElement[bool]],
    *,
    by: Grouping,
    answer_seconds: int,
) -> list[Measured]:
    """Figures of the tickets that meet `conditions` and whose clock has begun, by key."""
    query = _figures(_ranked(_visits(conditions, _KEYS[by])), answer_seconds)
    return [
        Measured(
            row.key,
            Tally(
                row.offered, row.answered, row.answered_within, row.abandoned, row.abandoned_after
            ),
            row.p50,
            row.p90,
        )
        for row in await session.execute(query)
    ]


async def answers_of(
    session: AsyncSession, account_id: UUID, since: dt.datetime, *, answer_seconds: int
) -> tuple[int, Tally]:
    """How many an agent accepted since then, and the tally of the first answers among them."""
    wait = seconds_between(col(Ticket.clock_at), col(Offer.answered_at))
    first = and_(
        col(Ticket.clock_at).is_not(None), col(Ticket.first_answered_at) == col(Offer.answered_at)
    )
    query = (
        select(
            func.count().label("served"),
            func.count(case((first, 1))).label("answered"),
            func.count(case((and_(first, wait <= answer_seconds), 1))).label("within"),
        )
        .select_from(Offer)
        .join(Ticket, col(Ticket.id) == col(Offer.ticket_id))
        .where(
            col(Offer.account_id) == account_id,
            col(Offer.state) == OfferState.ACCEPTED,
            col(Offer.answered_at) >= since,
        )
    )
    row = (await session.execute(query)).one()
    return row.served, Tally(row.answered, row.answered, row.within)


_KEYS: dict[Grouping, Any] = {
    Grouping.TOTAL: literal("total"),
    Grouping.CHANNEL: col(Ticket.channel),
    Grouping.WINDOW: col(Window.code),
    Grouping.ITEM: col(Ticket.item_code),
    Grouping.HOUR: local_hour(col(Ticket.clock_at)),
}


def _visits(conditions: Sequence[ColumnElement[bool]], key: Any) -> Subquery:
    """One row a ticket: its key, the wait of who was answered, the patience of who was not."""
    answered = col(Ticket.first_answered_at).is_not(None)
    lost = and_(col(Ticket.first_answered_at).is_(None), col(Ticket.state).in_(UNANSWERED_ENDS))
    wait = seconds_between(col(Ticket.clock_at), col(Ticket.first_answered_at))
    patience = seconds_between(col(Ticket.clock_at), col(Ticket.closed_at))
    return (
        select(
            key.label("key"),
            # An appointment may be taken before its time.
            case((and_(answered, wait < 0), 0.0), (answered, wait)).label("wait"),
            case((lost, 1)).label("lost"),
            case((lost, patience)).label("patience"),
        )
        .select_from(Ticket)
        .outerjoin(Window, col(Window.id) == col(Ticket.answered_window_id))
        .where(col(Ticket.clock_at).is_not(None), *conditions)
        .subquery()
    )


def _ranked(visits: Subquery) -> Subquery:
    """The same with the place of each wait among its key's, and how many these are."""
    wait = visits.c.wait
    place = func.row_number().over(
        partition_by=[visits.c.key, case((wait.is_(None), 0), else_=1)], order_by=wait
    )
    count = func.count(wait).over(partition_by=visits.c.key)
    return select(visits, place.label("place"), count.label("count")).subquery()


def _figures(ranked: Subquery, answer_seconds: int) -> Any:
    wait, patience = ranked.c.wait, ranked.c.patience

    def percentile(percent: int) -> ColumnElement[Any]:
        # The nearest rank: the smallest wait that so many percent do not exceed.
        place = (ranked.c["count"] * percent + 99) // 100
        return func.max(case((and_(wait.is_not(None), ranked.c.place == place), wait)))

    return (
        select(
            ranked.c.key,
            func.count().label("offered"),
            func.count(wait).label("answered"),
            func.count(case((wait <= answer_seconds, 1))).label("answered_within"),
            func.count(ranked.c.lost).label("abandoned"),
            func.count(case((patience > answer_seconds, 1))).label("abandoned_after"),
            percentile(50).label("p50"),
            percentile(90).label("p90"),
        )
        .group_by(ranked.c.key)
        .order_by(ranked.c.key)
    )
