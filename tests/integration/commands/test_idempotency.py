"""A command that is sent twice is done once, whatever happens in between."""

import asyncio

import pytest

from tests.integration.commands.conftest import Replica, Replicas
from tests.support.waiting import until

on_postgresql = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)


async def test_the_same_key_gives_the_same_answer_and_one_effect(replica: Replica) -> None:
    first = await replica.post({"name": "a"}, key="k1")
    again = await replica.post({"name": "a"}, key="k1")
    assert first == again == (200, {"name": "a", "made": 1})
    assert await replica.effects() == ["a"]


async def test_without_a_key_each_is_done(replica: Replica) -> None:
    await replica.post({"name": "a"})
    await replica.post({"name": "a"})
    assert await replica.effects() == ["a", "a"]


@pytest.mark.parametrize(
    ("body", "path"), [({"name": "b"}, "/things"), ({"name": "a"}, "/things/2")]
)
async def test_another_request_under_the_same_key_is_refused(
    replica: Replica, body: dict[str, str], path: str
) -> None:
    await replica.post({"name": "a"}, key="k1", path="/things/1" if path != "/things" else path)
    status, problem = await replica.post(body, key="k1", path=path)
    assert (status, problem["code"]) == (422, "idempotency_key_reused")
    assert await replica.effects() == ["a"]


async def test_a_key_is_bound_to_its_owner(replica: Replica) -> None:
    await replica.post({"name": "a"}, key="k1")
    status, answer = await replica.post({"name": "b"}, key="k1", as_="bob")
    assert (status, answer["name"]) == (200, "b")
    assert await replica.effects() == ["a", "b"]


async def test_a_failed_command_leaves_nothing_and_may_be_tried_again(replica: Replica) -> None:
    for _ in range(2):
        status, problem = await replica.post({"name": "a", "fails": True}, key="k1")
        assert (status, problem["code"]) == (409, "undo_over")
    assert replica.entered == 2
    assert await replica.effects() == []
    # Nothing of the failure was kept: the key is free.
    assert (await replica.post({"name": "b"}, key="k1"))[0] == 200
    assert await replica.effects() == ["b"]


async def test_a_command_that_was_overtaken_is_tried_again_and_done_once(
    replica: Replica,
) -> None:
    replica.races = 2
    status, answer = await replica.post({"name": "a"}, key="k1")
    assert (status, answer) == (200, {"name": "a", "made": 3})
    assert await replica.effects() == ["a"]


async def test_a_twin_that_comes_meanwhile_is_told_so(replica: Replica) -> None:
    replica.gate.clear()
    first = asyncio.create_task(replica.post({"name": "a"}, key="k1"))
    await replica.inside.wait()
    status, problem = await replica.post({"name": "a"}, key="k1")
    assert (status, problem["code"]) == (409, "command_running")
    replica.gate.set()
    assert await first == await replica.post({"name": "a"}, key="k1")
    assert await replica.effects() == ["a"]


@on_postgresql
async def test_a_twin_on_another_replica_waits_and_gets_the_same_answer(
    new_replica: Replicas,
) -> None:
    one, two = await new_replica(), await new_replica()
    one.gate.clear()
    first = asyncio.create_task(one.post({"name": "a"}, key="k1"))
    await one.inside.wait()
    second = asyncio.create_task(two.post({"name": "a"}, key="k1"))
    await _entered(two)
    assert not second.done()
    one.gate.set()
    assert await first == await second == (200, {"name": "a", "made": 1})
    assert await one.effects() == ["a"]


@on_postgresql
async def test_a_twin_takes_over_when_the_first_one_fails(new_replica: Replicas) -> None:
    one, two = await new_replica(), await new_replica()
    one.gate.clear()
    body = {"name": "a"}
    first = asyncio.create_task(one.post(body, key="k1"))
    await one.inside.wait()
    second = asyncio.create_task(two.post(body, key="k1"))
    await _entered(two)
    one.races = 9  # more than it tries: the first one gives up
    one.gate.set()
    assert (await first)[0] in (200, 409)
    assert await second == (200, {"name": "a", "made": 1})
    assert await one.effects() == ["a"]


@on_postgresql
async def test_many_twins_at_once_have_one_effect_each(new_replica: Replicas) -> None:
    replicas = [await new_replica(), await new_replica()]
    for number in range(8):
        body, key = {"name": f"n{number}"}, f"k{number}"
        calls = [replica.post(body, key=key) for replica in replicas for _ in range(3)]
        answers = await asyncio.gather(*calls)
        assert {status for status, _ in answers} <= {200, 409}
        done = [answer for status, answer in answers if status == 200]
        assert len({str(answer) for answer in done}) == 1
    assert await replicas[0].effects() == [f"n{number}" for number in range(8)]


async def _entered(replica: Replica) -> None:
    async def there() -> bool:
        return replica.entered > 0

    await until(there, what="the twin has begun")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("key", ["k" * 129, "a\tb"])
async def test_an_unusable_key_is_refused(replica: Replica, key: str) -> None:
    status, problem = await replica.post({"name": "a"}, key=key)
    assert (status, problem["code"]) == (422, "idempotency_key_bad")
    assert await replica.effects() == []
