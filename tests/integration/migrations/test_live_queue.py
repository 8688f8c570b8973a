"""An installation whose queue is full of people is upgraded: nobody loses a place."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, Uuid, event, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from server.infrastructure.database import Database, UtcDateTime
from server.infrastructure.migrations import (
    ReferencesBroken,
    configuration,
    rebuilding,
    upgrade_database,
)
from server.organisations.tables import OrgUnit, Window
from server.tickets.reach import Reach
from server.tickets.tables import AgentPresence, Offer, Ticket

EARLY: Final = dt.datetime(2026, 11, 24, 1, 0, 0, 123456, tzinfo=dt.UTC)
STATES: Final = ("waiting", "offered", "serving", "held", "cancelled", "done", "callback")
ORG, WINDOW, ACCOUNT = uuid4(), uuid4(), uuid4()


def tables_of(connection: Connection) -> dict[str, Table]:
    """The tables as an earlier version left them, with times and ids read as we read them."""
    found = MetaData()

    @event.listens_for(found, "column_reflect")
    def ours(inspector: object, table: Table, column: dict[str, Any]) -> None:
        if column["name"].endswith(("_at", "_since", "_until")) or column["name"] == "since":
            column["type"] = UtcDateTime()
        elif column["name"] == "id" or column["name"].endswith("_id"):
            column["type"] = Uuid()

    found.reflect(connection)
    return dict(found.tables)


def fill(connection: Connection) -> None:
    """One organisation with a window, an agent, and residents in all states."""
    table = tables_of(connection)
    names = {"name_zh": "曹杨新村", "name_en": "Caoyang"}

    def insert(name: str, **values: Any) -> None:
        connection.execute(table[name].insert().values(**values))

    insert(
        "org_unit",
        id=ORG,
        code="caoyang",
        level="street_town",
        path="/caoyang/",
        extension_point=False,
        partner=False,
        **names,
    )
    insert(
        "window",
        id=WINDOW,
        code="one",
        org_id=ORG,
        channel="street_town",
        skills=["residence"],
        **names,
    )
    insert(
        "account",
        id=ACCOUNT,
        username="town",
        password_hash="x",
        display_name_zh="坐席",
        display_name_en="Agent",
        org_id=ORG,
        language="zh-CN",
        demo=False,
    )
    insert("agent_presence", account_id=ACCOUNT, state="offered", since=EARLY, missed_offers=0,
           version=3)  # fmt: skip
    for number, state in enumerate(STATES, start=1):
        since = EARLY + dt.timedelta(minutes=number)
        resident, ticket = uuid4(), uuid4()
        insert(
            "resident_session",
            id=resident,
            secret_hash=bytes([number]),
            org_id=ORG,
            language="zh-CN",
            created_at=EARLY,
            expires_at=EARLY,
        )
        insert(
            "ticket",
            id=ticket,
            number=f"B{number:03d}",
            business_day=EARLY.date(),
            channel="street_town",
            item_code="residence-permit",
            skills=["residence", "civil_affairs"],
            serving_org_id=ORG,
            serving_org_code="caoyang",
            serving_org_path="/caoyang/",
            place_id=ORG,
            place_code="caoyang",
            place_path="/caoyang/",
            resident_id=resident,
            language="zh-CN",
            state=state,
            created_at=since,
            waiting_since=since,
            version=number,
        )
        if state == "offered":
            insert(
                "offer",
                id=uuid4(),
                kind="serve",
                ticket_id=ticket,
                account_id=ACCOUNT,
                window_id=WINDOW,
                state="pending",
                offered_at=since,
                deadline_at=since,
                version=1,
            )


def downgraded(connection: Connection) -> dict[str, int]:
    """How many rows of each table are left in the schema of the version before."""
    command.downgrade(configuration(connection), "0001")
    return {
        name: len(connection.execute(select(table)).all())
        for name, table in tables_of(connection).items()
        if name in ("ticket", "offer", "window", "account", "agent_presence")
    }


@pytest.fixture
async def upgraded(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inner: command.upgrade(configuration(inner), "0001"))
        await connection.run_sync(fill)
    await upgrade_database(database_url)
    yield database
    await database.close()


async def test_everybody_keeps_number_place_and_offer(upgraded: Database) -> None:
    async with upgraded.read() as session:
        query = rows_of(Ticket).order_by(col(Ticket.rank_at), col(Ticket.id))
        tickets = list((await session.execute(query)).scalars())
        (offer,) = (await session.execute(rows_of(Offer))).scalars()
        (presence,) = (await session.execute(rows_of(AgentPresence))).scalars()
    assert [ticket.state for ticket in tickets] == list(STATES)
    assert [ticket.number for ticket in tickets] == [f"B{n:03d}" for n in range(1, 8)]
    assert [ticket.version for ticket in tickets] == list(range(1, 8))
    for number, ticket in enumerate(tickets, start=1):
        assert ticket.waiting_since == EARLY + dt.timedelta(minutes=number)
        assert ticket.rank_at == ticket.waiting_since
        assert (ticket.kind, ticket.priority, ticket.head_start_seconds) == ("walk_in", [], 0)
        assert ticket.rules_at is None
    assert offer.ticket_id == tickets[1].id
    assert (presence.state, presence.version) == ("offered", 3)


async def test_everybody_is_served_by_the_queue_of_before(upgraded: Database) -> None:
    own = Reach("street_town", UUID(str(ORG)), "caoyang", frozenset({"residence", "civil_affairs"}))
    async with upgraded.read() as session:
        for ticket in (await session.execute(rows_of(Ticket))).scalars():
            assert [Reach.of(wire) for wire in ticket.reach] == [own]


async def test_what_is_new_changes_nothing_by_itself(upgraded: Database) -> None:
    async with upgraded.read() as session:
        (org,) = (await session.execute(rows_of(OrgUnit))).scalars()
        (window,) = (await session.execute(rows_of(Window))).scalars()
        assert (org.hours, org.closed_since, org.version) == (None, None, 1)
        assert (window.hours, window.closed_since, window.version) == (None, None, 1)
        assert (window.help_desk, window.skills) == (False, ["residence"])


async def test_it_can_be_taken_back_with_everybody_in_the_queue(upgraded: Database) -> None:
    async with rebuilding(upgraded) as connection:
        counts = await connection.run_sync(downgraded)
    assert counts == {
        "ticket": len(STATES),
        "offer": 1,
        "window": 1,
        "account": 1,
        "agent_presence": 1,
    }


async def test_a_script_that_leaves_references_to_nothing_is_taken_back(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}"
    await upgrade_database(url)
    database = Database(url)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(fill_as_now)
        with pytest.raises(ReferencesBroken, match="window"):
            async with rebuilding(database) as connection:
                await connection.exec_driver_sql("DELETE FROM org_unit")
        async with database.read() as session:
            assert (await session.execute(rows_of(OrgUnit))).scalars().one().code == "caoyang"
        # Afterwards references are heeded again.
        with pytest.raises(IntegrityError):
            async with database.engine.begin() as connection:
                await connection.exec_driver_sql("DELETE FROM org_unit")
    finally:
        await database.close()


def fill_as_now(connection: Connection) -> None:
    """An organisation with a window."""
    org = OrgUnit(
        id=ORG, code="caoyang", level="street_town", path="/caoyang/", name_zh="x", name_en="x"
    )
    window = Window(
        code="one", org_id=ORG, channel="street_town", skills=[], name_zh="x", name_en="x"
    )
    with Session(connection) as session:
        session.add(org)
        session.flush()
        session.add(window)
        session.flush()
