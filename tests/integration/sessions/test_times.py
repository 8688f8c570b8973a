"""What the clock ends: the time to undo, and the time to come back."""

from collections.abc import Iterator

import pytest

from tests.integration.sessions.conftest import open_call
from tests.support.api_people import ApiPeople, desk, visit
from tests.support.systems import System, shared_system, shown_when_failed


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    settings = {
        "VIRTUAL_WINDOW_UNDO_SECONDS": "1",
        "VIRTUAL_WINDOW_PLACE_KEPT_SECONDS": "2",
        "VIRTUAL_WINDOW_WRAP_UP_SECONDS": "300",
        "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "300",
    }
    with shared_system(tmp_path_factory.mktemp("times"), **settings) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


async def test_a_hang_up_that_nobody_undoes_is_final(people: ApiPeople, house: System) -> None:
    call = await open_call(people, house.url)
    await call.resident.ok("POST", f"{call.path}/hang-up")
    await call.session_is("ended")
    for person in (call.resident, call.agent):
        status, problem = await person.call("POST", f"{call.path}/resume")
        assert (status, problem["code"]) == (409, "undo_over")
    # The agent's wrap-up goes on, without the undo.
    await call.agent.sees(
        "no undo", lambda: desk(call.agent).only("engagement")["undo_until"] is None
    )
    assert (await call.agent_is("wrapping_up"))["session_id"] == call.session_id
    await call.resident.sees("done", lambda: visit(call.resident).only("ticket")["state"] == "done")


async def test_a_session_that_nobody_comes_back_to_ends(people: ApiPeople, house: System) -> None:
    call = await open_call(people, house.url)
    # Neither page connects: the place is kept for two seconds.
    facts = await call.session_is("ended")
    assert facts["undo_until"] is None
    presence = await call.agent_is("wrapping_up")
    assert presence["engagement_id"] == call.engagement_id
    await call.resident.sees("it is over", lambda: not visit(call.resident).rows("session"))
    assert (await call.resident.ok("POST", "/tickets", {"item_code": "residence-permit"}))["number"]
