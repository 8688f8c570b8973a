"""What is done after a commit may be slow or fail: it holds up nobody, and undoes nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from server.infrastructure.actors import System
from server.infrastructure.audit import AuditRow
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.http.commands import Answer, Commands
from server.infrastructure.work import Work

SOMEBODY = System("test")


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Work]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'work.sqlite3'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield Work(database, SystemClock(), lambda _events: None)
    await database.close()


async def _audited(work: Work) -> set[str]:
    async with work.read() as session:
        return set((await session.execute(select(AuditRow.action))).scalars())


async def test_a_worker_that_hangs_holds_up_no_other_writer(work: Work) -> None:
    entered, released = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        entered.set()
        await released.wait()

    async def slow() -> None:
        async with work.write(SOMEBODY) as tx:
            tx.audit("slow", ("thing", "1"))
            tx.after_commit(hang)

    slow_one = asyncio.create_task(slow())
    await entered.wait()
    async with asyncio.timeout(5), work.write(SOMEBODY) as tx:
        tx.audit("quick", ("thing", "2"))
    assert await _audited(work) == {"slow", "quick"}
    released.set()
    await slow_one


async def test_nor_does_it_from_within_a_command(work: Work) -> None:
    entered, released = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        entered.set()
        await released.wait()

    async def command() -> Answer:
        async with work.write(SOMEBODY) as tx:
            tx.audit("slow", ("thing", "1"))
            tx.after_commit(hang)
        return 200, b"done"

    slow_one = asyncio.create_task(Commands(work).run(None, command))
    await entered.wait()
    async with asyncio.timeout(5), work.write(SOMEBODY) as tx:
        tx.audit("quick", ("thing", "2"))
    released.set()
    assert await slow_one == (200, b"done")


async def test_a_call_that_fails_undoes_nothing_and_stops_no_other_call(work: Work) -> None:
    called: list[str] = []

    async def fail() -> None:
        raise RuntimeError("broken")

    async def go_on() -> None:
        called.append("second")

    async with work.write(SOMEBODY) as tx:
        tx.audit("made", ("thing", "1"))
        tx.after_commit(fail)
        tx.after_commit(go_on)

    assert called == ["second"]
    assert await _audited(work) == {"made"}
