"""Where a number goes, what it asks of an agent, and when it is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.organisations.hours import Reason
from server.organisations.tables import OrgUnit, Window
from server.tickets.routing import NoWindowServes, WindowsClosed
from tests.support.offices import Office, open_office

TOWN_ITEM = "residence-permit"
DISTRICT_ITEM = "food-business-licence"
DELTA_ITEM = "medical-insurance-transfer"
OFFICE_HOURS = {"zone": "Asia/Shanghai", "working_days": [["09:00", "11:30"], ["13:30", "17:00"]]}


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


async def queue(office: Office, item: str, place: str = "caoyang-xincun") -> str:
    found = await office.find(item, place=place)
    return f"{found.reach.channel}:{found.org.code}"


async def test_each_item_goes_to_its_channel_s_window_nearest_to_the_kiosk(office: Office) -> None:
    assert await queue(office, TOWN_ITEM) == "street_town:caoyang-xincun"
    assert await queue(office, TOWN_ITEM, "taopu") == "street_town:taopu"
    assert await queue(office, TOWN_ITEM, "caoyang-yuanyuan") == "street_town:caoyang-xincun"
    assert await queue(office, DISTRICT_ITEM) == "district:putuo"
    assert await queue(office, DELTA_ITEM) == "yangtze_delta:suzhou-gusu"
    assert await queue(office, "enterprise-relocation") == "yangtze_delta:suzhou-gusu"


async def test_an_english_page_asks_for_an_agent_who_speaks_it(office: Office) -> None:
    assert (await office.find(TOWN_ITEM)).reach.language is None
    assert (await office.find(TOWN_ITEM, language="en")).reach.language == "en"


async def test_a_closed_window_does_not_count(office: Office) -> None:
    # A window of the district that could do a street-town's item, when the own one is closed.
    await office.change(Window, "putuo-health", channel="street_town", skills=["residence"])
    assert await queue(office, TOWN_ITEM) == "street_town:caoyang-xincun"
    await office.change(OrgUnit, "caoyang-xincun", closed_since=office.clock.now())
    assert await queue(office, TOWN_ITEM) == "street_town:putuo"
    # The partner's window is closed: the own district's is nearer than other partners'.
    await office.change(Window, "suzhou-gusu-delta", closed_since=office.clock.now())
    assert await queue(office, DELTA_ITEM) == "yangtze_delta:putuo"
    await office.change(Window, "putuo-delta", closed_since=office.clock.now())
    assert await queue(office, DELTA_ITEM) == "yangtze_delta:hefei-shushan"


async def test_an_enterprise_s_item_prefers_the_district_and_a_person_s_the_street_town(
    office: Office,
) -> None:
    await office.change(Window, "caoyang-xincun-2", channel="district", skills=["food_permit"])
    assert await queue(office, DISTRICT_ITEM) == "district:putuo"
    await office.change(Window, "putuo-health", channel="street_town", skills=["residence"])
    assert await queue(office, TOWN_ITEM, "putuo") == "street_town:putuo"
    assert await queue(office, TOWN_ITEM) == "street_town:caoyang-xincun"


async def test_what_nobody_can_do_is_not_a_matter_of_time(office: Office) -> None:
    await office.change(Window, "putuo-market", skills=[])
    await office.change(Window, "putuo-general", skills=["tax"])
    with pytest.raises(NoWindowServes):
        await office.find(DISTRICT_ITEM)


async def test_with_demo_data_windows_are_open_at_all_hours(office: Office) -> None:
    for moment in ("2024-11-20 03:00", "2024-10-01 12:00", "2031-02-02 23:59"):
        office.at(moment)
        for item in (TOWN_ITEM, DISTRICT_ITEM, DELTA_ITEM):
            (await office.find(item)).require_open()


async def test_outside_the_hours_of_all_who_could_serve_a_number_is_refused(
    office: Office,
) -> None:
    await office.change(OrgUnit, "putuo", hours=OFFICE_HOURS)
    (await office.find(DISTRICT_ITEM)).require_open()
    office.at("2024-11-20 12:00")
    with pytest.raises(WindowsClosed) as refused:
        (await office.find(DISTRICT_ITEM)).require_open()
    assert refused.value.params == {
        "opens_at": "2024-11-20T05:30:00.000Z",
        "reason": "hours",
        "callback": True,
        "appointment": True,
    }
    office.at("2024-10-02 10:00")
    opening = await office.opening(DISTRICT_ITEM)
    assert (opening.reason, opening.provisional) == (Reason.HOLIDAY, False)
    # A window with hours of its own.
    always = {
        "working_days": [["00:00", "24:00"]],
        "other_days": {"2024-10-02": [["08:00", "22:00"]]},
    }
    await office.change(Window, "putuo-market", hours=always)
    (await office.find(DISTRICT_ITEM)).require_open()


async def test_closed_for_nobody_knows_how_long_no_appointment_is_offered(office: Office) -> None:
    await office.change(OrgUnit, "putuo", closed_since=office.clock.now())
    await office.change_rule("help-desk-after-five-minutes", enabled=False)
    with pytest.raises(WindowsClosed) as refused:
        (await office.find(DISTRICT_ITEM)).require_open()
    params = refused.value.params
    assert (params["reason"], params["opens_at"]) == ("closed", None)
    assert (params["callback"], params["appointment"]) == (True, False)


async def test_a_closed_queue_is_open_while_rules_lead_from_it_to_an_open_window(
    office: Office,
) -> None:
    await office.change(OrgUnit, "caoyang-xincun", closed_since=office.clock.now())
    found = await office.find(TOWN_ITEM)
    assert (found.org.code, found.opening.open) == ("caoyang-xincun", True)
    await office.change_rule("street-town-to-neighbours", enabled=False)
    assert (await office.opening(TOWN_ITEM)).open  # the help desk, after five minutes
    await office.change_rule("help-desk-after-five-minutes", enabled=False)
    assert not (await office.opening(TOWN_ITEM)).open
