"""Runs a command: one transaction around the use case and its stored answer."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from server.infrastructure import idempotency
from server.infrastructure.errors import Conflict, Raced, Unprocessable
from server.infrastructure.work import TRIES, CommandScope, Transaction, Work, command_scope

Answer = tuple[int, bytes]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a command the same one: who, which route, which key; and what it asked."""

    principal: str
    route: str
    key: str
    request_sha256: bytes

    @property
    def identity(self) -> tuple[str, str, str]:
        return (self.principal, self.route, self.key)


class Commands:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._running: set[tuple[str, str, str]] = set()

    async def run(self, key: Key | None, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of `call`, or the kept one of an earlier call with the same key.

        Raises Unprocessable `idempotency_key_reused` for another request under the same key,
        Conflict `command_running` while the first one still runs.
        """
        if key is None:
            return await self._tried(None, call)
        if (kept := await self._kept(key)) is not None:
            return kept
        if key.identity in self._running:
            raise Conflict("command_running")
        self._running.add(key.identity)
        try:
            return await self._tried(key, call)
        finally:
            self._running.discard(key.identity)

    async def _tried(self, key: Key | None, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Again where another command came between reading and writing: nothing was kept then.

        Raises Raced when that goes on and on.
        """
        for _ in range(TRIES):
            try:
                return await self._once(key, call)
            except Raced as error:
                raced = error
            except IntegrityError as error:
                # A unique index saw what the use case could not: a twin on another replica, whose
                # answer then stands, or another command that was quicker.
                raced = Raced("command")
                raced.__cause__ = error
                if key is not None and (kept := await self._kept(key)) is not None:
                    return kept
        _log.warning("a command was overtaken again and again", exc_info=raced)
        raise raced

    async def _once(self, key: Key | None, call: Callable[[], Awaitable[Answer]]) -> Answer:
        async with self._scope(key) as scope:
            status, body = await call()
            transaction = scope.transaction
            if transaction is not None:
                if key is not None:
                    await self._keep(transaction, key, status, body)
                await transaction.commit(self._work.publisher)
        if transaction is not None:
            await transaction.follow_up()
        return status, body

    @asynccontextmanager
    async def _scope(self, key: Key | None) -> AsyncIterator[CommandScope]:
        scope = CommandScope()

        async def claim(transaction: Transaction) -> None:
            if key is not None:
                row = idempotency.CommandRow(
                    principal=key.principal,
                    route=key.route,
                    key=key.key,
                    request_sha256=key.request_sha256,
                    at=transaction.now,
                )
                transaction.session.add(row)
                await transaction.session.flush()

        scope.on_open = claim
        token = command_scope.set(scope)
        try:
            async with scope.stack:
                yield scope
        finally:
            command_scope.reset(token)

    async def _keep(self, transaction: Transaction, key: Key, status: int, body: bytes) -> None:
        row = await idempotency.find(transaction.session, *key.identity)
        if row is not None:
            row.status, row.answer = status, body

    async def _kept(self, key: Key) -> Answer | None:
        async with self._work.database.read() as session:
            row = await idempotency.find(session, *key.identity)
        if row is None:
            return None
        if row.request_sha256 != key.request_sha256:
            raise Unprocessable("idempotency_key_reused")
        if row.status is None or row.answer is None:
            raise Conflict("command_running")
        return row.status, row.answer
