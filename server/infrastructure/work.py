"""One use case, one transaction: rows, audit trail, events and the command's answer together.

    async with self._work.write(actor) as tx:
        ...change rows through tx.session...
        tx.publish(topic, "ticket.offered", Change(...))
        tx.audit("ticket.offer", ("ticket", str(ticket.id)), state="offered")
        tx.after_commit(lambda: self._media.close(placement))

Within a command that came with an Idempotency-Key the transaction is opened by the first `write`
and committed, with the stored answer, when the command's answer stands (`commands.py`).
"""

import datetime as dt
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from server.infrastructure import audit
from server.infrastructure.actors import Actor
from server.infrastructure.clock import Clock
from server.infrastructure.database import Database
from server.infrastructure.errors import Raced
from server.infrastructure.events import log
from server.infrastructure.events.topics import Change, Event

T = TypeVar("T")

TRIES: Final = 4

AfterCommit = Callable[[], Awaitable[None]]
Publisher = Callable[[list[Event]], None]

_log = logging.getLogger(__name__)


class Transaction:
    """What a use case writes with. Closed by `Work`; never kept beyond the block."""

    def __init__(self, session: AsyncSession, actor: Actor, now: dt.datetime) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self._drafts: list[log.Draft] = []
        self._trail: list[audit.Entry] = []
        self._after: list[AfterCommit] = []

    def publish(self, topic: str, type: str, *changes: Change) -> None:  # noqa: A002
        """Announce `changes` to who listens to `topic`, once and in order, after the commit."""
        self._drafts.append(log.Draft(topic, type, changes))

    def audit(self, action: str, resource: tuple[str, str], **details: Any) -> None:
        """Add to the trail, with the commit, that the actor did `action` to `resource`."""
        self._trail.append(audit.entry(self.actor, action, resource, self.now, details))

    def after_commit(self, call: AfterCommit) -> None:
        """Run `call` once the transaction stands; its failure does not undo the command."""
        self._after.append(call)

    async def commit(self, publisher: Publisher) -> None:
        # The topics last: who else announces something there waits from now to the commit.
        await self.session.flush()
        await audit.write(self.session, self._trail)
        events = await log.append(self.session, self._drafts, self.now)
        await self.session.commit()
        publisher(events)

    async def follow_up(self) -> None:
        """Run what waited for the commit. To be called once the session is closed: a slow media
        worker must hold up neither the one writer of SQLite nor a connection of the pool."""
        for call in self._after:
            try:
                await call()
            except Exception:  # noqa: BLE001 - the command stands; the other calls are to be made
                _log.exception("a call after the commit has failed")


class CommandScope:
    """The transaction that a whole command shares, opened by its first write."""

    def __init__(self) -> None:
        self.stack = AsyncExitStack()
        self.transaction: Transaction | None = None
        self.on_open: Callable[[Transaction], Awaitable[None]] | None = None


command_scope: ContextVar[CommandScope | None] = ContextVar("command_scope", default=None)


class Work:
    """Opens transactions. `publisher` takes the events of each that was committed."""

    def __init__(self, database: Database, clock: Clock, publisher: Publisher) -> None:
        self.database = database
        self.clock = clock
        self.publisher = publisher

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A consistent view. Inside a command that already wrote, that command's own."""
        scope = command_scope.get()
        if scope is not None and scope.transaction is not None:
            await scope.transaction.session.flush()
            yield scope.transaction.session
            return
        async with self.database.read() as session:
            yield session

    @asynccontextmanager
    async def write(self, actor: Actor) -> AsyncIterator[Transaction]:
        """A transaction, committed when the block ends, rolled back when it raises."""
        scope = command_scope.get()
        if scope is None:
            async with self.database.write() as session:
                transaction = Transaction(session, actor, self.clock.now())
                yield transaction
                await transaction.commit(self.publisher)
            await transaction.follow_up()
            return
        if scope.transaction is None:
            session = await scope.stack.enter_async_context(self.database.write())
            scope.transaction = Transaction(session, actor, self.clock.now())
            if scope.on_open is not None:
                await scope.on_open(scope.transaction)
        yield scope.transaction
        await scope.transaction.session.flush()

    async def tried(self, step: Callable[[], Awaitable[T]]) -> T:
        """`step`, and again where somebody else came between its reading and its writing.

        For use cases behind routes that are no command; a command is tried again as a whole.
        """
        if command_scope.get() is None:
            for _ in range(TRIES - 1):
                try:
                    return await step()
                except (Raced, IntegrityError):
                    continue
        return await step()

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[None]:
        """Within this block writes are transactions of their own, committed even if the command
        fails: for what must be remembered of a refused command, such as a wrong password."""
        token = command_scope.set(None)
        try:
            yield
        finally:
            command_scope.reset(token)
