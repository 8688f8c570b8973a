"""Steps of the line as people take them on the pages, shared by the browser tests."""

from typing import Any, Protocol

from server.demo.people import PASSWORD
from tests.support.people import Person
from tests.support.waiting import until


class Site(Protocol):
    """Whoever serves the pages: a whole system, one of several replicas."""

    @property
    def url(self) -> str: ...


async def log_in(agent: Person, site: Site, username: str) -> None:
    await agent.page.goto(f"{site.url}/console/")
    await agent.element("login-username").fill(username)
    await agent.element("login-password").fill(PASSWORD)
    await agent.click("login-submit")
    await agent.click("go-available")


async def take_number(resident: Person, site: Site, item: str, channel: str) -> str:
    await resident.page.goto(f"{site.url}/kiosk/")
    await resident.click("start")
    await resident.click("consent-accept")
    await resident.click(f"channel-{channel}")
    await resident.click(f"item-{item}")
    await resident.click("call")
    number = resident.element("ticket-number")
    await number.wait_for()
    return (await number.inner_text()).strip()


async def api(person: Person, path: str) -> Any:
    """What the console's own cookie reads from the API."""
    response = await person.page.request.get(
        person.page.url.split("/console")[0] + "/api/v1" + path,
        headers={"X-Virtual-Window-Page": "console"},
    )
    assert response.ok, await response.text()
    return await response.json()


async def case_number(agent: Person) -> str:
    async def numbered() -> str | None:
        shown = (await agent.element("case-number").first.inner_text()).strip()
        return shown if shown.startswith("PT-") else None

    return str(await until(numbered, what="the case has a number"))


async def sealed(agent: Person, case_id: str) -> Any:
    async def there() -> Any:
        case = await api(agent, f"/cases/{case_id}")
        recording = case["sessions"][0]["recording"]
        return recording if recording and recording["state"] == "sealed" else None

    brief = await until(there, seconds=30, what="the recording is sealed")
    return await api(agent, f"/recordings/{brief['id']}")


async def permit_playing(agent: Person, recording_id: str) -> None:
    """What the player asks before it plays: its cookie then reads the files."""
    base = agent.page.url.split("/console")[0]
    permit = await agent.page.request.post(
        f"{base}/api/v1/recordings/{recording_id}/playback",
        headers={"X-Virtual-Window-Page": "console", "Origin": base},
        data={},
    )
    assert permit.ok, await permit.text()


async def file_of(agent: Person, path: str) -> bytes:
    """The bytes at a path that the API gave."""
    response = await agent.page.request.get(agent.page.url.split("/console")[0] + path)
    assert response.ok, await response.text()
    return await response.body()
