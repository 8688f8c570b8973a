"""The calendar and the overflow rules, as administrators write them."""

from typing import Any

import pytest
from sqlmodel import select

from server.organisations.tables import OverflowRule
from server.tickets.overflow.scene import read_rules
from tests.integration.organisations.conftest import House

NEW_YEAR = {
    "day": "2027-01-01",
    "kind": "holiday",
    "name": {"zh-CN": "元旦", "en": "New Year's Day"},
}


async def test_a_year_is_listed_by_an_administrator(house: House) -> None:
    admin = await house.staff("admin")
    known = (await admin.call("GET", "/calendar/2024")).body
    assert (known["provisional"], len(known["days"])) == (False, 36)
    unknown = (await admin.call("GET", "/calendar/2027")).body
    assert (unknown["provisional"], unknown["days"]) == (True, [])
    listed = await admin.call("PUT", "/calendar/2027", {"days": [NEW_YEAR]})
    assert listed.body == {"year": 2027, "provisional": False, "days": [NEW_YEAR]}
    assert len((await admin.call("GET", "/calendar/2024")).body["days"]) == 36
    again = await admin.call("PUT", "/calendar/2027", {"days": []})
    assert again.body["provisional"]
    assert await house.audited() == ["calendar.list", "calendar.list"]


async def test_days_that_do_not_belong_there_are_explained(house: House) -> None:
    admin = await house.staff("admin")
    path = "/calendar/2027"
    for days, code in (
        ([NEW_YEAR, NEW_YEAR], "calendar_day_twice"),
        ([NEW_YEAR | {"day": "2026-12-31"}], "calendar_day_elsewhere"),
        ([NEW_YEAR | {"kind": "birthday"}], "body_invalid"),
    ):
        refused = await admin.call("PUT", path, {"days": days})
        assert (refused.status, refused.code) == (422, code)
    for year in ("1999", "x", "２０２７", "99999999999"):
        assert (await admin.call("GET", f"/calendar/{year}")).status == 404
    for name in ("lead1", "town1"):
        person = await house.staff(name)
        assert (await person.call("PUT", path, {"days": []})).status == 404
        assert (await person.call("GET", path)).status == 200


@pytest.mark.parametrize("org", ["caoyang-xincun", "suzhou-gusu"])
async def test_nobody_lists_holidays_for_windows_of_others(house: House, org: str) -> None:
    """All windows go by one calendar: an administrator of a street can't close the district."""
    await house.move("admin", org)
    admin = await house.staff("admin")
    assert (await admin.call("PUT", "/calendar/2027", {"days": [NEW_YEAR]})).status == 404
    assert (await admin.call("GET", "/calendar/2027")).body["days"] == []
    assert (await admin.call("GET", "/overflow-rules")).status == 200


async def test_rules_are_read_and_written_as_a_whole(house: House) -> None:
    admin = await house.staff("admin")
    rules = (await admin.call("GET", "/overflow-rules")).body["rules"]
    assert [rule["code"] for rule in rules] == [
        "language-after-a-minute",
        "street-town-to-neighbours",
        "delta-to-partners",
        "help-desk-after-five-minutes",
    ]
    last = rules[3] | {"after_seconds": 120, "item_code": "residence-permit", "org": "taopu"}
    off = rules[0] | {"enabled": False}
    written = await admin.call("PUT", "/overflow-rules", {"rules": [last, off]})
    assert written.body["rules"] == [last, off]
    async with house.parts.work.read() as session:
        (found,) = await read_rules(session)
    assert (found.code, found.after_seconds, found.position) == (last["code"], 120, 1)
    assert found.org_path == "/shanghai/putuo/taopu/"
    assert await house.audited() == ["overflow.rules"]


RULE = {"code": "mine", "org": "putuo", "widening": "help_desk", "after_seconds": 9}


@pytest.mark.parametrize(
    ("rules", "status", "code"),
    [
        ([{**RULE, "after_seconds": None}], 422, "rule_without_trigger"),
        ([RULE, RULE], 422, "rule_twice"),
        ([{**RULE, "org": "atlantis"}], 422, "org_unknown"),
        ([{**RULE, "item_code": "无此事项"}], 422, "item_unknown"),
        ([{**RULE, "org": "suzhou-gusu"}], 404, "not_found"),
        ([{**RULE, "org": "shanghai"}], 404, "not_found"),
        ([{**RULE, "code": "theirs"}], 422, "rule_elsewhere"),
        ([{**RULE, "after_seconds": -1}], 422, "body_invalid"),
        ([{**RULE, "widening": "everywhere"}], 422, "body_invalid"),
        ([{**RULE, "code": "Mit Leerzeichen"}], 422, "body_invalid"),
    ],
)
async def test_rules_that_can_not_be_are_explained(
    house: House, rules: list[Any], status: int, code: str
) -> None:
    async with house.parts.work.database.write() as session:
        session.add(
            OverflowRule(code="theirs", org_path="/jiangsu/", widening="language", after_seconds=1)
        )
        await session.commit()
    admin = await house.staff("admin")
    before = (await admin.call("GET", "/overflow-rules")).body
    refused = await admin.call("PUT", "/overflow-rules", {"rules": rules})
    assert (refused.status, refused.code) == (status, code)
    assert (await admin.call("GET", "/overflow-rules")).body == before


async def test_others_rules_are_not_shown_and_stay(house: House) -> None:
    async with house.parts.work.database.write() as session:
        session.add(
            OverflowRule(code="theirs", org_path="/jiangsu/", widening="language", after_seconds=1)
        )
        await session.commit()
    admin = await house.staff("admin")
    assert (await admin.call("PUT", "/overflow-rules", {"rules": []})).body == {"rules": []}
    async with house.parts.work.read() as session:
        codes = list((await session.execute(select(OverflowRule.code))).scalars())
    assert codes == ["theirs"]
    for name in ("lead1", "agent1"):
        person = await house.staff(name)
        assert (await person.call("GET", "/overflow-rules")).status == 404
        assert (await person.call("PUT", "/overflow-rules", {"rules": []})).status == 404
