"""What becomes of an offer: accepted once, or back to its place, and the agent with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.support.api_people import ApiPeople, ApiPerson, desk, offer_of, visit
from tests.support.systems import System, shared_system, shown_when_failed

TOWN_ITEM = "residence-permit"
DISTRICT_ITEM = "food-business-licence"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("offers")
    settings = {
        # Nobody is to be too slow here.
        "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "300",
        "VIRTUAL_WINDOW_UNDO_SECONDS": "300",
        "VIRTUAL_WINDOW_REJECT_PAUSE_SECONDS": "1",
    }
    with shared_system(folder, **settings) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


async def take(resident: ApiPerson, item: str = TOWN_ITEM) -> Any:
    return await resident.ok("POST", "/tickets", {"item_code": item})


async def look(resident: ApiPerson, ticket: Any) -> Any:
    return await resident.ok("GET", f"/tickets/{ticket['id']}")


def presence(agent: ApiPerson) -> Any:
    return desk(agent).only("presence")


def place(ticket: Any) -> tuple[Any, ...]:
    return ticket["number"], ticket["waiting_since"], ticket["ahead"]


async def test_a_rejected_number_keeps_its_place_and_the_reason_is_kept(
    house: System, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    ticket = await take(resident)
    agent = await people.agent(house.url, "town1")
    offer = await offer_of(agent)
    path = f"/offers/{offer['id']}/reject"
    status, problem = await agent.call("POST", path, {"reason": "tired"})
    assert (status, problem["code"]) == (422, "body_invalid")
    assert (await agent.call("POST", path, {"reason": "device"}))[0] == 204
    assert kept_reason(house, offer) == "device"
    # Said afterwards, or corrected.
    assert (await agent.call("POST", path, {"reason": "conflict"}))[0] == 204
    assert kept_reason(house, offer) == "conflict"
    again = await agent.sees("it is offered again", lambda: other_offer(agent, offer))
    assert again["ticket"]["id"] == ticket["id"]
    assert place(await look(resident, ticket)) == place(ticket)


def kept_reason(house: System, offer: Any) -> str | None:
    with closing(sqlite3.connect(house.data / "virtual-window.sqlite3")) as database:
        query = "SELECT reason FROM offer WHERE id = ?"
        row = database.execute(query, (offer["id"].replace("-", ""),)).fetchone()
    return None if row is None else row[0]


def other_offer(agent: ApiPerson, than: Any) -> Any:
    return next((o for o in desk(agent).rows("offer") if o["id"] != than["id"]), None)


async def test_the_longest_idle_agent_is_asked_first_then_the_other(
    house: System, people: ApiPeople
) -> None:
    one = await people.agent(house.url, "agent1")
    two = await people.agent(house.url, "agent2")
    resident = await people.resident(house.url)
    ticket = await take(resident, DISTRICT_ITEM)
    offer = await offer_of(one)
    assert desk(two).rows("offer") == []
    await one.ok("POST", f"/offers/{offer['id']}/reject", {"reason": "unfamiliar"})
    assert (await offer_of(two))["ticket"]["id"] == ticket["id"]
    # A break hands it back, and now the first one is the longest idle.
    await two.ok("POST", "/desk/break")
    await one.sees("the offer", lambda: other_offer(one, offer))
    await two.sees("none", lambda: not desk(two).rows("offer"))
    accepted = await one.ok("POST", f"/offers/{other_offer(one, offer)['id']}/accept")
    assert accepted["session_id"]


async def test_accepting_twice_gives_the_same_session_and_nobody_else_gets_it(
    house: System, people: ApiPeople
) -> None:
    one = await people.agent(house.url, "agent1")
    two = await people.agent(house.url, "agent2", available=False)
    resident = await people.resident(house.url)
    ticket = await take(resident, DISTRICT_ITEM)
    offer = await offer_of(one)
    path = f"/offers/{offer['id']}/accept"
    assert (await two.call("POST", path))[0] == 404
    assert (await two.call("POST", path.replace("accept", "reject")))[0] == 404
    first = await one.ok("POST", path)
    assert await one.ok("POST", path) == first
    assert (await one.call("POST", path.replace("accept", "reject")))[1]["code"] == "offer_gone"
    await one.sees("serving", lambda: presence(one)["state"] == "serving")
    now = await look(resident, ticket)
    assert (now["state"], now["session_id"]) == ("serving", first["session_id"])
    # Who serves gets nobody else, and cannot leave before the call is over.
    await take(await people.resident(house.url), DISTRICT_ITEM)
    for step in ("break", "off", "available"):
        status, problem = await one.call("POST", f"/desk/{step}", {})
        assert (status, problem["code"]) == (409, "transition_refused")
    assert desk(one).rows("offer") == []


async def test_a_cancelled_number_frees_the_agent_and_comes_back_to_its_place(
    house: System, people: ApiPeople
) -> None:
    resident, behind = [await people.resident(house.url) for _ in range(2)]
    ticket, other = await take(resident), await take(behind)
    agent = await people.agent(house.url, "town1")
    offer = await offer_of(agent)
    gone = await resident.ok("POST", f"/tickets/{ticket['id']}/cancel")
    assert gone["state"] == "cancelled"
    assert (await agent.call("POST", f"/offers/{offer['id']}/accept"))[1]["code"] == "offer_gone"
    moved_on = await agent.sees("the next one", lambda: other_offer(agent, offer))
    assert moved_on["ticket"]["id"] == other["id"]
    assert presence(agent)["missed_offers"] == 0
    back = await resident.ok("POST", f"/tickets/{ticket['id']}/restore")
    assert (back["number"], back["waiting_since"]) == (ticket["number"], ticket["waiting_since"])


async def test_a_number_is_not_restored_beside_or_after_another_one(
    house: System, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    first = await take(resident)
    status, problem = await resident.call("POST", "/tickets", {"item_code": TOWN_ITEM})
    assert (status, problem["code"]) == (409, "ticket_already_open")
    assert problem["params"]["ticket_id"] == first["id"]
    await resident.ok("POST", f"/tickets/{first['id']}/cancel")
    second = await take(resident)
    status, problem = await resident.call("POST", f"/tickets/{first['id']}/restore")
    assert (status, problem["code"]) == (409, "ticket_already_open")
    await resident.ok("POST", f"/tickets/{second['id']}/cancel")
    status, problem = await resident.call("POST", f"/tickets/{first['id']}/restore")
    assert (status, problem["code"]) == (409, "undo_over")
    await resident.ok("POST", f"/tickets/{second['id']}/restore")
    number, snapshot = await resident.fresh(visit(resident).topic)
    await resident.sees("all events", lambda: visit(resident).number >= number)
    assert visit(resident).state == snapshot


async def test_an_agent_may_change_the_window_while_available(
    house: System, people: ApiPeople
) -> None:
    agent = await people.agent(house.url, "agent1", available=False)
    windows = {window["code"]: window["id"] for window in agent.me["windows"]}
    await agent.ok("POST", "/desk/available", {"window_id": windows["putuo-market"]})
    resident = await people.resident(house.url)
    await take(resident, "public-place-hygiene-permit")
    view = await agent.ok("POST", "/desk/available", {"window_id": windows["putuo-general"]})
    assert view["presence"]["window_id"] == windows["putuo-general"]
    assert (await offer_of(agent))["window_id"] == windows["putuo-general"]
    status, problem = await agent.call("POST", "/desk/available", {"window_id": agent.me["id"]})
    assert (status, problem["code"]) == (422, "window_not_yours")
