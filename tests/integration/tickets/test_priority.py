"""Those whom waiting strains most come earlier: at the number, and while they wait."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from server.infrastructure.settings import PRIORITY_SECONDS
from tests.support.api_people import (
    ApiPeople,
    ApiPerson,
    desk,
    offer_of,
    pictures_agree,
    visit,
)
from tests.support.systems import System, shared_system, shown_when_failed

TOWN_ITEM = "residence-permit"
OLD, YOUNG = "1950-05-01", "1990-05-01"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("priority")
    with shared_system(folder, VIRTUAL_WINDOW_OFFER_LEASE_SECONDS="300") as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


async def take(resident: ApiPerson, **claim: Any) -> Any:
    return await resident.ok("POST", "/tickets", {"item_code": TOWN_ITEM, **claim})


async def ahead(resident: ApiPerson, ticket: Any) -> int:
    found: int = (await resident.ok("GET", f"/tickets/{ticket['id']}"))["ahead"]
    return found


def seconds_between(earlier: str, later: str) -> float:
    first, last = (dt.datetime.fromisoformat(text) for text in (earlier, later))
    return (last - first).total_seconds()


async def test_a_head_start_puts_before_others_and_first_to_an_agent(
    house: System, people: ApiPeople
) -> None:
    first, elder, third = [await people.resident(house.url) for _ in range(3)]
    plain = await take(first)
    assert (plain["kind"], plain["priority"], plain["head_start_seconds"]) == ("walk_in", [], 0)
    assert plain["rank_at"] == plain["waiting_since"]
    favoured = await take(elder, born_on=OLD)
    assert favoured["priority"] == ["elderly"]
    assert favoured["head_start_seconds"] == PRIORITY_SECONDS["elderly"]
    assert seconds_between(favoured["rank_at"], favoured["waiting_since"]) == 120
    behind = await take(third, born_on=YOUNG)
    assert behind["priority"] == []
    places = [(first, plain), (elder, favoured), (third, behind)]
    assert [await ahead(who, ticket) for who, ticket in places] == [1, 0, 2]

    agent = await people.agent(house.url, "town1", available=False)
    shown = (await agent.ok("GET", "/desk"))["waiting"]
    assert [row["id"] for row in shown] == [favoured["id"], plain["id"], behind["id"]]
    assert [row["priority"] for row in shown] == [["elderly"], [], []]
    assert "born_on" not in json.dumps(shown)
    await agent.ok("POST", "/desk/available", {})
    assert (await offer_of(agent))["ticket"]["id"] == favoured["id"]
    assert desk(agent).only("presence")["state"] == "offered"


async def test_large_text_counts_as_elderly(house: System, people: ApiPeople) -> None:
    resident = await people.resident(house.url)
    ticket = await take(resident, elder_mode=True, priority=["veteran"])
    assert ticket["priority"] == ["elderly", "veteran"]
    assert ticket["head_start_seconds"] == 240


async def test_a_reason_added_while_waiting_moves_forward_once(
    house: System, people: ApiPeople
) -> None:
    first, second = [await people.resident(house.url) for _ in range(2)]
    plain, later = await take(first), await take(second)
    agent = await people.agent(house.url, "town1", available=False)
    path = f"/tickets/{later['id']}/priority"
    moved = await second.ok("POST", path, {"priority": ["pregnant"]})
    assert (moved["priority"], moved["ahead"]) == (["pregnant"], 0)
    assert await ahead(first, plain) == 1
    again = await second.ok("POST", path, {"priority": ["pregnant"]})
    assert again == moved
    # All reasons together are capped, whatever else is said.
    most = await second.ok("POST", path, {"priority": ["disabled", "veteran"], "born_on": OLD})
    assert most["head_start_seconds"] == 600
    assert seconds_between(most["rank_at"], most["waiting_since"]) == 600
    told = visit(second)
    await second.sees("it is told", lambda: told.only("ticket")["head_start_seconds"] == 600)
    queue = next(topic for topic in agent.feeds if topic.startswith("queue:"))

    def seen() -> Any:
        rows = agent.feeds[queue].rows("ticket")
        return [row for row in rows if row["id"] == later["id"] and len(row["priority"]) == 4]

    await agent.sees("who serves the queue is told", seen)
    await pictures_agree(first, second, agent)
    assert trail(house, later) == [["pregnant"], ["elderly", "disabled", "pregnant", "veteran"]]


def trail(house: System, ticket: Any) -> list[list[str]]:
    """The reasons that the audit trail has of a ticket that moved forward."""
    with closing(sqlite3.connect(house.data / "virtual-window.sqlite3")) as database:
        query = (
            "SELECT details FROM audit WHERE action = 'ticket.prioritise' AND resource_id = ?"
            " ORDER BY id"
        )
        rows = database.execute(query, (ticket["id"],)).fetchall()
    assert all("born" not in details for (details,) in rows)
    return [json.loads(details)["priority"] for (details,) in rows]


async def test_what_cannot_be_a_reason_is_refused_clearly(house: System, people: ApiPeople) -> None:
    resident = await people.resident(house.url)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"priority": ["hurry"]}, "priority_unknown"),
        ({"priority": ["appointment"]}, "priority_unknown"),
        ({"born_on": "2999-01-01"}, "born_on_impossible"),
        ({"born_on": "1899-12-31"}, "born_on_impossible"),
        ({"born_on": "yesterday"}, "body_invalid"),
        ({"priority": "elderly"}, "body_invalid"),
    ]
    for claim, code in wrong:
        body = {"item_code": TOWN_ITEM, **claim}
        status, problem = await resident.call("POST", "/tickets", body)
        assert (status, problem["code"]) == (422, code)
    _, problem = await resident.call("POST", "/tickets", {"item_code": TOWN_ITEM, **wrong[0][0]})
    assert problem["detail"] == (
        "There is no such reason for a head start: hurry. "
        "Choose among: elderly, disabled, pregnant, veteran."
    )
    ticket = await take(resident)
    path = f"/tickets/{ticket['id']}/priority"
    for claim, code in wrong:
        status, problem = await resident.call("POST", path, claim)
        assert (status, problem["code"]) == (422, code)
    assert (await resident.ok("GET", f"/tickets/{ticket['id']}"))["priority"] == []


async def test_only_the_own_ticket_and_only_while_it_waits(
    house: System, people: ApiPeople
) -> None:
    resident, other = [await people.resident(house.url) for _ in range(2)]
    ticket = await take(resident)
    path, body = f"/tickets/{ticket['id']}/priority", {"priority": ["veteran"]}
    assert (await other.call("POST", path, body))[0] == 404
    agent = await people.agent(house.url, "town1", available=False)
    assert (await agent.call("POST", path, body))[0] in (403, 404)
    await resident.ok("POST", f"/tickets/{ticket['id']}/cancel")
    status, problem = await resident.call("POST", path, body)
    assert (status, problem["code"]) == (409, "ticket_not_queued")
    # What was had before is still had after coming back.
    await resident.ok("POST", f"/tickets/{ticket['id']}/restore")
    moved = await resident.ok("POST", path, body)
    await resident.ok("POST", f"/tickets/{ticket['id']}/cancel")
    back = await resident.ok("POST", f"/tickets/{ticket['id']}/restore")
    assert (back["rank_at"], back["priority"]) == (moved["rank_at"], ["veteran"])
