"""The harness does what tests lean on."""

import asyncpg
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.caches import Valkey
from tests.support.paper_clips import paper_frame, paper_likeness


async def test_a_database_of_each_dialect_is_empty_and_takes_chinese(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE names (name TEXT)"))
        await connection.execute(text("INSERT INTO names VALUES ('王芳')"))
        assert (await connection.execute(text("SELECT name FROM names"))).scalar_one() == "王芳"
    await engine.dispose()


@pytest.mark.postgresql
async def test_postgresql_is_in_utf8_with_c_utf8(postgresql: str) -> None:
    connection = await asyncpg.connect(postgresql.replace("+asyncpg", ""))
    row = await connection.fetchrow(
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database"
        " WHERE datname = current_database()"
    )
    await connection.close()
    assert tuple(row) == ("UTF8", "C.UTF-8")


async def test_valkey_keeps_what_it_was_given_over_a_kill(valkey: Valkey) -> None:
    async with Redis.from_url(valkey.url) as redis:
        await redis.set("place", "7")
    valkey.kill()
    valkey.start()
    async with Redis.from_url(valkey.url) as redis:
        assert await redis.get("place") == b"7"


def test_a_paper_is_known_from_its_wall() -> None:
    import cv2

    with_paper = paper_frame("red", 320, 240)
    wall = with_paper.copy()
    wall[:] = wall[0, 0]
    wall[::7] //= 2  # a bare picture would have no contrast to compare
    _, page = cv2.imencode(".jpg", with_paper)
    _, bare = cv2.imencode(".jpg", wall)
    assert paper_likeness(page.tobytes(), "red") > 0.9
    assert paper_likeness(bare.tobytes(), "red") < 0.5
