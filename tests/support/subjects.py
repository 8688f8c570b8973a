"""The subjects that stand under all others (identity, organisations, catalogue) over one database:
seeded once a process, copied for each test; served by HTTP where a test asks for it."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher
from sqlmodel import SQLModel

from server.catalogue import routes as catalogue_routes
from server.catalogue.service import Catalogue
from server.demo.people import PASSWORD
from server.demo.seed import plant
from server.identity import routes as identity_routes
from server.identity.consent import Consent
from server.identity.door import Door
from server.identity.keys import SigningKeys
from server.identity.limits import Limits
from server.identity.logins import Logins
from server.identity.passwords import Passwords
from server.identity.ports import Visit
from server.identity.residents import Residents
from server.identity.tokens import AccessTokens
from server.infrastructure.database import Database
from server.infrastructure.events.log import new_epoch
from server.infrastructure.http.application import Api, problem_middleware
from server.infrastructure.http.commands import Commands
from server.infrastructure.http.routing import Route
from server.infrastructure.redis import connect_redis
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.organisations.hours import Opening
from server.organisations.service import Organisations
from server.organisations.tables import OrgUnit

ORIGIN = "http://pages.example"


class MovableClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: dt.datetime = dt.datetime(2024, 11, 20, 9, 30, tzinfo=dt.UTC)) -> None:
        self._now = now
        self._monotonic = 1_000.0

    def now(self) -> dt.datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def move(self, **by: float) -> None:
        step = dt.timedelta(**by)
        self._now += step
        self._monotonic += step.total_seconds()


def quick_passwords() -> Passwords:
    """The real thing at the lowest cost."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


async def make_tables(settings: Settings) -> None:
    """All tables that are imported, with an event epoch, in an empty database."""
    database = Database(settings.database)
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    async with database.write() as session:
        session.add(new_epoch())
        await session.commit()
    await database.close()


_seeded: list[bytes] = []


async def seeded_settings(folder: Path, **other: Any) -> Settings:
    """Settings of a data folder whose database holds the demo data."""
    settings = Settings(data=folder, demo=True, allowed_origins=[ORIGIN], **other)
    if not _seeded:
        await make_tables(settings)
        await plant(settings, quick_passwords())
        _seeded.append((folder / "virtual-window.sqlite3").read_bytes())
    else:
        (folder / "virtual-window.sqlite3").write_bytes(_seeded[0])
    return settings


@dataclass
class QueueStandIn:
    """Stands in for the queue behind identity's ports; records what it is told."""

    visits: dict[UUID, Visit] = field(default_factory=dict)
    left: list[UUID] = field(default_factory=list)
    windows: int = 3
    wait_seconds: int = 95

    async def current(self, resident_id: UUID) -> Visit:
        return self.visits.get(resident_id, Visit(None, None, under_way=False))

    async def leave(self, tx: Transaction, resident_id: UUID) -> None:
        self.left.append(resident_id)

    async def opening(self, place: OrgUnit, item_code: str | None) -> Opening:
        return Opening(open=True)

    async def open_windows(self, org_path: str) -> int:
        return self.windows

    async def expected_wait_seconds(self, org_path: str) -> int:
        return self.wait_seconds


@dataclass
class Subjects:
    settings: Settings
    clock: MovableClock
    work: Work
    door: Door
    logins: Logins
    residents: Residents
    organisations: Organisations
    catalogue: Catalogue
    queue: QueueStandIn
    revoked: list[UUID]
    ended: list[UUID]

    def routes(self) -> list[Route]:
        return [
            *identity_routes.routes(self.logins, self.residents, self.settings),
            *catalogue_routes.routes(self.catalogue),
        ]


@asynccontextmanager
async def subjects(settings: Settings) -> AsyncIterator[Subjects]:
    """Identity, organisations and catalogue, wired as the composition root does it."""
    clock, queue = MovableClock(), QueueStandIn()
    database = Database(settings.database)
    redis = connect_redis(settings.redis)
    keys = SigningKeys(settings.keys)
    await asyncio.to_thread(keys.load)
    work = Work(database, clock, lambda _events: None)
    tokens, limits = AccessTokens(keys, clock), Limits(redis, clock)
    organisations, catalogue = Organisations(work), Catalogue(work)
    revoked: list[UUID] = []
    ended: list[UUID] = []

    async def on_revoked(login_session_id: UUID) -> None:
        revoked.append(login_session_id)

    async def on_ended(resident_id: UUID) -> None:
        ended.append(resident_id)

    logins = Logins(work, settings, quick_passwords(), tokens, limits, on_revoked)
    residents = Residents(
        work, settings, organisations, Consent(settings), limits, queue, queue, on_ended
    )
    door = Door(work, settings, tokens)
    try:
        yield Subjects(
            settings=settings,
            clock=clock,
            work=work,
            door=door,
            logins=logins,
            residents=residents,
            organisations=organisations,
            catalogue=catalogue,
            queue=queue,
            revoked=revoked,
            ended=ended,
        )
    finally:
        await redis.aclose()
        await database.close()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str:
        code: str = self.body["code"]
        return code


class Browser:
    """One browser profile: its cookies, the page it shows and that page's Origin."""

    def __init__(self, http: ClientSession, base: str) -> None:
        self._http = http
        self._base = base

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        page: str | None = None,
        origin: str | None = ORIGIN,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = dict(headers or {})
        if page is not None:
            sent["X-Virtual-Window-Page"] = page
        if origin is not None and method != "GET":
            sent["Origin"] = origin
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        async with self._http.request(
            method, f"{self._base}/api/v1{path}", json=body, headers=sent
        ) as response:
            is_json = "json" in response.content_type
            content = await response.json(content_type=None) if is_json else None
            return Answer(response.status, content, response.headers)

    async def log_in(self, username: str, password: str = PASSWORD) -> Answer:
        body = {"username": username, "password": password}
        return await self.call("POST", "/auth/login", body, page="console")

    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self._http.cookie_jar}

    def keep(self, cookies: dict[str, str]) -> None:
        self._http.cookie_jar.clear()
        self._http.cookie_jar.update_cookies(cookies)


@asynccontextmanager
async def served(parts: Subjects, *more: Route) -> AsyncIterator[str]:
    """The subjects' routes by HTTP; gives the server's address."""
    app = web.Application(middlewares=[problem_middleware])
    api = Api(parts.door, Commands(parts.work), json_bytes=parts.settings.json_bytes)
    api.mount(app, [*parts.routes(), *more])
    server = TestServer(app)
    await server.start_server()
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


@asynccontextmanager
async def browser(base: str) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        yield Browser(http, base)
