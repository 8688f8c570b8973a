"""Hanging up, undoing it, wrapping up: in every order that people think of."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.sessions.conftest import OpenCall, open_call
from tests.support.api_people import ApiPeople, ApiPerson, desk, offer_of, visit
from tests.support.systems import System, shared_system, shown_when_failed


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    settings = {
        "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "300",
        "VIRTUAL_WINDOW_UNDO_SECONDS": "300",
        "VIRTUAL_WINDOW_WRAP_UP_SECONDS": "300",
        "VIRTUAL_WINDOW_PLACE_KEPT_SECONDS": "300",
    }
    with shared_system(tmp_path_factory.mktemp("ending"), **settings) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


@pytest.fixture
async def call(people: ApiPeople, house: System) -> OpenCall:
    return await open_call(people, house.url)


async def refusal(person: ApiPerson, method: str, path: str, body: Any = None) -> tuple[int, str]:
    status, problem = await person.call(method, path, body)
    return status, problem["code"]


async def test_a_hang_up_is_undone_and_done_again(call: OpenCall) -> None:
    ended = await call.resident.ok("POST", f"{call.path}/hang-up")
    again = await call.resident.ok("POST", f"{call.path}/hang-up")
    assert (ended["state"], again["state"]) == ("ending", "ending")
    assert ended["version"] == again["version"]
    assert ended["undo_until"] is not None
    await call.agent_is("wrapping_up")
    assert desk(call.agent).only("engagement")["wrap_up_deadline_at"] is not None
    # While it is undone nobody can be heard, so nobody may connect.
    body = {"offer": "v=0", "sources": [], "slots": []}
    assert await refusal(call.resident, "POST", f"{call.path}/connections", body) == (
        409,
        "session_over",
    )

    back = await call.resident.ok("POST", f"{call.path}/resume")
    assert (back["state"], back["undo_until"]) == ("connecting", None)
    presence = await call.agent_is("serving")
    assert presence["session_id"] == call.session_id
    engagement = desk(call.agent).only("engagement")
    assert (engagement["state"], engagement["wrap_up_deadline_at"]) == ("joined", None)
    assert {person["state"] for person in back["participants"]} == {"joining"}
    assert (await call.resident.ok("POST", f"{call.path}/resume"))["state"] == "connecting"

    assert (await call.agent.ok("POST", f"{call.path}/end"))["state"] == "ending"
    assert (await call.agent.ok("POST", f"{call.path}/resume"))["state"] == "connecting"
    await call.agent.ok("POST", f"{call.path}/end")
    await call.pictures_agree()


async def test_a_wrap_up_needs_an_outcome_and_ends_the_session_for_good(call: OpenCall) -> None:
    path = call.engagement_path
    running = await refusal(call.agent, "POST", f"{path}/complete", {"outcome": "resolved"})
    assert running == (409, "wrap_up_not_running")
    assert await refusal(call.agent, "POST", f"{path}/extend") == (409, "wrap_up_not_running")
    await call.agent.ok("POST", f"{call.path}/end")
    await call.agent_is("wrapping_up")
    assert await refusal(call.agent, "POST", f"{path}/complete", {}) == (409, "outcome_missing")
    assert (await call.view())["state"] == "ending"

    deadline = desk(call.agent).only("engagement")["wrap_up_deadline_at"]
    assert (await call.agent.ok("POST", f"{path}/extend"))["wrap_up_deadline_at"] > deadline
    await call.agent.ok("POST", f"{path}/outcome", {"outcome": "unresolved"})
    await call.agent.ok("POST", f"{path}/outcome", {"outcome": "follow_up"})
    done = await call.agent.ok("POST", f"{path}/complete", {"summary": "要补材料"})
    assert (done["state"], done["outcome"]) == ("completed", "follow_up")
    again = await call.agent.ok("POST", f"{path}/complete", {"outcome": "resolved"})
    assert again == done
    late = await refusal(call.agent, "POST", f"{path}/outcome", {"outcome": "resolved"})
    assert late == (409, "wrap_up_done")

    presence = await call.agent_is("available")
    assert (presence["session_id"], presence["engagement_id"]) == (None, None)
    assert desk(call.agent).rows("engagement") == []
    view = await call.view()
    assert (view["state"], view["undo_until"]) == ("ended", None)
    for person in (call.agent, call.resident):
        assert await refusal(person, "POST", f"{call.path}/resume") == (409, "undo_over")
    ticket = await call.resident.ok("GET", f"/tickets/{call.ticket_id}")
    assert ticket["state"] == "done"
    await call.resident.sees("no session", lambda: not visit(call.resident).rows("session"))
    await call.pictures_agree()


async def test_ending_the_visit_ends_the_session_at_once_and_for_good(call: OpenCall) -> None:
    await call.resident.ok("DELETE", "/residents/current")
    await call.agent_is("wrapping_up")
    await call.session_is("ended")
    assert await refusal(call.agent, "POST", f"{call.path}/resume") == (409, "undo_over")
    assert (await call.resident.call("POST", f"{call.path}/resume"))[0] == 401
    engagement = desk(call.agent).only("engagement")
    assert (engagement["state"], engagement["undo_until"]) == ("wrapping_up", None)
    await call.agent.ok("POST", f"{call.engagement_path}/complete", {"outcome": "unresolved"})
    presence = await call.agent_is("available")
    assert presence["session_id"] is None


async def test_a_wrap_up_is_finished_before_a_break(
    call: OpenCall, people: ApiPeople, house: System
) -> None:
    await call.resident.ok("POST", f"{call.path}/hang-up")
    await call.agent_is("wrapping_up")
    for step in ("break", "off", "available"):
        assert await refusal(call.agent, "POST", f"/desk/{step}", {}) == (409, "transition_refused")
    # So the resident's undo still finds everybody.
    assert (await call.resident.ok("POST", f"{call.path}/resume"))["state"] == "connecting"
    await call.agent_is("serving")
    await call.agent.ok("POST", f"{call.path}/end")
    await call.agent.ok("POST", f"{call.engagement_path}/complete", {"outcome": "resolved"})
    view = await call.agent.ok("POST", "/desk/break")
    assert view["presence"]["state"] == "on_break"
    assert (view["session_id"], view["presence"]["engagement_id"]) == (None, None)

    following = await people.resident(house.url)
    await following.ok("POST", "/tickets", {"item_code": "residence-permit"})
    await call.agent.ok("POST", "/desk/available", {})
    offer = await offer_of(call.agent)
    second = await call.agent.ok("POST", f"/offers/{offer['id']}/accept")
    assert second["session_id"] != call.session_id


async def test_strangers_can_neither_end_nor_resume(
    call: OpenCall, people: ApiPeople, house: System
) -> None:
    other = await people.resident(house.url)
    agent = await people.staff(house.url, "agent1")
    lead = await people.staff(house.url, "lead1")
    for person, step in (
        (other, "hang-up"),
        (other, "resume"),
        (agent, "end"),
        (agent, "resume"),
        (lead, "end"),
        (lead, "resume"),
    ):
        assert await refusal(person, "POST", f"{call.path}/{step}") == (404, "not_found")
    assert await refusal(agent, "POST", f"{call.engagement_path}/complete", {}) == (
        404,
        "engagement_unknown",
    )
    assert (await call.view())["state"] == "connecting"
