"""A replica dies or stands still, while visits are at every step: the other one carries on."""

import asyncio
import os
import time

import pytest

from tests.support.api_people import ApiPeople, desk, offer_of
from tests.support.invariants import read_rows, violations
from tests.support.replicas import House
from tests.support.row_locks import HeldRows, execute
from tests.support.scene import STREET_TOWN, OpenScene, everywhere

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(240)]

FROZEN_SECONDS = 10.0
DYING, OTHER = 0, 1
LONG_FORM = pytest.mark.skipif("SOAK" not in os.environ, reason="make soak")


@pytest.mark.parametrize(
    "residents", [DYING, pytest.param(OTHER, marks=[pytest.mark.soak, LONG_FORM])]
)
async def test_a_killed_replica_takes_nobody_with_it(
    house: House, scene: OpenScene, held: HeldRows, residents: int
) -> None:
    opened = await scene(everywhere(house.replicas.urls, agents=DYING, residents=residents))
    dying = house.replicas.applications[DYING]
    commands = await opened.in_flight(held)
    dying.kill()
    since = time.monotonic()
    await held.release()
    try:  # all of it by the other one alone
        await asyncio.gather(*commands)
        await opened.goes_on(since=since)
    finally:
        house.replicas.restart(dying)


@pytest.mark.parametrize(
    "agents", [OTHER, pytest.param(DYING, marks=[pytest.mark.soak, LONG_FORM])]
)
async def test_a_frozen_replica_takes_nobody_with_it(
    house: House, scene: OpenScene, held: HeldRows, agents: int
) -> None:
    opened = await scene(everywhere(house.replicas.urls, agents=agents, residents=DYING))
    frozen = house.replicas.applications[DYING]
    commands = await opened.in_flight(held)
    frozen.freeze()
    try:
        await held.release()  # its transactions stay open, and hold what they have written
        await asyncio.sleep(FROZEN_SECONDS)
    finally:
        frozen.thaw()
    since = time.monotonic()
    await asyncio.gather(*commands)
    await opened.goes_on(since=since)


async def test_a_lease_ends_though_the_replica_that_made_the_offer_is_gone(
    house: House, people: ApiPeople
) -> None:
    gone = house.replicas.applications[DYING]
    agent = await people.agent(house.replicas.urls[OTHER], "town1")
    first, behind = [await people.resident(house.replicas.urls[OTHER]) for _ in range(2)]
    ticket = await first.ok("POST", "/tickets", {"item_code": STREET_TOWN})
    await behind.ok("POST", "/tickets", {"item_code": STREET_TOWN})
    offer = await offer_of(agent)
    gone.kill()
    try:
        over = "UPDATE offer SET deadline_at = now() WHERE state = 'pending'"
        await execute(house.database_url, over)

        def again() -> bool:
            offers = desk(agent).rows("offer")
            return bool(offers) and offers[0]["id"] != offer["id"]

        await agent.sees("the next offer", again, seconds=20)
        assert desk(agent).only("offer")["ticket"]["id"] == ticket["id"]
        assert violations(await read_rows(house.database_url)) == []
    finally:
        house.replicas.restart(gone)
