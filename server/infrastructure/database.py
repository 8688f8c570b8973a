"""SQLite and PostgreSQL behind one door: sessions to read with, sessions to write with."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, TypeDecorator, event
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
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
# What a call says while the database can't be reached or is overloaded: it may be made again.
AWAY: Final = (OperationalError, InterfaceError, PoolTimeout, OSError)


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
        pool = {} if self.sqlite else {"pool_size": POOL_SIZE, "max_overflow": 0}
        self.engine: AsyncEngine = create_async_engine(url, hide_parameters=True, **pool)
        self._one_writer = asyncio.Lock() if self.sqlite else None
        if self.sqlite:
            _tune_sqlite(self.engine)
        else:
            _drop_what_is_closed(self.engine)
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
