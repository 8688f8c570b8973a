"""Organisations over a seeded database, by HTTP, with people who are logged in."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from server.identity.tables import Account, AccountGrant
from server.infrastructure.audit import AuditRow
from server.organisations.doors import Doors
from server.organisations.routes import routes
from server.organisations.rulebook import Rulebook
from server.organisations.tables import OrgUnit, Window
from tests.support.caches import Valkey
from tests.support.subjects import (
    Answer,
    Browser,
    Subjects,
    browser,
    seeded_settings,
    served,
    subjects,
)


@dataclass
class Staff:
    """Somebody at the console."""

    page: Browser

    async def call(self, method: str, path: str, body: Any = None) -> Answer:
        return await self.page.call(method, path, body, page="console")


@dataclass
class House:
    parts: Subjects
    base: str
    stack: AsyncExitStack

    async def staff(self, username: str) -> Staff:
        page = await self.stack.enter_async_context(browser(self.base))
        assert (await page.log_in(username)).status == 200
        return Staff(page)

    async def move(self, username: str, org_code: str) -> None:
        """Somebody has the same role at another organisation."""
        async with self.parts.work.database.write() as session:
            account = select(Account).where(Account.username == username)
            person = (await session.execute(account)).scalar_one()
            org = (
                await session.execute(select(OrgUnit).where(OrgUnit.code == org_code))
            ).scalar_one()
            grants = select(AccountGrant).where(AccountGrant.account_id == person.id)
            for grant in (await session.execute(grants)).scalars():
                grant.org_id = org.id
            person.org_id = org.id
            await session.commit()

    async def window(self, code: str) -> UUID:
        async with self.parts.work.read() as session:
            query = select(Window.id).where(Window.code == code)
            return (await session.execute(query)).scalar_one()

    async def audited(self) -> list[str]:
        """What staff did, without logging in."""
        async with self.parts.work.read() as session:
            query = select(AuditRow.action).where(AuditRow.actor_kind == "staff")
            actions = (await session.execute(query.order_by(col(AuditRow.id)))).scalars()
            return [action for action in actions if not action.startswith("login")]


@pytest.fixture
async def house(tmp_path: Path, valkey: Valkey) -> AsyncIterator[House]:
    settings = await seeded_settings(tmp_path, redis_url=valkey.url)
    async with subjects(settings) as parts, AsyncExitStack() as stack:
        declared = routes(Doors(parts.work), Rulebook(parts.work))
        base = await stack.enter_async_context(served(parts, *declared))
        yield House(parts, base, stack)
