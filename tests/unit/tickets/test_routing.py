"""Which organisation serves an item for a place."""

from uuid import uuid4

import pytest

from server.catalogue.tables import ServiceItem
from server.organisations.tables import OrgUnit, Window
from server.tickets.routing import NoWindowServes, serving_org


def org(code: str) -> OrgUnit:
    return OrgUnit(id=uuid4(), code=code, name_zh=code, name_en=code, level="x", path=f"/{code}/")


def window(code: str, owner: OrgUnit) -> tuple[Window, OrgUnit]:
    made = Window(
        id=uuid4(), code=code, org_id=owner.id, channel="x", skills=[], name_zh=code, name_en=code
    )
    return made, owner


def item(channel: str, partner: str | None = None) -> ServiceItem:
    return ServiceItem(
        code="licence",
        position=1,
        name_zh="x",
        name_en="x",
        initials="x",
        channel=channel,
        subject="person",
        skills=[],
        handling_minutes=10,
        default_partner_window=partner,
        promised_working_days=1,
        fee_fen=0,
        document={},
    )


VILLAGE, TOWN, DISTRICT, OTHER, PARTNER, SECOND = (
    org(code) for code in ("village", "town", "district", "a-other", "jiaxing", "suzhou")
)
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
