"""The account of a hall's calling system, made from the command line."""

import asyncio
import secrets
from typing import Final

from sqlmodel import select

from server.identity import accounts
from server.identity.administrators import USERNAME_MAX
from server.identity.passwords import Passwords
from server.identity.principals import Role
from server.infrastructure.actors import System
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from server.organisations.tables import OrgUnit

SECRET_BYTES: Final = 24


class MachineRefused(Exception):
    """Can't be made so; the message says what to change."""


def create_hall_system(settings: Settings, username: str, *, org_code: str) -> str:
    """Make the account of an organisation's calling system; its secret, told this once.

    Raises MachineRefused.
    """
    return asyncio.run(_create(settings, username, org_code))


async def _create(settings: Settings, username: str, org_code: str) -> str:
    name = username.strip().lower()
    if not 0 < len(name) <= USERNAME_MAX or not name.isprintable():
        raise MachineRefused(f"A user name has 1 to {USERNAME_MAX} printable characters.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    database = Database(settings.database)
    try:
        hashed = await Passwords().hash(secret)
        work = Work(database, SystemClock(), lambda _events: None)
        async with work.write(System("command-line")) as tx:
            if await accounts.by_name(tx.session, name) is not None:
                raise MachineRefused(f"There is an account {name} already.")
            found = await tx.session.execute(select(OrgUnit).where(OrgUnit.code == org_code))
            org = found.scalar_one_or_none()
            if org is None:
                raise MachineRefused(f"There is no organisation {org_code}.")
            new = accounts.NewAccount(name, hashed, name, name, org, [Role.HALL_SYSTEM])
            await accounts.add(tx, new)
    finally:
        await database.close()
    return secret
