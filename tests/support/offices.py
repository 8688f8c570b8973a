"""The demo's windows over an empty queue, with a clock that a test moves: no agent, no page, no
dispatch beside what the test itself does."""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from server.catalogue.tables import ServiceItem
from server.demo.seed import plant
from server.identity.tables import Account
from server.infrastructure.actors import System
from server.infrastructure.audit import AuditRow
from server.infrastructure.clock import BUSINESS_ZONE
from server.infrastructure.database import Database
from server.infrastructure.events.topics import Event
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from server.organisations.hours import Opening
from server.organisations.tables import OrgUnit, OverflowRule, Window
from server.tickets.events import announce_ticket
from server.tickets.overflow.rounds import Rounds
from server.tickets.placing import Placing, find_queue
from server.tickets.states import PresenceState, TicketState
from server.tickets.tables import AgentPresence, Ticket
from tests.support.subjects import MovableClock, make_tables, quick_passwords

PLACE = "caoyang-xincun"


@dataclass
class Office:
    work: Work
    clock: MovableClock
    rounds: Rounds
    events: list[Event] = field(default_factory=list)
    numbers: int = 0

    def at(self, local: str) -> None:
        """Set the clock: a moment by Shanghai's clocks."""
        moment = dt.datetime.fromisoformat(local).replace(tzinfo=BUSINESS_ZONE)
        self.clock.move(seconds=(moment - self.clock.now()).total_seconds())

    async def pass_seconds(self, seconds: float) -> None:
        self.clock.move(seconds=seconds)
        await self.rounds.look()

    async def find(self, item_code: str, *, place: str = PLACE, language: str = "zh-CN") -> Placing:
        async with self.work.read() as session:
            item = await session.get_one(ServiceItem, item_code)
            org = await self._org(session, place)
            return await find_queue(session, item, org, self.clock.now(), language)

    async def opening(self, item_code: str, **other: str) -> Opening:
        return (await self.find(item_code, **other)).opening

    async def waits(self, item_code: str, **other: Any) -> UUID:
        """A new ticket, as a resident's who takes a number now. other: columns."""
        known = {name: other.pop(name) for name in ("place", "language") if name in other}
        placing = await self.find(item_code, **known)
        self.numbers += 1
        async with self.work.write(System("test")) as tx:
            item = await tx.session.get_one(ServiceItem, item_code)
            place = await self._org(tx.session, known.get("place", PLACE))
            columns: dict[str, Any] = {
                "number": f"X{self.numbers:03d}",
                "business_day": tx.now.date(),
                "channel": item.channel,
                "item_code": item.code,
                "skills": list(item.skills),
                "serving_org_id": placing.org.id,
                "serving_org_code": placing.org.code,
                "serving_org_path": placing.org.path,
                "place_id": place.id,
                "place_code": place.code,
                "place_path": place.path,
                "language": known.get("language", "zh-CN"),
                "reach": [placing.reach.wire()],
                "state": TicketState.WAITING,
                "created_at": tx.now,
                "waiting_since": tx.now,
                "rank_at": tx.now,
            }
            ticket = Ticket(**columns | other)
            tx.session.add(ticket)
            await tx.session.flush()
            announce_ticket(tx, "ticket.created", ticket)
            return ticket.id

    async def ticket(self, ticket_id: UUID) -> Ticket:
        async with self.work.read() as session:
            return await session.get_one(Ticket, ticket_id)

    async def reaches(self, ticket_id: UUID) -> list[str]:
        """The queues that may serve it, in the order in which they were opened."""
        ticket = await self.ticket(ticket_id)
        return [
            "help desk" if one["help_desk"] else f"{one['org_code']} {one['language'] or 'any'}"
            for one in ticket.reach
        ]

    async def audited(self, action: str) -> list[Mapping[str, Any]]:
        async with self.work.read() as session:
            query = select(AuditRow.details).where(AuditRow.action == action)
            return list((await session.execute(query)).scalars())

    async def presence(self, username: str, state: PresenceState, **other: Any) -> None:
        """Put somebody at a desk, or away from it, as of now."""
        async with self.work.write(System("test")) as tx:
            query = select(Account.id).where(Account.username == username)
            account_id = (await tx.session.execute(query)).scalar_one()
            row = await tx.session.get(AgentPresence, account_id)
            if row is None:
                row = AgentPresence(account_id=account_id, since=tx.now)
                tx.session.add(row)
            row.state, row.since = state, tx.now
            for name, value in other.items():
                setattr(row, name, value)

    async def change(self, table: type[Window | OrgUnit], code: str, **columns: Any) -> None:
        """Change a window or an organisation behind everybody's back."""
        async with self.work.write(System("test")) as tx:
            query = select(table).where(col(table.code) == code)
            row = (await tx.session.execute(query)).scalar_one()
            for name, value in columns.items():
                setattr(row, name, value)

    async def change_rule(self, code: str, **columns: Any) -> None:
        async with self.work.write(System("test")) as tx:
            query = select(OverflowRule).where(OverflowRule.code == code)
            row = (await tx.session.execute(query)).scalar_one()
            for name, value in columns.items():
                setattr(row, name, value)

    @staticmethod
    async def _org(session: Any, code: str) -> OrgUnit:
        found = await session.execute(select(OrgUnit).where(OrgUnit.code == code))
        org: OrgUnit = found.scalar_one()
        return org


@asynccontextmanager
async def open_office(database_url: str, folder: Path) -> AsyncIterator[Office]:
    """On an empty database. It is Wednesday, 20 November 2024, 10:00 in Shanghai."""
    settings = Settings(data=folder, demo=True, database_url=database_url)
    await make_tables(settings)
    await plant(settings, quick_passwords())
    database = Database(settings.database)
    events: list[Event] = []
    clock = MovableClock()
    work = Work(database, clock, events.extend)
    office = Office(work, clock, Rounds(work), events)
    office.at("2024-11-20 10:00")
    try:
        yield office
    finally:
        await database.close()
