"""The scripts bring an empty database of each dialect to just what the tables declare."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from server.infrastructure.database import Database
from server.infrastructure.migrations import configuration, upgrade_database
from server.migrations.tables import metadata


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata()))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_an_upgraded_database_is_what_the_tables_declare(database_url: str) -> None:
    await upgrade_database(database_url)

    database = Database(database_url)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert set(metadata().tables) <= await connection.run_sync(tables)
    await database.close()


async def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    await upgrade_database(database_url)
    database = Database(database_url)

    async def epoch() -> str:
        async with database.engine.connect() as connection:
            found = await connection.execute(text("SELECT epoch FROM event_epoch"))
            return str(found.scalar_one())

    before = await epoch()
    await upgrade_database(database_url)
    assert await epoch() == before
    await database.close()


async def test_every_script_can_be_taken_back_and_run_again(database_url: str) -> None:
    await upgrade_database(database_url)
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inner: command.downgrade(configuration(inner), "base"))
    async with database.engine.connect() as connection:
        assert await connection.run_sync(tables) <= {"alembic_version"}
    await upgrade_database(database_url)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()
