"""A hall's numbers in the queue: drawn, called in order, put back, told to everybody else."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.support.api_people import ApiPeople, desk
from tests.support.halls import HallSystem, make_account
from tests.support.systems import System, shared_system, shown_when_failed

ITEM, JOBS = "residence-permit", "unemployment-registration"
ALL, FEW = "caoyang-xincun-1", "caoyang-xincun-2"  # only the first one does employment


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    settings = {"VIRTUAL_WINDOW_ACCESS_TOKEN_SECONDS": "3600"}
    with shared_system(tmp_path_factory.mktemp("halls"), **settings) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


@pytest.fixture(scope="module")
def secret(house: System) -> str:
    return make_account("hall1", "caoyang-xincun", "--data", str(house.data), environment={})


@pytest.fixture(scope="module")
def token(house: System, secret: str) -> str:
    async def sign_in() -> str:
        async with ClientSession() as http:
            system = HallSystem(http, house.url, "caoyang-xincun")
            await system.sign_in("hall1", secret)
            return system.token

    return asyncio.run(sign_in())


@pytest.fixture
async def hall(house: System, token: str) -> AsyncIterator[HallSystem]:
    async with ClientSession() as http:
        system = HallSystem(http, house.url, "caoyang-xincun", token)
        yield system
        for number in (await system.ok("GET", "/numbers"))["items"]:
            await system.act(number, "cancel")


def at(counter: str, window: str = ALL) -> dict[str, str]:
    return {"counter": counter, "window_code": window}


async def test_numbers_are_of_one_series_and_of_one_queue(
    hall: HallSystem, house: System, people: ApiPeople
) -> None:
    first = await hall.draw(ITEM)
    resident = await people.resident(house.url)
    taken = await resident.ok("POST", "/tickets", {"item_code": ITEM})
    last = await hall.draw(ITEM)
    numbers = [int(one["number"][1:]) for one in (first, taken, last)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    assert [one["ahead"] for one in (first, taken, last)] == [0, 1, 2]
    agent = await people.agent(house.url, "town1", available=False)
    (topic,) = [topic for topic in agent.feeds if topic.startswith("queue:street_town")]
    assert [one["number"] for one in agent.feeds[topic].rows("ticket")]
    # Once the hall has called its number, nobody is ahead of the resident any more.
    assert (await hall.call_next("3", FEW))["number"] == first["number"]
    assert (await resident.ok("GET", f"/tickets/{taken['id']}"))["ahead"] == 0
    assert (await hall.ok("GET", f"/numbers/{last['reference']}"))["ahead"] == 1


async def test_a_halls_number_is_offered_to_no_agent(
    hall: HallSystem, house: System, people: ApiPeople
) -> None:
    number = await hall.draw(ITEM)
    agent = await people.agent(house.url, "town1")
    resident = await people.resident(house.url)
    ticket = await resident.ok("POST", "/tickets", {"item_code": ITEM})
    await agent.sees("the resident's number", lambda: desk(agent).rows("offer"))
    assert desk(agent).only("offer")["ticket"]["id"] == ticket["id"]
    assert (await hall.ok("GET", f"/numbers/{number['reference']}"))["state"] == "waiting"


async def test_the_same_draw_gives_the_same_number_and_another_item_is_refused(
    hall: HallSystem,
) -> None:
    number = await hall.draw(ITEM, "2024-11-20.A.7")
    assert await hall.draw(ITEM, "2024-11-20.A.7") == number
    body = {"item_code": JOBS, "reference": "2024-11-20.A.7"}
    status, problem = await hall.call("POST", "/numbers", body)
    assert (status, problem["code"]) == (409, "reference_taken")
    assert number["number"] in problem["detail"]
    await hall.act(number, "cancel")
    # Over, and still the same number: a reference is never used twice.
    assert (await hall.draw(ITEM, "2024-11-20.A.7"))["state"] == "cancelled"


async def test_a_counter_gets_the_first_that_its_window_can_serve(hall: HallSystem) -> None:
    jobs, permit, second = [await hall.draw(item) for item in (JOBS, ITEM, ITEM)]
    called = await hall.call_next("2", FEW)
    assert (called["number"], called["state"]) == (permit["number"], "serving")
    assert (called["counter"], called["ahead"]) == ("2", None)
    assert called["called_at"]
    assert (await hall.call_next("1", ALL))["number"] == jobs["number"]
    assert (await hall.call_next("1", ALL))["number"] == second["number"]
    assert await hall.call_next("1", ALL) is None


async def test_priority_goes_by_the_same_head_start(hall: HallSystem) -> None:
    plain, elder = await hall.draw(ITEM), await hall.draw(ITEM, priority=["elderly"])
    assert elder["priority"] == ["elderly"]
    assert (await hall.ok("GET", f"/numbers/{plain['reference']}"))["ahead"] == 1
    assert (await hall.call_next("1", ALL))["number"] == elder["number"]
    body = {"item_code": ITEM, "reference": "x", "priority": ["director"]}
    status, problem = await hall.call("POST", "/numbers", body)
    assert (status, problem["code"]) == (422, "priority_unknown")


async def test_a_number_put_back_has_its_old_place(hall: HallSystem) -> None:
    first, second = await hall.draw(ITEM), await hall.draw(ITEM)
    await hall.call_next("1", ALL)
    back = await hall.act(first, "return")
    assert (back["state"], back["ahead"], back["counter"]) == ("waiting", 0, None)
    assert back["waiting_since"] == first["waiting_since"]
    assert await hall.act(first, "return") == back
    assert (await hall.call_next("1", ALL))["number"] == first["number"]
    assert (await hall.call_next("1", ALL))["number"] == second["number"]


async def test_a_number_at_the_counter_is_called_itself(hall: HallSystem) -> None:
    first, second, jobs = [await hall.draw(item) for item in (ITEM, ITEM, JOBS)]
    called = await hall.act(second, "call", at("4"))
    assert (called["state"], called["counter"]) == ("serving", "4")
    assert await hall.act(second, "call", at("4")) == called
    for number, body, code in (
        (second, at("5"), "number_elsewhere"),
        (jobs, at("5", FEW), "number_not_for_window"),
        (first, at("5", "putuo-market"), "window_unknown"),
        ({"reference": "none"}, at("5"), "number_unknown"),
    ):
        path = f"/numbers/{number['reference']}/call"
        status, problem = await hall.call("POST", path, body)
        assert (status, problem["code"]) == (404 if "unknown" in code else 409, code)


async def test_a_number_ends_once_and_only_as_it_may(hall: HallSystem) -> None:
    number, other = await hall.draw(ITEM), await hall.draw(ITEM)
    status, problem = await hall.call("POST", f"/numbers/{number['reference']}/done")
    assert (status, problem["code"]) == (409, "transition_refused")
    await hall.call_next("1", ALL)
    done = await hall.act(number, "done")
    assert done["state"] == "done"
    assert await hall.act(number, "done") == done
    for what in ("return", "cancel", "call"):
        body = at("1") if what == "call" else None
        status, problem = await hall.call("POST", f"/numbers/{number['reference']}/{what}", body)
        assert (status, problem["code"]) == (409, "transition_refused"), what
    # Called, and nobody came: it can be dropped from the counter.
    await hall.act(other, "call", at("1"))
    assert (await hall.act(other, "cancel"))["state"] == "cancelled"
    assert (await hall.act(other, "cancel"))["state"] == "cancelled"
    assert (await hall.ok("GET", "/numbers"))["items"] == []


async def test_an_answer_that_was_lost_is_had_again_by_its_key(hall: HallSystem) -> None:
    for _ in range(2):
        await hall.draw(ITEM)
    body = at("1")
    once = await hall.call("POST", "/call-next", body, key="next-1")
    assert await hall.call("POST", "/call-next", body, key="next-1") == once
    assert len((await hall.ok("GET", "/numbers"))["items"]) == 2


async def test_a_halls_numbers_count_in_the_service_level(
    hall: HallSystem, house: System, people: ApiPeople
) -> None:
    leader = await people.staff(house.url, "lead1")
    path = "/service-level?org=caoyang-xincun&by=window&window=caoyang-xincun-2"

    async def answered() -> int:
        rows = (await leader.ok("GET", path))["rows"]
        return int(rows[0]["answered_within"]) if rows else 0

    before = await answered()
    await hall.draw(ITEM)
    await hall.call_next("1", FEW)
    assert await answered() == before + 1


async def test_a_reference_is_one_that_an_address_can_have(hall: HallSystem) -> None:
    for reference in (".", "..", ".a", "a/b", "号"):
        body = {"item_code": ITEM, "reference": reference}
        status, problem = await hall.call("POST", "/numbers", body)
        assert (status, problem["code"]) == (422, "body_invalid")
    drawn = await hall.draw(ITEM, "a..b")
    assert (await hall.ok("GET", "/numbers/a..b"))["number"] == drawn["number"]


async def test_what_the_hall_does_not_serve_is_refused(hall: HallSystem) -> None:
    for item, status, code in (
        ("food-business-licence", 409, "no_window_serves"),
        ("moon-landing", 404, "item_unknown"),
    ):
        found, problem = await hall.call("POST", "/numbers", {"item_code": item, "reference": "y"})
        assert (found, problem["code"]) == (status, code)
    for body in ({"item_code": ITEM, "reference": "a/b"}, {"item_code": ITEM}):
        found, problem = await hall.call("POST", "/numbers", body)
        assert (found, problem["code"]) == (422, "body_invalid")


async def test_a_hall_that_is_closed_draws_no_numbers(
    hall: HallSystem, house: System, people: ApiPeople
) -> None:
    admin = await people.staff(house.url, "admin")
    number = await hall.draw(ITEM)
    path = "/organisations/caoyang-xincun/closure"
    await admin.ok("PUT", path, {"closed": True})
    try:
        body = {"item_code": ITEM, "reference": "after-hours"}
        status, problem = await hall.call("POST", "/numbers", body)
        assert (status, problem["code"]) == (409, "windows_closed")
        # The same draw again is still answered, whatever has become of the number.
        assert (await hall.draw(ITEM, number["reference"]))["number"] == number["number"]
    finally:
        await admin.ok("PUT", path, {"closed": False})


async def test_a_system_speaks_for_its_own_hall_alone(
    hall: HallSystem, house: System, people: ApiPeople
) -> None:
    number = await hall.draw(ITEM)
    for org in ("putuo", "taopu", "nowhere"):
        other = HallSystem(hall.http, hall.base, org, hall.token)
        assert (await other.call("GET", f"/numbers/{number['reference']}"))[0] == 404
        assert (await other.call("POST", "/call-next", at("1")))[0] == 404
    for name in ("town1", "lead1", "admin"):
        person = await people.staff(house.url, name)
        assert (await person.call("GET", "/halls/caoyang-xincun/numbers"))[0] == 404
    # And it is nothing else: no desk, no board, no library.
    for path in ("/desk", "/board", "/service-level"):
        headers = {"Authorization": f"Bearer {hall.token}"}
        async with hall.http.get(f"{hall.base}/api/v1{path}", headers=headers) as answer:
            assert answer.status == 404, path


async def test_only_machines_get_a_token_by_their_secret(
    hall: HallSystem, house: System, secret: str
) -> None:
    url = f"{house.url}/api/v1/auth/machine-tokens"
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"username": "lead1", "password": "demo-PASS-2024"}, 403, "machine_needed"),
        ({"username": "hall1", "password": secret + "x"}, 401, "login_wrong"),
    ]
    for body, status, code in wrong:
        async with hall.http.post(url, json=body) as answer:
            assert (answer.status, (await answer.json(content_type=None))["code"]) == (status, code)
