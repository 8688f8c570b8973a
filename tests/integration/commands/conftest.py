"""An application of one command, whose effect is a row of the audit trail."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import Field
from sqlmodel import SQLModel, select

from server.infrastructure.audit import AuditRow
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.errors import Conflict, Raced
from server.infrastructure.events.tables import EventRow, EventTopic
from server.infrastructure.http.application import Api, problem_middleware
from server.infrastructure.http.commands import Commands
from server.infrastructure.http.routing import Access, Call, Route
from server.infrastructure.http.schemas import In, Out
from server.infrastructure.idempotency import CommandRow
from server.infrastructure.work import Work

JSON_BYTES = 20_000


class ThingIn(In):
    name: str = Field(max_length=200)
    tags: list[Any] = Field(default_factory=list)
    fails: bool = False


class ThingOut(Out):
    name: str
    made: int


@dataclass(frozen=True)
class Somebody:
    id: str
    kind: str = "staff"


class HeaderDoor:
    async def principal(self, request: web.Request) -> Somebody | None:
        name = request.headers.get("As")
        return Somebody(name) if name else None


@dataclass
class Replica:
    """One replica by HTTP. entered: how often the use case was begun; gate: what it waits for once
    it has written; races: how many times yet it finds that somebody was quicker."""

    work: Work
    http: ClientSession
    base: str
    gate: asyncio.Event
    entered: int = 0
    inside: asyncio.Event = field(default_factory=asyncio.Event)
    races: int = 0

    async def post(
        self, body: Any = None, *, key: str | None = None, as_: str = "amy", path: str = "/things"
    ) -> tuple[int, Any]:
        headers = {"As": as_, "Accept-Language": "en"} | ({"Idempotency-Key": key} if key else {})
        answer = self.http.post(f"{self.base}/api/v1{path}", json=body, headers=headers)
        async with answer as response:
            return response.status, await response.json(content_type=None)

    async def raw(self, data: bytes, **headers: str) -> tuple[int, Any]:
        given = {"As": "amy", "Accept-Language": "en", "Content-Type": "application/json"}
        url = f"{self.base}/api/v1/things"
        async with self.http.post(url, data=data, headers=given | headers) as response:
            return response.status, await response.json(content_type=None)

    async def effects(self) -> list[str]:
        """Names of the things that were made, by anybody."""
        async with self.work.database.read() as session:
            query = select(AuditRow).where(AuditRow.action == "thing.make").order_by("id")
            return [row.resource_id for row in (await session.execute(query)).scalars()]

    async def make(self, call: Call) -> ThingOut:
        """Make a thing."""
        self.entered += 1
        async with self.work.write(call.principal) as tx:
            tx.audit("thing.make", ("thing", call.body.name))
            self.inside.set()
            await self.gate.wait()
            if self.races > 0:
                self.races -= 1
                raise Raced("thing")
            if call.body.fails:
                raise Conflict("undo_over", number=call.body.name)
        return ThingOut(name=call.body.name, made=self.entered)


Replicas = Callable[[], Awaitable[Replica]]


@pytest.fixture
async def new_replica(database_url: str) -> AsyncIterator[Replicas]:
    """Starts replicas on one database."""
    await _make_tables(database_url)
    async with AsyncExitStack() as stack:

        async def start() -> Replica:
            return await stack.enter_async_context(_replica(database_url))

        yield start


@pytest.fixture
async def replica(new_replica: Replicas) -> Replica:
    return await new_replica()


async def _make_tables(url: str) -> None:
    """Those that a command writes; the whole schema would cost more than the tests."""
    names = [model.__tablename__ for model in (AuditRow, CommandRow, EventRow, EventTopic)]
    tables = [SQLModel.metadata.tables[str(name)] for name in names]
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all, tables=tables)
    await database.close()


@asynccontextmanager
async def _replica(url: str) -> AsyncIterator[Replica]:
    database = Database(url)
    work = Work(database, SystemClock(), lambda _events: None)
    gate = asyncio.Event()
    gate.set()
    async with ClientSession() as http:
        made = Replica(work, http, "", gate)
        app = web.Application(middlewares=[problem_middleware])
        things = Route("POST", "/things", made.make, Access.STAFF, body=ThingIn, answer=ThingOut)
        named = Route(
            "POST", "/things/{id}", made.make, Access.STAFF, body=ThingIn, answer=ThingOut
        )
        Api(HeaderDoor(), Commands(work), json_bytes=JSON_BYTES).mount(app, [things, named])
        server = TestServer(app)
        await server.start_server()
        made.base = str(server.make_url("")).rstrip("/")
        try:
            yield made
        finally:
            await server.close()
            await database.close()
