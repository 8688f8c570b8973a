"""Redis or PostgreSQL is gone for a while, or a page for good: nobody loses the place."""

import asyncio
import time
from typing import Any

import pytest
from redis.asyncio import Redis

from server.infrastructure.ids import new_id
from tests.support.api_people import ApiPeople, desk, offer_of
from tests.support.invariants import read_rows, violations
from tests.support.replicas import House
from tests.support.row_locks import HeldRows
from tests.support.scene import DISTRICT, STREET_TOWN, OpenScene, Where, everywhere
from tests.support.waiting import until

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(240)]

OUTAGE_SECONDS = 10.0


@pytest.fixture
def apart(house: House) -> Where:
    """Agents at one replica, residents at the other."""
    return everywhere(house.replicas.urls, agents=1, residents=0)


async def test_redis_is_gone_for_a_while(house: House, scene: OpenScene, apart: Where) -> None:
    opened = await scene(apart)
    outage = asyncio.create_task(house.replicas.without_redis(OUTAGE_SECONDS), name="outage")
    try:
        await opened.accepting.accept()  # without Redis commands are done all the same
        await opened.leaving.hang_up()
    finally:
        await outage
    await opened.goes_on(since=time.monotonic())


async def test_redis_forgets_everything(
    house: House, scene: OpenScene, held: HeldRows, apart: Where
) -> None:
    opened = await scene(apart)
    commands = await opened.in_flight(held)
    async with Redis.from_url(house.replicas.valkey.url) as redis:
        await redis.flushall()
        await held.release()
        await asyncio.gather(*commands)
        await redis.flushall()
    await opened.goes_on(since=time.monotonic())


async def test_postgresql_is_restarted(
    house: House, scene: OpenScene, held: HeldRows, apart: Where
) -> None:
    opened = await scene(apart)
    commands = await opened.in_flight(held)
    house.cluster.restart()  # from this very thread: its server would die with another one
    since = time.monotonic()
    await asyncio.gather(*commands)
    await opened.goes_on(since=since)


async def test_one_command_at_two_replicas_is_done_once(house: House, people: ApiPeople) -> None:
    urls = house.replicas.urls
    for _ in range(3):
        resident = await people.resident(urls[0])
        agent = await people.agent(urls[1], "town1")
        ticket = await twice(resident, urls, "POST", "/tickets", {"item_code": STREET_TOWN})
        offer = await offer_of(agent)
        assert offer["ticket"]["id"] == ticket["id"]
        opened = await twice(agent, urls, "POST", f"/offers/{offer['id']}/accept")
        await twice(resident, urls, "POST", f"/sessions/{opened['session_id']}/hang-up")
        path = f"/engagements/{opened['engagement_id']}/complete"
        await twice(agent, urls, "POST", path, {"outcome": "resolved"})
        rows = await read_rows(house.database_url)
        assert violations(rows) == []
        assert [one["state"] for one in rows.tickets if str(one["id"]) == ticket["id"]] == ["done"]


async def twice(person: Any, urls: list[str], method: str, path: str, body: Any = None) -> Any:
    """One command, under one key, to two replicas at once: the one answer of both."""
    key = str(new_id())

    async def asked(base: str) -> Any:
        async def answered() -> Any:
            status, answer = await person.call(method, path, body, key=key, base=base)
            running = status == 409 and answer["code"] == "command_running"
            return None if running else (status, answer)

        return await until(answered, what=f"{base} answers {path}")

    (first, one), (second, other) = await asyncio.gather(*(asked(url) for url in urls))
    assert first == second
    assert 200 <= first < 300, one
    assert one == other
    return one


async def test_an_offer_comes_back_from_an_agent_whose_browser_was_killed(
    house: House, people: ApiPeople
) -> None:
    urls = house.replicas.urls
    agent = await people.agent(urls[0], "agent1")
    residents = [await people.resident(url) for url in urls]
    tickets = [await one.ok("POST", "/tickets", {"item_code": DISTRICT}) for one in residents]
    offer = await offer_of(agent)
    assert offer["ticket"]["id"] == tickets[0]["id"]
    await agent.vanish()

    other = await people.agent(urls[1], "agent2")
    second = await offer_of(other)
    assert second["ticket"]["id"] == tickets[1]["id"]
    opened = await other.ok("POST", f"/offers/{second['id']}/accept")
    await other.ok("POST", f"/sessions/{opened['session_id']}/end")
    path = f"/engagements/{opened['engagement_id']}/complete"
    await other.ok("POST", path, {"outcome": "resolved"})
    # The first one's place was kept all the time: nobody else is offered before.
    await other.sees("the first one", lambda: desk(other).rows("offer"), seconds=40)
    assert desk(other).only("offer")["ticket"]["id"] == tickets[0]["id"]
    assert violations(await read_rows(house.database_url)) == []
    presence = [
        one["state"]
        for one in (await read_rows(house.database_url)).presences
        if str(one["account_id"]) == agent.me["id"]
    ]
    assert presence == ["offline"]
