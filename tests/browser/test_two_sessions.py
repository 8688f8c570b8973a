"""Two sessions at once, four colours, four tones: nobody sees, hears or records another."""

import io
from typing import Any

import av
import numpy as np
import pytest

from tests.support.line_on_pages import (
    api,
    case_number,
    file_of,
    log_in,
    permit_playing,
    sealed,
    take_number,
)
from tests.support.people import CONSOLE, PHONE, People, Person, colour_name
from tests.support.systems import System

ITEMS = ("food-business-licence", "residence-permit")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


async def test_two_sessions_never_meet(system: System, people: People) -> None:
    wang = await people.come("wang", colour="blue", hertz=660, viewport=CONSOLE)
    li = await people.come("li", colour="green", hertz=440, viewport=PHONE)
    chen = await people.come("chen", colour="red", hertz=880, viewport=CONSOLE)
    zhao = await people.come("zhao", colour="yellow", hertz=1100, viewport=PHONE)
    await log_in(wang, system, "agent1")
    await log_in(chen, system, "town1")
    await take_number(li, system, ITEMS[0], "district")
    await take_number(zhao, system, ITEMS[1], "street_town")
    for agent in (wang, chen):
        await agent.click("offer-accept")

    meetings = [(wang, li), (chen, zhao)]
    for agent, resident in meetings:
        await resident.sees("agent", agent.colour)
        await agent.sees("resident", resident.colour)
        await resident.hears(agent.hertz)
        await agent.hears(resident.hertz)
    for agent, resident in meetings:
        await hears_nobody_else(agent, resident.hertz)
        await hears_nobody_else(resident, agent.hertz)
        assert await agent.element("remote-video").count() == 1
        assert await resident.element("remote-video").count() == 1

    for (agent, resident), item in zip(meetings, ITEMS, strict=True):
        await agent.click("case-save")
        await case_number(agent)
        await agent.click("end-session")
        await agent.click("outcome-resolved")
        await agent.click("wrap-up-done")
        await recorded_alone(agent, resident, item)
    await other_organisations_case_is_absent(wang, chen)


async def hears_nobody_else(person: Person, hertz: int) -> None:
    tones = await person.tones()
    assert tones, f"{person.name} hears nothing"
    assert all(abs(tone - hertz) < hertz * 0.02 for tone in tones), tones


async def recorded_alone(agent: Person, resident: Person, item: str) -> None:
    # The street-town, where both terminals stand, also has the case that the district served.
    cases = (await api(agent, f"/cases?item={item}"))["items"]
    assert len(cases) == 1
    recording = await sealed(agent, cases[0]["id"])
    await permit_playing(agent, recording["id"])
    colours = {await colour_in(agent, file) for file in recording["files"]}
    assert colours == {agent.colour, resident.colour}


async def colour_in(agent: Person, file: Any) -> str:
    with av.open(io.BytesIO(await file_of(agent, file["url"]))) as media:
        frames = list(media.decode(video=0))
    edges = [
        np.median(frame.to_ndarray(format="rgb24")[:, :20].reshape(-1, 3), axis=0)
        for frame in frames
    ]
    # A camera that is being switched off sends a black frame or two.
    lit = [edge for edge in edges if max(edge) > 40]
    assert len(lit) >= len(edges) - 3
    names = {colour_name(edge) for edge in lit}
    assert len(names) == 1, names
    return names.pop()


async def other_organisations_case_is_absent(wang: Person, chen: Person) -> None:
    """What one agent made is answered to the other as if it were not there."""
    case = (await api(chen, f"/cases?item={ITEMS[1]}"))["items"][0]
    base = wang.page.url.split("/console")[0]
    answer = await wang.page.request.get(
        f"{base}/api/v1/cases/{case['id']}", headers={"X-Virtual-Window-Page": "console"}
    )
    assert answer.status == 404
