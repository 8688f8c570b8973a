"""Staff come and go: log-in, logout, tokens for API clients."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, update

from server.identity import accounts
from server.identity.cookies import new_secret, secret_hash
from server.identity.limits import Limits
from server.identity.passwords import Passwords
from server.identity.principals import Staff
from server.identity.schemas import AccountOut
from server.identity.tables import Account, LoginTries, StaffSession
from server.identity.tokens import AccessTokens, Claims
from server.identity.tries import Tries, name_sha256
from server.infrastructure.actors import System
from server.infrastructure.errors import NotPermitted, Problem
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work

LOGIN_PER_MINUTE = 20

Revoked = Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new log-in. secret: for the cookie, told this once."""

    account: AccountOut
    secret: str


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    seconds: int


class Logins:
    """on_revoked: told the id of each log-in that ended, once that is committed, so that what it
    opened (sockets, playback) can be closed."""

    def __init__(
        self,
        work: Work,
        settings: Settings,
        passwords: Passwords,
        tokens: AccessTokens,
        limits: Limits,
        on_revoked: Revoked,
    ) -> None:
        self._work = work
        self._settings = settings
        self._passwords = passwords
        self._tokens = tokens
        self._limits = limits
        self._on_revoked = on_revoked
        self._tries = Tries(settings)

    async def login(
        self, username: str, password: str, *, address: str, replaces: Staff | None
    ) -> LoggedIn:
        """Open a log-in under a new id, ending the one that the browser had.

        A wrong try is remembered although the command fails. Raises LoginWrong, LoginLocked,
        TooMany `too_many_logins`.
        """
        account, rehashed = await self._prove(username, password, address)
        lifetime = dt.timedelta(seconds=self._settings.staff_session_seconds)
        async with self._work.write(System("login")) as tx:
            if replaces is not None:
                await self._revoke(tx, replaces.login_session_id)
            _, secret = await self._open(tx, account, rehashed, tx.now + lifetime)
            return LoggedIn(await accounts.view(tx.session, account.id), secret)

    async def machine_token(self, username: str, secret: str, *, address: str) -> Token:
        """An access token for the account of a machine, which has no page and no cookie.

        Raises as `login` does, and NotPermitted `machine_needed` for a person's account.
        """
        account, rehashed = await self._prove(username, secret, address)
        async with self._work.write(System("login")) as tx:
            if not await accounts.is_machine(tx.session, account.id):
                raise NotPermitted("machine_needed")
            lifetime = dt.timedelta(seconds=self._settings.access_token_seconds)
            expires_at = tx.now + lifetime
            row, _ = await self._open(tx, account, rehashed, expires_at)
            text = self._tokens.issue(Claims(account.id, row.id), expires_at=expires_at)
            return Token(text, int(lifetime.total_seconds()))

    async def _prove(
        self, username: str, password: str, address: str
    ) -> tuple[Account, str | None]:
        """The account of that name and password, with a new hash where the kept one is outdated."""
        await self._limits.take("too_many_logins", address, per_minute=LOGIN_PER_MINUTE)
        name = username.strip().lower()
        counted = await self._count(name)
        async with self._work.read() as session:
            account = await accounts.by_name(session, name)
        usable = account is not None and account.disabled_at is None
        kept = account.password_hash if account is not None and usable else None
        right = await self._passwords.matches(kept, password)
        if account is None or not right:
            raise await self._refused(name, account, counted)
        rehashed = None
        if self._passwords.outdated(account.password_hash):
            rehashed = await self._passwords.hash(password)
        return account, rehashed

    async def logout(self, staff: Staff) -> None:
        """End this log-in; its cookie, tokens and sockets end with it. Twice is once."""
        async with self._work.write(staff) as tx:
            await self._revoke(tx, staff.login_session_id)

    async def account(self, staff: Staff) -> AccountOut:
        async with self._work.read() as session:
            return await accounts.view(session, staff.account_id)

    async def token(self, staff: Staff, *, by_cookie: bool) -> Token:
        """An access token for this log-in. Raises NotPermitted `cookie_needed`: a token can't
        renew itself."""
        if not by_cookie:
            raise NotPermitted("cookie_needed")
        async with self._work.write(staff) as tx:
            row = await tx.session.get_one(StaffSession, staff.login_session_id)
            row.last_seen_at = tx.now
            lifetime = dt.timedelta(seconds=self._settings.access_token_seconds)
            expires_at = min(tx.now + lifetime, row.expires_at)
            tx.audit("login.token", ("staff_session", str(row.id)))
            claims = Claims(staff.account_id, staff.login_session_id)
            text = self._tokens.issue(claims, expires_at=expires_at)
            return Token(text, int((expires_at - tx.now).total_seconds()))

    def jwks(self) -> list[dict[str, Any]]:
        return self._tokens.jwks()

    async def _count(self, name: str) -> LoginTries:
        async with self._work.apart(), self._work.write(System("login")) as tx:
            return await self._tries.count(tx, name)

    async def _refused(self, name: str, account: Account | None, counted: LoginTries) -> Problem:
        """The answer to a wrong try; known and unknown names are noted alike."""
        refusal = self._tries.refusal(counted, self._work.clock.now())
        who = str(account.id) if account is not None else name_sha256(name).hex()
        kind = "account" if account is not None else "unknown_name"
        async with self._work.apart(), self._work.write(System("login")) as tx:
            tx.audit("login.refuse", (kind, who), answer=refusal.code, tries=counted.tries)
        return refusal

    async def _open(
        self, tx: Transaction, account: Account, rehashed: str | None, expires_at: dt.datetime
    ) -> tuple[StaffSession, str]:
        """A log-in, and the secret of its cookie."""
        secret = new_secret()
        await self._tries.clear(tx, account.username)
        if rehashed is not None:
            await tx.session.execute(
                update(Account).where(col(Account.id) == account.id).values(password_hash=rehashed)
            )
        row = StaffSession(
            account_id=account.id,
            secret_hash=secret_hash(secret),
            created_at=tx.now,
            expires_at=expires_at,
            last_seen_at=tx.now,
        )
        tx.session.add(row)
        tx.audit("login.open", ("staff_session", str(row.id)), account=str(account.id))
        await tx.session.flush()
        return row, secret

    async def _revoke(self, tx: Transaction, login_session_id: UUID) -> None:
        changed = await tx.session.execute(
            update(StaffSession)
            .where(col(StaffSession.id) == login_session_id, col(StaffSession.revoked_at).is_(None))
            .values(revoked_at=tx.now)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            return
        tx.audit("login.end", ("staff_session", str(login_session_id)))
        tx.after_commit(lambda: self._on_revoked(login_session_id))
