"""What a supervisor is told while it happens: the clock of a first answer, agents, queues."""

from collections.abc import Iterator
from typing import Any

import pytest

from server.infrastructure.ids import new_id
from tests.support.api_people import ApiPeople, ApiPerson, Feed, offer_of
from tests.support.systems import System, shared_system, shown_when_failed
from tests.support.waiting import until

TOWN_ITEM = "residence-permit"
DELTA_ITEM = "medical-insurance-transfer"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("board")
    settings = {
        "VIRTUAL_WINDOW_ANSWER_WARNING_SECONDS": "1",
        "VIRTUAL_WINDOW_ANSWER_SECONDS": "4",
        "VIRTUAL_WINDOW_NOBODY_ON_SECONDS": "1",
        "VIRTUAL_WINDOW_LEVEL_LOW_ANSWERS": "2",
        "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "4",
        "VIRTUAL_WINDOW_UNDO_SECONDS": "300",
        "VIRTUAL_WINDOW_PLACE_KEPT_SECONDS": "300",
    }
    with shared_system(folder, **settings) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


async def lead(house: System, people: ApiPeople, org: str = "putuo") -> tuple[ApiPerson, Feed]:
    person = await people.staff(house.url, "lead1")
    await person.connect()
    return person, await person.listen(f"board:{org}")


def alarms(feed: Feed, kind: str) -> list[Any]:
    return [alarm for alarm in feed.rows("alarm") if alarm["kind"] == kind]


async def take(resident: ApiPerson, item: str = TOWN_ITEM) -> Any:
    return await resident.ok("POST", "/tickets", {"item_code": item})


async def alarm_of(
    person: ApiPerson, feed: Feed, kind: str, subject: str, *, seconds: float = 20
) -> Any:
    def found() -> Any:
        return next((one for one in alarms(feed, kind) if one["subject"] == subject), None)

    return await person.sees(f"{kind} of {subject}", found, seconds=seconds)


async def none_of(person: ApiPerson, feed: Feed, subject: str) -> None:
    await person.sees(
        f"no alarm of {subject}",
        lambda: not any(one["subject"] == subject for one in feed.rows("alarm")),
        seconds=30,
    )


def state_of(board: Feed, agent: ApiPerson) -> str | None:
    facts = board.state.get("agent", {}).get(agent.me["id"])
    return facts["state"] if facts else None


async def same_picture(person: ApiPerson, feed: Feed) -> None:
    """Snapshot + events = fresh snapshot, once all is told."""

    async def equal() -> bool:
        number, snapshot = await person.fresh(feed.topic)
        return bool(feed.number == number and feed.state == snapshot)

    await until(equal, seconds=20, what=f"{feed.topic} is up to date")


async def test_who_waits_too_long_is_told_soon_and_late_and_then_no_more(
    house: System, people: ApiPeople
) -> None:
    leader, board = await lead(house, people)
    resident = await people.resident(house.url)
    ticket = await take(resident)
    soon = await alarm_of(leader, board, "answer_soon", ticket["id"])
    assert (soon["ticket_id"], soon["org_code"]) == (ticket["id"], "caoyang-xincun")
    assert (soon["channel"], soon["seen_at"]) == ("street_town", None)
    late = await alarm_of(leader, board, "answer_late", ticket["id"])
    # One alarm a ticket: the warning is over when it has come true.
    assert [one["kind"] for one in board.rows("alarm") if one["subject"] == ticket["id"]] == [
        "answer_late"
    ]
    waiting = board.state["ticket"][ticket["id"]]
    assert waiting["warned_at"] < waiting["late_at"] == late["raised_at"]
    view = await leader.ok("GET", "/board?org=putuo")
    assert view["topic"] == board.topic
    assert view["figures"]["waiting"] == 1
    assert view["figures"]["longest_wait_seconds"] >= 4
    assert [one["number"] for one in view["waiting"]] == [ticket["number"]]
    assert late["id"] in {one["id"] for one in view["alarms"]}
    await resident.ok("POST", f"/tickets/{ticket['id']}/cancel")
    await none_of(leader, board, ticket["id"])
    assert ticket["id"] not in board.state.get("ticket", {})
    # The place comes back, and with it the clock, which has not stood still.
    await resident.ok("POST", f"/tickets/{ticket['id']}/restore")
    await alarm_of(leader, board, "answer_late", ticket["id"])
    await same_picture(leader, board)


async def test_an_answer_ends_the_alarm_and_the_board_shows_who_answers(
    house: System, people: ApiPeople
) -> None:
    leader, board = await lead(house, people, "caoyang-xincun")
    resident = await people.resident(house.url)
    ticket = await take(resident)
    await alarm_of(leader, board, "answer_soon", ticket["id"])
    agent = await people.agent(house.url, "town1")
    offer = await offer_of(agent)
    await agent.ok("POST", f"/offers/{offer['id']}/accept")
    await none_of(leader, board, ticket["id"])
    await leader.sees("serving", lambda: state_of(board, agent) == "serving")
    view = await leader.ok("GET", "/board?org=caoyang-xincun")
    (shown,) = [one for one in view["agents"] if one["username"] == "town1"]
    assert shown["state"] == "serving"
    assert shown["name"]["zh-CN"]
    assert [window["code"] for window in shown["windows"]] == [
        window["code"] for window in agent.me["windows"]
    ]
    assert view["figures"]["agents"]["serving"] == 1
    assert view["figures"]["answered_today"] >= 1
    await same_picture(leader, board)


async def test_an_agent_who_lets_offers_pass_is_told_of_until_back(
    house: System, people: ApiPeople
) -> None:
    leader, board = await lead(house, people)
    agent = await people.agent(house.url, "town1")
    await take(await people.resident(house.url))
    alarm = await alarm_of(leader, board, "offers_missed", agent.me["id"], seconds=60)
    assert (alarm["account_id"], alarm["org_code"]) == (agent.me["id"], "caoyang-xincun")
    await leader.sees("on a break", lambda: state_of(board, agent) == "on_break")
    assert board.state["agent"][agent.me["id"]]["missed_offers"] == 3
    seen = await leader.ok("POST", f"/alarms/{alarm['id']}/seen")
    again = await leader.ok("POST", f"/alarms/{alarm['id']}/seen")
    assert seen["seen_at"] == again["seen_at"]
    await leader.sees(
        "that it is seen to",
        lambda: board.state["alarm"][alarm["id"]]["seen_at"] == seen["seen_at"],
    )
    await agent.ok("POST", "/desk/off")
    await none_of(leader, board, agent.me["id"])
    await same_picture(leader, board)


async def test_a_queue_with_nobody_on_is_told_of_where_its_residents_are(
    house: System, people: ApiPeople
) -> None:
    leader, board = await lead(house, people)
    resident = await people.resident(house.url)
    ticket = await take(resident, DELTA_ITEM)
    subject = f"yangtze_delta:{ticket['serving_org_code']}"
    alarm = await alarm_of(leader, board, "nobody_on", subject)
    # Another province's window, but residents of ours.
    assert alarm["org_code"] == ticket["serving_org_code"] != "putuo"
    agent = await people.agent(house.url, "delta1")
    offer = await offer_of(agent)
    await agent.ok("POST", f"/offers/{offer['id']}/accept")
    await none_of(leader, board, subject)
    await same_picture(leader, board)


async def test_a_level_that_falls_is_told_of(house: System, people: ApiPeople) -> None:
    leader, board = await lead(house, people)
    for _ in range(2):
        resident = await people.resident(house.url, place="caoyang-xincun")
        ticket = await take(resident, "food-business-licence")
        await alarm_of(leader, board, "answer_late", ticket["id"])
        agent = await people.agent(house.url, "agent1")
        offer = await offer_of(agent)
        opened = await agent.ok("POST", f"/offers/{offer['id']}/accept")
        await resident.ok("POST", f"/sessions/{opened['session_id']}/hang-up")
        path = f"/engagements/{opened['engagement_id']}/complete"
        await agent.ok("POST", path, {"outcome": "resolved"})
        await agent.ok("POST", "/desk/off")
    alarm = await alarm_of(leader, board, "level_low", "district:putuo")
    assert alarm["channel"] == "district"
    level = await leader.ok("GET", "/service-level?by=window&channel=district")
    (row,) = level["rows"]
    assert row["key"].startswith("putuo")
    assert (row["offered"], row["answered"], row["answered_within"]) == (2, 2, 0)
    assert (row["level_answered"], row["level_offered"]) == (0.0, 0.0)
    assert row["p90_wait_seconds"] >= row["p50_wait_seconds"] > 4


async def test_boards_and_alarms_are_for_those_who_lead_there(
    house: System, people: ApiPeople
) -> None:
    leader, board = await lead(house, people)
    ticket = await take(await people.resident(house.url))
    alarm = await alarm_of(leader, board, "answer_soon", ticket["id"])
    agent = await people.staff(house.url, "town1")
    await agent.connect()
    assert (await agent.call("POST", f"/alarms/{alarm['id']}/seen"))[0] == 404
    assert (await agent.call("GET", "/service-level"))[0] == 404
    for who, org in ((agent, "putuo"), (agent, "caoyang-xincun"), (leader, "shanghai")):
        assert (await who.call("GET", f"/board?org={org}"))[0] == 404
        answer = await who.socket.call("subscribe", {"topic": f"board:{org}", "cursor": None})
        assert not answer["ok"]
        assert (await who.call("GET", f"/service-level?org={org}"))[0] == 404
    assert (await leader.call("GET", "/board?org=nowhere"))[0] == 404
    assert (await leader.call("POST", f"/alarms/{new_id()}/seen"))[0] == 404


async def test_a_range_that_is_none_is_refused(house: System, people: ApiPeople) -> None:
    leader = await people.staff(house.url, "lead1")
    day, before = "2024-11-20T00:00:00Z", "2024-11-19T00:00:00Z"
    status, problem = await leader.call("GET", f"/service-level?from={day}&to={before}")
    assert (status, problem["code"]) == (422, "range_bad")
    for wrong in ("from=2024-11-20T00:00:00", "from=0001-01-01T00:00:00%2B14:00", "by=moon"):
        status, problem = await leader.call("GET", f"/service-level?{wrong}")
        assert (status, problem["code"]) == (422, "body_invalid")
