"""Calls back: whoever asks for one need not wait at a page, and is called in turn."""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.integration.bookings.conftest import (
    DIGITS,
    PHONE,
    SHANGHAI,
    TOWN_ITEM,
    WEDNESDAY,
    House,
    callback,
    first_free,
    refusal,
    running_house,
)
from tests.support.api_people import ApiPeople, ApiPerson, desk, offer_of, visit
from tests.support.caches import Valkey
from tests.support.waiting import until

HOURS = '{"zone": "Asia/Shanghai", "working_days": [["09:00", "11:30"], ["13:30", "17:00"]]}'


async def called(agent: ApiPerson, booking: Any) -> Any:
    """The agent, on the call that is offered."""
    offer = await offer_of(agent)
    assert offer["ticket"]["id"] == booking["ticket"]["id"]
    assert offer["kind"] == "callback"
    return await agent.ok("POST", f"/offers/{offer['id']}/accept")


async def presence_is(agent: ApiPerson, state: str) -> None:
    rows = desk(agent).rows
    await agent.sees(
        state, lambda: [row["state"] for row in rows("presence")] == [state], seconds=20
    )


def local(moment: str) -> str:
    return dt.datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%m-%d %H:%M")


async def nothing_tells(house: House, digits: str) -> None:
    """Neither events nor the trail nor kept answers have the telephone number."""
    for table in ("event", "audit", "command", "ticket"):
        for row in await house.rows(f"SELECT * FROM {table}"):  # noqa: S608 - names of ours
            assert digits not in str(row), table


async def test_a_call_back_from_a_waiting_number_to_its_end(
    house_of_each: House, people: ApiPeople
) -> None:
    house = house_of_each
    resident, behind = [await people.resident(house.url) for _ in range(2)]
    number = await resident.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    await behind.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    asked = await resident.ok(
        "POST", "/bookings", callback(ticket_id=number["id"], name=" Li Shili ")
    )
    ticket = asked["ticket"]
    assert (asked["state"], asked["kind"], asked["phone"]) == ("waiting", "callback", "138****0001")
    assert (ticket["id"], ticket["number"]) == (number["id"], number["number"])
    assert (ticket["rank_at"], ticket["waiting_since"]) == (
        number["rank_at"],
        number["waiting_since"],
    )
    await resident.sees("the call", lambda: visit(resident).only("ticket")["kind"] == "callback")
    assert visit(resident).only("ticket")["booking_code"] == asked["code"]

    # The visit ends, the place does not.
    await resident.ok("DELETE", "/residents/current")
    agent = await people.agent(house.url, "town1", available=False)
    path = f"/callbacks/{ticket['id']}"
    assert await refusal(agent, "GET", path) == (404, "not_found")
    await agent.ok("POST", "/desk/available", {})
    accepted = await called(agent, asked)
    assert accepted == {
        "kind": "callback",
        "ticket_id": ticket["id"],
        "session_id": None,
        "engagement_id": None,
    }
    await presence_is(agent, "serving")
    whom = await agent.ok("GET", path)
    assert (whom["phone"], whom["name"], whom["item_code"]) == (DIGITS, "Li Shili", TOWN_ITEM)
    assert (whom["tries"], whom["tries_left"]) == (0, 3)
    reads = "SELECT id FROM audit WHERE action = 'contact.read'"
    assert len(await house.rows(reads)) == 1
    for other in ("agent1", "lead1", "admin"):
        curious = await people.staff(house.url, other)
        assert await refusal(curious, "GET", path) == (404, "not_found")
        assert await refusal(curious, "POST", f"{path}/result", {"result": "reached"}) == (
            404,
            "not_found",
        )
    assert await refusal(behind, "GET", path) == (403, "wrong_kind_of_user")

    # A console that is opened anew finds the call again.
    view = await agent.ok("GET", "/desk")
    assert (view["callback"]["ticket_id"], view["session_id"]) == (ticket["id"], None)
    assert desk(agent).only("callback") == view["callback"]
    _, snapshot = await agent.fresh(desk(agent).topic)
    assert snapshot == desk(agent).state

    done = {"result": "reached", "outcome": "resolved"}
    finished = await agent.ok("POST", f"{path}/result", done)
    assert finished == {"ticket_id": ticket["id"], "state": "done", "due_at": None}
    assert await agent.ok("POST", f"{path}/result", done) == finished
    assert await refusal(agent, "POST", f"{path}/result", {"result": "not_reached"}) == (
        409,
        "callback_over",
    )
    assert await refusal(agent, "GET", path) == (404, "not_found")
    assert await house.rows("SELECT phone FROM ticket_contact") == []
    calls = await house.rows("SELECT result, outcome FROM callback_call")
    assert calls == [{"result": "reached", "outcome": "resolved"}]
    # Free again: the one behind is next.
    await agent.sees("no call", lambda: not desk(agent).rows("callback"))
    assert (await offer_of(agent))["kind"] == "serve"
    await nothing_tells(house, DIGITS)
    await nothing_tells(house, "Li Shili")


async def test_who_is_not_reached_is_called_again_and_three_times_at_most(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    asked = await resident.ok("POST", "/bookings", callback())
    assert (asked["state"], asked["ticket"]["number"]) == ("waiting", "B001")
    agent = await people.agent(house.url, "town1")
    path = f"/callbacks/{asked['ticket']['id']}"
    for tries in (1, 2):
        await called(agent, asked)
        missed = await agent.ok("POST", f"{path}/result", {"result": "not_reached"})
        assert missed["state"] == "callback"
        await presence_is(agent, "available")
        again = dt.datetime.fromisoformat(missed["due_at"]) - house.clock.now()
        assert dt.timedelta(minutes=14) < again <= dt.timedelta(minutes=15)
        assert desk(agent).rows("offer") == []
        house.clock.move(minutes=15)
        await offer_of(agent)
        assert (await house.rows("SELECT tries FROM ticket_contact")) == [{"tries": tries}]
    await called(agent, asked)
    assert (await agent.ok("GET", path))["tries_left"] == 1
    last = await agent.ok("POST", f"{path}/result", {"result": "not_reached"})
    assert (last["state"], last["due_at"]) == ("done", None)
    assert await house.rows("SELECT phone FROM ticket_contact") == []
    results = await house.rows("SELECT result FROM callback_call")
    assert [row["result"] for row in results] == ["not_reached"] * 3
    await presence_is(agent, "available")


async def test_a_wrong_number_is_called_once(house: House, people: ApiPeople) -> None:
    resident = await people.resident(house.url)
    asked = await resident.ok("POST", "/bookings", callback())
    agent = await people.agent(house.url, "town1")
    await called(agent, asked)
    path = f"/callbacks/{asked['ticket']['id']}/result"
    assert (await agent.ok("POST", path, {"result": "wrong_number"}))["state"] == "done"
    assert await house.rows("SELECT phone FROM ticket_contact") == []
    assert await refusal(agent, "POST", path, {"result": "agent_lost"}) == (422, "body_invalid")


async def test_closed_and_a_call_is_asked_for_the_opening(house: House, people: ApiPeople) -> None:
    await house.change("UPDATE org_unit SET hours = :hours", hours=HOURS)
    house.clock.set(WEDNESDAY.replace(hour=18))
    resident = await people.resident(house.url)
    assert await refusal(resident, "POST", "/tickets", {"item_code": TOWN_ITEM}) == (
        409,
        "windows_closed",
    )
    asked = await resident.ok("POST", "/bookings", callback())
    assert (asked["state"], local(asked["starts_at"])) == ("callback", "11-21 09:00")
    house.clock.set(WEDNESDAY.replace(hour=9, minute=0) + dt.timedelta(days=1))
    other = await people.resident(house.url)
    waiting = await house.becomes(other, asked["code"], "waiting")
    assert waiting["ticket"]["rank_at"] == asked["starts_at"]
    agent = await people.agent(house.url, "town1")
    await called(agent, asked)


async def test_closed_until_nobody_knows_when_and_a_call_waits_for_whoever_opens(
    house: House, people: ApiPeople
) -> None:
    admin = await people.staff(house.url, "admin")
    closure = "/organisations/caoyang-xincun/closure"
    await admin.ok("PUT", closure, {"closed": True})
    resident = await people.resident(house.url)
    asked = await resident.ok("POST", "/bookings", callback())
    await resident.ok("DELETE", "/residents/current")
    agent = await people.agent(house.url, "town1")
    await admin.ok("PUT", closure, {"closed": False})
    await called(agent, asked)


async def test_a_call_at_a_time_is_due_then_and_waits_for_the_opening_if_closed_by_then(
    house: House, people: ApiPeople
) -> None:
    resident, other = [await people.resident(house.url) for _ in range(2)]
    starts_at = await first_free(resident)
    asked = await resident.ok("POST", "/bookings", callback(starts_at=starts_at))
    assert (asked["state"], asked["starts_at"]) == ("callback", starts_at)
    assert await house.taken(starts_at) == 1
    second = await other.ok("POST", "/bookings", callback(starts_at=starts_at, phone="6256 0000"))
    assert second["phone"] == "021****0000"
    status, problem = await resident.call("POST", "/bookings", callback(starts_at=starts_at))
    assert (status, problem["code"]) == (409, "slot_full")
    # One changes for as soon as possible, the other is closed out.
    soon = await other.ok("PUT", f"/bookings/{second['code']}", {"starts_at": None})
    assert soon["state"] == "waiting"
    assert await house.taken(starts_at) == 1
    closed = '{"zone": "Asia/Shanghai", "working_days": [["13:30", "17:00"]]}'
    await house.change("UPDATE org_unit SET hours = :hours", hours=closed)
    house.clock.set(dt.datetime.fromisoformat(starts_at))

    async def later() -> Any:
        found = await resident.ok("GET", f"/bookings/{asked['code']}")
        return found if found["starts_at"] != starts_at else None

    moved = await until(later, what="it waits for the opening")
    assert (moved["state"], local(moved["starts_at"])) == ("callback", "11-20 13:30")


async def test_a_call_that_nobody_takes_goes_back_to_its_place(
    tmp_path: Path, valkey: Valkey, monkeypatch: pytest.MonkeyPatch, people: ApiPeople
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    quick = {"offer_lease_seconds": 1, "reject_pause_seconds": 0}
    async with running_house(folder, valkey, monkeypatch, **quick) as house:
        resident, behind = [await people.resident(house.url) for _ in range(2)]
        asked = await resident.ok("POST", "/bookings", callback())
        await resident.ok("DELETE", "/residents/current")
        await behind.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
        agent = await people.agent(house.url, "town1")
        await presence_is(agent, "on_break")
        offered = {
            change["value"]["ticket"]["id"]
            for event in desk(agent).events
            for change in event["changes"]
            if change["entity"] == "offer" and change["value"]
        }
        assert offered == {asked["ticket"]["id"]}
        back = await behind.ok("GET", f"/bookings/{asked['code']}")
        assert (back["state"], back["ticket"]["rank_at"]) == ("waiting", asked["ticket"]["rank_at"])
        assert back["phone"] == "138****0001"


async def test_an_agent_who_is_lost_while_calling_gives_the_place_back(
    tmp_path: Path, valkey: Valkey, monkeypatch: pytest.MonkeyPatch, people: ApiPeople
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    quick = {"presence_grace_seconds": 1, "place_kept_seconds": 1}
    async with running_house(folder, valkey, monkeypatch, **quick) as house:
        resident = await people.resident(house.url)
        asked = await resident.ok("POST", "/bookings", callback())
        agent = await people.agent(house.url, "town1")
        await called(agent, asked)
        assert await refusal(agent, "POST", "/desk/off", {}) == (409, "transition_refused")
        await agent.socket.disconnect()
        back = await house.becomes(resident, asked["code"], "waiting")
        assert back["ticket"]["rank_at"] == asked["ticket"]["rank_at"]
        assert back["phone"] == "138****0001"
        view = await agent.ok("GET", "/desk")
        assert (view["presence"]["state"], view["callback"]) == ("offline", None)
        path = f"/callbacks/{asked['ticket']['id']}"
        assert await refusal(agent, "GET", path) == (404, "not_found")
        assert await refusal(agent, "POST", f"{path}/result", {"result": "reached"}) == (
            409,
            "callback_over",
        )
        # Back at the desk, the same call is offered again.
        await agent.connect()
        await agent.ok("POST", "/desk/available", {})
        await called(agent, asked)
        assert (await agent.ok("GET", path))["tries"] == 0


async def test_a_call_is_cancelled_by_its_code_until_somebody_calls(
    house: House, people: ApiPeople
) -> None:
    resident, other = [await people.resident(house.url) for _ in range(2)]
    asked = await resident.ok("POST", "/bookings", callback())
    agent = await people.agent(house.url, "town1")
    offer = await offer_of(agent)
    assert (await other.ok("DELETE", f"/bookings/{asked['code']}"))["state"] == "cancelled"
    await presence_is(agent, "available")
    assert await refusal(agent, "POST", f"/offers/{offer['id']}/accept") == (409, "offer_gone")
    assert await house.rows("SELECT phone FROM ticket_contact") == []

    again = await resident.ok("POST", "/bookings", callback())
    assert await refusal(other, "POST", f"/bookings/{again['code']}/arrive") == (
        409,
        "booking_not_appointment",
    )
    await called(agent, again)
    assert await refusal(other, "DELETE", f"/bookings/{again['code']}") == (409, "booking_fixed")


async def test_a_call_cancelled_in_the_moment_of_its_taking_is_one_or_the_other(
    house_of_each: House, people: ApiPeople
) -> None:
    house = house_of_each
    resident = await people.resident(house.url)
    agent = await people.agent(house.url, "town1")
    for _ in range(5):
        asked = await resident.ok("POST", "/bookings", callback())
        offer = await offer_of(agent)
        (taken, accepted), (cancelled, gone) = await asyncio.gather(
            agent.call("POST", f"/offers/{offer['id']}/accept"),
            resident.call("DELETE", f"/bookings/{asked['code']}"),
        )
        won = (200, 409) if taken == 200 else (409, 200)
        assert (taken, cancelled) == won, (accepted, gone)
        numbers = await house.rows("SELECT phone FROM ticket_contact")
        if taken == 200:
            assert gone["code"] == "booking_fixed"
            assert numbers == [{"phone": DIGITS}]
            path = f"/callbacks/{asked['ticket']['id']}/result"
            await agent.ok("POST", path, {"result": "reached"})
        else:
            assert accepted["code"] == "offer_gone"
            assert numbers == []
        await presence_is(agent, "available")
        await agent.sees("no offer", lambda: not desk(agent).rows("offer"))


async def test_a_call_cancelled_at_the_page_leaves_no_telephone_number(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    number = await resident.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    starts_at = await first_free(resident)
    body = callback(ticket_id=number["id"], starts_at=starts_at)
    asked = await resident.ok("POST", "/bookings", body)
    assert asked["state"] == "callback"
    gone = await resident.ok("POST", f"/tickets/{number['id']}/cancel")
    assert (gone["state"], gone["undo_until"]) == ("cancelled", None)
    assert await refusal(resident, "POST", f"/tickets/{number['id']}/restore") == (409, "undo_over")

    async def forgotten() -> bool:
        return await house.rows("SELECT phone FROM ticket_contact") == []

    await until(forgotten, what="the number is deleted")

    async def freed() -> bool:
        return await house.taken(starts_at) == 0

    await until(freed, what="the slot is free")


async def test_a_page_goes_on_to_another_number_beside_the_call(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    number = await resident.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    starts_at = await first_free(resident)
    body = callback(ticket_id=number["id"], starts_at=starts_at)
    asked = await resident.ok("POST", "/bookings", body)
    assert await refusal(resident, "POST", "/bookings", body) == (409, "ticket_not_bookable")
    # Nobody has to wait at the page for it: another number can be taken.
    other = await resident.ok("POST", "/tickets", {"item_code": "food-business-licence"})
    house.clock.set(dt.datetime.fromisoformat(starts_at))
    await house.becomes(resident, asked["code"], "waiting")
    await resident.sees(
        "the other number alone",
        lambda: [row["id"] for row in visit(resident).rows("ticket")] == [other["id"]],
    )
    number_, snapshot = await resident.fresh(visit(resident).topic)
    await resident.sees("all events", lambda: visit(resident).number >= number_)
    assert visit(resident).state == snapshot
    assert (await resident.ok("GET", "/residents/current"))["ticket"]["id"] == other["id"]


async def test_whom_nobody_could_call_is_told_so(house: House, people: ApiPeople) -> None:
    resident = await people.resident(house.url)

    async def asked(**more: Any) -> tuple[int, str]:
        return await refusal(resident, "POST", "/bookings", callback(**more))

    assert await asked(phone="12345") == (422, "phone_unusable")
    assert await asked(phone=None) == (422, "phone_missing")
    assert await asked(phone="1" * 41) == (422, "body_invalid")
    assert await asked(item_code="nothing") == (404, "item_unknown")
    number = await resident.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    assert await asked() == (409, "ticket_already_open")
    differs = await asked(ticket_id=number["id"], item_code="food-business-licence")
    assert differs == (422, "booking_item_differs")
    await resident.ok("DELETE", "/residents/current")
    await resident.ok("POST", "/residents", {"place": "taopu", "language": "zh-CN"})
    assert await asked() == (403, "consent_missing")
    assert await house.rows("SELECT phone FROM ticket_contact") == []


async def test_a_telephone_number_is_deleted_after_thirty_days_whatever_became_of_it(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    asked = await resident.ok("POST", "/bookings", callback(phone=f"+86 {PHONE}"))
    await resident.ok("DELETE", "/residents/current")
    await house.change("UPDATE ticket_contact SET asked_at = '2024-10-20 00:00:00.000000'")
    await house.tidied()
    assert await house.rows("SELECT phone FROM ticket_contact") == []
    other = await people.resident(house.url)
    assert (await other.ok("GET", f"/bookings/{asked['code']}"))["state"] == "cancelled"
