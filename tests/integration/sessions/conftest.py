"""Calls that are open, and people who leave desks empty when their test is over."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.api_people import ApiPeople, ApiPerson, api_people, desk, offer_of, visit


@dataclass(frozen=True)
class OpenCall:
    """A resident and an agent in a session; nobody has connected a page to it yet."""

    agent: ApiPerson
    resident: ApiPerson
    session_id: str
    engagement_id: str
    ticket_id: str

    @property
    def path(self) -> str:
        return f"/sessions/{self.session_id}"

    @property
    def engagement_path(self) -> str:
        return f"/engagements/{self.engagement_id}"

    async def view(self) -> Any:
        """The session as the agent sees it by HTTP."""
        return await self.agent.ok("GET", self.path)

    async def agent_is(self, state: str, *, seconds: float = 10.0) -> Any:
        """The presence, once the agent is told that it is `state`."""
        feed = desk(self.agent)
        await self.agent.sees(
            state, lambda: feed.only("presence")["state"] == state, seconds=seconds
        )
        return feed.only("presence")

    async def session_is(self, state: str, *, seconds: float = 10.0) -> Any:
        """The session's facts, once the agent is told that it is `state`."""
        feed = self.agent.feeds[f"session:{self.session_id}"]
        await self.agent.sees(
            state, lambda: feed.only("session")["state"] == state, seconds=seconds
        )
        return feed.only("session")

    async def pictures_agree(self) -> None:
        """What was told by events is what a fresh snapshot says."""
        for person in (self.agent, self.resident):
            for topic, feed in person.feeds.items():
                number, snapshot = await person.fresh(topic)
                if number == feed.number:
                    assert feed.state == snapshot, topic


@pytest.fixture
async def people() -> AsyncIterator[ApiPeople]:
    async with api_people() as made:
        yield made
        await made.go_home()


async def open_call(
    people: ApiPeople, base: str, agent: str = "town1", item: str = "residence-permit"
) -> OpenCall:
    resident = await people.resident(base)
    serving = await people.agent(base, agent)
    ticket = await resident.ok("POST", "/tickets", {"item_code": item})
    offer = await offer_of(serving)
    opened = await serving.ok("POST", f"/offers/{offer['id']}/accept")
    call = OpenCall(serving, resident, opened["session_id"], opened["engagement_id"], ticket["id"])
    for person in (serving, resident):
        await person.listen(f"session:{call.session_id}")
    await resident.sees("the session", lambda: visit(resident).rows("session"))
    return call
