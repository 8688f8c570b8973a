"""Several replicas watch the same clocks: each alarm once, and boards that add up."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlmodel import col, select

from server.infrastructure.database import Database
from server.infrastructure.events.topics import Event, Snapshot, reduce
from server.infrastructure.migrations import upgrade_database
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from server.organisations.tables import Level, OrgUnit
from server.service_level.events import board_snapshot
from server.service_level.following import BoardFollower
from server.service_level.tables import Alarm
from server.service_level.watch import Watch
from server.tickets.moves import move_ticket
from server.tickets.states import TicketEvent
from server.tickets.tables import Ticket
from tests.support.subjects import MovableClock

MANY = 450  # more than one batch


@dataclass
class Replica:
    """A watch and a follower of one process; events: what it has committed."""

    database: Database
    clock: MovableClock
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.work = Work(self.database, self.clock, self.events.extend)
        self.watch = Watch(self.work, Settings())
        self.follower = BoardFollower(self.work)


@dataclass
class Town:
    org: OrgUnit
    clock: MovableClock
    replicas: list[Replica]

    @property
    def work(self) -> Work:
        return self.replicas[0].work

    def ticket(self, number: int) -> Ticket:
        now = self.clock.now()
        return Ticket(
            number=f"B{number:03d}",
            business_day=now.date(),
            channel="street_town",
            item_code="card",
            skills=[],
            reach=[],
            serving_org_id=self.org.id,
            serving_org_code=self.org.code,
            serving_org_path=self.org.path,
            place_id=self.org.id,
            place_code=self.org.code,
            place_path=self.org.path,
            language="zh-CN",
            created_at=now,
            waiting_since=now,
            clock_at=now,
            rank_at=now,
        )

    async def fill(self, count: int) -> list[Ticket]:
        tickets = [self.ticket(number) for number in range(count)]
        async with self.work.database.write() as session:
            session.add_all(tickets)
            await session.commit()
        return tickets

    async def look(self) -> int:
        """Both replicas look at once; how many clocks were marked."""
        return sum(await asyncio.gather(*(one.watch.look_at_clocks() for one in self.replicas)))

    async def alarms(self, *, open_: bool = True) -> list[Alarm]:
        query = select(Alarm).where(col(Alarm.cleared_at).is_(None) == open_)
        async with self.work.read() as session:
            return list((await session.execute(query)).scalars())

    async def move(self, ticket: Ticket, event: TicketEvent, **values: Any) -> list[Event]:
        """As a command would; the events that it committed."""
        replica = self.replicas[0]
        already = len(replica.events)
        async with replica.work.write(SYSTEM) as tx:
            row = await tx.session.get_one(Ticket, ticket.id)
            await move_ticket(tx, row, event, **values)
        return replica.events[already:]

    async def adds_up(self) -> None:
        """What was told by events is what a fresh snapshot says."""
        told = [event for one in self.replicas for event in one.events]
        board = sorted(
            (event for event in told if event.topic == "board:d"), key=lambda event: event.number
        )
        state: Snapshot = {}
        for event in board:
            state = reduce(state, event.changes)
        assert [event.number for event in board] == list(range(1, len(board) + 1))
        async with self.work.read() as session:
            fresh = await board_snapshot(session, "d")
        assert state == fresh


@dataclass(frozen=True)
class _System:
    kind: str = "system"
    id: str = "test"


SYSTEM = _System()


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    await upgrade_database(database_url)
    clock = MovableClock()
    # On SQLite there is one process, and one writer in it.
    count = 1 if database_url.startswith("sqlite") else 2
    replicas = [Replica(Database(database_url), clock) for _ in range(count)]
    district = OrgUnit(code="d", name_zh="区", name_en="D", level=Level.DISTRICT, path="/d/")
    org = OrgUnit(code="t", name_zh="镇", name_en="T", level=Level.STREET_TOWN, path="/d/t/")
    async with replicas[0].database.write() as session:
        session.add_all([district, org])
        await session.commit()
    yield Town(org, clock, replicas)
    for replica in replicas:
        await replica.database.close()


async def test_each_clock_warns_once_and_is_late_once(town: Town) -> None:
    await town.fill(MANY)
    town.clock.move(seconds=44)
    assert await town.look() == 0
    town.clock.move(seconds=2)
    assert await town.look() == MANY
    soon = await town.alarms()
    assert {alarm.kind for alarm in soon} == {"answer_soon"}
    assert len({alarm.ticket_id for alarm in soon}) == len(soon) == MANY
    assert await town.look() == 0
    town.clock.move(seconds=15)
    assert await town.look() == MANY
    late = await town.alarms()
    assert {alarm.kind for alarm in late} == {"answer_late"}
    assert len({alarm.ticket_id for alarm in late}) == len(late) == MANY
    assert len(await town.alarms(open_=False)) == MANY
    town.clock.move(seconds=300)
    assert await town.look() == 0
    await town.adds_up()


async def test_an_alarm_ends_with_the_wait_however_often_it_is_followed(town: Town) -> None:
    (ticket,) = await town.fill(1)
    town.clock.move(seconds=61)
    await town.look()
    carried = await town.move(ticket, TicketEvent.CANCELLED, closed_at=town.clock.now())
    await asyncio.gather(
        *(replica.follower.follow(carried) for replica in town.replicas for _ in range(3))
    )
    assert await town.alarms() == []
    await town.adds_up()
    back = await town.move(ticket, TicketEvent.RESTORED, closed_at=None)
    await town.replicas[-1].follower.follow(back)
    (again,) = await town.alarms()
    assert again.kind == "answer_late"
    await town.adds_up()


async def test_what_boards_have_missed_is_tidied_up(town: Town) -> None:
    (ticket,) = await town.fill(1)
    town.clock.move(seconds=46)
    await town.look()
    now = town.clock.now()
    await town.move(ticket, TicketEvent.CALLED, first_answered_at=now)
    await asyncio.gather(*(replica.watch.tidy() for replica in town.replicas))
    assert await town.alarms() == []
    (cleared,) = await town.alarms(open_=False)
    assert (cleared.cleared_at, cleared.open_key) == (now, None)


async def test_a_ticket_that_is_answered_in_that_moment_is_not_late(town: Town) -> None:
    (ticket,) = await town.fill(1)
    town.clock.move(seconds=61)
    answered = town.move(ticket, TicketEvent.CALLED, first_answered_at=town.clock.now())
    carried, marked = await asyncio.gather(answered, town.look())
    await town.replicas[0].follower.follow(carried)
    assert marked <= 1
    assert await town.alarms() == []


async def test_a_clock_that_has_not_begun_is_not_looked_at(town: Town) -> None:
    booked = town.ticket(1)
    booked.clock_at, booked.due_at = None, town.clock.now() + dt.timedelta(hours=1)
    async with town.work.database.write() as session:
        session.add(booked)
        await session.commit()
    town.clock.move(hours=2)
    assert await town.look() == 0
