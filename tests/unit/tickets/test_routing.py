"""Which organisation serves an item for a place, and what it asks of an agent."""

from uuid import uuid4

import pytest

from server.catalogue.tables import ServiceItem
from server.organisations.tables import OrgUnit, Window
from server.tickets.routing import NoWindowServes, own_reach, serving_org


def org(code: str, level: str = "x") -> OrgUnit:
    return OrgUnit(id=uuid4(), code=code, name_zh=code, name_en=code, level=level, path=f"/{code}/")


def window(code: str, owner: OrgUnit) -> tuple[Window, OrgUnit]:
    made = Window(
        id=uuid4(), code=code, org_id=owner.id, channel="x", skills=[], name_zh=code, name_en=code
    )
    return made, owner


def item(channel: str, partner: str | None = None, subject: str = "person") -> ServiceItem:
    return ServiceItem(
        code="licence",
        position=1,
        name_zh="x",
        name_en="x",
        initials="x",
        channel=channel,
        subject=subject,
        skills=[],
        handling_minutes=10,
        default_partner_window=partner,
        promised_working_days=1,
        fee_fen=0,
        document={},
    )


VILLAGE, OTHER, PARTNER, SECOND = (
    org(code) for code in ("village", "a-other", "jiaxing", "suzhou")
)
TOWN, DISTRICT = org("town", "street_town"), org("district", "district")
LINE = [VILLAGE, TOWN, DISTRICT]


def test_the_nearest_organisation_with_an_able_window_serves() -> None:
    able = [window("d", DISTRICT), window("t", TOWN), window("o", OTHER)]
    assert serving_org(item("street_town"), LINE, able) is TOWN
    assert serving_org(item("district"), LINE, able[:1] + able[2:]) is DISTRICT


def test_without_one_in_its_line_a_place_is_always_served_by_the_same_other() -> None:
    able = [window("p", PARTNER), window("o", OTHER)]
    assert serving_org(item("district"), LINE, able) is OTHER
    assert serving_org(item("district"), LINE, list(reversed(able))) is OTHER


def test_a_delta_item_goes_to_its_own_partner_window() -> None:
    able = [window("first", PARTNER), window("second", SECOND)]
    assert serving_org(item("yangtze_delta", "second"), LINE, able) is SECOND
    assert serving_org(item("yangtze_delta", "first"), LINE, able) is PARTNER


def test_a_delta_item_whose_window_is_gone_goes_to_another_able_one() -> None:
    assert serving_org(item("yangtze_delta", "gone"), LINE, [window("a", SECOND)]) is SECOND


def test_a_partner_window_is_not_asked_for_other_channels() -> None:
    able = [window("first", PARTNER), window("t", TOWN)]
    assert serving_org(item("street_town", "first"), LINE, able) is TOWN


def test_no_able_window_is_said() -> None:
    with pytest.raises(NoWindowServes) as refused:
        serving_org(item("district"), LINE, [])
    assert refused.value.code == "no_window_serves"
    assert refused.value.params == {"item": "licence"}


def test_an_enterprise_prefers_the_district_and_a_person_the_street_town() -> None:
    able = [window("d", DISTRICT), window("t", TOWN), window("v", VILLAGE)]
    assert serving_org(item("district", subject="enterprise"), LINE, able) is DISTRICT
    assert serving_org(item("district"), LINE, able) is TOWN
    assert serving_org(item("district", subject="enterprise"), LINE, able[1:]) is VILLAGE


def test_who_is_closed_does_not_count_while_somebody_else_of_the_line_is_open() -> None:
    town, district, other = able = [window("t", TOWN), window("d", DISTRICT), window("o", OTHER)]
    ids = {name: made.id for name, (made, _) in zip("tdo", (town, district, other), strict=True)}
    assert serving_org(item("street_town"), LINE, able, {ids["d"], ids["o"]}) is DISTRICT
    # Not somebody else's street-town: that is for the overflow rules to say.
    assert serving_org(item("street_town"), LINE, able, {ids["o"]}) is TOWN
    assert serving_org(item("street_town"), LINE, able, set()) is TOWN


def test_one_open_window_of_several_is_enough() -> None:
    able = [window("t1", TOWN), window("t2", TOWN), window("d", DISTRICT)]
    assert serving_org(item("street_town"), LINE, able, {able[1][0].id, able[2][0].id}) is TOWN


def test_while_a_partner_is_closed_the_own_district_comes_before_other_partners() -> None:
    able = [window("first", SECOND), window("second", PARTNER), window("own", DISTRICT)]
    first, second, own = (made.id for made, _ in able)
    delta = item("yangtze_delta", "first")
    assert serving_org(delta, LINE, able, {first, second, own}) is SECOND
    assert serving_org(delta, LINE, able, {second, own}) is DISTRICT
    assert serving_org(delta, LINE, able, {second}) is PARTNER
    assert serving_org(delta, LINE, able, set()) is SECOND


def test_chinese_is_asked_of_nobody_in_particular() -> None:
    asked = {
        language: own_reach(item("street_town"), TOWN, language).language
        for language in ("zh-CN", "en")
    }
    assert asked == {"zh-CN": None, "en": "en"}
