"""Brings a database to this version's schema; makes it where there is none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from server.infrastructure.database import Database
from server.infrastructure.events import log
from server.infrastructure.settings import Settings


class ReferencesBroken(Exception):
    """A script left rows behind that refer to nothing; it was taken back as a whole."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(f"rows of these tables would refer to nothing: {', '.join(tables)}")


def upgrade(settings: Settings) -> None:
    """Run the scripts that the database lacks; a database that lacks none is left alone."""
    asyncio.run(upgrade_database(settings.database))


async def upgrade_database(url: str) -> None:
    """The same for a database URL, from within a loop."""
    database = Database(url)
    try:
        async with rebuilding(database) as connection:
            await connection.run_sync(_run)
        async with database.write() as session:
            await _ensure_epoch(session)
            await session.commit()
    finally:
        await database.close()


@asynccontextmanager
async def rebuilding(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction in which scripts may rebuild tables that are full.

    SQLite changes a table by dropping it, which it refuses while rows of others refer to it. So
    references are not looked at meanwhile, but all of them at the end. Raises ReferencesBroken.
    """
    async with database.engine.connect() as connection:
        if database.sqlite:
            await _heed_references(connection, heed=False)
        try:
            async with connection.begin():
                yield connection
                if database.sqlite:
                    found = await connection.exec_driver_sql("PRAGMA foreign_key_check")
                    broken = sorted({row[0] for row in found})
                    if broken:
                        raise ReferencesBroken(broken)
        finally:
            if database.sqlite:
                await _heed_references(connection, heed=True)


async def _heed_references(connection: AsyncConnection, *, heed: bool) -> None:
    """Within a transaction, as all statements of SQLAlchemy are, the pragma would do nothing."""
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    await driver.execute(f"PRAGMA foreign_keys={'ON' if heed else 'OFF'}")


def configuration(connection: Any) -> Config:
    """Alembic's configuration for a connection of SQLAlchemy."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("server.migrations")))
    config.attributes["connection"] = connection
    return config


def _run(connection: Any) -> None:
    command.upgrade(configuration(connection), "head")


async def _ensure_epoch(session: AsyncSession) -> None:
    if await log.current_epoch(session) is None:
        session.add(log.new_epoch())
