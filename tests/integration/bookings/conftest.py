"""The whole application in this process, at a time of day that a test can move on."""

import datetime as dt
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import text

from server import app as application
from server.bookings.retention import BookingRetention
from server.demo.seed import plant
from server.infrastructure.database import Database
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from tests.support.api_people import ApiPeople, ApiPerson, api_people
from tests.support.caches import Valkey
from tests.support.subjects import make_tables, quick_passwords, seeded_settings
from tests.support.waiting import until

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
WEDNESDAY: Final = dt.datetime(2024, 11, 20, 9, 50, tzinfo=SHANGHAI)
TOWN_ITEM: Final = "residence-permit"  # caoyang-xincun has two windows for it, town1 sits at one
PHONE: Final = "138 0000 0001"
DIGITS: Final = "13800000001"


class MovedClock:
    """The machine's clocks, set to another time and moved on by tests."""

    def __init__(self, start: dt.datetime) -> None:
        self._ahead = start - dt.datetime.now(dt.UTC)
        self._moved = 0.0

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self._ahead

    def monotonic(self) -> float:
        return time.monotonic() + self._moved

    def move(self, **by: float) -> None:
        step = dt.timedelta(**by)
        self._ahead += step
        self._moved += step.total_seconds()

    def set(self, moment: dt.datetime) -> None:
        self.move(seconds=(moment - self.now()).total_seconds())


@dataclass
class House:
    """The application; url: where it answers."""

    url: str
    clock: MovedClock
    settings: Settings

    async def tidied(self) -> None:
        """What is done now and then to delete what was kept long enough is done now."""
        database = Database(self.settings.database)
        try:
            work = Work(database, self.clock, lambda _events: None)
            await BookingRetention(work, self.settings).tidy()
        finally:
            await database.close()

    async def rows(self, query: str, **values: Any) -> list[Any]:
        database = Database(self.settings.database)
        try:
            async with database.read() as session:
                return [row._asdict() for row in (await session.execute(text(query), values))]
        finally:
            await database.close()

    async def change(self, statement: str, **values: Any) -> None:
        database = Database(self.settings.database)
        try:
            async with database.write() as session:
                await session.execute(text(statement), values)
                await session.commit()
        finally:
            await database.close()

    async def becomes(self, holder: ApiPerson, code: str, state: str) -> Any:
        """The booking, once its state is `state`."""

        async def there() -> Any:
            booking = await holder.ok("GET", f"/bookings/{code}")
            return booking if booking["state"] == state else None

        return await until(there, seconds=20, what=f"the booking is {state}")

    async def taken(self, starts_at: str) -> int:
        """How many places of that slot are taken, as it is counted."""
        moment = dt.datetime.fromisoformat(starts_at)
        uses = await self.rows("SELECT starts_at, taken FROM slot_use")
        places = await self.rows("SELECT starts_at FROM slot_place")
        taken = sum(row["taken"] for row in uses if _moment(row["starts_at"]) == moment)
        assert taken == sum(1 for row in places if _moment(row["starts_at"]) == moment)
        return int(taken)


def _moment(value: Any) -> dt.datetime:
    """SQLite gives text, PostgreSQL a time."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)


@asynccontextmanager
async def running_house(
    folder: Path, valkey: Valkey, monkeypatch: pytest.MonkeyPatch, **other: Any
) -> AsyncIterator[House]:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    other |= {"port": port, "redis_url": SecretStr(valkey.url)}
    if "database_url" in other:
        settings = Settings(data=folder, demo=True, **other)
        await make_tables(settings)
        await plant(settings, quick_passwords())
    else:
        settings = await seeded_settings(folder, **other)
    clock = MovedClock(WEDNESDAY)
    monkeypatch.setattr(application, "SystemClock", lambda: clock)
    async with application.running(settings) as app:
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield House(f"http://127.0.0.1:{port}", clock, settings)
        finally:
            await runner.cleanup()


@pytest.fixture
async def house(
    tmp_path: Path, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    async with running_house(tmp_path, valkey, monkeypatch) as made:
        yield made


@pytest.fixture
async def house_of_each(
    database_url: str, tmp_path: Path, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The same, on SQLite and on PostgreSQL."""
    folder = tmp_path / "data"
    folder.mkdir()
    other = {} if database_url.startswith("sqlite") else {"database_url": database_url}
    async with running_house(folder, valkey, monkeypatch, **other) as made:
        yield made


@pytest.fixture
async def people() -> AsyncIterator[ApiPeople]:
    async with api_people() as made:
        yield made


async def slots(resident: ApiPerson, day: str | None = None, item: str = TOWN_ITEM) -> Any:
    query = f"?item_code={item}" + (f"&day={day}" if day else "")
    return await resident.ok("GET", f"/booking-slots{query}")


async def first_free(resident: ApiPerson, day: str | None = None) -> str:
    found = await slots(resident, day)
    return next(str(slot["starts_at"]) for slot in found["slots"] if slot["free"])


async def appointment(resident: ApiPerson, starts_at: str) -> Any:
    body = {"kind": "appointment", "item_code": TOWN_ITEM, "starts_at": starts_at}
    return await resident.ok("POST", "/bookings", body)


def callback(**more: Any) -> dict[str, Any]:
    """What asks to be called back as soon as possible."""
    return {"kind": "callback", "item_code": TOWN_ITEM, "phone": PHONE} | more


async def refusal(person: ApiPerson, method: str, path: str, body: Any = None) -> tuple[int, str]:
    status, problem = await person.call(method, path, body)
    assert status >= 400, problem
    return status, problem["code"]
