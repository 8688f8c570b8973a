"""What the clock ends: an offer that nobody answers, and the time to undo."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.api_people import ApiPeople, ApiPerson, desk, offer_of
from tests.support.systems import System, shared_system, shown_when_failed
from tests.support.waiting import until


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    settings = {
        "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "2",
        "VIRTUAL_WINDOW_UNDO_SECONDS": "1",
        "VIRTUAL_WINDOW_MISSED_OFFERS_TO_BREAK": "3",
    }
    with shared_system(tmp_path_factory.mktemp("times"), **settings) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


async def take(resident: ApiPerson) -> Any:
    return await resident.ok("POST", "/tickets", {"item_code": "residence-permit"})


def presence(agent: ApiPerson) -> Any:
    return desk(agent).only("presence")


async def test_unanswered_offers_go_back_to_their_place_and_three_make_a_break(
    house: System, people: ApiPeople
) -> None:
    first, second = [await people.resident(house.url) for _ in range(2)]
    ticket, behind = await take(first), await take(second)
    agent = await people.agent(house.url, "town1")
    missed = await offer_of(agent)
    assert missed["ticket"]["id"] == ticket["id"]
    await agent.sees("missed once", lambda: presence(agent)["missed_offers"] == 1)
    status, problem = await agent.call("POST", f"/offers/{missed['id']}/accept")
    assert (status, problem["code"]) == (409, "offer_gone")
    assert (await agent.call("POST", f"/offers/{missed['id']}/reject"))[1]["code"] == "offer_gone"

    await agent.sees("a break", lambda: presence(agent)["state"] == "on_break", seconds=20)
    assert presence(agent)["missed_offers"] == 3
    assert desk(agent).rows("offer") == []
    # First come, first served: it was the first one's number each time.
    offered = [change for event in desk(agent).events for change in event["changes"]]
    numbers = [c["value"]["ticket"]["id"] for c in offered if c["entity"] == "offer" and c["value"]]
    assert set(numbers) == {ticket["id"]}
    now = await first.ok("GET", f"/tickets/{ticket['id']}")
    assert (now["number"], now["ahead"]) == (ticket["number"], 0)
    assert (now["state"], now["waiting_since"]) == ("waiting", ticket["waiting_since"])
    assert (await second.ok("GET", f"/tickets/{behind['id']}"))["ahead"] == 1

    await agent.ok("POST", "/desk/available", {})
    assert (await offer_of(agent))["ticket"]["id"] == ticket["id"]


async def test_after_its_time_a_number_cannot_be_restored(house: System, people: ApiPeople) -> None:
    resident = await people.resident(house.url)
    ticket = await take(resident)
    gone = await resident.ok("POST", f"/tickets/{ticket['id']}/cancel")
    deadline = dt.datetime.fromisoformat(gone["undo_until"])

    async def over() -> bool:
        return dt.datetime.now(dt.UTC) > deadline

    await until(over, what="the time to undo is over")
    status, problem = await resident.call("POST", f"/tickets/{ticket['id']}/restore")
    assert (status, problem["code"]) == (409, "undo_over")
    assert (await take(resident))["number"] != ticket["number"]
