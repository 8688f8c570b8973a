"""Who counts as gone: judged by the beats of all replicas, and only after a while of asking."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from server.infrastructure.redis import connect_redis
from signaling.gateway.pages import KEY, OpenPages
from tests.support.caches import Valkey

AMY, BOB = "staff:amy", "staff:bob"


class Hand:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
async def redis(valkey: Valkey) -> AsyncIterator[Redis]:
    client = connect_redis(valkey.url)
    yield client
    await client.aclose()


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def pages(redis: Redis, clock: Hand) -> OpenPages:
    return OpenPages(redis, clock, grace=10)


async def ask_for(pages: OpenPages, clock: Hand, seconds: float) -> set[str]:
    """Ask for Bob every half second; the last answer."""
    found: set[str] = set()
    for _ in range(int(seconds * 2)):
        clock.at += 0.5
        found = await pages.gone([AMY, BOB])
    return found


async def test_who_has_no_page_is_gone_after_the_grace_and_not_before(
    pages: OpenPages, clock: Hand
) -> None:
    pages.opened(AMY)
    assert await ask_for(pages, clock, 4) == set()
    assert await ask_for(pages, clock, 3) == {BOB}


async def test_a_page_at_another_replica_counts(
    pages: OpenPages, clock: Hand, redis: Redis
) -> None:
    await redis.zadd(KEY, {BOB: (await redis.time())[0]})
    pages.opened(AMY)
    assert await ask_for(pages, clock, 20) == set()


async def test_an_old_absence_is_not_held_against_who_comes_again(
    pages: OpenPages, clock: Hand
) -> None:
    pages.opened(AMY)
    await ask_for(pages, clock, 1)
    # In a call nobody asks; then Bob comes again, and the first beat is still to come.
    clock.at += 600
    assert await pages.gone([AMY, BOB]) == set()


async def test_while_redis_is_silent_nobody_is_gone_and_no_time_counts(
    pages: OpenPages, clock: Hand, valkey: Valkey
) -> None:
    pages.opened(AMY)
    await ask_for(pages, clock, 4)
    valkey.kill()
    clock.at += 60
    assert await pages.gone([AMY, BOB]) == set()
    valkey.start()
    assert await ask_for(pages, clock, 3) == set()
