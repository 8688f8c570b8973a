"""Rules and closures that administrators change while people wait: all pages follow at once."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.support.api_people import ApiPeople, ApiPerson, api_people, desk, offer_of, visit
from tests.support.systems import System, shared_system, shown_when_failed

TOWN_ITEM = "residence-permit"
HELP_DESK_RULE = {
    "code": "help-desk-soon",
    "org": "putuo",
    "widening": "help_desk",
    "after_seconds": 2,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    settings = {
        "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "300",
        "VIRTUAL_WINDOW_PLACE_KEPT_SECONDS": "300",
    }
    with shared_system(tmp_path_factory.mktemp("overflow"), **settings) as system:
        seat_at_help_desk(system, "agent1")
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


@pytest.fixture
async def people(house: System) -> AsyncIterator[ApiPeople]:
    async with api_people() as made:
        admin = await made.staff(house.url, "admin")
        rules = await admin.ok("GET", "/overflow-rules")
        yield made
        await admin.ok("PUT", "/overflow-rules", rules)
        for org in ("caoyang-xincun", "putuo"):
            await admin.ok("PUT", f"/organisations/{org}/closure", {"closed": False})
        await made.go_home()


def seat_at_help_desk(system: System, username: str) -> None:
    """The demo's help desk has no agents; here somebody serves there too."""
    with closing(sqlite3.connect(system.data / "virtual-window.sqlite3")) as database, database:
        database.execute(
            'INSERT INTO account_window (account_id, window_id) SELECT account.id, "window".id'
            " FROM account, \"window\" WHERE username = ? AND code = 'putuo-help-desk'",
            (username,),
        )


async def take(resident: ApiPerson, item: str = TOWN_ITEM) -> Any:
    return await resident.ok("POST", "/tickets", {"item_code": item})


async def speaks_english(resident: ApiPerson) -> None:
    await resident.ok("PATCH", "/residents/current", {"language": "en"})


async def test_a_rule_that_is_written_lets_others_serve_who_waits_already(
    house: System, people: ApiPeople
) -> None:
    agent = await people.agent(house.url, "agent1")
    assert "queue:help_desk:putuo" in agent.feeds
    resident = await people.resident(house.url)
    ticket = await take(resident)
    admin = await people.staff(house.url, "admin")
    assert desk(agent).rows("offer") == []
    await admin.ok("PUT", "/overflow-rules", {"rules": [HELP_DESK_RULE]})
    offer = await offer_of(agent)
    assert offer["ticket"]["id"] == ticket["id"]
    windows = {window["id"]: window["code"] for window in agent.me["windows"]}
    assert windows[offer["window_id"]] == "putuo-help-desk"
    listed = agent.feeds["queue:help_desk:putuo"]
    await agent.sees("it on the list", lambda: listed.rows("ticket"))
    assert (await agent.ok("GET", "/desk"))["waiting"][0]["id"] == ticket["id"]
    opened = await agent.ok("POST", f"/offers/{offer['id']}/accept")
    await resident.sees("the session", lambda: visit(resident).rows("session"))
    await agent.sees("it off the list", lambda: not listed.rows("ticket"))
    assert (await agent.fresh(listed.topic))[1] == listed.state
    await agent.ok("POST", f"/sessions/{opened['session_id']}/end")


async def test_an_english_page_is_served_by_who_speaks_it_and_else_by_anybody(
    house: System, people: ApiPeople
) -> None:
    one = await people.agent(house.url, "agent1")  # idle for longer, but speaks no English
    two = await people.agent(house.url, "agent2")
    resident = await people.resident(house.url)
    await speaks_english(resident)
    ticket = await take(resident, "food-business-licence")
    assert (await offer_of(two))["ticket"]["id"] == ticket["id"]
    assert desk(one).rows("offer") == []
    # In the street-town nobody on duty speaks it: whoever is there is asked at once.
    town = await people.agent(house.url, "town1")
    other = await people.resident(house.url)
    await speaks_english(other)
    waiting = await take(other)
    assert (await offer_of(town))["ticket"]["id"] == waiting["id"]


async def test_a_centre_that_is_closed_tells_who_waits_and_takes_nobody_until_it_opens(
    house: System, people: ApiPeople
) -> None:
    admin = await people.staff(house.url, "admin")
    lead = await people.staff(house.url, "lead1")
    await admin.ok("PUT", "/overflow-rules", {"rules": []})
    resident = await people.resident(house.url)
    ticket = await take(resident)
    until = "2099-01-01T00:00:00Z"
    body = {"closed": True, "until": until, "reason": "停电"}
    await lead.ok("PUT", "/organisations/caoyang-xincun/closure", body)
    await lead.ok("PUT", "/organisations/putuo/closure", {"closed": True})
    await resident.sees(
        "that it is closed", lambda: visit(resident).only("ticket")["state"] == CLOSED
    )
    assert (await resident.ok("GET", f"/tickets/{ticket['id']}"))["state"] == CLOSED

    status, problem = await resident.call("POST", "/tickets", {"item_code": TOWN_ITEM})
    assert (status, problem["code"]) == (409, "windows_closed")
    opens_at = "2099-01-01T00:00:00.000Z"
    assert problem["params"] == {
        "opens_at": opens_at,
        "reason": "closed",
        "callback": True,
        "appointment": True,
    }
    said = await resident.ok("GET", f"/service-status?item_code={TOWN_ITEM}")
    assert (said["open"], said["opens_at"], said["reason"]) == (False, opens_at, "closed")
    assert (await resident.ok("GET", "/service-status"))["open"]  # partners of the delta
    hours = await resident.ok("GET", "/organisations/caoyang-xincun/hours")
    assert (hours["open"], hours["opens_at"]) == (False, opens_at)

    # Nobody is offered to somebody at a closed window, however long they are there.
    agent = await people.agent(house.url, "town1")
    await lead.ok("PUT", "/organisations/caoyang-xincun/closure", {"closed": False})
    again = await take(resident)
    assert again["number"] != ticket["number"]
    assert (await offer_of(agent))["ticket"]["id"] == again["id"]


CLOSED = "closed_out_of_hours"


async def test_of_what_is_unknown_no_opening_is_told(house: System, people: ApiPeople) -> None:
    resident = await people.resident(house.url)
    status, problem = await resident.call("GET", "/service-status?item_code=none")
    assert (status, problem["code"]) == (404, "item_unknown")
