"""Brings a database to this version's schema; makes it where there is none."""

import asyncio
from importlib import resources
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncSession

from server.infrastructure.database import Database
from server.infrastructure.events import log
from server.infrastructure.settings import Settings


def upgrade(settings: Settings) -> None:
    """Run the scripts that the database lacks; a database that lacks none is left alone."""
    asyncio.run(upgrade_database(settings.database))


async def upgrade_database(url: str) -> None:
    """The same for a database URL, from within a loop."""
    database = Database(url)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(_run)
        async with database.write() as session:
            await _ensure_epoch(session)
            await session.commit()
    finally:
        await database.close()


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
