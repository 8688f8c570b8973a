"""A server that has closed its connections, as a restart does, is not asked over them again."""

import asyncpg
import pytest
from sqlalchemy import make_url, text

from server.infrastructure.database import Database
from tests.support.waiting import until

OTHERS = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'tester' \
    AND datname = current_database() AND pid <> pg_backend_pid()"
LEFT = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND pid <> pg_backend_pid()"


@pytest.mark.postgresql
async def test_connections_that_the_server_has_closed_are_made_anew(postgresql: str) -> None:
    database = Database(postgresql)
    url = make_url(postgresql).set(drivername="postgresql").render_as_string()
    operator = await asyncpg.connect(url)

    async def all_gone() -> bool:
        return bool(await operator.fetchval(LEFT) == 0)

    try:
        async with database.read() as first, database.write() as second:
            for session in (first, second):
                await session.execute(text("SELECT 1"))
        assert await operator.fetchval(OTHERS) == 2
        await until(all_gone, what="the connections are closed")
        for _ in range(3):
            async with database.read() as session:
                assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
    finally:
        await operator.close()
        await database.close()
