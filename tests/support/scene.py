"""Four visits, each at another step, and people who wait behind them: what a fault meets at once.

    offered    a ticket is held out to the agent, who has not answered
    accepting  an offer that the agent accepts while the fault happens
    serving    in session
    leaving    in session; the resident hangs up while the fault happens

With it, `goes_on` says what has to be true after any fault, and serves everybody to the end.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy.exc import SQLAlchemyError

from tests.support.api_people import ApiPeople, ApiPerson, desk, offer_of, pictures_agree, visit
from tests.support.invariants import read_rows, unpublished, violations
from tests.support.roaming import all_settled
from tests.support.row_locks import HeldRows
from tests.support.waiting import until

STREET_TOWN: Final = "residence-permit"
DISTRICT: Final = "food-business-licence"
DELTA: Final = "medical-insurance-transfer"

SERVICE_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.4

Where = Callable[[Literal["agent", "resident"]], str]
"""At which replica such a person's page is."""


@dataclass
class Line:
    """An agent and the resident in front of them."""

    agent: ApiPerson
    resident: ApiPerson
    ticket: Any
    offer: Any
    session_id: str = ""
    engagement_id: str = ""

    async def accept(self) -> None:
        opened = await self.agent.ok("POST", f"/offers/{self.offer['id']}/accept")
        self.session_id, self.engagement_id = opened["session_id"], opened["engagement_id"]

    async def listen(self) -> None:
        for person in (self.agent, self.resident):
            await person.listen(f"session:{self.session_id}")

    async def hang_up(self) -> None:
        ended = await self.resident.ok("POST", f"/sessions/{self.session_id}/hang-up")
        assert ended["state"] == "ending"

    async def wrap_up(self) -> None:
        path = f"/engagements/{self.engagement_id}/complete"
        await self.agent.ok("POST", path, {"outcome": "resolved"})

    async def is_done(self) -> None:
        def done() -> bool:
            return bool(visit(self.resident).only("ticket")["state"] == "done")

        await self.resident.sees("the end of the visit", done, seconds=30)


@dataclass
class Place:
    """Where somebody stands who waits: must be so after the fault."""

    resident: ApiPerson
    ticket: Any

    async def stands(self) -> bool:
        """Whether number and place are as they were."""
        now = await self.resident.ok("GET", f"/tickets/{self.ticket['id']}")
        places = [(one["number"], one["state"], one["ahead"]) for one in (self.ticket, now)]
        return places[0] == places[1]


@dataclass
class Scene:
    database_url: str
    people: ApiPeople
    where: Where
    offered: Line
    accepting: Line
    serving: Line
    leaving: Line
    waiting: list[Place]
    usual_seconds: float

    async def in_flight(self, held: HeldRows) -> list[asyncio.Task[None]]:
        """An acceptance and a hang-up that stand within their transactions, half written, until
        the rows are released."""
        await held.hold("offer", [self.accepting.offer["id"]])
        await held.hold("video_session", [self.leaving.session_id])
        commands = [
            asyncio.create_task(self.accepting.accept(), name="accept"),
            asyncio.create_task(self.leaving.hang_up(), name="hang up"),
        ]
        await held.waited_for(len(commands))
        return commands

    async def goes_on(self, *, since: float) -> None:
        """What has to be true once a fault is over: `since` (monotonic) says when that was."""
        # No longer than a whole visit takes here without any fault, and five seconds.
        limit = SERVICE_SECONDS + self.usual_seconds
        await self.serving.agent.ok("POST", f"/sessions/{self.serving.session_id}/end")
        await self.serving.wrap_up()
        again = await self._offered_next(self.serving.agent, self.serving.offer["id"], limit)
        took = time.monotonic() - since
        assert took <= limit, f"service went on {took:.1f} s after the fault, usual {limit:.1f} s"

        await all_settled(self.people)
        await self._places_are_kept()
        assert violations(await read_rows(self.database_url)) == []
        await self._finish(again)
        await self._nothing_is_missing()

    async def _offered_next(self, agent: ApiPerson, last: str, seconds: float) -> Any:
        def there() -> Any:
            offers = desk(agent).rows("offer")
            return offers[0] if offers and offers[0]["id"] != last else None

        return await agent.sees("the next offer", there, seconds=max(seconds, 30.0))

    async def _places_are_kept(self) -> None:
        """Of all but the last, who is offered by now: nobody has served the others yet."""
        for place in self.waiting[:-1]:
            await until(place.stands, seconds=10, what=f"{place.ticket['number']} has its place")

    async def _finish(self, offer: Any) -> None:
        """Everybody is served, in the order of their numbers."""
        last = self.waiting[-1]
        assert offer["ticket"]["id"] == last.ticket["id"]
        self.serving = Line(self.serving.agent, last.resident, last.ticket, offer)
        await self.serving.accept()
        for line in (self.serving, self.accepting):
            await line.hang_up()
        await self.offered.accept()
        await self.offered.hang_up()
        for line in (self.offered, self.accepting, self.leaving, self.serving):
            await line.wrap_up()
        served = {self.offered.agent: STREET_TOWN, self.leaving.agent: DELTA}
        for agent, item in served.items():
            for place in [one for one in self.waiting if one.ticket["item_code"] == item]:
                await self._serve(agent, place)
        for line in (self.offered, self.accepting, self.leaving, self.serving):
            await line.is_done()

    async def _serve(self, agent: ApiPerson, place: Place) -> None:
        def offered() -> Any:
            offers = desk(agent).rows("offer")
            return offers[0] if offers else None

        offer = await agent.sees("the next one", offered, seconds=30)
        assert offer["ticket"]["id"] == place.ticket["id"]
        line = Line(agent, place.resident, place.ticket, offer)
        await line.accept()
        await line.hang_up()
        await line.wrap_up()

    async def _nothing_is_missing(self) -> None:
        """No event is lost, none came twice, none made a page begin anew; rows say the same."""
        await pictures_agree(*self.people.everybody)
        for person in self.people.everybody:
            assert {feed.snapshots for feed in person.feeds.values()} <= {1}
        assert self.people.faults() == []

        async def all_published() -> bool:
            rows = await read_rows(self.database_url)
            assert violations(rows) == []
            return not unpublished(rows, older_than=max(row["at"] for row in rows.events))

        await until(all_published, seconds=30, what="every event has been on the stream")


@dataclass
class Watch:
    """Looks again and again whether what always holds does, also while the fault lasts."""

    database_url: str
    found: set[str] = field(default_factory=set)
    looks: int = 0

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(SQLAlchemyError, OSError):  # the database itself may be what is away
                self.found.update(violations(await read_rows(self.database_url)))
                self.looks += 1


async def open_scene(people: ApiPeople, where: Where, database_url: str) -> Scene:
    """Everybody comes, and is where the scene begins."""
    began = time.monotonic()
    leaving = await _in_session(people, where, "delta1", DELTA)
    usual = time.monotonic() - began
    serving = await _in_session(people, where, "agent2", DISTRICT)
    accepting = await _offered(people, where, "agent1", DISTRICT)
    offered = await _offered(people, where, "town1", STREET_TOWN)
    waiting = [
        await _waits(people, where, item) for item in (STREET_TOWN, STREET_TOWN, DELTA, DISTRICT)
    ]
    return Scene(database_url, people, where, offered, accepting, serving, leaving, waiting, usual)


async def _offered(people: ApiPeople, where: Where, agent_name: str, item: str) -> Line:
    agent = await people.agent(where("agent"), agent_name)
    resident = await people.resident(where("resident"))
    ticket = await resident.ok("POST", "/tickets", {"item_code": item})
    return Line(agent, resident, ticket, await offer_of(agent))


async def _in_session(people: ApiPeople, where: Where, agent_name: str, item: str) -> Line:
    line = await _offered(people, where, agent_name, item)
    await line.accept()
    await line.listen()
    return line


async def _waits(people: ApiPeople, where: Where, item: str) -> Place:
    resident = await people.resident(where("resident"))
    taken = await resident.ok("POST", "/tickets", {"item_code": item})
    return Place(resident, await resident.ok("GET", f"/tickets/{taken['id']}"))


OpenScene = Callable[[Where], Awaitable[Scene]]


def everywhere(urls: Sequence[str], *, agents: int, residents: int) -> Where:
    """All agents at one replica, all residents at one."""
    return lambda who: urls[agents if who == "agent" else residents]
