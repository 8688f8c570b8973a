"""A made-up town in a database: windows of many skills, agents at them, and a long line."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import SQLModel

from server.catalogue.tables import ServiceItem
from server.identity.cookies import new_secret, secret_hash
from server.identity.principals import Grant, Resident, Role, Staff
from server.identity.tables import (
    Account,
    AccountGrant,
    AccountWindow,
    ResidentSession,
    StaffSession,
)
from server.infrastructure.clock import business_day
from server.infrastructure.database import Database
from server.infrastructure.ids import new_id
from server.organisations.tables import OrgUnit, Window
from server.tickets.reach import Reach
from server.tickets.states import PresenceState
from server.tickets.tables import AgentPresence, Ticket

CHANNEL: Final = "district"
CONSENT: Final = "1"
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Size:
    """skills: each an item of its own. desks: agents of the first window, whose skills nobody of
    the line waits for; all others are in a call."""

    waiting: int = 10_000
    agents: int = 2_000
    skills: int = 200
    windows: int = 20
    desks: int = 32


@dataclass(frozen=True, slots=True)
class Town:
    """items: what the first window serves. agents: those at it, idle."""

    org: OrgUnit
    items: list[str]
    agents: list[Staff]


async def found(database: Database, size: Size) -> Town:
    """Fill a migrated, empty database."""
    now = dt.datetime.now(dt.UTC)
    org = OrgUnit(code="bench", path="/bench/", name_zh="区", name_en="District", level="district")
    windows = [_window(org, size, number) for number in range(size.windows)]
    agents = [_agent(org, windows, size, number) for number in range(size.agents)]
    residents = [_visit(org, now) for _ in range(size.waiting)]
    await _add(database, [org])
    await _add(database, [_item(number) for number in range(size.skills)])
    await _add(database, windows)
    await _add(database, [_account(agent) for agent in agents])
    await _add(database, [_grant(agent) for agent in agents])
    await _add(database, [_seat(agent) for agent in agents])
    await _add(database, [_presence(agent, windows[0], now) for agent in agents])
    await _add(database, residents)
    elsewhere = [skill for window in windows[1:] for skill in window.skills]
    line = [
        _waiting(org, elsewhere[number % len(elsewhere)], visit, number, now)
        for number, visit in enumerate(residents)
    ]
    await _add(database, line)
    idle = [agent for agent in agents if windows[0].id in agent.window_ids]
    return Town(org, list(windows[0].skills), idle)


async def residents(database: Database, town: Town, count: int) -> list[Resident]:
    """People who have agreed to the terms and have no number yet."""
    now = dt.datetime.now(dt.UTC)
    visits = [_visit(town.org, now) for _ in range(count)]
    await _add(database, visits)
    return [
        Resident(visit.id, town.org.id, town.org.code, town.org.path, "zh-CN", CONSENT)
        for visit in visits
    ]


async def log_in(database: Database, town: Town) -> list[str]:
    """A log-in of each agent of the first window; the cookies' secrets."""
    now = dt.datetime.now(dt.UTC)
    secrets = [new_secret() for _ in town.agents]
    await _add(
        database,
        [
            StaffSession(
                account_id=agent.account_id,
                secret_hash=secret_hash(secret),
                created_at=now,
                expires_at=now + dt.timedelta(hours=12),
                last_seen_at=now,
            )
            for agent, secret in zip(town.agents, secrets, strict=True)
        ],
    )
    return secrets


async def _add(database: Database, rows: list[Any]) -> None:
    for start in range(0, len(rows), BATCH):
        some: list[SQLModel] = rows[start : start + BATCH]
        async with database.write() as session:
            await session.execute(insert(type(some[0])), [row.model_dump() for row in some])
            await session.commit()


def _skill(number: int) -> str:
    return f"skill-{number}"


def _item(number: int) -> ServiceItem:
    code = _skill(number)
    return ServiceItem(
        code=code,
        position=number,
        name_zh=code,
        name_en=code,
        initials=code,
        channel=CHANNEL,
        subject="person",
        skills=[code],
        handling_minutes=10,
        promised_working_days=1,
        fee_fen=0,
        document={"code": code, "materials": []},
    )


def _window(org: OrgUnit, size: Size, number: int) -> Window:
    skills = [_skill(skill) for skill in range(number, size.skills, size.windows)]
    name = f"window-{number}"
    return Window(
        code=name, org_id=org.id, channel=CHANNEL, skills=skills, name_zh=name, name_en=name
    )


def _agent(org: OrgUnit, windows: list[Window], size: Size, number: int) -> Staff:
    busy = windows[1:] or windows
    window = windows[0] if number < size.desks else busy[number % len(busy)]
    return Staff(
        account_id=new_id(),
        login_session_id=new_id(),
        username=f"agent-{number}",
        org_id=org.id,
        org_code=org.code,
        org_path=org.path,
        grants=(Grant(Role.AGENT, org.path),),
        window_ids=(window.id,),
    )


def _account(agent: Staff) -> Account:
    return Account(
        id=agent.account_id,
        username=agent.username,
        password_hash="-",  # noqa: S106 - nobody can log in by it
        display_name_zh=agent.username,
        display_name_en=agent.username,
        org_id=agent.org_id,
    )


def _grant(agent: Staff) -> AccountGrant:
    return AccountGrant(account_id=agent.account_id, role=Role.AGENT, org_id=agent.org_id)


def _seat(agent: Staff) -> AccountWindow:
    return AccountWindow(account_id=agent.account_id, window_id=agent.window_ids[0])


def _presence(agent: Staff, idle_at: Window, now: dt.datetime) -> AgentPresence:
    idle = idle_at.id in agent.window_ids
    return AgentPresence(
        account_id=agent.account_id,
        state=PresenceState.AVAILABLE if idle else PresenceState.SERVING,
        since=now,
        available_since=now,
    )


def _visit(org: OrgUnit, now: dt.datetime) -> ResidentSession:
    visit_id = new_id()
    return ResidentSession(
        id=visit_id,
        secret_hash=visit_id.bytes,
        org_id=org.id,
        language="zh-CN",
        consent_version=CONSENT,
        created_at=now,
        expires_at=now + dt.timedelta(hours=12),
    )


def _waiting(
    org: OrgUnit, skill: str, visit: ResidentSession, number: int, now: dt.datetime
) -> Ticket:
    since = now - dt.timedelta(hours=1) + dt.timedelta(milliseconds=number)
    return Ticket(
        number=f"A{number:05d}",
        business_day=business_day(now),
        channel=CHANNEL,
        item_code=skill,
        skills=[skill],
        reach=[Reach(CHANNEL, org.id, org.code, frozenset({skill})).wire()],
        serving_org_id=org.id,
        serving_org_code=org.code,
        serving_org_path=org.path,
        place_id=org.id,
        place_code=org.code,
        place_path=org.path,
        resident_id=visit.id,
        language="zh-CN",
        created_at=since,
        waiting_since=since,
        rank_at=since,
    )
