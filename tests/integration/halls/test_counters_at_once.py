"""Counters that call at once, at two replicas on PostgreSQL: each number goes to one of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession

from tests.support.databases import Postgresql
from tests.support.halls import HallSystem, make_account
from tests.support.replicas import Replicas, running_replicas

pytestmark = pytest.mark.postgresql

ITEM, WINDOW = "residence-permit", "caoyang-xincun-1"


@pytest.fixture(scope="module")
def replicas(
    postgresql_cluster: Postgresql, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replicas]:
    folder = tmp_path_factory.mktemp("counters")
    with running_replicas(folder, postgresql_cluster.new_database()) as made:
        yield made
        assert [line for line in made.output.splitlines() if '"level": "error"' in line] == []


@pytest.fixture(scope="module")
def secret(replicas: Replicas) -> str:
    return make_account("hall1", "caoyang-xincun", environment=replicas.environment)


@pytest.fixture
async def hall(replicas: Replicas, secret: str) -> AsyncIterator[HallSystem]:
    async with ClientSession() as http:
        system = HallSystem(http, replicas.urls[0], "caoyang-xincun")
        await system.sign_in("hall1", secret)
        yield system


async def test_counters_that_call_at_once_get_different_numbers_in_order(
    hall: HallSystem, replicas: Replicas
) -> None:
    drawn = [await hall.draw(ITEM) for _ in range(6)]
    calls = [
        hall.call_next(str(counter), WINDOW, base=replicas.urls[counter % 2])
        for counter in range(8)
    ]
    called = [one["number"] for one in await asyncio.gather(*calls) if one is not None]
    assert sorted(called) == sorted(one["number"] for one in drawn)
    # The first six are called, and none but them: nobody was passed over.
    assert await hall.call_next("9", WINDOW) is None


async def test_a_number_drawn_twice_at_once_is_one(hall: HallSystem, replicas: Replicas) -> None:
    for turn in range(4):
        body = {"item_code": ITEM, "reference": f"twice-{turn}"}
        answers = await asyncio.gather(
            *(hall.call("POST", "/numbers", body, base=url) for url in replicas.urls * 2)
        )
        assert {status for status, _ in answers} == {201}
        assert len({answer["number"] for _, answer in answers}) == 1


async def test_of_two_counters_that_call_one_number_one_gets_it(
    hall: HallSystem, replicas: Replicas
) -> None:
    number = await hall.draw(ITEM)
    path = f"/numbers/{number['reference']}/call"
    answers = await asyncio.gather(
        *(
            hall.call("POST", path, {"counter": counter, "window_code": WINDOW}, base=url)
            for counter, url in zip("12", replicas.urls, strict=True)
        )
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    (refused,) = [answer for status, answer in answers if status == 409]
    assert refused["code"] == "number_elsewhere"
