"""Appointments: a time is booked, and who comes for it is served then."""

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.bookings.conftest import (
    SHANGHAI,
    TOWN_ITEM,
    WEDNESDAY,
    House,
    appointment,
    callback,
    first_free,
    refusal,
    running_house,
    slots,
)
from tests.support.api_people import ApiPeople, offer_of, visit
from tests.support.caches import Valkey
from tests.support.waiting import until

TOMORROW = "2024-11-21"


def local(moment: str) -> str:
    return dt.datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def at(hour: int, minute: int = 0, *, days: int = 0) -> dt.datetime:
    """A time of Wednesday, or of so many days after it."""
    return WEDNESDAY.replace(hour=hour, minute=minute) + dt.timedelta(days=days)


async def test_the_calendar_has_the_hours_of_working_days_from_a_quarter_of_an_hour_on(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    found = await slots(resident)
    days = found["days"]
    assert [days[0]["day"], days[-1]["day"], len(days)] == ["2024-11-20", "2024-12-03", 14]
    closed = {day["day"] for day in days if not day["open"]}
    assert closed == {"2024-11-23", "2024-11-24", "2024-11-30", "2024-12-01"}
    # From 9:50 on, the first that is a quarter of an hour away; a whole day has 10 and 14.
    assert local(found["slots"][0]["starts_at"]) == "11-20 10:15"
    assert local(found["slots"][0]["ends_at"]) == "11-20 10:30"
    assert [day["free"] for day in days[:2]] == [5 + 14, 24]
    morrow = [local(slot["starts_at"]) for slot in (await slots(resident, TOMORROW))["slots"]]
    assert [morrow[0], morrow[9], morrow[10], morrow[-1]] == [
        "11-21 09:00", "11-21 11:15", "11-21 13:30", "11-21 16:45",
    ]  # fmt: skip
    assert (await slots(resident, "2024-11-23"))["slots"] == []
    assert (await slots(resident, "2025-11-20"))["slots"] == []
    assert await refusal(resident, "GET", "/booking-slots?item_code=nothing") == (
        404,
        "item_unknown",
    )


async def test_an_appointment_from_booking_to_the_call(
    house_of_each: House, people: ApiPeople
) -> None:
    house = house_of_each
    booker = await people.resident(house.url)
    starts_at = await first_free(booker, TOMORROW)
    booked = await appointment(booker, starts_at)
    code = booked["code"]
    assert (len(code), code.isdecimal()) == (8, True)
    assert (booked["state"], booked["kind"], booked["starts_at"]) == (
        "booked",
        "appointment",
        starts_at,
    )
    assert booked["ticket"]["number"] == "B001"  # of its own day

    # It is nobody's live number: one can be taken now, and the page follows that.
    now = await booker.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    assert (await booker.ok("GET", "/residents/current"))["ticket"]["id"] == now["id"]
    await booker.sees("the number", lambda: [t["id"] for t in visit(booker).rows("ticket")])
    assert visit(booker).only("ticket")["id"] == now["id"]
    await booker.ok("DELETE", "/residents/current")

    # Another day, another kiosk; the code is enough.
    house.clock.set(at(8, 30, days=1))
    guest = await people.resident(house.url, place="taopu")
    status, problem = await guest.call("POST", f"/bookings/{code}/arrive")
    assert (status, problem["code"]) == (409, "too_early")
    assert problem["params"]["due_at"] == starts_at
    assert local(problem["params"]["arrive_from"]) == "11-21 08:45"
    house.clock.set(at(8, 50, days=1))
    come = await guest.ok("POST", f"/bookings/{code}/arrive")
    assert (come["state"], come["kind"], come["number"]) == ("waiting", "appointment", "B001")
    assert (come["place_code"], come["serving_org_code"]) == ("taopu", "caoyang-xincun")
    assert come["priority"] == ["appointment"]
    ranked = dt.datetime.fromisoformat(starts_at) - dt.timedelta(minutes=10)
    assert dt.datetime.fromisoformat(come["rank_at"]) == ranked
    assert come["booking_code"] == code
    assert (await guest.ok("POST", f"/bookings/{code}/arrive"))["version"] == come["version"]
    await guest.sees("its ticket", lambda: visit(guest).rows("ticket"))
    assert visit(guest).only("ticket")["id"] == come["id"]

    other = await people.resident(house.url)
    assert await refusal(other, "POST", f"/bookings/{code}/arrive") == (409, "booking_fixed")
    assert await refusal(other, "GET", f"/tickets/{come['id']}") == (404, "not_found")
    agent = await people.agent(house.url, "town1")
    offer = await offer_of(agent)
    assert offer["ticket"]["id"] == come["id"]
    seen = await agent.ok("GET", f"/tickets/{come['id']}")
    assert seen["booking_code"] is None
    accepted = await agent.ok("POST", f"/offers/{offer['id']}/accept")
    assert accepted["kind"] == "serve"
    assert accepted["session_id"]
    assert await refusal(guest, "DELETE", f"/bookings/{code}") == (409, "booking_fixed")


async def test_wrong_codes_give_no_hint_and_are_limited_right_ones_are_not(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    booked = await appointment(resident, await first_free(resident, TOMORROW))
    for _ in range(15):
        await resident.ok("GET", f"/bookings/{booked['code']}")
    wrong = f"{(int(booked['code']) + 1) % 10**8:08d}"
    answers = set()
    for code in (wrong, "1", "abcdefgh", "１２３４５６７８"):
        status, problem = await resident.call("GET", f"/bookings/{code}")
        answers.add((status, problem["code"], problem["detail"], str(problem["params"])))
    assert len(answers) == 1
    assert {answer[:2] for answer in answers} == {(404, "booking_unknown")}
    for method, path, body in (
        ("PUT", "", {"starts_at": booked["starts_at"]}),
        ("DELETE", "", None),
        ("POST", "/arrive", None),
    ):
        assert await refusal(resident, method, f"/bookings/{wrong}{path}", body) == (
            404,
            "booking_unknown",
        )
    statuses = [(await resident.call("GET", f"/bookings/{wrong}"))[0] for _ in range(6)]
    assert statuses[:3] == [404] * 3
    assert statuses[3:] == [429] * 3


async def test_two_at_once_for_the_last_place_and_one_gets_it(
    house_of_each: House, people: ApiPeople
) -> None:
    house = house_of_each
    guests = [await people.resident(house.url) for _ in range(4)]
    starts_at = await first_free(guests[0], TOMORROW)
    body = {"kind": "appointment", "item_code": TOWN_ITEM, "starts_at": starts_at}
    answers = await asyncio.gather(*(guest.call("POST", "/bookings", body) for guest in guests))
    # Two windows are able, so two get a place.
    assert sorted(status for status, _ in answers) == [201, 201, 409, 409]
    for status, answer in answers:
        if status == 409:
            assert answer["code"] == "slot_full"
            free = answer["params"]["free"]
            assert [local(moment)[-5:] for moment in free] == [
                "09:15", "09:30", "09:45", "10:00", "10:15",
            ]  # fmt: skip
    assert await house.taken(starts_at) == 2
    shown = (await slots(guests[0], TOMORROW))["slots"]
    assert [slot["free"] for slot in shown[:2]] == [False, True]

    # Two change places with one another, again and again, and nobody waits for ever.
    first, second = (answer for status, answer in answers if status == 201)
    later = shown[1]["starts_at"]
    await guests[0].ok("PUT", f"/bookings/{second['code']}", {"starts_at": later})
    for moment, other in ((later, starts_at), (starts_at, later)) * 3:
        await asyncio.gather(
            guests[0].ok("PUT", f"/bookings/{first['code']}", {"starts_at": moment}),
            guests[1].ok("PUT", f"/bookings/{second['code']}", {"starts_at": other}),
        )
        assert (await house.taken(starts_at), await house.taken(later)) == (1, 1)


async def test_a_booking_is_moved_and_cancelled_by_whoever_has_its_code(
    house: House, people: ApiPeople
) -> None:
    booker, holder = await people.resident(house.url), await people.resident(house.url)
    old = await first_free(booker, TOMORROW)
    booked = await appointment(booker, old)
    path = f"/bookings/{booked['code']}"
    new = await first_free(booker, "2024-11-22")
    moved = await holder.ok("PUT", path, {"starts_at": new})
    assert (moved["starts_at"], moved["state"]) == (new, "booked")
    assert (await house.taken(old), await house.taken(new)) == (0, 1)
    assert (await holder.ok("PUT", path, {"starts_at": new}))["starts_at"] == new
    assert await house.taken(new) == 1
    assert await refusal(holder, "PUT", path, {"starts_at": None}) == (422, "booking_time_missing")
    off = {"starts_at": at(9, 7, days=1).isoformat()}
    assert await refusal(holder, "PUT", path, off) == (422, "slot_unknown")
    assert (await holder.ok("GET", path))["starts_at"] == new

    gone = await holder.ok("DELETE", path)
    assert gone["state"] == "cancelled"
    assert await holder.ok("DELETE", path) == gone
    assert await house.taken(new) == 0
    assert await refusal(holder, "PUT", path, {"starts_at": old}) == (409, "booking_fixed")
    assert await refusal(holder, "POST", f"{path}/arrive") == (409, "booking_fixed")
    # A day later the code is nobody's.
    house.clock.move(hours=25)
    again = await people.resident(house.url)
    assert await refusal(again, "GET", path) == (404, "booking_unknown")


async def test_an_appointment_nobody_comes_for_is_given_up_and_its_slot_freed(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    starts_at = await first_free(resident)
    booked = await appointment(resident, starts_at)
    late = await appointment(resident, starts_at)
    house.clock.set(dt.datetime.fromisoformat(starts_at) + dt.timedelta(minutes=25))
    come = await resident.ok("POST", f"/bookings/{late['code']}/arrive")
    # Late, but in time: behind nobody who came since, ahead by its head start.
    waited = dt.datetime.fromisoformat(come["waiting_since"])
    assert dt.datetime.fromisoformat(come["rank_at"]) == waited - dt.timedelta(minutes=10)
    house.clock.move(minutes=6)
    other = await people.resident(house.url)
    assert await refusal(other, "POST", f"/bookings/{booked['code']}/arrive") == (
        409,
        "booking_missed",
    )
    gone = await house.becomes(other, booked["code"], "abandoned")
    assert gone["starts_at"] == starts_at
    assert await house.taken(starts_at) == 1
    assert await refusal(other, "POST", f"/bookings/{booked['code']}/arrive") == (
        409,
        "booking_missed",
    )


async def test_who_has_a_number_or_has_not_agreed_cannot_arrive(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    booked = await appointment(resident, await first_free(resident))
    house.clock.set(dt.datetime.fromisoformat(booked["starts_at"]))
    arrive = f"/bookings/{booked['code']}/arrive"
    number = await resident.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    assert await refusal(resident, "POST", arrive) == (409, "ticket_already_open")
    await resident.ok("POST", f"/tickets/{number['id']}/cancel")
    come = await resident.ok("POST", arrive)
    # It is the page's ticket now, and the cancelled number does not come back beside it.
    await resident.sees(
        "the appointment alone",
        lambda: [row["id"] for row in visit(resident).rows("ticket")] == [come["id"]],
    )
    _, snapshot = await resident.fresh(visit(resident).topic)
    assert list(snapshot["ticket"]) == [come["id"]]
    assert await refusal(resident, "POST", f"/tickets/{number['id']}/restore") == (
        409,
        "ticket_already_open",
    )
    assert await refusal(resident, "POST", "/tickets", {"item_code": TOWN_ITEM}) == (
        409,
        "ticket_already_open",
    )
    await resident.ok("DELETE", "/residents/current")
    assert (await house.rows("SELECT state FROM ticket WHERE kind = 'appointment'")) == [
        {"state": "cancelled"}
    ]

    silent = await people.resident(house.url)
    other = await appointment(silent, await first_free(silent, TOMORROW))
    await silent.ok("DELETE", "/residents/current")
    await silent.ok("POST", "/residents", {"place": "taopu", "language": "zh-CN"})
    assert await refusal(silent, "POST", f"/bookings/{other['code']}/arrive") == (
        403,
        "consent_missing",
    )


async def test_a_waiting_number_is_given_up_for_an_appointment(
    house: House, people: ApiPeople
) -> None:
    resident, behind = [await people.resident(house.url) for _ in range(2)]
    number = await resident.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    following = await behind.ok("POST", "/tickets", {"item_code": TOWN_ITEM})
    assert following["ahead"] == 1
    starts_at = await first_free(resident, TOMORROW)
    body = {
        "kind": "appointment",
        "item_code": TOWN_ITEM,
        "starts_at": starts_at,
        "ticket_id": number["id"],
    }
    assert await refusal(behind, "POST", "/bookings", body) == (404, "not_found")
    booked = await resident.ok("POST", "/bookings", body)
    assert booked["state"] == "booked"
    assert (await resident.ok("GET", f"/tickets/{number['id']}"))["state"] == "cancelled"

    async def moved_up() -> bool:
        return bool((await behind.ok("GET", f"/tickets/{following['id']}"))["ahead"] == 0)

    await until(moved_up, what="the one behind has moved up")
    assert await refusal(resident, "POST", "/bookings", body) == (409, "ticket_not_bookable")


async def test_an_agent_is_asked_who_speaks_the_language_of_who_comes(
    house: House, people: ApiPeople
) -> None:
    booker, guest = [await people.resident(house.url) for _ in range(2)]
    booked = await appointment(booker, await first_free(booker))
    await guest.ok("PATCH", "/residents/current", {"language": "en"})
    house.clock.set(dt.datetime.fromisoformat(booked["starts_at"]))
    come = await guest.ok("POST", f"/bookings/{booked['code']}/arrive")
    (row,) = await house.rows("SELECT language, reach FROM ticket WHERE kind = 'appointment'")
    assert row["language"] == "en"
    assert [queue["language"] for queue in json.loads(row["reach"])] == ["en"]
    assert come["serving_org_code"] == booked["ticket"]["serving_org_code"]


async def test_nobody_waits_before_a_window_that_opens_later(
    house: House, people: ApiPeople
) -> None:
    resident = await people.resident(house.url)
    booked = await appointment(resident, await first_free(resident, TOMORROW))
    hours = '{"zone": "Asia/Shanghai", "working_days": [["09:00", "11:30"]]}'
    await house.change("UPDATE org_unit SET hours = :hours", hours=hours)
    house.clock.set(at(8, 50, days=1))
    guest = await people.resident(house.url)
    status, problem = await guest.call("POST", f"/bookings/{booked['code']}/arrive")
    assert (status, problem["code"]) == (409, "too_early")
    assert local(problem["params"]["arrive_from"]) == "11-21 09:00"
    house.clock.set(at(9, 0, days=1))
    assert (await guest.ok("POST", f"/bookings/{booked['code']}/arrive"))["state"] == "waiting"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"starts_at": None}, (422, "booking_time_missing")),
        ({"starts_at": "2024-11-21T01:00:00"}, (422, "body_invalid")),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, (422, "body_invalid")),
        ({"starts_at": "2024-11-20T01:00:00Z"}, (422, "slot_unknown")),
        ({"starts_at": "2024-12-05T01:00:00Z"}, (422, "slot_unknown")),
        ({"item_code": "nothing"}, (404, "item_unknown")),
        ({"kind": "visit"}, (422, "body_invalid")),
    ],
)
async def test_what_cannot_be_booked_is_said(
    house: House, people: ApiPeople, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    resident = await people.resident(house.url)
    body = {"kind": "appointment", "item_code": TOWN_ITEM, "starts_at": "2024-11-21T01:00:00Z"}
    assert await refusal(resident, "POST", "/bookings", body | change) == expected


async def test_an_installation_can_have_slots_at_all_hours(
    tmp_path: Path, valkey: Valkey, monkeypatch: pytest.MonkeyPatch, people: ApiPeople
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    settings: dict[str, Any] = {"booking_hours": [], "booking_lead_minutes": 0}
    async with running_house(folder, valkey, monkeypatch, **settings) as house:
        resident = await people.resident(house.url)
        found = await slots(resident)
        assert local(found["slots"][0]["starts_at"]) == "11-20 10:00"
        assert local(found["slots"][-1]["ends_at"]) == "11-21 00:00"
        booked = await appointment(resident, found["slots"][0]["starts_at"])
        come = await resident.ok("POST", f"/bookings/{booked['code']}/arrive")
        assert come["state"] == "waiting"
        assert await refusal(resident, "POST", "/bookings", callback()) == (
            409,
            "ticket_already_open",
        )
