"""A replica dies or stands still, while visits are at every step: the other one carries on."""

import asyncio
import time

import pytest

from tests.support.replicas import House
from tests.support.row_locks import HeldRows
from tests.support.scene import OpenScene, Scene, everywhere

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(240)]

FROZEN_SECONDS = 10.0
DYING, OTHER = 0, 1


async def in_flight(scene: Scene, held: HeldRows) -> list[asyncio.Task[None]]:
    """An acceptance and a hang-up that stand within their transactions, half written."""
    await held.hold("offer", [scene.accepting.offer["id"]])
    await held.hold("video_session", [scene.leaving.session_id])
    commands = [
        asyncio.create_task(scene.accepting.accept(), name="accept"),
        asyncio.create_task(scene.leaving.hang_up(), name="hang up"),
    ]
    await held.waited_for(len(commands))
    return commands


async def killed(house: House, scene: Scene, held: HeldRows) -> None:
    """kill -9 of the first replica; what the other one does alone, until all are served."""
    dying = house.replicas.applications[DYING]
    commands = await in_flight(scene, held)
    dying.kill()
    since = time.monotonic()
    await held.release()
    try:
        await asyncio.gather(*commands)
        await scene.goes_on(since=since)
    finally:
        house.replicas.restart(dying)


@pytest.mark.parametrize("residents", [DYING, OTHER])
async def test_a_killed_replica_takes_nobody_with_it(
    house: House, scene: OpenScene, held: HeldRows, residents: int
) -> None:
    where = everywhere(house.replicas.urls, agents=DYING, residents=residents)
    await killed(house, await scene(where), held)


@pytest.mark.parametrize("agents", [DYING, OTHER])
async def test_a_frozen_replica_takes_nobody_with_it(
    house: House, scene: OpenScene, held: HeldRows, agents: int
) -> None:
    where = everywhere(house.replicas.urls, agents=agents, residents=DYING)
    opened = await scene(where)
    frozen = house.replicas.applications[DYING]
    commands = await in_flight(opened, held)
    frozen.freeze()
    try:
        await held.release()  # its transactions stay open, and hold what they have written
        await asyncio.sleep(FROZEN_SECONDS)
    finally:
        frozen.thaw()
    since = time.monotonic()
    await asyncio.gather(*commands)
    await opened.goes_on(since=since)
