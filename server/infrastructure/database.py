"""SQLite and PostgreSQL behind one door: sessions to read with, sessions to write with."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from socket import gaierror
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, ExceptionContext, TypeDecorator, event
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlmodel import SQLModel

NAMING: Final = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

SQLITE_BUSY_MS: Final = 10_000
POOL_SIZE: Final = 15  # of a replica, on PostgreSQL
# PostgreSQL ends a transaction that does nothing for so long, as that of a replica which stands
# still does: what it had locked, all others would wait for.
IDLE_TRANSACTION_MS: Final = 15_000
CONNECT_SECONDS: Final = 5.0
STATEMENT_SECONDS: Final = 60.0
POSTGRESQL: Final[Mapping[str, Any]] = {
    "timeout": CONNECT_SECONDS,
    "command_timeout": STATEMENT_SECONDS,
    "server_settings": {"idle_in_transaction_session_timeout": str(IDLE_TRANSACTION_MS)},
}
# What a call says while the database can't be reached or is overloaded: it may be made again.
AWAY: Final = (OperationalError, InterfaceError, PoolTimeout, OSError)
# SQLSTATE's classes (PostgreSQL, appendix A): connection lost, server restarted or shut down, idle
# transaction ended, no resources; and what was rolled back for another's sake.
LOST: Final = ("08", "57P", "25P03", "53")
ROLLED_BACK: Final = "40"


class DatabaseAway(OperationalError):
    """The server has ended the connection, or takes none.

    Nothing of the transaction was kept, unless it was just being committed: a command that comes
    again under its key finds out.
    """


def may_be_repeated(error: BaseException) -> bool:
    """Whether a command that failed so may well be done if it comes again, under the same key."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        return _sqlstate(error.orig).startswith(ROLLED_BACK)
    # While the server is down the driver says what the system says.
    return isinstance(error, ConnectionRefusedError | TimeoutError | gaierror)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment. Refuses naive values; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Database:
    """Owns the engine. `read` gives a snapshot, `write` a transaction that may change rows.

    On SQLite a write begins with BEGIN IMMEDIATE: a transaction that reads first and writes later
    fails at once when another commit came between, whatever the timeout. Writers of one process
    wait for each other in order here, not by busy polling in the file.
    """

    def __init__(self, url: str) -> None:
        # Errors are logged with their traces: what was to be stored must not stand in them.
        self.sqlite = _is_sqlite(url)
        options: dict[str, Any] = {}
        if not self.sqlite:
            options = {"pool_size": POOL_SIZE, "max_overflow": 0, "connect_args": POSTGRESQL}
        self.engine: AsyncEngine = create_async_engine(url, hide_parameters=True, **options)
        self._one_writer = asyncio.Lock() if self.sqlite else None
        if self.sqlite:
            _tune_sqlite(self.engine)
        else:
            _drop_what_is_closed(self.engine)
            _name_what_is_lost(self.engine)
        writing = self.engine.execution_options(immediate=True)
        self._reader = async_sessionmaker(self.engine, expire_on_commit=False)
        self._writer = async_sessionmaker(writing, expire_on_commit=False)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session to query with, on one consistent view; what it changes is rolled back."""
        async with self._reader() as session:
            if not self.sqlite:
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
            # Rows that were read stay usable; a rollback would expire those still attached.
            session.expunge_all()
            await session.rollback()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose caller commits; left without a commit, nothing has happened."""
        if self._one_writer is None:
            async with self._writer() as session:
                yield session
            return
        async with self._one_writer, self._writer() as session:
            yield session

    async def close(self) -> None:
        await self.engine.dispose()


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def _drop_what_is_closed(engine: AsyncEngine) -> None:
    """Take no connection from the pool that the server has closed, as a restart does.

    The driver knows; SQLAlchemy's `pool_pre_ping` asks the server instead, with three round trips
    for each transaction.
    """

    @event.listens_for(engine.sync_engine, "checkout")
    def on_checkout(connection: Any, _record: object, _proxy: object) -> None:
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError


def _name_what_is_lost(engine: AsyncEngine) -> None:
    """Of a connection that the server ended the driver has several errors, some without a class:
    they all become DatabaseAway, and the pool begins anew."""

    @event.listens_for(engine.sync_engine, "handle_error")
    def on_error(context: ExceptionContext) -> BaseException | None:
        found = context.original_exception
        if isinstance(found, asyncio.CancelledError):
            return None  # who was told to stop has to hear it
        # The last one: what the driver says when the end comes within an answer that it reads.
        broken = type(found).__name__ == "InternalClientError"
        if not (context.is_disconnect or broken or _sqlstate(found).startswith(LOST)):
            return None
        context.is_disconnect = True
        return DatabaseAway(context.statement, None, found, hide_parameters=True)


def _sqlstate(error: BaseException | None) -> str:
    return str(getattr(error, "sqlstate", None) or "")


def _tune_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        # The driver's own transaction handling would begin deferred ones behind our back.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def enum_check(column: str, values: type) -> str:
    """SQL of the CHECK that keeps a string column within an enumeration's values."""
    names = ", ".join(f"'{member.value}'" for member in values)  # type: ignore[attr-defined]
    return f"{column} IN ({names})"
