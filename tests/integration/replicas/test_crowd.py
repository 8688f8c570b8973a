"""The long form: a crowd at two replicas, and one fault after the other at random moments."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from tests.support.api_people import ApiPeople, pictures_agree
from tests.support.crowd import Crowd
from tests.support.invariants import read_rows, violations
from tests.support.replicas import Application, House
from tests.support.roaming import all_settled
from tests.support.scene import Watch
from tests.support.waiting import until

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.soak,
    pytest.mark.timeout(3600),
    pytest.mark.skipif("SOAK" not in os.environ, reason="make soak"),
]

SECONDS = float(os.environ.get("SOAK_SECONDS", "300"))


async def test_a_crowd_is_served_whatever_happens(house: House, people: ApiPeople) -> None:
    seed = int(os.environ.get("SOAK_SEED", time.time_ns()))
    print(f"SOAK_SEED={seed}")
    chance = random.Random(seed)  # noqa: S311 - a test's
    watch = Watch(house.database_url)
    watching = asyncio.create_task(watch.run(), name="watch")
    crowd = Crowd(people, house.replicas.urls, chance)
    served = asyncio.create_task(crowd.run(), name="crowd")
    faults = list(FAULTS)
    give_up = time.monotonic() + SECONDS
    while time.monotonic() < give_up and not served.done():
        await asyncio.sleep(chance.uniform(1, 6))
        fault = chance.choice(faults)
        print(f"{time.monotonic() - give_up + SECONDS:.0f} s: {fault.__name__}", dict(crowd.served))
        await fault(house, chance)
    crowd.over.set()
    await served
    watching.cancel()

    await all_settled(people)
    await pictures_agree(*people.everybody)
    assert watch.found == set()
    assert violations(await read_rows(house.database_url)) == []
    assert house.refusals() == []
    assert sum(crowd.served.values()) >= 10
    assert all({feed.snapshots for feed in one.feeds.values()} <= {1} for one in people.everybody)


async def a_replica_is_killed(house: House, chance: random.Random) -> None:
    dying = chance.choice(house.replicas.applications)
    dying.kill()
    await asyncio.sleep(chance.uniform(0, 4))
    house.replicas.begin(dying)
    await _ready(house)


async def a_replica_freezes(house: House, chance: random.Random) -> None:
    frozen: Application = chance.choice(house.replicas.applications)
    frozen.freeze()
    try:
        await asyncio.sleep(chance.uniform(0.1, 10))
    finally:
        frozen.thaw()


async def redis_is_gone(house: House, chance: random.Random) -> None:
    await house.replicas.without_redis(chance.uniform(0.1, 10))


async def redis_forgets(house: House, _chance: random.Random) -> None:
    async with Redis.from_url(house.replicas.valkey.url) as redis:
        await redis.flushall()


async def postgresql_restarts(house: House, _chance: random.Random) -> None:
    house.cluster.restart()


async def _ready(house: House) -> None:
    async def ready() -> bool:
        return await asyncio.to_thread(house.replicas.all_ready)

    await until(ready, seconds=90, what="both replicas are ready")


Fault = Callable[[House, random.Random], Awaitable[None]]
FAULTS: tuple[Fault, ...] = (
    a_replica_is_killed,
    a_replica_freezes,
    redis_is_gone,
    redis_forgets,
    postgresql_restarts,
)
