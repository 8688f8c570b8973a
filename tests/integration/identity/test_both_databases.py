"""What leans on the database's own ways, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.demo.seed import plant
from server.infrastructure.settings import Settings
from tests.support.subjects import (
    ORIGIN,
    Browser,
    Subjects,
    browser,
    make_tables,
    quick_passwords,
    served,
    subjects,
)


@pytest.fixture
async def parts(tmp_path: Path, database_url: str) -> AsyncIterator[Subjects]:
    settings = Settings(
        data=tmp_path, database_url=database_url, demo=True, allowed_origins=[ORIGIN]
    )
    await make_tables(settings)
    for _ in range(2):
        await plant(settings, quick_passwords())
    async with subjects(settings) as made:
        yield made


@pytest.fixture
async def person(parts: Subjects) -> AsyncIterator[Browser]:
    async with served(parts) as base, browser(base) as made:
        yield made


async def test_guesses_sent_at_once_are_counted_one_by_one(person: Browser) -> None:
    answers = await asyncio.gather(*(person.log_in("nobody", f"guess {n}") for n in range(12)))
    codes = sorted(answer.code for answer in answers)
    assert codes == ["login_locked"] * 8 + ["login_wrong"] * 4


async def test_log_in_token_and_log_out(person: Browser) -> None:
    assert (await person.log_in("town1")).status == 200
    token = (await person.call("POST", "/auth/tokens", page="console")).body["access_token"]
    assert (await person.call("GET", "/auth/me", token=token)).body["username"] == "town1"
    assert (await person.call("POST", "/auth/logout", page="console")).status == 204
    assert (await person.call("GET", "/auth/me", token=token)).code == "credential_expired"


async def test_visit_consent_and_end(person: Browser) -> None:
    body = {"language": "zh-CN"}
    assert (await person.call("POST", "/residents", body, page="kiosk")).status == 201
    status = await person.call("GET", "/service-status", page="kiosk")
    agreed = {"version": status.body["consent_version"], "language": "zh-CN"}
    headers = {"Idempotency-Key": "once"}
    for _ in range(2):
        answer = await person.call(
            "POST", "/residents/current/consent", agreed, page="kiosk", headers=headers
        )
        assert answer.status == 201
    items = await person.call("GET", "/catalogue/items", page="kiosk")
    assert len(items.body["items"]) == 25
    assert (await person.call("DELETE", "/residents/current", page="kiosk")).status == 204
