"""Finds the queue that a ticket joins, and whether anybody is open to serve it."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.catalogue.tables import ServiceItem
from server.organisations.hours import Opening
from server.organisations.openings import open_ids, opening_of, read_able_desks, read_desks
from server.organisations.tables import OrgUnit
from server.tickets import routing
from server.tickets.overflow.rules import Scene, Waiter, may_be_served
from server.tickets.overflow.scene import read_district_paths, read_rules, scene_of
from server.tickets.reach import EVERYBODY_SPEAKS, Reach


@dataclass(frozen=True, slots=True)
class Placing:
    """org: whose queue it is. reach: that queue, with what it asks of an agent. opening: of all
    windows that may serve it, those of overflow rules included."""

    org: OrgUnit
    reach: Reach
    opening: Opening

    def require_open(self) -> None:
        """Raises WindowsClosed while no window is open that could ever serve it."""
        if not self.opening.open:
            raise routing.WindowsClosed(self.opening)


async def find_queue(
    session: AsyncSession,
    item: ServiceItem,
    place: OrgUnit,
    now: dt.datetime,
    language: str = EVERYBODY_SPEAKS,
) -> Placing:
    """Where a ticket for `item` goes that is taken at `place` now. Raises NoWindowServes."""
    able = await read_able_desks(session, now, item.channel, item.skills)
    line = await _line(session, place)
    rows = [(desk.window, desk.org) for desk in able]
    org = routing.serving_org(item, line, rows, open_ids(able, now))
    reach = routing.own_reach(item, org, language)
    opening = opening_of((desk for desk in able if desk.org.id == org.id), now)
    if not opening.open and await _overflows(session, item, place, reach, now):
        opening = Opening(open=True)
    return Placing(org, reach, opening)


async def own_queue(
    session: AsyncSession,
    item: ServiceItem,
    place: OrgUnit,
    now: dt.datetime,
    language: str = EVERYBODY_SPEAKS,
) -> tuple[OrgUnit, Reach]:
    """Whose queue it is, whoever is open now: for a time ahead. Raises NoWindowServes."""
    able = await read_able_desks(session, now, item.channel, item.skills)
    rows = [(desk.window, desk.org) for desk in able]
    org = routing.serving_org(item, await _line(session, place), rows)
    return org, routing.own_reach(item, org, language)


async def _line(session: AsyncSession, place: OrgUnit) -> list[OrgUnit]:
    """The place and what lies above it, nearest first."""
    codes = place.path.strip("/").split("/")
    found = await session.execute(select(OrgUnit).where(col(OrgUnit.code).in_(codes)))
    return sorted(found.scalars(), key=lambda org: -len(org.path))


async def _overflows(
    session: AsyncSession, item: ServiceItem, place: OrgUnit, reach: Reach, now: dt.datetime
) -> bool:
    """Whether overflow rules lead to a window that is open, at whatever time."""
    scene: Scene = scene_of(
        await read_desks(session, now), {}, await read_district_paths(session), now
    )
    waiter = Waiter(item.code, place.path, frozenset(item.skills), (reach,), now)
    return may_be_served(waiter, await read_rules(session), scene)
