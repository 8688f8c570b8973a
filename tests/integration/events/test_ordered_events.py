"""Every page hears every event of its topics once and in order, whatever happens to Redis."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from server.infrastructure.actors import System
from server.infrastructure.database import Database
from server.infrastructure.errors import NotFound
from server.infrastructure.events import log
from server.infrastructure.events.hub import Cursor
from server.infrastructure.migrations import upgrade_database
from tests.support.caches import Valkey
from tests.support.event_replicas import Ear, Replica, replica
from tests.support.waiting import until

TOPIC = "counter:1"
OUTAGE_SECONDS = 10.0


@pytest.fixture
async def migrated(database_url: str) -> str:
    await upgrade_database(database_url)
    return database_url


@pytest.fixture
async def pair(migrated: str, valkey: Valkey) -> AsyncIterator[tuple[Replica, Replica]]:
    async with (
        replica(migrated, valkey.url, "one") as one,
        replica(migrated, valkey.url, "two") as two,
    ):
        yield one, two


async def hears_exactly(ear: Ear, topic: str, upto: int, *, seconds: float = 15.0) -> None:
    async def there() -> bool:
        return len(ear.numbers(topic)) >= upto

    await until(there, seconds=seconds, what=f"{upto} events of {topic}")
    assert ear.numbers(topic) == list(range(1, upto + 1))


async def test_both_replicas_pages_hear_each_command_once_and_in_order(
    pair: tuple[Replica, Replica],
) -> None:
    one, two = pair
    near, far = await one.hear(TOPIC), await two.hear(TOPIC)
    await asyncio.gather(one.count(TOPIC, 30), two.count(TOPIC, 30))
    await hears_exactly(near, TOPIC, 60)
    await hears_exactly(far, TOPIC, 60)


async def test_nothing_is_lost_or_doubled_while_redis_is_gone(
    pair: tuple[Replica, Replica], valkey: Valkey
) -> None:
    one, two = pair
    near, far = await one.hear(TOPIC), await two.hear(TOPIC)
    await one.count(TOPIC, 3)
    valkey.kill()
    loop = asyncio.get_running_loop()
    back_at, sent = loop.time() + OUTAGE_SECONDS, 3
    while loop.time() < back_at:
        await (one if sent % 2 else two).count(TOPIC)
        sent += 1
        await asyncio.sleep(0.25)
    # The far replica hears through SQL meanwhile: late by a second, but without Redis.
    await hears_exactly(far, TOPIC, sent)
    valkey.start()
    await two.count(TOPIC, 5)
    await hears_exactly(near, TOPIC, sent + 5)
    await hears_exactly(far, TOPIC, sent + 5)


async def test_nothing_is_lost_or_doubled_when_redis_forgets_everything(
    pair: tuple[Replica, Replica], valkey: Valkey
) -> None:
    one, two = pair
    far = await two.hear(TOPIC)
    redis = Redis.from_url(valkey.url)
    try:
        for _ in range(20):
            await one.count(TOPIC, 5)
            await redis.flushall()
    finally:
        await redis.aclose()
    await hears_exactly(far, TOPIC, 100)


async def test_what_a_killed_replica_did_not_relay_is_swept_up(
    migrated: str, valkey: Valkey
) -> None:
    async with replica(migrated, valkey.url, "living") as living:
        ear = await living.hear(TOPIC)
        async with replica(migrated, valkey.url, "killed") as killed:
            # Committed, and then the process is gone before it told anybody.
            killed.work.publisher = lambda _events: None
            await killed.count(TOPIC, 4)
        await hears_exactly(ear, TOPIC, 4)


async def test_page_that_comes_back_gets_what_it_missed(pair: tuple[Replica, Replica]) -> None:
    one, two = pair
    await one.count(TOPIC, 5)
    first = await one.hub.subscribe(Ear(), TOPIC, None)
    assert (first.number, first.snapshot, first.events) == (5, {}, [])
    await one.count(TOPIC, 3)
    again = await two.hub.subscribe(Ear(), TOPIC, Cursor(first.epoch, 5))
    assert again.snapshot is None
    assert [event.number for event in again.events] == [6, 7, 8]


@pytest.mark.parametrize("cursor", [Cursor("another history", 2), None])
async def test_unknown_epoch_gets_a_fresh_snapshot(
    pair: tuple[Replica, Replica], cursor: Cursor | None
) -> None:
    one, _ = pair
    await one.count(TOPIC, 3)
    found = await one.hub.subscribe(Ear(), TOPIC, cursor)
    assert (found.number, found.snapshot, found.events) == (3, {}, [])


async def test_cursor_beyond_what_is_kept_gets_a_fresh_snapshot(
    pair: tuple[Replica, Replica], migrated: str
) -> None:
    one, _ = pair
    await one.count(TOPIC, 6)
    epoch = (await one.hub.subscribe(Ear(), TOPIC, None)).epoch
    await all_published(migrated)
    database = Database(migrated)
    try:
        async with database.write() as session:
            await log.forget_before(session, one.work.clock.now())
            await session.commit()
    finally:
        await database.close()
    found = await one.hub.subscribe(Ear(), TOPIC, Cursor(epoch, 2))
    assert (found.number, found.snapshot) == (6, {})


async def all_published(url: str) -> None:
    database = Database(url)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)

    async def none_left() -> bool:
        async with database.read() as session:
            return not await log.read_unpublished(session, before=later, limit=1)

    try:
        await until(none_left, what="every event was relayed")
    finally:
        await database.close()


async def test_rolled_back_command_says_nothing(pair: tuple[Replica, Replica]) -> None:
    one, _ = pair
    ear = await one.hear(TOPIC)

    async def failing() -> None:
        async with one.work.write(System("test")) as tx:
            tx.publish(TOPIC, "counted")
            raise RuntimeError("the command fails")

    with pytest.raises(RuntimeError):
        await failing()
    await one.count(TOPIC)
    await hears_exactly(ear, TOPIC, 1)


async def test_topic_that_is_refused_is_not_heard(pair: tuple[Replica, Replica]) -> None:
    one, _ = pair
    ear = Ear()
    with pytest.raises(NotFound):
        await one.hub.subscribe(ear, "counter:secret", None)
    with pytest.raises(NotFound):
        await one.hub.subscribe(ear, "nothing:1", None)
    await one.count("counter:secret")
    await one.count(TOPIC)
    assert ear.heard == []
