"""The line with the resident at one replica and the agent at another, whatever Redis does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from redis.asyncio import Redis

from server.infrastructure.ids import new_id
from tests.support.api_people import (
    ApiPeople,
    ApiPerson,
    api_people,
    desk,
    offer_of,
    pictures_agree,
    visit,
)
from tests.support.databases import Postgresql
from tests.support.replicas import Replicas, running_replicas

pytestmark = pytest.mark.postgresql

ITEM = "residence-permit"
OUTAGE_SECONDS = 10.0
SETTINGS = (
    ("VIRTUAL_WINDOW_OFFER_LEASE_SECONDS", "300"),
    ("VIRTUAL_WINDOW_PLACE_KEPT_SECONDS", "300"),
    ("VIRTUAL_WINDOW_UNDO_SECONDS", "300"),
    ("VIRTUAL_WINDOW_WRAP_UP_SECONDS", "300"),
)


@pytest.fixture(scope="module")
def replicas(
    postgresql_cluster: Postgresql, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replicas]:
    folder = tmp_path_factory.mktemp("replicas")
    with running_replicas(folder, postgresql_cluster.new_database(), settings=SETTINGS) as made:
        yield made
        errors = [line for line in made.output.splitlines() if '"level": "error"' in line]
        assert errors == []


@pytest.fixture
async def people() -> AsyncIterator[ApiPeople]:
    async with api_people() as made:
        yield made
        await made.go_home()


@dataclass
class Line:
    agent: ApiPerson
    resident: ApiPerson
    session_id: str = ""
    engagement_id: str = ""

    async def open(self) -> None:
        await self.resident.ok("POST", "/tickets", {"item_code": ITEM})
        offer = await offer_of(self.agent)
        opened = await self.agent.ok("POST", f"/offers/{offer['id']}/accept")
        self.session_id, self.engagement_id = opened["session_id"], opened["engagement_id"]
        await self.resident.sees("a session", lambda: visit(self.resident).rows("session"))
        for person in (self.agent, self.resident):
            await person.listen(f"session:{self.session_id}")

    async def steps(self, count: int) -> None:
        """Hang-ups that are undone, by turns: each tells several topics of both."""
        for number in range(count):
            who, how = (self.agent, "end") if number % 2 else (self.resident, "hang-up")
            await who.ok("POST", f"/sessions/{self.session_id}/{how}")
            await self.agent.ok(
                "POST", f"/sessions/{self.session_id}/notes", {"text": f"第 {number} 次"}
            )
            await who.ok("POST", f"/sessions/{self.session_id}/resume")

    async def finish(self) -> None:
        await self.resident.ok("POST", f"/sessions/{self.session_id}/hang-up")
        path = f"/engagements/{self.engagement_id}/complete"
        await self.agent.ok("POST", path, {"outcome": "resolved"})
        await self.agent.sees(
            "available",
            lambda: desk(self.agent).only("presence")["state"] == "available",
            seconds=30,
        )

    async def pictures_agree(self) -> None:
        await pictures_agree(self.agent, self.resident)


@pytest.fixture
async def line(people: ApiPeople, replicas: Replicas) -> Line:
    agent = await people.agent(replicas.urls[1], "town1")
    return Line(agent, await people.resident(replicas.urls[0]))


async def test_the_whole_line_goes_over_two_replicas(line: Line) -> None:
    await line.open()
    item = await line.agent.ok("GET", f"/catalogue/items/{ITEM}")
    body = {"fields": item["form"]["example"], "version": None}
    case = await line.agent.ok("PUT", f"/sessions/{line.session_id}/case", body)
    assert case["number"].startswith("PT-")
    await line.resident.sees(
        "the case", lambda: line.resident.feeds[f"session:{line.session_id}"].rows("case")
    )
    await line.steps(4)
    await line.finish()
    await line.resident.sees("done", lambda: visit(line.resident).only("ticket")["state"] == "done")
    await line.pictures_agree()


async def test_nothing_is_lost_or_doubled_while_redis_is_gone(
    line: Line, replicas: Replicas
) -> None:
    await line.open()
    outage = asyncio.create_task(replicas.without_redis(OUTAGE_SECONDS), name="outage")
    try:
        done = 0
        while not outage.done():
            await line.steps(1)
            done += 1
            await asyncio.sleep(0.2)
        assert done, "nothing went on while Redis was gone"
        # The line goes on in the meantime, and ends as if nothing had been.
        await line.pictures_agree()
        await line.steps(2)
        await line.finish()
        await line.pictures_agree()
    finally:
        await outage


async def test_nothing_is_lost_or_doubled_when_redis_forgets_everything(
    line: Line, replicas: Replicas
) -> None:
    await line.open()
    async with Redis.from_url(replicas.valkey.url) as redis:
        for _ in range(8):
            await line.steps(1)
            await redis.flushall()
    await line.finish()
    await line.pictures_agree()


async def test_a_number_is_given_once_to_twins_at_two_replicas(
    people: ApiPeople, replicas: Replicas
) -> None:
    for _ in range(4):
        here = await people.resident(replicas.urls[0])
        there = ApiPerson(replicas.urls[1], "kiosk", here.http)
        key = str(new_id())
        answers = await asyncio.gather(
            *(
                person.call("POST", "/tickets", {"item_code": ITEM}, key=key)
                for person in (here, there)
            )
        )
        assert [status for status, _ in answers] == [201, 201]
        assert answers[0][1] == answers[1][1]
        await here.ok("DELETE", "/residents/current")


async def test_of_two_numbers_asked_for_at_once_one_is_given(
    people: ApiPeople, replicas: Replicas
) -> None:
    for _ in range(4):
        here = await people.resident(replicas.urls[0])
        there = ApiPerson(replicas.urls[1], "kiosk", here.http)
        answers = await asyncio.gather(
            *(person.call("POST", "/tickets", {"item_code": ITEM}) for person in (here, there))
        )
        assert sorted(status for status, _ in answers) == [201, 409]
        (refused,) = [answer for status, answer in answers if status == 409]
        assert refused["code"] == "ticket_already_open"
        await here.ok("DELETE", "/residents/current")


async def test_an_offer_accepted_at_two_replicas_opens_one_session(
    line: Line, replicas: Replicas
) -> None:
    await line.resident.ok("POST", "/tickets", {"item_code": ITEM})
    offer = await offer_of(line.agent)
    elsewhere = ApiPerson(replicas.urls[0], "console", line.agent.http)
    answers = await asyncio.gather(
        *(
            person.ok("POST", f"/offers/{offer['id']}/accept")
            for person in (line.agent, elsewhere, line.agent, elsewhere)
        )
    )
    assert all(answer == answers[0] for answer in answers)


async def test_two_replicas_offer_each_number_once(people: ApiPeople, replicas: Replicas) -> None:
    residents = [await people.resident(replicas.urls[number % 2]) for number in range(4)]
    tickets = await asyncio.gather(
        *(
            resident.ok("POST", "/tickets", {"item_code": "food-business-licence"})
            for resident in residents
        )
    )
    assert len({ticket["number"] for ticket in tickets}) == 4
    # Who is first is what they are told: the times on the wire are milliseconds, too coarse to say.
    ahead = {
        ticket["id"]: (await resident.ok("GET", f"/tickets/{ticket['id']}"))["ahead"]
        for resident, ticket in zip(residents, tickets, strict=True)
    }
    assert sorted(ahead.values()) == [0, 1, 2, 3]
    agents = [
        await people.agent(url, name, available=False)
        for url, name in zip(replicas.urls, ("agent1", "agent2"), strict=True)
    ]
    await asyncio.gather(*(agent.ok("POST", "/desk/available", {}) for agent in agents))
    offers = [await offer_of(agent) for agent in agents]
    assert sorted(ahead[offer["ticket"]["id"]] for offer in offers) == [0, 1]


async def test_a_visit_ends_in_the_moment_in_which_its_number_is_offered(
    people: ApiPeople, replicas: Replicas
) -> None:
    agents = [
        await people.agent(url, name)
        for url, name in zip(replicas.urls, ("agent1", "agent2"), strict=True)
    ]
    for _ in range(6):
        residents = [await people.resident(url) for url in replicas.urls * 2]
        body = {"item_code": "food-business-licence"}
        await asyncio.gather(*(resident.ok("POST", "/tickets", body) for resident in residents))
        ends = (resident.call("DELETE", "/residents/current") for resident in residents)
        assert {status for status, _ in await asyncio.gather(*ends)} == {204}
    for agent in agents:
        await agent.sees("no offer is left", lambda agent=agent: not desk(agent).rows("offer"))  # type: ignore[misc]
        await agent.sees(
            "free",
            lambda agent=agent: desk(agent).only("presence")["state"] == "available",  # type: ignore[misc]
        )
