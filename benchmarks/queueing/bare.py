"""The least that a durable cycle costs: four transactions of two rows, by the driver alone."""

import asyncio
import time
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy.engine import make_url

from server.infrastructure.ids import new_id

STEPS: Final = ("created", "offered", "accepted", "closed")
TABLES: Final = """
CREATE TABLE bare_ticket (id uuid PRIMARY KEY, state text NOT NULL, version int NOT NULL);
CREATE TABLE bare_event (
    id bigserial PRIMARY KEY, ticket_id uuid NOT NULL, type text NOT NULL,
    at timestamptz NOT NULL, changes json NOT NULL
);
"""
TAKE: Final = "INSERT INTO bare_ticket VALUES ($1, $2, 1)"
MOVE: Final = "UPDATE bare_ticket SET state = $2, version = version + 1 WHERE id = $1"
TELL: Final = "INSERT INTO bare_event (ticket_id, type, at, changes) VALUES ($1, $2, now(), $3)"


class BareCycles:
    """Prepared statements on connections that stay open: nothing here can be left out."""

    def __init__(self, database_url: str, lanes: int) -> None:
        url = make_url(database_url).set(drivername="postgresql")
        self._url = url.render_as_string(hide_password=False)
        self._lanes = lanes

    async def make_tables(self) -> None:
        connection = await asyncpg.connect(self._url)
        await connection.execute(TABLES)
        await connection.close()

    async def per_second(self, seconds: float) -> float:
        """Cycles a second, `lanes` at the same time, until `seconds` are over."""
        pool = await asyncpg.create_pool(self._url, min_size=self._lanes, max_size=self._lanes)
        try:
            started = time.perf_counter()
            until = started + seconds
            done = await asyncio.gather(*(self._lane(pool, until) for _ in range(self._lanes)))
            return sum(done) / (time.perf_counter() - started)
        finally:
            await pool.close()

    async def _lane(self, pool: Any, until: float) -> int:
        """How many cycles were done."""
        done = 0
        while time.perf_counter() < until:
            ticket_id = new_id()
            for step in STEPS:
                async with pool.acquire() as connection, connection.transaction():
                    await self._step(connection, ticket_id, step)
            done += 1
        return done

    @staticmethod
    async def _step(connection: Any, ticket_id: UUID, step: str) -> None:
        await connection.execute(TAKE if step == STEPS[0] else MOVE, ticket_id, step)
        await connection.execute(TELL, ticket_id, step, f'[{{"state": "{step}"}}]')
