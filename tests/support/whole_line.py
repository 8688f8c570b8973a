"""A district resident is served over video, through both pages, from number to recording."""

import io
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from tests.support.line_on_pages import (
    Site,
    api,
    case_number,
    file_of,
    log_in,
    permit_playing,
    sealed,
    take_number,
)
from tests.support.paper_clips import paper_likeness
from tests.support.people import CONSOLE, KIOSK, People, Person, colour_name
from tests.support.waiting import until

ITEM: Final = "food-business-licence"
NAME: Final = "示例食品店"


async def case_of(agent: Person) -> Any:
    found = await api(agent, "/cases")
    assert len(found["items"]) == 1
    return await api(agent, f"/cases/{found['items'][0]['id']}")


async def served_from_number_to_recording(
    people: People, folder: Path, *, kiosk: Site, console: Site
) -> None:
    """The whole line; kiosk, console: where the resident's page and the agent's are served."""
    agent = await people.come("wang", colour="blue", hertz=660, viewport=CONSOLE)
    resident = await people.come("li", colour="green", hertz=440, viewport=KIOSK, paper=True)
    await log_in(agent, console, "agent1")
    number = await take_number(resident, kiosk, ITEM, "district")
    assert number.startswith("A0")

    # A long wait would show position and expectation; here the offer comes at once.
    await agent.element("offer").wait_for()
    assert number in await agent.element("offer").inner_text()
    await agent.element("offer-countdown").wait_for()
    await agent.click("offer-accept")

    await resident.sees("agent", "blue")
    await agent.sees("resident", "green")
    await resident.hears(660)
    await agent.hears(440)

    await resident.element("document-preview").first.wait_for()
    await resident.click("document-capture")
    await resident.element("material").first.wait_for()
    await agent.element("material").first.wait_for()

    await agent.page.locator('input[type="text"][data-testid^="form-field-"]').first.fill(NAME)
    await agent.click("case-save")
    shown = await case_number(agent)
    await agent.element("case-note").fill("材料齐全")
    await agent.page.wait_for_timeout(5_000)  # the recording needs a length to be compared with

    await resident.click("hang-up")
    await agent.click("outcome-resolved")
    await agent.click("wrap-up-done")
    await agent.element("waiting-count").wait_for()

    case = await case_of(agent)
    assert case["number"] in shown
    assert [paper["captured_by_role"] for paper in case["materials"]] == ["resident"]
    assert case["sessions"][0]["outcome"] == "resolved"
    await the_paper_is_kept(agent, case["materials"][0]["id"])
    recording = await sealed(agent, case["id"])
    await both_are_in_the_recording(agent, recording, folder)
    await it_plays_beside_its_case(agent, console, case["id"])


async def the_paper_is_kept(agent: Person, material_id: str) -> None:
    response = await agent.page.request.get(
        agent.page.url.split("/console")[0] + f"/api/v1/materials/{material_id}/image?page=console"
    )
    assert response.headers["content-type"] == "image/jpeg"
    image = await response.body()
    likeness = paper_likeness(image, "green")
    assert likeness > 0.9, (likeness, image[:32], len(image))


async def both_are_in_the_recording(agent: Person, recording: Any, folder: Path) -> None:
    await permit_playing(agent, recording["id"])
    wanted = {"resident": "green", "agent": "blue"}
    seen: dict[str, str] = {}
    for file in recording["files"]:
        with av.open(io.BytesIO(await file_of(agent, file["url"]))) as media:
            frames = list(media.decode(video=0))
            length_ms = float(media.duration or 0) / 1000
        assert abs(length_ms - file["duration_ms"]) < 1000
        assert len(frames) * 1000 / 10 > file["duration_ms"] * 0.7
        edge = frames[-1].to_ndarray(format="rgb24")[:, :20].reshape(-1, 3)
        seen[file["participant_role"]] = colour_name(np.median(edge, axis=0))
    assert seen == wanted
    assert recording["duration_ms"] > 5_000


async def it_plays_beside_its_case(agent: Person, console: Site, case_id: str) -> None:
    await agent.page.goto(f"{console.url}/console/cases/{case_id}")
    await agent.click("recording-play")

    async def playing() -> bool:
        videos = agent.page.locator("video")
        times = [
            await videos.nth(index).evaluate("video => video.currentTime")
            for index in range(await videos.count())
        ]
        return len(times) >= 2 and all(time > 0.5 for time in times)

    await until(playing, seconds=20, what="both people's recordings play")
