"""Both pages open without a complaint, in both languages."""

import pytest

from tests.support.people import CONSOLE, KIOSK, People
from tests.support.systems import System

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_pages_open_without_complaint(system: System, people: People, language: str) -> None:
    resident = await people.come(
        "resident", colour="red", hertz=440, viewport=KIOSK, language=language
    )
    agent = await people.come(
        "agent", colour="blue", hertz=660, viewport=CONSOLE, language=language
    )

    await resident.page.goto(f"{system.url}/kiosk/")
    await agent.page.goto(f"{system.url}/console/")

    await resident.element("start").wait_for()
    await agent.element("login-submit").wait_for()
