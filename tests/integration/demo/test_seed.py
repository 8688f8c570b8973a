"""Demo data: planted once, left alone, kept out of production."""

import asyncio
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlmodel import col, func, select

from server.catalogue.tables import ServiceItem
from server.demo.guard import DemoDataPresent, refuse_demo_data
from server.demo.people import PASSWORD
from server.demo.seed import plant
from server.identity.administrators import AdministratorRefused, create_admin
from server.identity.passwords import Passwords
from server.identity.tables import Account, AccountGrant, AccountWindow
from server.infrastructure.database import Database
from server.infrastructure.settings import Settings
from server.organisations.openings import read_able_desks
from server.organisations.tables import CalendarDay, OrgUnit, OverflowRule, Window
from tests.support.subjects import make_tables, seeded_settings, subjects


class CountedPasswords(Passwords):
    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.hashed = 0

    async def hash(self, password: str) -> str:
        self.hashed += 1
        return await super().hash(password)


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    return await seeded_settings(tmp_path)


async def rows(settings: Settings, *tables: Any) -> list[Any]:
    database = Database(settings.database)
    async with database.read() as session:
        found = [(await session.execute(select(table))).scalars().all() for table in tables]
    await database.close()
    return found


async def test_everything_of_the_files_is_there(settings: Settings) -> None:
    orgs, windows, items, accounts = await rows(settings, OrgUnit, Window, ServiceItem, Account)
    assert (len(orgs), len(windows), len(items), len(accounts)) == (27, 29, 25, 6)
    assert all(account.demo for account in accounts)
    paths = {org.code: org.path for org in orgs}
    assert paths["caoyang-yuanyuan"] == "/shanghai/putuo/caoyang-xincun/caoyang-yuanyuan/"
    assert {org.code for org in orgs if org.parent_id is None and not org.partner} == {"shanghai"}
    assert {org.code for org in orgs if org.partner and org.parent_id is None} == {
        "jiangsu",
        "zhejiang",
        "anhui",
    }
    assert len({org.code for org in orgs if org.extension_point}) == 6


async def test_accounts_have_the_published_password_and_their_grants(settings: Settings) -> None:
    orgs, windows, accounts, grants, desks = await rows(
        settings, OrgUnit, Window, Account, AccountGrant, AccountWindow
    )
    names = {account.id: account.username for account in accounts}
    paths = {org.id: org.path for org in orgs}
    codes = {window.id: window.code for window in windows}
    assert {(names[g.account_id], g.role, paths[g.org_id]) for g in grants} == {
        ("agent1", "agent", "/shanghai/putuo/"),
        ("agent2", "agent", "/shanghai/putuo/"),
        ("town1", "agent", "/shanghai/putuo/caoyang-xincun/"),
        ("delta1", "partner_agent", "/jiangsu/suzhou/suzhou-gusu/"),
        ("lead1", "supervisor", "/shanghai/putuo/"),
        ("admin", "admin", "/shanghai/putuo/"),
    }
    assert {(names[d.account_id], codes[d.window_id]) for d in desks} == {
        ("agent1", "putuo-general"),
        ("agent1", "putuo-market"),
        ("agent2", "putuo-general"),
        ("agent2", "putuo-labour"),
        ("town1", "caoyang-xincun-1"),
        ("delta1", "suzhou-gusu-delta"),
    }
    hasher = PasswordHasher()
    assert all(hasher.verify(account.password_hash, PASSWORD) for account in accounts)


async def test_windows_are_open_at_all_hours_and_the_calendar_is_known(settings: Settings) -> None:
    orgs, windows, days, rules = await rows(settings, OrgUnit, Window, CalendarDay, OverflowRule)
    assert all(one.hours is None and one.closed_since is None for one in [*orgs, *windows])
    assert [window.code for window in windows if window.help_desk] == ["putuo-help-desk"]
    assert {day.year for day in (row.day for row in days)} == {2024, 2025, 2026}
    assert {rule.org_path for rule in rules} == {"/shanghai/putuo/"}
    assert all(
        rule.after_seconds is not None or rule.nobody_on_seconds is not None for rule in rules
    )


async def test_who_speaks_what(settings: Settings) -> None:
    (accounts,) = await rows(settings, Account)
    speaks = {account.username: account.speaks for account in accounts}
    assert speaks.pop("agent2") == ["zh-CN", "en"]
    assert all(languages == ["zh-CN"] for languages in speaks.values())


async def test_a_rule_that_somebody_removed_does_not_come_back(settings: Settings) -> None:
    database = Database(settings.database)
    async with database.write() as session:
        for rule in (await session.execute(select(OverflowRule))).scalars().all()[1:]:
            await session.delete(rule)
        await session.commit()
    await database.close()
    await plant(settings, CountedPasswords())
    (rules,) = await rows(settings, OverflowRule)
    assert len(rules) == 1


async def test_a_second_time_adds_nothing_and_hashes_nothing(settings: Settings) -> None:
    planted = (OrgUnit, Window, ServiceItem, Account, CalendarDay, OverflowRule)
    before = await rows(settings, *planted)
    passwords = CountedPasswords()
    await plant(settings, passwords)
    assert passwords.hashed == 0
    assert await rows(settings, *planted) == before


async def test_what_somebody_changed_stays_and_what_is_lacking_comes_back(
    settings: Settings,
) -> None:
    database = Database(settings.database)
    async with database.write() as session:
        query = select(OrgUnit).where(OrgUnit.code == "taopu")
        (await session.execute(query)).scalar_one().name_en = "Taopu, renamed"
        item = await session.get_one(ServiceItem, "residence-permit")
        await session.delete(item)
        await session.commit()
    await plant(settings, CountedPasswords())
    async with database.read() as session:
        renamed = (await session.execute(query)).scalar_one()
        item = await session.get_one(ServiceItem, "residence-permit")
    await database.close()
    assert renamed.name_en == "Taopu, renamed"
    assert item.position == 8


async def test_every_item_has_a_window_that_serves_it(settings: Settings) -> None:
    async with subjects(settings) as parts, parts.work.read() as session:
        for item in await parts.catalogue.items():
            able = await read_able_desks(session, parts.clock.now(), item.channel, item.skills)
            codes = {desk.window.code for desk in able}
            assert codes, item.code
            if item.channel == "yangtze_delta":
                assert item.default_partner_window in codes


async def test_production_refuses_a_database_with_demo_accounts(settings: Settings) -> None:
    database = Database(settings.database)
    async with database.read() as session:
        with pytest.raises(DemoDataPresent, match=r"admin, agent1.*--demo") as refused:
            await refuse_demo_data(session)
    assert PASSWORD not in str(refused.value)
    await database.close()


def test_marks_of_what_is_assumed_are_kept() -> None:
    source = resources.files("server.demo").joinpath("data")
    for name in ("organisations", "items", "overflow"):
        text = source.joinpath(f"{name}.json").read_text(encoding="utf-8")
        assert '"assumed": true' in text
        assert '"source"' in text or name == "overflow"
        assert json.loads(text)


async def in_thread(settings: Settings, name: str, password: str, **other: Any) -> None:
    """`create_admin` brings a loop of its own, as the command line needs it."""
    await asyncio.to_thread(lambda: create_admin(settings, name, password, **other))


async def test_first_administrator_of_an_empty_database(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await make_tables(settings)
    await in_thread(settings, "Chief", "a long enough one")
    (account,), (grant,), (org,) = await rows(settings, Account, AccountGrant, OrgUnit)
    assert (account.username, account.demo) == ("chief", False)
    assert (grant.role, grant.org_id, org.path) == ("admin", org.id, "/district/")
    database = Database(settings.database)
    async with database.read() as session:
        await refuse_demo_data(session)
    await database.close()
    with pytest.raises(AdministratorRefused, match="already"):
        await in_thread(settings, "chief", "a long enough one")


async def test_administrator_of_a_named_organisation(settings: Settings) -> None:
    await in_thread(settings, "chief", "a long enough one", org_code="putuo")
    await in_thread(settings, "root", "a long enough one")
    database = Database(settings.database)
    async with database.read() as session:
        query = (
            select(Account.username, OrgUnit.code)
            .join(AccountGrant, col(AccountGrant.account_id) == col(Account.id))
            .join(OrgUnit, col(OrgUnit.id) == col(AccountGrant.org_id))
            .where(col(Account.demo).is_(False))
            .order_by(func.lower(Account.username))
        )
        found = [tuple(row) for row in await session.execute(query)]
    await database.close()
    assert found == [("chief", "putuo"), ("root", "shanghai")]


@pytest.mark.parametrize(
    ("name", "password", "org_code", "reason"),
    [
        ("", "a long enough one", None, "user name"),
        ("x" * 61, "a long enough one", None, "user name"),
        ("a\nb", "a long enough one", None, "user name"),
        ("chief", "short", None, "12 to 200"),
        ("chief", "a long enough one", "atlantis", "atlantis"),
        ("admin", "a long enough one", "putuo", "already"),
    ],
)
async def test_administrator_that_can_not_be_made_is_explained(
    settings: Settings, name: str, password: str, org_code: str | None, reason: str
) -> None:
    with pytest.raises(AdministratorRefused, match=reason):
        await in_thread(settings, name, password, org_code=org_code)
