"""Holds rows of PostgreSQL, so that a command that wants to change them stands still in flight."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import asyncpg

from tests.support.waiting import until

BLOCKED: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class HeldRows:
    """Rows that nobody else can change until `release`."""

    def __init__(self, connection: "asyncpg.Connection") -> None:
        self._connection = connection

    async def hold(self, table: str, ids: Sequence[str]) -> None:
        """table: a name of ours, never of a user's."""
        query = f"SELECT id FROM {table} WHERE id = ANY($1) FOR UPDATE"  # noqa: S608 - see above
        found = await self._connection.fetch(query, [UUID(id_) for id_ in ids])
        assert len(found) == len(ids)

    async def waited_for(self, commands: int) -> None:
        """Wait until so many transactions stand still for some row."""

        async def blocked() -> bool:
            return int(await self._connection.fetchval(BLOCKED)) >= commands

        await until(blocked, seconds=20, what=f"{commands} commands wait for a row")

    async def release(self) -> None:
        if self._connection.is_in_transaction():
            await self._connection.execute("ROLLBACK")


@asynccontextmanager
async def held_rows(database_url: str) -> AsyncIterator[HeldRows]:
    """A connection of the test's own, with nothing held yet."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        await connection.execute("BEGIN")
        yield HeldRows(connection)
    finally:
        connection.terminate()  # the server may have ended it already


async def execute(database_url: str, statement: str, *values: object) -> None:
    """One statement, committed."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close(timeout=5)
