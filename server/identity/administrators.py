"""The first administrator of an installation, made from the command line."""

import asyncio
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity import accounts
from server.identity.passwords import PASSWORD_MAX, Passwords
from server.identity.principals import Role
from server.infrastructure.actors import System
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.organisations.tables import Level, OrgUnit

PASSWORD_MIN: Final = 12
USERNAME_MAX: Final = 60


class AdministratorRefused(Exception):
    """Can't be made so; the message says what to change."""


def create_admin(
    settings: Settings, username: str, password: str, *, org_code: str | None = None
) -> None:
    """Make an administrator of an organisation and all below it.

    Without `org_code` it is the tree's own root; an empty database gets one, to be named later.
    Raises AdministratorRefused.
    """
    asyncio.run(_create(settings, username, password, org_code))


async def _create(settings: Settings, username: str, password: str, org_code: str | None) -> None:
    name = username.strip().lower()
    if not 0 < len(name) <= USERNAME_MAX or not name.isprintable():
        raise AdministratorRefused(f"A user name has 1 to {USERNAME_MAX} printable characters.")
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise AdministratorRefused(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters.")
    database = Database(settings.database)
    try:
        hashed = await Passwords().hash(password)
        work = Work(database, SystemClock(), lambda _events: None)
        async with work.write(System("command-line")) as tx:
            if await accounts.by_name(tx.session, name) is not None:
                raise AdministratorRefused(f"There is an account {name} already.")
            org = await _org(tx, org_code)
            new = accounts.NewAccount(name, hashed, name, name, org, [Role.ADMIN])
            await accounts.add(tx, new)
    finally:
        await database.close()


async def _org(tx: Transaction, code: str | None) -> OrgUnit:
    if code is not None:
        query = select(OrgUnit).where(OrgUnit.code == code)
        org = (await tx.session.execute(query)).scalar_one_or_none()
        if org is None:
            raise AdministratorRefused(f"There is no organisation {code}.")
        return org
    roots = await _roots(tx.session)
    if len(roots) > 1:
        names = ", ".join(root.code for root in roots)
        raise AdministratorRefused(f"Say of which organisation: {names}, or one below.")
    return roots[0] if roots else await _first_org(tx)


async def _roots(session: AsyncSession) -> list[OrgUnit]:
    query = select(OrgUnit).where(col(OrgUnit.parent_id).is_(None), col(OrgUnit.partner).is_(False))
    return list((await session.execute(query.order_by(col(OrgUnit.code)))).scalars())


async def _first_org(tx: Transaction) -> OrgUnit:
    org = OrgUnit(
        code="district",
        name_zh="本区",
        name_en="This district",
        level=Level.DISTRICT,
        path="/district/",
    )
    tx.session.add(org)
    await tx.session.flush()
    tx.audit("org.create", ("org_unit", str(org.id)), code=org.code)
    return org
