"""Two people in Chromium see and hear each other through a real worker."""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.support.browser_people import browser_person
from tests.support.media_workers import media_stage
from tests.support.waiting import until

pytestmark = pytest.mark.browser


async def test_two_people_see_and_hear_each_other(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage, async_playwright() as playwright:
        session = await stage.open()
        async with (
            browser_person(
                playwright, stage, session, tmp_path, colour="red", hertz=440
            ) as resident,
            browser_person(
                playwright, stage, session, tmp_path, colour="blue", hertz=1320, role="agent"
            ) as agent,
        ):
            await resident.connect()
            await agent.connect()
            await resident.watch(agent)
            await agent.watch(resident)

            async def both_see() -> bool:
                return await resident.frames() > 10 and await agent.frames() > 10

            await until(both_see, seconds=15, what=f"{await resident.stats()}")
            assert await resident.colour() == "blue"
            assert await agent.colour() == "red"
            heard, level = await resident.pitch()
            assert heard == pytest.approx(1320, abs=30)
            assert level > -60
            heard, _ = await agent.pitch()
            assert heard == pytest.approx(440, abs=30)
            assert not resident.errors
            assert not agent.errors
