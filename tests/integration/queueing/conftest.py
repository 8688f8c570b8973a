"""A Valkey that the tests of a module share; each test finds it empty."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from server.infrastructure.redis import connect_redis
from server.queueing.lineup import LineUp
from tests.support.caches import Valkey


@pytest.fixture(scope="module")
def shared_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("queueing") / "valkey-data")
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
async def redis(shared_valkey: Valkey) -> AsyncIterator[Redis]:
    client = connect_redis(shared_valkey.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def line_up(redis: Redis) -> LineUp:
    """An open line-up with nobody in it."""
    found = LineUp(redis)
    await open_empty(found)
    return found


async def open_empty(line_up: LineUp) -> None:
    assert await line_up.hold("test", 60_000)
    await line_up.open("test")
    await line_up.release("test")
