"""Hours and closures: who may set them, what counts, and what everybody sees of it."""

from typing import Any

import pytest

from server.organisations.openings import open_ids, read_desks
from tests.integration.organisations.conftest import House

# The clock of these tests stands at 17:30 in Shanghai, on Wednesday, 20 November 2024.
OFFICE_HOURS = {"working_days": [["09:00", "11:30"], ["13:30", "17:00"]], "saturday": []}
TOWN = "/organisations/caoyang-xincun"


async def test_everybody_sees_when_an_organisation_is_open(house: House) -> None:
    lead = await house.staff("lead1")
    seen = (await lead.page.call("GET", f"{TOWN}/hours")).body
    assert (seen["open"], seen["hours"], seen["opens_at"]) == (True, None, None)
    assert [window["code"] for window in seen["windows"]] == [
        "caoyang-xincun-1",
        "caoyang-xincun-2",
    ]
    assert all(window["inherited"] and window["open"] for window in seen["windows"])
    assert (await lead.page.call("GET", "/organisations/atlantis/hours")).code == "org_unknown"


async def test_hours_of_an_organisation_count_for_windows_without_their_own(house: House) -> None:
    admin = await house.staff("admin")
    set_ = await admin.call("PUT", f"{TOWN}/hours", {"hours": OFFICE_HOURS})
    assert set_.status == 200
    assert set_.body["hours"]["working_days"] == OFFICE_HOURS["working_days"]
    assert (set_.body["open"], set_.body["reason"]) == (False, "hours")
    assert set_.body["opens_at"] == "2024-11-21T01:00:00.000Z"

    window = await house.window("caoyang-xincun-1")
    late = {"working_days": [["09:00", "20:00"]]}
    own = await admin.call("PUT", f"/windows/{window}/hours", {"hours": late})
    assert (own.body["inherited"], own.body["open"]) == (False, True)
    assert own.body["closes_at"] == "2024-11-20T12:00:00.000Z"
    assert (await admin.call("GET", f"{TOWN}/hours")).body["open"]

    back = await admin.call("PUT", f"/windows/{window}/hours", {"hours": None})
    assert (back.body["inherited"], back.body["open"]) == (True, False)
    assert await house.audited() == ["organisation.hours", "window.hours", "window.hours"]


async def test_a_supervisor_closes_a_window_and_opens_it_again(house: House) -> None:
    lead = await house.staff("lead1")
    window = await house.window("putuo-market")
    path = f"/windows/{window}/closure"
    now = house.parts.clock.now()
    body = {"closed": True, "until": "2024-11-20T12:00:00Z", "reason": "停电"}
    closed = await lead.call("PUT", path, body)
    assert closed.body == {
        "closed": True,
        "since": "2024-11-20T09:30:00.000Z",
        "until": "2024-11-20T12:00:00.000Z",
        "reason": "停电",
        "version": 2,
    }
    seen = (await lead.call("GET", f"/windows/{window}/hours")).body
    assert (seen["open"], seen["reason"]) == (False, "closed")
    assert seen["opens_at"] == "2024-11-20T12:00:00.000Z"
    async with house.parts.work.read() as session:
        assert window not in open_ids(await read_desks(session, now), now)

    # Once more, with another end: it is closed since the first time.
    house.parts.clock.move(minutes=10)
    longer = await lead.call("PUT", path, {"closed": True})
    assert (longer.body["since"], longer.body["until"]) == ("2024-11-20T09:30:00.000Z", None)
    opened = await lead.call("PUT", path, {"closed": False})
    assert (opened.body["closed"], opened.body["since"], opened.body["reason"]) == (
        False,
        None,
        None,
    )
    async with house.parts.work.read() as session:
        assert window in open_ids(await read_desks(session, now), now)
    assert await house.audited() == ["window.close", "window.close", "window.open"]


async def test_closing_an_organisation_closes_its_own_windows_alone(house: House) -> None:
    lead = await house.staff("lead1")
    assert (await lead.call("PUT", "/organisations/putuo/closure", {"closed": True})).status == 200
    assert not (await lead.call("GET", "/organisations/putuo/hours")).body["open"]
    assert (await lead.call("GET", f"{TOWN}/hours")).body["open"]
    assert await house.audited() == ["organisation.close"]


async def test_a_closure_ends_by_itself(house: House) -> None:
    lead = await house.staff("lead1")
    await lead.call("PUT", f"{TOWN}/closure", {"closed": True, "until": "2024-11-20T10:00:00Z"})
    assert not (await lead.call("GET", f"{TOWN}/hours")).body["open"]
    house.parts.clock.move(minutes=30)
    assert (await lead.call("GET", f"{TOWN}/hours")).body["open"]


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ({"working_days": [["11:00", "09:00"]]}, "hours_order"),
        ({"working_days": [["09:00", "11:00"], ["10:30", "12:00"]]}, "hours_overlap"),
        ({"working_days": [], "sunday": [["09:00", "09:00"]]}, "hours_order"),
        ({"working_days": [], "other_days": {"2024-12-31": [["9", "10"]]}}, "body_invalid"),
        ({"working_days": [["09:00", "25:00"]]}, "body_invalid"),
        ({"working_days": [], "zone": "Europe/Berlin"}, "body_invalid"),
        ({"working_days": [], "monday": []}, "body_invalid"),
        ({}, "body_invalid"),
    ],
)
async def test_hours_that_can_not_be_are_explained(house: House, hours: Any, code: str) -> None:
    admin = await house.staff("admin")
    refused = await admin.call("PUT", f"{TOWN}/hours", {"hours": hours})
    assert (refused.status, refused.code) == (422, code)
    assert "{" not in refused.body["detail"]
    assert (await admin.call("GET", f"{TOWN}/hours")).body["hours"] is None


async def test_a_closure_that_would_be_over_already_is_refused(house: House) -> None:
    lead = await house.staff("lead1")
    body = {"closed": True, "until": "2024-11-20T09:30:00Z"}
    refused = await lead.call("PUT", f"{TOWN}/closure", body)
    assert (refused.status, refused.code) == (422, "closure_over")
    naive = {"closed": True, "until": "2024-11-20T12:00:00"}
    assert (await lead.call("PUT", f"{TOWN}/closure", naive)).code == "body_invalid"


async def test_who_does_not_look_after_a_place_changes_nothing_there(house: House) -> None:
    window = await house.window("caoyang-xincun-1")
    partner = await house.window("suzhou-gusu-delta")
    close, hours = {"closed": True}, {"hours": None}
    for name in ("town1", "agent1", "delta1"):
        person = await house.staff(name)
        for path in (f"/windows/{window}", f"/windows/{partner}", TOWN):
            assert (await person.call("PUT", f"{path}/closure", close)).status == 404
            assert (await person.call("PUT", f"{path}/hours", hours)).status == 404
        assert (await person.call("GET", f"/windows/{window}/hours")).status == 404
    lead, admin = await house.staff("lead1"), await house.staff("admin")
    assert (await lead.call("PUT", f"{TOWN}/hours", hours)).status == 404
    for person in (lead, admin):
        assert (await person.call("PUT", f"/windows/{partner}/closure", close)).status == 404
        answer = await person.call("PUT", "/organisations/suzhou-gusu/closure", close)
        assert answer.status == 404
    assert await house.audited() == []


@pytest.mark.parametrize(
    "until",
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"],
)
async def test_a_closure_to_the_end_of_time_closes_nothing_else(house: House, until: str) -> None:
    lead = await house.staff("lead1")
    path = f"/windows/{await house.window('putuo-market')}"
    refused = await lead.call("PUT", f"{path}/closure", {"closed": True, "until": until})
    assert (refused.status, refused.code) == (422, "body_invalid")
    far = {"closed": True, "until": "2199-12-31T23:59:59Z"}
    assert (await lead.call("PUT", f"{path}/closure", far)).status == 200
    assert (await lead.call("GET", f"{path}/hours")).body["opens_at"] == "2199-12-31T23:59:59.000Z"
    assert (await lead.call("GET", "/organisations/putuo/hours")).status == 200


async def test_who_closes_again_after_a_closure_has_ended_closes_from_now_on(house: House) -> None:
    lead = await house.staff("lead1")
    path = f"/windows/{await house.window('putuo-market')}/closure"
    await lead.call("PUT", path, {"closed": True, "until": "2024-11-20T10:00:00Z"})
    house.parts.clock.move(minutes=60)
    again = await lead.call("PUT", path, {"closed": True})
    assert again.body["since"] == "2024-11-20T10:30:00.000Z"
