"""Which windows are open now: the windows' rows, read together with what closes them."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.organisations.hours import (
    Calendar,
    Closure,
    Hours,
    Opening,
    combined,
    is_open,
    opening,
)
from server.organisations.tables import CalendarDay, DayKind, OrgUnit, Window

CALENDAR_DAYS: Final = 400  # as far as openings are looked for, and back over a holiday


@dataclass(frozen=True)
class Desk:
    """A window, and what says when it is open: its own hours, or else its organisation's; closed
    while either of them is."""

    window: Window
    org: OrgUnit
    calendar: Calendar

    @cached_property
    def hours(self) -> Hours | None:
        document = self.window.hours if self.window.hours is not None else self.org.hours
        return Hours.of(document) if document is not None else None

    @cached_property
    def closures(self) -> tuple[Closure, ...]:
        return (*closures_of(self.window), *closures_of(self.org))

    def is_open(self, now: dt.datetime) -> bool:
        return is_open(self.hours, self.calendar, self.closures, now)

    def opening(self, now: dt.datetime) -> Opening:
        return opening(self.hours, self.calendar, self.closures, now)


def closures_of(row: Window | OrgUnit) -> tuple[Closure, ...]:
    """The row's closure, none while nobody has closed it."""
    return () if row.closed_since is None else (Closure(row.closed_since, row.closed_until),)


def open_ids(desks: Iterable[Desk], now: dt.datetime) -> frozenset[UUID]:
    return frozenset(desk.window.id for desk in desks if desk.is_open(now))


def opening_of(desks: Iterable[Desk], now: dt.datetime) -> Opening:
    """Of several windows together: open while one of them is."""
    return combined(desk.opening(now) for desk in desks)


async def read_desks(session: AsyncSession, now: dt.datetime, *conditions: Any) -> list[Desk]:
    """The windows that meet `conditions` on Window or OrgUnit, by code. At most two queries."""
    query = (
        select(Window, OrgUnit)
        .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
        .where(*conditions)
        .order_by(col(Window.code))
    )
    rows = [(window, org) for window, org in await session.execute(query)]
    timed = any(window.hours is not None or org.hours is not None for window, org in rows)
    calendar = await read_calendar(session, now) if timed else Calendar()
    return [Desk(window, org, calendar) for window, org in rows]


async def read_able_desks(
    session: AsyncSession,
    now: dt.datetime,
    channel: str,
    skills: Collection[str],
    org_id: UUID | None = None,
) -> list[Desk]:
    """The windows of a channel, and of one organisation if it is named, that have all `skills`. A
    help desk is none of them: it takes only what overflows to it."""
    here = [] if org_id is None else [Window.org_id == org_id]
    desks = await read_desks(session, now, Window.channel == channel, ~col(Window.help_desk), *here)
    return [desk for desk in desks if set(skills) <= set(desk.window.skills)]


async def read_calendar(session: AsyncSession, now: dt.datetime) -> Calendar:
    """The years around `now`."""
    today = now.date()
    first = dt.date(today.year - 1, 1, 1)
    query = select(col(CalendarDay.day), col(CalendarDay.kind)).where(
        col(CalendarDay.day) >= first,
        col(CalendarDay.day) <= today + dt.timedelta(days=CALENDAR_DAYS),
    )
    rows = await session.execute(query)
    return Calendar({day: DayKind(kind) for day, kind in rows})
