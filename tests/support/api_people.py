"""People by API alone: a resident and agents with HTTP, a socket, and the pages' own reducer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import socketio
from aiohttp import ClientSession, CookieJar

from server.demo.people import PASSWORD
from server.infrastructure.events.topics import Snapshot, reduce
from server.infrastructure.ids import new_id
from tests.support.waiting import until


@dataclass
class Feed:
    """What one listener knows of a topic, by the same rule that the pages apply."""

    topic: str
    epoch: str = ""
    number: int = 0
    state: Snapshot = field(default_factory=dict)
    snapshots: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    pending: list[dict[str, Any]] | None = field(default_factory=list)

    def apply(self, event: dict[str, Any]) -> None:
        if self.pending is not None:
            self.pending.append(event)
            return
        if event["number"] <= self.number:
            raise AssertionError(f"event {event['number']} of {self.topic} came twice")
        if event["number"] != self.number + 1:
            raise AssertionError(f"{self.topic} jumped from {self.number} to {event['number']}")
        self.number = event["number"]
        self.events.append(event)
        self.state = reduce(self.state, event["changes"])

    def rows(self, entity: str) -> list[Any]:
        return list(self.state.get(entity, {}).values())

    def only(self, entity: str) -> Any:
        rows = self.rows(entity)
        assert len(rows) == 1, f"{len(rows)} of {entity} in {self.topic}"
        return rows[0]


class ApiPerson:
    """Somebody at one replica. page: whose cookie the server is to look at."""

    def __init__(self, base: str, page: str, http: ClientSession) -> None:
        self.base = base
        self.page = page
        self.http = http
        self.feeds: dict[str, Feed] = {}
        self.values: dict[str, Any] = {}
        self.faults: list[str] = []
        self.socket = self._new_socket()
        self.me: Any = None

    def _new_socket(self, http: Any = None) -> socketio.AsyncClient:
        """http: an HTTP session whose connections it takes, and leaves to whoever gave it."""
        socket = socketio.AsyncClient(reconnection=False, http_session=http)
        socket.on("event", self._event)
        socket.on("value", self._value)
        return socket

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        base: str | None = None,
    ) -> tuple[int, Any]:
        base = base or self.base
        headers = {"X-Virtual-Window-Page": self.page, "Origin": base, "Accept-Language": "en"}
        if method != "GET":
            headers["Idempotency-Key"] = key or str(new_id())
            body = {} if body is None and method != "DELETE" else body
        async with self.http.request(
            method, base + "/api/v1" + path, json=body, headers=headers
        ) as response:
            is_json = "json" in response.content_type
            return response.status, (await response.json(content_type=None) if is_json else None)

    async def ok(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self.call(method, path, body)
        assert 200 <= status < 300, f"{method} {path}: {status} {answer}"
        return answer

    async def connect(self) -> None:
        """Open the socket, and hear anew whatever was listened to before, from its cursor."""
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in self.http.cookie_jar)
        await self.socket.connect(
            self.base,
            headers={"Cookie": cookies, "Origin": self.base},
            auth={"page": self.page},
            transports=["websocket"],
            wait_timeout=10,
        )
        for topic in list(self.feeds):
            await self.listen(topic)

    async def listen(self, topic: str) -> Feed:
        feed = self.feeds.setdefault(topic, Feed(topic))
        feed.pending = []
        cursor = {"epoch": feed.epoch, "number": feed.number} if feed.epoch else None
        answer = await self.socket.call("subscribe", {"topic": topic, "cursor": cursor})
        assert answer["ok"], answer
        waiting, feed.pending = feed.pending, None
        feed.epoch = answer["epoch"]
        if answer["snapshot"] is not None:
            feed.state, feed.number = answer["snapshot"], answer["number"]
            feed.snapshots += 1
        for event in [*answer["events"], *waiting]:
            if event["number"] > feed.number:
                feed.apply(event)
        return feed

    async def fresh(self, topic: str) -> tuple[int, Snapshot]:
        """A snapshot of now, by another subscription of the same socket."""
        answer = await self.socket.call("subscribe", {"topic": topic, "cursor": None})
        assert answer["ok"], answer
        return answer["number"], answer["snapshot"]

    async def leave(self) -> None:
        """Close the page."""
        await self.socket.disconnect()

    async def vanish(self) -> None:
        """As when the browser is killed: the line is cut, without a goodbye."""
        self.socket.eio.ws._response.connection.transport.abort()
        await self.leave()

    async def sees(self, what: str, condition: Callable[[], Any], *, seconds: float = 10.0) -> Any:
        async def met() -> Any:
            return condition()

        return await until(met, seconds=seconds, what=what)

    async def _event(self, event: dict[str, Any]) -> None:
        try:
            self.feeds[event["topic"]].apply(event)
        except AssertionError as fault:
            # The library would log it and go on: `api_people` fails the test.
            self.faults.append(str(fault))

    async def _value(self, value: dict[str, Any]) -> None:
        self.values[f"{value['topic']}/{value['name']}"] = value["value"]


MakePerson = Callable[[str, str, ClientSession], ApiPerson]


class ApiPeople:
    """Lets people come, each with a cookie jar of their own, and go at the end.

    make: makes a person of address, page and HTTP client.
    """

    def __init__(self, stack: AsyncExitStack, make: MakePerson = ApiPerson) -> None:
        self._stack = stack
        self._make = make
        self._came: list[ApiPerson] = []

    async def _person(self, base: str, page: str) -> ApiPerson:
        jar = CookieJar(unsafe=True)
        http = await self._stack.enter_async_context(ClientSession(cookie_jar=jar))
        person = self._make(base, page, http)
        self._stack.push_async_callback(person.leave)
        self._came.append(person)
        return person

    @property
    def everybody(self) -> list[ApiPerson]:
        return list(self._came)

    def faults(self) -> list[str]:
        """Events that came twice, or that one before them was missing from."""
        return [fault for person in self._came for fault in person.faults]

    async def go_home(self) -> None:
        """Everybody ends what they began, so that the next test finds queues and desks empty."""
        for person in self._came:
            if person.page == "kiosk":
                status, answer = await person.call("DELETE", "/residents/current")
                assert status in (204, 401), answer
        for person in self._came:
            status, seen = await person.call("GET", "/desk")
            if person.page == "kiosk" or status != 200:
                continue
            if seen["engagement"] is not None:
                path = f"/engagements/{seen['engagement']['id']}/complete"
                await person.ok("POST", path, {"outcome": "resolved"})
            if seen["callback"] is not None:
                path = f"/callbacks/{seen['callback']['ticket_id']}/result"
                await person.ok("POST", path, {"result": "reached"})
            await person.ok("POST", "/desk/off")

    async def staff(self, base: str, username: str) -> ApiPerson:
        """Logged in, without a desk: also for those who have none."""
        person = await self._person(base, "console")
        body = {"username": username, "password": PASSWORD}
        person.me = (await person.ok("POST", "/auth/login", body))["account"]
        return person

    async def agent(self, base: str, username: str, *, available: bool = True) -> ApiPerson:
        """Logged in, with the desk's topics heard."""
        agent = await self.staff(base, username)
        await agent.connect()
        desk = await agent.ok("GET", "/desk")
        await agent.listen(f"desk:{agent.me['id']}")
        for topic in desk["queues"]:
            await agent.listen(topic)
        if available:
            await agent.ok("POST", "/desk/available", {})
        return agent

    async def resident(self, base: str, *, place: str = "caoyang-xincun") -> ApiPerson:
        """With a visit, consent given, and its topic heard."""
        resident = await self._person(base, "kiosk")
        body = {"place": place, "language": "zh-CN"}
        resident.me = await resident.ok("POST", "/residents", body)
        version = (await resident.ok("GET", "/service-status"))["consent_version"]
        await resident.ok(
            "POST", "/residents/current/consent", {"version": version, "language": "zh-CN"}
        )
        await resident.connect()
        await resident.listen(f"resident:{resident.me['id']}")
        return resident


@asynccontextmanager
async def api_people(make: MakePerson = ApiPerson) -> AsyncIterator[ApiPeople]:
    async with AsyncExitStack() as stack:
        people = ApiPeople(stack, make)
        yield people
        await asyncio.sleep(0)
        assert people.faults() == []


def desk(agent: ApiPerson) -> Feed:
    return agent.feeds[f"desk:{agent.me['id']}"]


def visit(resident: ApiPerson) -> Feed:
    return resident.feeds[f"resident:{resident.me['id']}"]


async def pictures_agree(*people: ApiPerson, seconds: float = 30.0) -> None:
    """All events arrive, each once, and make what a fresh snapshot says."""
    for person in people:
        for topic, feed in person.feeds.items():

            async def equal(
                person: ApiPerson = person, topic: str = topic, feed: Feed = feed
            ) -> bool:
                number, snapshot = await person.fresh(topic)
                return feed.number == number and feed.state == snapshot

            await until(equal, seconds=seconds, what=f"{topic} is up to date")


async def offer_of(agent: ApiPerson) -> Any:
    """The offer that the agent has, waited for."""
    await agent.sees("an offer", lambda: desk(agent).rows("offer"))
    return desk(agent).only("offer")
