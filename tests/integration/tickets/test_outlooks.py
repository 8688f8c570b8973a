"""What waiting residents' pages are told, over a database of both kinds, and what it costs."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert
from sqlmodel import col, select

import server.cases.events as case_events
from server.demo.seed import plant
from server.identity.cookies import new_secret, secret_hash
from server.identity.tables import Account, AccountWindow, ResidentSession
from server.infrastructure.database import Database
from server.infrastructure.events.hub import Hub
from server.infrastructure.ids import new_id
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from server.organisations.tables import OrgUnit, Window
from server.sessions.handling_times import EngagementTimes
from server.sessions.lookup import SessionDirectory
from server.sessions.states import EngagementState, SessionState
from server.sessions.tables import Engagement, VideoSession
from server.tickets.reach import Reach
from server.tickets.standing.estimates import FEW, LEARN_SECONDS, Estimates
from server.tickets.standing.outlooks import Outlooks
from server.tickets.standing.waiting import Outlook
from server.tickets.states import PresenceState, TicketState
from server.tickets.tables import AgentPresence, Ticket
from server.topics import all_topics
from tests.support.subjects import MovableClock, make_tables, quick_passwords

ITEM, SKILL = "residence-permit", "residence"


class TickingClock(MovableClock):
    """Each look at the monotonic clock takes a moment."""

    def monotonic(self) -> float:
        self.move(milliseconds=5)
        return super().monotonic()


@dataclass(frozen=True)
class Visitor:
    resident_id: UUID
    kind: str = "resident"


@dataclass(eq=False)
class Page:
    """What a page hears of its own place."""

    principal: Visitor
    values: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, message: str, payload: dict[str, Any]) -> None:
        if message == "value":
            self.values.append(payload["value"])


@dataclass
class Queue:
    """The residents' queue of a street-town, with pages that look at it."""

    work: Work
    clock: MovableClock
    hub: Hub
    estimates: Estimates
    outlooks: Outlooks
    town: OrgUnit
    numbers: int = 0

    async def fill(self, count: int) -> list[Ticket]:
        """So many more who wait, each a second after the one before."""
        residents: list[dict[str, Any]] = []
        tickets: list[Ticket] = []
        now = self.clock.now()
        for _ in range(count):
            self.numbers += 1
            resident_id = new_id()
            residents.append(
                {
                    "id": resident_id,
                    "secret_hash": secret_hash(new_secret()),
                    "org_id": self.town.id,
                    "language": "zh-CN",
                    "created_at": now,
                    "expires_at": now,
                }
            )
            tickets.append(self._ticket(resident_id, now + dt.timedelta(seconds=self.numbers)))
        async with self.work.database.write() as session:
            await session.execute(insert(ResidentSession), residents)
            await session.execute(insert(Ticket), [one.model_dump() for one in tickets])
            await session.commit()
        return tickets

    def _ticket(self, resident_id: UUID, since: dt.datetime) -> Ticket:
        town = self.town
        return Ticket(
            number=f"B{self.numbers:03d}",
            business_day=since.date(),
            channel="street_town",
            item_code=ITEM,
            skills=[SKILL],
            reach=[Reach("street_town", town.id, town.code, frozenset([SKILL])).wire()],
            serving_org_id=town.id,
            serving_org_code=town.code,
            serving_org_path=town.path,
            place_id=town.id,
            place_code=town.code,
            place_path=town.path,
            resident_id=resident_id,
            language="zh-CN",
            created_at=since,
            waiting_since=since,
            rank_at=since,
        )

    async def listen(self, ticket: Ticket) -> Page:
        assert ticket.resident_id is not None
        page = Page(Visitor(ticket.resident_id))
        await self.hub.subscribe(page, f"resident:{ticket.resident_id}", None)
        return page

    async def agent(self, state: PresenceState) -> tuple[UUID, UUID]:
        """town1 and a window of theirs."""
        async with self.work.database.write() as session:
            query = (
                select(col(Account.id), col(AccountWindow.window_id))
                .join(AccountWindow, col(AccountWindow.account_id) == col(Account.id))
                .join(Window, col(Window.id) == col(AccountWindow.window_id))
                .where(Account.username == "town1", Window.channel == "street_town")
            )
            account_id, window_id = (await session.execute(query)).first() or (None, None)
            assert account_id is not None
            assert window_id is not None
            presence = await session.get(AgentPresence, account_id)
            if presence is None:
                presence = AgentPresence(account_id=account_id, since=self.clock.now())
            presence.state = state
            session.add(presence)
            await session.commit()
        return account_id, window_id

    async def served(self, ticket: Ticket, minutes: float) -> None:
        """`ticket` is over, after so long with town1."""
        account_id, window_id = await self.agent(PresenceState.AVAILABLE)
        now = self.clock.now()
        assert ticket.resident_id is not None
        session_row = VideoSession(
            ticket_id=ticket.id,
            ticket_number=ticket.number,
            item_code=ticket.item_code,
            channel=ticket.channel,
            owner_org_id=self.town.id,
            owner_org_path=self.town.path,
            place_code=self.town.code,
            serving_org_path=self.town.path,
            resident_id=ticket.resident_id,
            state=SessionState.ENDED,
            opened_at=now,
        )
        engagement = Engagement(
            session_id=session_row.id,
            account_id=account_id,
            window_id=window_id,
            state=EngagementState.COMPLETED,
            joined_at=now,
            completed_at=now + dt.timedelta(minutes=minutes),
        )
        async with self.work.database.write() as session:
            row = await session.get_one(Ticket, ticket.id)
            row.state = TicketState.DONE
            session.add(session_row)
            await session.flush()
            session.add(engagement)
            await session.commit()

    async def outlook(self, ticket: Ticket) -> Outlook:
        async with self.work.read() as session:
            return await self.estimates.outlook(session, ticket)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Those that are sent within the block, but for the transaction's own."""
        sent: list[str] = []

        def on_execute(*arguments: Any) -> None:
            sent.append(arguments[2])

        engine = self.work.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", on_execute)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", on_execute)


@pytest.fixture
async def queue(tmp_path: Path, database_url: str) -> AsyncIterator[Queue]:
    settings = Settings(data=tmp_path, database_url=database_url, demo=True)
    await make_tables(settings)
    await plant(settings, quick_passwords())
    database, clock = Database(settings.database), MovableClock()
    work = Work(database, clock, lambda _events: None)
    hub = Hub(database, all_topics(case_events.topic_kind(SessionDirectory())))
    estimates = Estimates(clock, EngagementTimes())
    async with work.read() as session:
        query = select(OrgUnit).where(OrgUnit.code == "caoyang-xincun")
        town = (await session.execute(query)).scalar_one()
    yield Queue(work, clock, hub, estimates, Outlooks(work, hub, estimates), town)
    await database.close()


async def test_each_page_is_told_its_place_when_it_changes_and_only_then(queue: Queue) -> None:
    tickets = await queue.fill(3)
    pages = [await queue.listen(ticket) for ticket in tickets]
    assert await queue.outlooks.tell() == 3
    told = [page.values for page in pages]
    assert told == [
        [
            {
                "ticket_id": str(ticket.id),
                "ahead": ahead,
                "expected_wait_seconds": None,
                "raised_by": None,
            }
        ]
        for ahead, ticket in enumerate(tickets)
    ]
    assert await queue.outlooks.tell() == 0
    # Another page of the same visit has heard nothing yet.
    second = await queue.listen(tickets[1])
    assert await queue.outlooks.tell() == 1
    assert second.values == told[1][:1]
    await queue.agent(PresenceState.SERVING)
    assert await queue.outlooks.tell() == 3
    waits = [page.values[-1]["expected_wait_seconds"] for page in pages]
    assert waits == [waits[0], 2 * waits[0], 3 * waits[0]]
    await queue.agent(PresenceState.ON_BREAK)
    assert await queue.outlooks.tell() == 3
    assert [page.values[-1]["expected_wait_seconds"] for page in pages] == [None] * 3


async def test_telling_many_takes_no_more_queries_than_telling_few(queue: Queue) -> None:
    for ticket in await queue.fill(2):
        await queue.listen(ticket)
    await queue.agent(PresenceState.SERVING)
    await queue.outlooks.tell()
    with queue.statements() as few:
        await queue.outlooks.tell()
    pages = [await queue.listen(ticket) for ticket in await queue.fill(150)]
    with queue.statements() as many:
        assert await queue.outlooks.tell() == 150
    assert len(many) == len(few) <= 5
    assert [page.values[0]["ahead"] for page in pages] == list(range(2, 152))


async def test_a_wait_is_learned_from_what_the_item_took_of_late(queue: Queue) -> None:
    served, waiting = await queue.fill(6), await queue.fill(1)
    await queue.agent(PresenceState.SERVING)
    for ticket in served:
        await queue.served(ticket, minutes=40)
    await queue.agent(PresenceState.SERVING)
    before = await queue.outlook(waiting[0])
    queue.clock.move(seconds=LEARN_SECONDS)
    again = await queue.outlook(waiting[0])
    assert (before, before.ahead) == (again, 0)
    # Between what the catalogue says and what it took, nearer to the latter.
    assert before.seconds is not None
    assert 25 * 60 < before.seconds < 40 * 60
    quick = await queue.fill(20)
    for ticket in quick:
        await queue.served(ticket, minutes=2)
    await queue.agent(PresenceState.SERVING)
    assert (await queue.outlook(waiting[0])).seconds == before.seconds
    queue.clock.move(seconds=LEARN_SECONDS)
    learned = (await queue.outlook(waiting[0])).seconds
    assert learned is not None
    assert learned < before.seconds / 2


async def test_where_many_wait_a_reading_is_used_again_for_a_moment(queue: Queue) -> None:
    tickets = await queue.fill(FEW + 1)
    clock = TickingClock()
    queue.estimates = Estimates(clock, EngagementTimes())
    await queue.agent(PresenceState.SERVING)
    first = await queue.outlook(tickets[-1])
    with queue.statements() as sent:
        # Whoever came since has the right place all the same.
        newest = (await queue.fill(1))[0]
        sent.clear()
        assert (await queue.outlook(newest)).ahead == FEW + 1
        assert await queue.outlook(tickets[-1]) == first
    assert sent == []
    clock.move(seconds=1)
    with queue.statements() as sent:
        assert await queue.outlook(tickets[0]) == await queue.outlook(tickets[0])
    assert sent != []


async def test_where_few_wait_each_look_is_at_the_moment_itself(queue: Queue) -> None:
    queue.estimates = Estimates(TickingClock(), EngagementTimes())
    first = (await queue.fill(1))[0]
    assert await queue.outlook(first) == Outlook(0, None)
    await queue.agent(PresenceState.AVAILABLE)
    assert (await queue.outlook(first)).seconds == 10
