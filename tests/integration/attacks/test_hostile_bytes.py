"""Bytes that no page sends: answered by name, never by a fault of ours, and never logged."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from server.identity.cookies import secret_hash
from server.infrastructure.actors import System
from server.infrastructure.audit import AuditRow
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.http import application
from server.infrastructure.http.application import Api, problem_middleware
from server.infrastructure.http.commands import Answer, Commands
from server.infrastructure.http.routing import Access, Call, Route
from server.infrastructure.http.schemas import In, Out
from server.infrastructure.ids import new_id
from server.infrastructure.work import Work


class Anything(In):
    value: object = None


class Nothing(Out):
    """An empty answer."""


class NobodysDoor:
    async def principal(self, request: web.Request) -> None:
        return None


async def _take(_call: Call) -> Nothing:
    """Take anything."""
    return Nothing()


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Work]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'bytes.sqlite3'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield Work(database, SystemClock(), lambda _events: None)
    await database.close()


@pytest.fixture
async def server(work: Work) -> AsyncIterator[TestServer]:
    app = web.Application(middlewares=[problem_middleware])
    route = Route("POST", "/things", _take, Access.PUBLIC, body=Anything, answer=Nothing)
    Api(NobodysDoor(), Commands(work), json_bytes=1000).mount(app, [route])
    running = TestServer(app)
    await running.start_server()
    yield running
    await running.close()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "[[-1e999]]"])
async def test_numbers_that_json_does_not_have_are_refused(server: TestServer, number: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with (
        ClientSession() as http,
        http.post(
            server.make_url("/api/v1/things"), data=f'{{"value": {number}}}', headers=headers
        ) as answer,
    ):
        assert answer.status == 422
        assert (await answer.json(content_type=None))["code"] == "json_broken"


async def test_a_body_that_never_ends_is_given_up(
    server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "BODY_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(
        b"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 900\r\n\r\n{"
    )
    async with asyncio.timeout(5):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    assert head.startswith(b"HTTP/1.1 422")


def test_a_cookie_of_raw_bytes_is_nobodys() -> None:
    raw = b"\xff\xfe".decode("utf-8", "surrogateescape")
    assert secret_hash(raw) != secret_hash("")


async def test_what_was_to_be_stored_stands_in_no_trace(work: Work) -> None:
    row_id, number = new_id(), "310100199005070024"

    async def keep() -> None:
        async with work.write(System("test")) as tx:
            tx.session.add(
                AuditRow(
                    id=row_id,
                    at=tx.now,
                    actor_kind="system",
                    actor_id="test",
                    action="test",
                    resource_kind="thing",
                    resource_id="1",
                    details={"number": number},
                )
            )

    await keep()
    with pytest.raises(IntegrityError) as refused:
        await keep()
    assert number not in str(refused.value)


async def test_a_row_that_came_between_is_seen_by_another_try(work: Work) -> None:
    """Two commands that insert the same row: the second one finds it, and says what it says."""
    tries: list[int] = []

    async def command() -> Answer:
        tries.append(1)
        if len(tries) == 1:
            raise IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed"))
        return 409, b"found"

    assert await Commands(work).run(None, command) == (409, b"found")
    assert len(tries) == 2
