"""Pages that go away: a place is kept for a while, an offer goes back, an agent is off."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.api_people import ApiPeople, ApiPerson, desk, offer_of, visit
from tests.support.systems import System, shared_system, shown_when_failed
from tests.support.waiting import until

KEPT_SECONDS = 4


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    settings = {
        "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "300",
        "VIRTUAL_WINDOW_PRESENCE_GRACE_SECONDS": "1",
        "VIRTUAL_WINDOW_PLACE_KEPT_SECONDS": str(KEPT_SECONDS),
    }
    with shared_system(tmp_path_factory.mktemp("gone"), **settings) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


async def take(resident: ApiPerson) -> Any:
    return await resident.ok("POST", "/tickets", {"item_code": "residence-permit"})


async def state_becomes(person: ApiPerson, path: str, state: str) -> Any:
    """What the API says of it, once its state is `state`."""

    async def there() -> Any:
        found = await person.ok("GET", path)
        return found if found["state"] == state else None

    return await until(there, seconds=30, what=f"{path} is {state}")


async def vanish(person: ApiPerson) -> None:
    """As when the machine loses its power: no goodbye."""
    connection = person.socket.eio.ws._response.connection  # the library says goodbye otherwise
    connection.transport.abort()
    await person.socket.disconnect()


async def test_a_resident_who_comes_back_in_time_keeps_the_place_and_one_who_does_not_loses_it(
    house: System, people: ApiPeople
) -> None:
    returns, stays_away, behind = [await people.resident(house.url) for _ in range(3)]
    first, second, third = await take(returns), await take(stays_away), await take(behind)
    assert [one["ahead"] for one in (first, second, third)] == [0, 1, 2]
    await vanish(returns)
    await vanish(stays_away)
    path = f"/tickets/{first['id']}"
    held = await state_becomes(returns, path, "held")
    assert held["held_until"] is not None
    # Who is away is offered to nobody; whoever is there comes first.
    agent = await people.agent(house.url, "town1")
    offer = await offer_of(agent)
    assert offer["ticket"]["id"] == third["id"]
    await agent.ok("POST", "/desk/break")

    await returns.connect()
    back = await state_becomes(returns, path, "waiting")
    assert (back["number"], back["waiting_since"]) == (first["number"], first["waiting_since"])
    assert back["held_until"] is None
    assert back["ahead"] == 0
    await returns.sees("its own events", lambda: ticket_is(returns, "waiting"))

    lost = await state_becomes(stays_away, f"/tickets/{second['id']}", "abandoned")
    assert lost["ahead"] is None
    assert (await behind.ok("GET", f"/tickets/{third['id']}"))["ahead"] == 1
    await agent.ok("POST", "/desk/available", {})
    assert (await offer_of(agent))["ticket"]["id"] == first["id"]


def ticket_is(resident: ApiPerson, state: str) -> bool:
    return bool(visit(resident).only("ticket")["state"] == state)


async def test_an_agent_who_vanishes_in_the_middle_of_an_offer_gives_it_back(
    house: System, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    agent = await people.agent(house.url, "town1")
    ticket = await take(resident)
    offer = await offer_of(agent)
    await resident.sees("it is offered", lambda: ticket_is(resident, "offered"))
    await vanish(agent)
    await resident.sees("it waits again", lambda: ticket_is(resident, "waiting"), seconds=30)
    back = await resident.ok("GET", f"/tickets/{ticket['id']}")
    assert back["waiting_since"] == ticket["waiting_since"]
    assert (await agent.ok("GET", "/desk"))["presence"]["state"] == "offline"
    assert (await agent.call("POST", f"/offers/{offer['id']}/accept"))[1]["code"] == "offer_gone"

    # Back again, but off: nobody is called without having said so.
    await agent.connect()
    assert desk(agent).only("presence")["state"] == "offline"
    assert desk(agent).rows("offer") == []
    await agent.ok("POST", "/desk/available", {})
    assert (await offer_of(agent))["ticket"]["id"] == ticket["id"]
