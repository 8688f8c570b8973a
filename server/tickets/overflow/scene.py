"""Reads what overflow rules look at: windows, who is at them, and the rules themselves."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import String, case, cast, func, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.tables import Account, AccountWindow
from server.infrastructure.database import UtcDateTime
from server.organisations.openings import Desk, read_desks
from server.organisations.tables import Level, OrgUnit, OverflowRule
from server.tickets.on_duty import on_duty
from server.tickets.overflow.rules import LONG_AGO, Counter, Crew, Rule, Scene, in_order
from server.tickets.tables import AgentPresence

Crews = dict[UUID, list[Crew]]


async def read_scene(session: AsyncSession, now: dt.datetime) -> Scene:
    """All windows as they are now, with who is at them. Four queries at most."""
    return scene_of(
        await read_desks(session, now),
        await read_crews(session),
        await read_district_paths(session),
        now,
    )


def scene_of(
    desks: Iterable[Desk], crews: Crews, district_paths: list[str], now: dt.datetime
) -> Scene:
    return Scene([_counter(desk, now) for desk in desks], crews, district_paths)


async def read_rules(session: AsyncSession) -> list[Rule]:
    """The rules in force, in their order."""
    rows = await session.execute(select(OverflowRule).where(col(OverflowRule.enabled)))
    return in_order(Rule.of(row) for row in rows.scalars())


async def read_district_paths(session: AsyncSession) -> list[str]:
    query = select(col(OrgUnit.path)).where(OrgUnit.level == Level.DISTRICT)
    return list((await session.execute(query)).scalars())


async def read_crews(session: AsyncSession) -> Crews:
    """Who is at each window, those who speak the same together: few rows however many agents."""
    here = on_duty()
    # JSON can't be compared on PostgreSQL; grouped as text, it is read as JSON again.
    speaks = cast(col(Account.speaks), String)
    query = (
        select(
            col(AccountWindow.window_id),
            speaks,
            func.max(case((here, 1), else_=0)),
            type_coerce(func.max(case((here, None), else_=col(AgentPresence.since))), UtcDateTime),
        )
        .join(AgentPresence, col(AgentPresence.account_id) == col(AccountWindow.account_id))
        .join(Account, col(Account.id) == col(AccountWindow.account_id))
        .group_by(col(AccountWindow.window_id), speaks)
    )
    crews: Crews = defaultdict(list)
    for window_id, languages, on, left_at in await session.execute(query):
        spoken = frozenset(json.loads(languages))
        crews[window_id].append(Crew(window_id, spoken, bool(on), left_at or LONG_AGO))
    return dict(crews)


def _counter(desk: Desk, now: dt.datetime) -> Counter:
    return Counter(
        window_id=desk.window.id,
        channel=desk.window.channel,
        org_id=desk.org.id,
        org_code=desk.org.code,
        org_path=desk.org.path,
        skills=frozenset(desk.window.skills),
        help_desk=desk.window.help_desk,
        open=desk.is_open(now),
    )
