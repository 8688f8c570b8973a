"""Plants the demo data: what is lacking is added, what is there is left as it is.

`data/` holds organisations, windows, items, accounts, the calendar and overflow rules with their
marks: `source` says where a fact was read, `assumed` that it is a plausible fill-in. The windows
are open at all hours: the service hours of the file are for a real office to begin with.
"""

import asyncio
import datetime as dt
import json
from importlib import resources
from typing import Any

from sqlmodel import col, select

from server.catalogue.importing import item_of
from server.catalogue.tables import ServiceItem
from server.demo.people import PASSWORD
from server.identity import accounts
from server.identity.passwords import Passwords
from server.identity.principals import Role
from server.identity.tables import Account
from server.infrastructure.actors import System
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.organisations.tables import CalendarDay, DayKind, OrgUnit, OverflowRule, Window


def seed(settings: Settings) -> None:
    """Bring the demo data to a migrated database. Blocks; not for a running event loop."""
    asyncio.run(plant(settings))


async def plant(settings: Settings, passwords: Passwords | None = None) -> None:
    """The same, within an event loop."""
    database = Database(settings.database)
    try:
        work = Work(database, SystemClock(), lambda _events: None)
        document = _document("organisations")
        people: list[dict[str, Any]] = document["demo_accounts"]["accounts"]
        hashes = await _hashes(work, people, passwords or Passwords())
        async with work.write(System("demo-seed")) as tx:
            orgs = await _organisations(tx, document["organisations"])
            windows = await _windows(tx, document["windows"], orgs)
            await _items(tx, _document("items")["items"])
            await _calendar(tx, _document("calendar")["years"])
            await _overflow(tx, _document("overflow")["rules"], orgs)
            await _accounts(tx, people, hashes, orgs, windows)
    finally:
        await database.close()


def _document(name: str) -> dict[str, Any]:
    source = resources.files("server.demo").joinpath("data", f"{name}.json")
    document: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return document


async def _organisations(tx: Transaction, entries: list[dict[str, Any]]) -> dict[str, OrgUnit]:
    """All organisations by code; in the file parents come before their children."""
    orgs = {org.code: org for org in (await tx.session.execute(select(OrgUnit))).scalars()}
    for entry in entries:
        if entry["code"] in orgs:
            continue
        parent = orgs[entry["parent"]] if entry["parent"] else None
        org = OrgUnit(
            code=entry["code"],
            name_zh=entry["name"]["zh-CN"],
            name_en=entry["name"]["en"],
            level=entry["level"],
            parent_id=parent.id if parent else None,
            path=f"{parent.path if parent else '/'}{entry['code']}/",
            gb2260=entry["gb2260"],
            division_code=entry["division_code"],
            extension_point=entry.get("extension_point", False),
            partner=entry.get("partner", False),
        )
        tx.session.add(org)
        await tx.session.flush()
        orgs[org.code] = org
    return orgs


async def _windows(
    tx: Transaction, entries: list[dict[str, Any]], orgs: dict[str, OrgUnit]
) -> dict[str, Window]:
    windows = {one.code: one for one in (await tx.session.execute(select(Window))).scalars()}
    for entry in entries:
        if entry["code"] not in windows:
            window = Window(
                code=entry["code"],
                org_id=orgs[entry["org"]].id,
                channel=entry["channel"],
                skills=list(entry["skills"]),
                help_desk=entry.get("help_desk", False),
                name_zh=entry["name"]["zh-CN"],
                name_en=entry["name"]["en"],
            )
            tx.session.add(window)
            windows[window.code] = window
    await tx.session.flush()
    return windows


async def _items(tx: Transaction, entries: list[dict[str, Any]]) -> None:
    known = set((await tx.session.execute(select(ServiceItem.code))).scalars())
    tx.session.add_all(
        item_of(entry, position)
        for position, entry in enumerate(entries, start=1)
        if entry["code"] not in known
    )
    await tx.session.flush()


async def _calendar(tx: Transaction, years: dict[str, Any]) -> None:
    """Years that nobody has listed yet, by the State Council's notices."""
    known = {day.year for day in (await tx.session.execute(select(col(CalendarDay.day)))).scalars()}
    for year, entry in years.items():
        if int(year) not in known:
            tx.session.add_all(
                CalendarDay(
                    day=dt.date.fromisoformat(day["date"]),
                    kind=DayKind(day["kind"]),
                    name_zh=day["name"]["zh-CN"],
                    name_en=day["name"]["en"],
                )
                for day in entry["days"]
            )
    await tx.session.flush()


async def _overflow(
    tx: Transaction, entries: list[dict[str, Any]], orgs: dict[str, OrgUnit]
) -> None:
    """The rules, where there are none: one that somebody has removed does not come back."""
    if (await tx.session.execute(select(OverflowRule.id).limit(1))).first() is not None:
        return
    tx.session.add_all(
        OverflowRule(
            code=entry["code"],
            position=position,
            channel=entry["channel"],
            org_path=orgs[entry["org"]].path,
            item_code=entry["item"],
            after_seconds=entry["after_seconds"],
            nobody_on_seconds=entry["nobody_on_seconds"],
            widening=entry["widening"],
        )
        for position, entry in enumerate(entries, start=1)
    )
    await tx.session.flush()


async def _hashes(work: Work, people: list[dict[str, Any]], passwords: Passwords) -> dict[str, str]:
    """Password hashes of the accounts that are lacking. Made before the transaction, which would
    keep every other writer waiting, and not at all at a second start."""
    names = [person["username"] for person in people]
    async with work.read() as session:
        query = select(Account.username).where(col(Account.username).in_(names))
        known = set((await session.execute(query)).scalars())
    return {name: await passwords.hash(PASSWORD) for name in names if name not in known}


async def _accounts(
    tx: Transaction,
    people: list[dict[str, Any]],
    hashes: dict[str, str],
    orgs: dict[str, OrgUnit],
    windows: dict[str, Window],
) -> None:
    for person in people:
        if (hashed := hashes.get(person["username"])) is None:
            continue
        new = accounts.NewAccount(
            username=person["username"],
            password_hash=hashed,
            display_name_zh=person["display_name"]["zh-CN"],
            display_name_en=person["display_name"]["en"],
            org=orgs[person["org"]],
            roles=[Role(person["role"])],
            windows=[windows[code] for code in person["windows"]],
            speaks=person.get("speaks", ["zh-CN"]),
            demo=True,
        )
        await accounts.add(tx, new)
