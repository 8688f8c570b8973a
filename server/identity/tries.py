"""Wrong passwords are counted by name, and a name with too many is locked for a while.

A try is counted before its password is looked at, and taken back when it was right: so of many
guesses sent at once no more are answered than of guesses sent in turn.
"""

import datetime as dt
import hashlib
from math import ceil

from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select

from server.identity.tables import LoginTries
from server.infrastructure.clock import wire_time
from server.infrastructure.errors import Locked, Unauthorised
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction


class LoginLocked(Locked):
    """Too many wrong passwords; even the right one is not looked at before `until`."""

    def __init__(self, until: dt.datetime, now: dt.datetime) -> None:
        minutes = ceil((until - now).total_seconds() / 60)
        super().__init__("login_locked", until=wire_time(until), minutes=minutes)


class LoginWrong(Unauthorised):
    """No such name, or not its password: one answer for both."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("login_wrong", tries_left=tries_left)


class Tries:
    def __init__(self, settings: Settings) -> None:
        self._limit = settings.login_tries
        self._window = dt.timedelta(seconds=settings.login_window_seconds)

    async def count(self, tx: Transaction, name: str) -> LoginTries:
        """Count a try for `name`. Raises LoginLocked, counting nothing, while it is locked."""
        await self._forget_old(tx)
        row = await self._row(tx, name)
        if row.locked_until is not None and row.locked_until > tx.now:
            raise LoginLocked(row.locked_until, tx.now)
        if row.locked_until is not None or row.first_at + self._window <= tx.now:
            row.tries, row.first_at, row.locked_until = 0, tx.now, None
        row.tries += 1
        if row.tries >= self._limit:
            row.locked_until = tx.now + self._window
        return row

    def refusal(self, counted: LoginTries, now: dt.datetime) -> LoginLocked | LoginWrong:
        """What to say when the counted try was wrong."""
        if counted.locked_until is not None:
            return LoginLocked(counted.locked_until, now)
        return LoginWrong(self._limit - counted.tries)

    async def clear(self, tx: Transaction, name: str) -> None:
        """Forget the tries of `name`: the password was right, or an administrator unlocks it."""
        await tx.session.execute(
            delete(LoginTries).where(col(LoginTries.name_sha256) == name_sha256(name))
        )

    async def _row(self, tx: Transaction, name: str) -> LoginTries:
        dialect = tx.session.get_bind().dialect.name
        insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        first = {"name_sha256": name_sha256(name), "tries": 0, "first_at": tx.now}
        await tx.session.execute(insert(LoginTries).values(**first).on_conflict_do_nothing())
        query = (
            select(LoginTries).where(LoginTries.name_sha256 == name_sha256(name)).with_for_update()
        )
        return (await tx.session.execute(query)).scalar_one()

    async def _forget_old(self, tx: Transaction) -> None:
        """Guessed names must not fill the table. Rows that another log-in holds are left to it:
        two that waited for each other's would be a deadlock."""
        old = (
            select(LoginTries.name_sha256)
            .where(
                LoginTries.first_at < tx.now - 2 * self._window,
                or_(col(LoginTries.locked_until).is_(None), col(LoginTries.locked_until) < tx.now),
            )
            .with_for_update(skip_locked=True)
        )
        names = (await tx.session.execute(old)).scalars().all()
        if names:
            await tx.session.execute(
                delete(LoginTries).where(col(LoginTries.name_sha256).in_(names))
            )


def name_sha256(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
