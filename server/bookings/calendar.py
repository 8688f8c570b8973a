"""The calendar of a queue: when its windows are open, and which of its slots are free."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.bookings.slots import Interval, Slot, slots_of, with_taken
from server.bookings.tables import SlotUse
from server.infrastructure.clock import BUSINESS_ZONE, business_day, start_of_day
from server.infrastructure.settings import Settings
from server.organisations.hours import Calendar, Hours, Opening, periods
from server.organisations.openings import Desk, opening_of, read_able_desks, read_calendar
from server.tickets.tables import Ticket

DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of an organisation's channel, as an item needs it. skills: asked of a window."""

    channel: str
    org_id: UUID
    skills: frozenset[str]

    @classmethod
    def of(cls, ticket: Ticket) -> "Queue":
        return cls(ticket.channel, ticket.serving_org_id, frozenset(ticket.skills))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar. open: whether a window is; slots: those not too soon, in order."""

    day: dt.date
    open: bool
    slots: Sequence[Slot]

    @property
    def free(self) -> int:
        return sum(1 for slot in self.slots if slot.free)


class BookingCalendar:
    """Reads with the session of its caller. What may be booked: slots of the next `booking_days`
    days that begin in `booking_lead_minutes` or later."""

    def __init__(self, settings: Settings) -> None:
        self._minutes = settings.booking_slot_minutes
        self._places = settings.booking_slot_places
        self._days = settings.booking_days
        self._lead = dt.timedelta(minutes=settings.booking_lead_minutes)
        self._usual = _usual_hours(settings.booking_hours)

    @property
    def slot(self) -> dt.timedelta:
        return dt.timedelta(minutes=self._minutes)

    async def days(self, session: AsyncSession, queue: Queue, now: dt.datetime) -> list[Day]:
        """Every day of the time ahead that can be booked."""
        today = business_day(now)
        days = [today + number * DAY for number in range(self._days)]
        desks = await _able(session, queue, now)
        calendar = await read_calendar(session, now)
        taken = await self._taken(session, queue, days[0], days[-1] + DAY)
        return [self._day(day, desks, calendar, taken, now + self._lead) for day in days]

    async def slot_at(
        self, session: AsyncSession, queue: Queue, starts_at: dt.datetime, now: dt.datetime
    ) -> Slot | None:
        """The slot that begins at `starts_at`, free or full; None if it can't be booked."""
        day = business_day(starts_at)
        if not business_day(now) <= day < business_day(now) + self._days * DAY:
            return None
        desks = await _able(session, queue, now)
        calendar = await read_calendar(session, now)
        taken = await self._taken(session, queue, day, day + DAY)
        found = self._day(day, desks, calendar, taken, now + self._lead)
        return next((slot for slot in found.slots if slot.starts_at == starts_at), None)

    async def opening(self, session: AsyncSession, queue: Queue, now: dt.datetime) -> Opening:
        """Whether a window that is able is open, and when the next one opens."""
        return opening_of(await _able(session, queue, now), now)

    def _day(
        self,
        day: dt.date,
        desks: Sequence[Desk],
        calendar: Calendar,
        taken: Mapping[dt.datetime, int],
        earliest: dt.datetime,
    ) -> Day:
        opened = [self._bookable(desk, calendar, day) for desk in desks]
        slots = slots_of(opened, minutes=self._minutes, places=self._places)
        ahead = [slot for slot in with_taken(slots, taken) if slot.starts_at >= earliest]
        return Day(day, any(opened), ahead)

    def _bookable(self, desk: Desk, calendar: Calendar, day: dt.date) -> list[Interval]:
        """When a window is open on a day; of one open at all hours, the usual ones are offered."""
        midnight = start_of_day(day)
        hours = desk.hours or self._usual
        found = periods(hours, calendar, desk.closures, midnight, midnight + DAY)
        return [
            (start.astimezone(BUSINESS_ZONE), end.astimezone(BUSINESS_ZONE)) for start, end in found
        ]

    async def _taken(
        self, session: AsyncSession, queue: Queue, first: dt.date, last: dt.date
    ) -> dict[dt.datetime, int]:
        since, until = start_of_day(first), start_of_day(last)
        query = select(SlotUse.starts_at, SlotUse.taken).where(
            SlotUse.org_id == queue.org_id,
            SlotUse.channel == queue.channel,
            col(SlotUse.starts_at) >= since,
            col(SlotUse.starts_at) < until,
        )
        return {row.starts_at: row.taken for row in await session.execute(query)}


def _usual_hours(times: Sequence[str]) -> Hours | None:
    """None, which is at all hours, if no times are set. Raises ValueError for what is no time."""
    if not times:
        return None
    return Hours.of({"working_days": [time.split("-") for time in times]})


async def _able(session: AsyncSession, queue: Queue, now: dt.datetime) -> list[Desk]:
    return await read_able_desks(session, now, queue.channel, queue.skills, queue.org_id)
