"""Why one stands where one stands, asked for and told, and how long it will be."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.api_people import ApiPeople, ApiPerson, offer_of
from tests.support.systems import System, shared_system, shown_when_failed

TOWN_ITEM = "residence-permit"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("standing")
    with shared_system(folder, VIRTUAL_WINDOW_OFFER_LEASE_SECONDS="300") as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


async def take(resident: ApiPerson, **claim: Any) -> Any:
    return await resident.ok("POST", "/tickets", {"item_code": TOWN_ITEM, **claim})


async def standing(person: ApiPerson, ticket: Any) -> Any:
    return await person.ok("GET", f"/tickets/{ticket['id']}/standing")


def reasons(answer: Any) -> dict[str, Any]:
    return {reason["code"]: reason["params"] for reason in answer["reasons"]}


def told(resident: ApiPerson, ticket: Any) -> Callable[[], Any]:
    """What the resident's page was told last of where the ticket stands."""
    name = f"resident:{resident.me['id']}/queue"

    def last() -> Any:
        value = resident.values.get(name)
        return value if value and value["ticket_id"] == ticket["id"] else None

    return last


async def test_it_is_said_who_passed_and_why_but_never_who_it_is(
    house: System, people: ApiPeople
) -> None:
    first, elder, last = [await people.resident(house.url) for _ in range(3)]
    plain = await take(first)
    alone = await standing(first, plain)
    assert {"next", "nobody_on"} <= set(reasons(alone))
    assert (alone["ahead"], alone["expected_wait_seconds"]) == (0, None)
    favoured = await take(elder, priority=["elderly"])
    behind = await take(last)

    passed = await standing(first, plain)
    assert passed["ahead"] == 1
    assert reasons(passed)["first_come"] == {"ahead": 1, "earlier": 0}
    assert reasons(passed)["passed_by"] == {"count": 1, "reason": "elderly"}
    texts = [reason["text"] for reason in passed["reasons"]]
    assert "Ahead of you with a later number, by a head start (60 years and over): 1." in texts
    assert favoured["id"] not in str(passed)
    assert favoured["number"] not in str(passed)

    own = await standing(elder, favoured)
    assert own["rank_at"] == favoured["rank_at"]
    assert reasons(own)["head_start"] == {"seconds": 120, "reasons": ["elderly"], "passed": 1}
    assert reasons(await standing(last, behind))["first_come"] == {"ahead": 2, "earlier": 2}


async def test_the_page_is_told_why_the_number_ahead_has_grown(
    house: System, people: ApiPeople
) -> None:
    first, second, third = [await people.resident(house.url) for _ in range(3)]
    plain, middle = await take(first), await take(second)
    seen, later = told(first, plain), told(second, middle)

    def is_told(value: Callable[[], Any], ahead: int, why: str | None) -> Callable[[], bool]:
        return lambda: bool(value() and (value()["ahead"], value()["raised_by"]) == (ahead, why))

    await first.sees("nobody is ahead", is_told(seen, 0, None))
    await second.sees("one is ahead", is_told(later, 1, None))
    await first.ok("POST", f"/tickets/{plain['id']}/cancel")
    await second.sees("nobody is ahead", is_told(later, 0, None))
    await first.ok("POST", f"/tickets/{plain['id']}/restore")
    await second.sees("somebody is back", is_told(later, 1, "returned"))
    await take(third, priority=["pregnant"])
    await first.sees("somebody passed", is_told(seen, 1, "head_start"))
    await second.sees("somebody passed", is_told(later, 2, "head_start"))


async def test_those_who_serve_and_lead_the_queue_may_ask_and_others_may_not(
    house: System, people: ApiPeople
) -> None:
    resident, other = [await people.resident(house.url) for _ in range(2)]
    ticket = await take(resident)
    path = f"/tickets/{ticket['id']}/standing"
    assert (await other.call("GET", path))[0] == 404
    for username, allowed in (("town1", True), ("lead1", True), ("delta1", False)):
        asker = await people.staff(house.url, username)
        status, answer = await asker.call("GET", path)
        assert status == (200 if allowed else 404), username
        assert not allowed or answer["ahead"] == 0


async def test_the_wait_is_known_while_somebody_works_and_not_on_a_break(
    house: System, people: ApiPeople
) -> None:
    resident, second = [await people.resident(house.url) for _ in range(2)]
    ticket = await take(resident)
    agent = await people.agent(house.url, "town1")
    offer = await offer_of(agent)
    called = await standing(resident, ticket)
    assert (list(reasons(called)), called["ahead"]) == (["offered"], 0)
    behind = await take(second)
    waiting = await standing(second, behind)
    assert reasons(waiting)["on_duty"] == {"agents": 1, "free": 0}
    assert waiting["expected_wait_seconds"] > 60
    look = await second.ok("GET", f"/tickets/{behind['id']}")
    assert look["expected_wait_seconds"] == waiting["expected_wait_seconds"]
    value = told(second, behind)
    await second.sees(
        "the same is told",
        lambda: value() and value()["expected_wait_seconds"] == waiting["expected_wait_seconds"],
    )
    status = await second.ok("GET", "/service-status")
    assert status["expected_wait_minutes"] >= 2 * (waiting["expected_wait_seconds"] // 60)

    await agent.ok("POST", f"/offers/{offer['id']}/reject", {"reason": "device"})
    await agent.ok("POST", "/desk/break")
    resting = await standing(second, behind)
    assert "nobody_on" in reasons(resting)
    assert resting["expected_wait_seconds"] is None


async def test_a_number_that_waits_no_more_says_so(house: System, people: ApiPeople) -> None:
    resident = await people.resident(house.url)
    ticket = await take(resident)
    await resident.ok("POST", f"/tickets/{ticket['id']}/cancel")
    answer = await standing(resident, ticket)
    assert (answer["ahead"], list(reasons(answer))) == (None, ["over"])
    assert answer["reasons"][0]["text"] == "This number waits no more."
