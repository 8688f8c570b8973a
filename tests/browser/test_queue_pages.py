"""What the pages say and do about the queue: times booked, calls back, boards, closed windows."""

import datetime as dt
import re

import pytest

from server.demo.people import PASSWORD
from tests.support.line_on_pages import log_in, take_number
from tests.support.people import CONSOLE, KIOSK, PHONE, People, Person
from tests.support.systems import StartSystem, System
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ITEM = "food-business-licence"
PHONE_NUMBER = "13800000001"
# A time within ten minutes: the head start of an appointment outweighs who comes meanwhile.
SOON = {
    "VIRTUAL_WINDOW_BOOKING_SLOT_MINUTES": "5",
    "VIRTUAL_WINDOW_BOOKING_LEAD_MINUTES": "0",
    "VIRTUAL_WINDOW_BOOKING_HOURS": "[]",
}
CLOSED_MINUTES = 4


async def lead_comes(people: People, system: System) -> Person:
    """A supervisor before the board."""
    lead = await people.come("lead", colour="yellow", hertz=880, viewport=CONSOLE)
    await lead.page.goto(f"{system.url}/console/")
    await lead.element("login-username").fill("lead1")
    await lead.element("login-password").fill(PASSWORD)
    await lead.click("login-submit")
    await lead.click("rail-board")
    await lead.element("board-figures").wait_for()
    return lead


async def close_for_a_while(lead: Person, system: System) -> None:
    """Close the district's windows by the board's own cookie."""
    until_when = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=CLOSED_MINUTES)
    response = await lead.page.request.put(
        f"{system.url}/api/v1/organisations/putuo/closure",
        headers={"X-Virtual-Window-Page": "console", "Origin": system.url},
        data={"closed": True, "until": until_when.isoformat()},
    )
    assert response.ok, await response.text()
    # The board hears of it within a quarter of a minute, or at once when it is opened anew.
    await lead.page.reload()
    await lead.element("board-figures").wait_for()


async def to_guide(resident: Person, system: System) -> None:
    await resident.page.goto(f"{system.url}/kiosk/")
    await resident.click("start")
    await resident.click("consent-accept")
    await resident.click("channel-district")
    await resident.click(f"item-{ITEM}")
    await resident.element("call").wait_for()


async def code_on(resident: Person) -> str:
    code = resident.element("booking-code")
    await code.wait_for()
    return (await code.inner_text()).replace(" ", "").strip()


async def touch_digits(resident: Person, digits: str) -> None:
    for digit in digits:
        await resident.click(f"digit-{digit}")


async def test_who_finds_windows_closed_books_a_time_and_is_served_first_then(
    start_system: StartSystem, people: People
) -> None:
    system = start_system(**SOON)
    lead = await lead_comes(people, system)
    await close_for_a_while(lead, system)
    booker = await people.come("booker", colour="green", hertz=440, viewport=KIOSK)
    booker.expect_error(r"409 .*/api/v1/tickets")
    await to_guide(booker, system)
    await booker.click("call")
    await booker.element("closed").wait_for()
    assert re.search(r"\d+:\d\d", await booker.element("opens-at").inner_text())

    await booker.click("book-appointment")
    await booker.element("booking-choice").wait_for()
    await booker.click("book")
    code = await code_on(booker)
    await booker.click("home")
    await booker.element("start").wait_for()
    assert code not in (await booker.page.content()).replace(" ", "")

    await lead.click("close-org")  # it is closed: opens it again
    walker = await people.come("walker", colour="red", hertz=330, viewport=PHONE)
    await take_number(walker, system, ITEM, "district")
    assert (await walker.element("queue-position").inner_text()).strip() == "0"

    await booker.click("continue")
    await touch_digits(booker, code)
    await booker.click("booking-find")
    await booker.click("booking-arrive")
    await booker.click("consent-accept")
    number = (await booker.element("ticket-number").inner_text()).strip()
    assert (await booker.element("queue-position").inner_text()).strip() == "0"

    async def behind() -> bool:
        return (await walker.element("queue-position").inner_text()).strip() == "1"

    await until(behind, what="who came without an appointment stands behind")
    await walker.element("queue-raised").wait_for()
    agent = await people.come("wang", colour="blue", hertz=660, viewport=CONSOLE)
    await log_in(agent, system, "agent1")
    await agent.element("offer").wait_for()
    offered = await agent.element("offer").inner_text()
    assert number in offered
    assert "预约" in offered


async def test_who_does_not_want_to_wait_is_called_back(system: System, people: People) -> None:
    resident = await people.come("li", colour="green", hertz=440, viewport=KIOSK)
    number = await take_number(resident, system, ITEM, "district")
    # Nobody is on duty, and the page says so rather than let somebody wait in vain.
    await resident.page.get_by_test_id("queue-say").get_by_text("没有人在接待").wait_for()
    await resident.click("queue-why")
    await resident.page.locator('[data-testid="standing"] [data-code="nobody_on"]').wait_for()
    await resident.click("why-close")

    await resident.click("callback-request")
    await resident.click("book")  # asks for the number that is missing
    await touch_digits(resident, PHONE_NUMBER)
    await resident.click("phone-done")
    await resident.click("book")
    await code_on(resident)
    assert PHONE_NUMBER not in await resident.page.content()
    await resident.click("home")

    agent = await people.come("wang", colour="blue", hertz=660, viewport=CONSOLE)
    await log_in(agent, system, "agent1")
    await agent.element("offer").wait_for()
    offered = await agent.element("offer").inner_text()
    assert number in offered
    assert "回电" in offered
    await agent.click("offer-accept")
    dialled = agent.element("callback-phone")
    await dialled.wait_for()
    assert await dialled.get_attribute("href") == f"tel:{PHONE_NUMBER}"

    await agent.page.reload()
    await dialled.wait_for()
    await agent.click("callback-reached")
    await agent.click("outcome-resolved")
    await agent.element("callback").wait_for(state="detached")
    await agent.element("go-available").wait_for()


async def test_a_supervisor_sees_who_waits_too_long_and_closes_the_windows(
    start_system: StartSystem, people: People
) -> None:
    system = start_system(
        VIRTUAL_WINDOW_ANSWER_WARNING_SECONDS="2", VIRTUAL_WINDOW_ANSWER_SECONDS="4"
    )
    lead = await lead_comes(people, system)
    await lead.page.get_by_text("没有要处理的事").wait_for()
    resident = await people.come("li", colour="green", hertz=440, viewport=KIOSK)
    number = await take_number(resident, system, ITEM, "district")

    row = lead.element("waiting-row")
    await row.wait_for()
    assert number in await row.inner_text()
    await row.get_by_text("超 4 秒").wait_for()
    late = lead.page.locator('[data-testid="alarm"][data-kind="answer_late"]')
    await late.wait_for()
    assert number in await late.inner_text()
    await lead.page.locator('[data-figure="longest"].bad').wait_for()
    await late.get_by_test_id("alarm-seen").click()
    await late.get_by_text("有人在看").wait_for()

    await lead.click("close-org")
    await resident.element("closed").wait_for()
    await lead.page.get_by_text("现在没人等候").wait_for()
    # Nobody knows when they open: a call back is what is left.
    await resident.click("callback-request")
    await resident.element("booking-choice").wait_for()
