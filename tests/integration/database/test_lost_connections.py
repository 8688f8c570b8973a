"""What PostgreSQL takes from us, by restart or because we stood still, has one name."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from server.infrastructure import database
from server.infrastructure.database import AWAY, Database, DatabaseAway, may_be_repeated

pytestmark = pytest.mark.postgresql

PID = text("SELECT pg_backend_pid()")


@pytest.fixture
async def base(postgresql: str) -> AsyncIterator[Database]:
    opened = Database(postgresql)
    async with opened.write() as session:
        await session.execute(text("CREATE TABLE place (id int PRIMARY KEY, number int)"))
        await session.execute(text("INSERT INTO place VALUES (1, 1), (2, 2)"))
        await session.commit()
    yield opened
    await opened.close()


async def terminate(base: Database, pid: Any) -> None:
    async with base.write() as session:
        await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


async def test_a_connection_that_the_server_ends_between_two_statements(base: Database) -> None:
    async with base.write() as session:
        await terminate(base, (await session.execute(PID)).scalar_one())
        with pytest.raises(DatabaseAway) as told:
            await session.execute(text("UPDATE place SET number = 7"))
    assert isinstance(told.value, AWAY)
    assert may_be_repeated(told.value)


async def test_a_connection_that_the_server_ends_within_a_statement(base: Database) -> None:
    async def waits() -> None:
        async with base.write() as session:
            pids.append((await session.execute(PID)).scalar_one())
            await session.execute(text("SELECT pg_sleep(30)"))

    pids: list[int] = []
    waiting = asyncio.create_task(waits())
    while not pids:  # noqa: ASYNC110 - the statement that follows can't be seen from here
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    await terminate(base, pids[0])
    with pytest.raises(DatabaseAway):
        await waiting
    async with base.read() as session:  # the pool has begun anew
        assert (await session.execute(text("SELECT count(*) FROM place"))).scalar_one() == 2


async def test_who_stands_still_in_a_transaction_holds_up_nobody_for_long(
    postgresql: str, base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = {**database.POSTGRESQL, "server_settings": {SETTING: "300"}}
    monkeypatch.setattr(database, "POSTGRESQL", quick)
    frozen = Database(postgresql)
    try:
        async with frozen.write() as session:
            await session.execute(text("UPDATE place SET number = 7 WHERE id = 1"))
            async with base.write() as other:  # waits for the row, then has it
                await other.execute(text("UPDATE place SET number = 8 WHERE id = 1"))
                await other.commit()
            with pytest.raises(DatabaseAway):
                await session.execute(text("UPDATE place SET number = 7 WHERE id = 2"))
        async with base.read() as session:
            found = await session.execute(text("SELECT number FROM place ORDER BY id"))
            assert list(found.scalars()) == [8, 2]
    finally:
        await frozen.close()


SETTING = "idle_in_transaction_session_timeout"


async def test_the_limit_is_set_on_every_connection(base: Database) -> None:
    async with base.read() as session:
        limit = (await session.execute(text(f"SHOW {SETTING}"))).scalar_one()
    assert limit == f"{database.IDLE_TRANSACTION_MS // 1000}s"


async def test_of_two_that_wait_for_each_other_one_may_come_again(base: Database) -> None:
    async def both(first: int, second: int) -> None:
        async with base.write() as session:
            update = text("UPDATE place SET number = number + 1 WHERE id = :id")
            await session.execute(update, {"id": first})
            await met.wait()
            await session.execute(update, {"id": second})
            await session.commit()

    met = asyncio.Barrier(2)
    done = await asyncio.gather(both(1, 2), both(2, 1), return_exceptions=True)
    (failure,) = [one for one in done if one is not None]
    assert may_be_repeated(failure)
    assert not isinstance(failure, AWAY)  # a loop goes on with the next row


async def test_what_is_wrong_with_a_statement_stays_wrong(base: Database) -> None:
    wrong = {
        "INSERT INTO place VALUES (1, 1)": IntegrityError,
        "SELECT nothing FROM place": ProgrammingError,
    }
    for statement, kind in wrong.items():
        async with base.write() as session:
            with pytest.raises(kind) as told:
                await session.execute(text(statement))
        assert not may_be_repeated(told.value)


def test_a_server_that_is_down_may_be_asked_again() -> None:
    assert may_be_repeated(ConnectionRefusedError())
    assert not may_be_repeated(FileNotFoundError())
    assert not may_be_repeated(ValueError())


@pytest.mark.postgresql
async def test_who_is_cancelled_within_a_query_stops(postgresql: str) -> None:
    database = Database(postgresql)
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2), database.read() as session:
                await session.execute(text("SELECT pg_sleep(30)"))
        async with database.read() as session:
            assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
    finally:
        await database.close()
