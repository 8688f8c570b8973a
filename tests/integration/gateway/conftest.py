"""One system for all tests of the gateway, and raw sockets that keep to no rule."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from tests.support.api_people import ApiPeople, ApiPerson, api_people
from tests.support.systems import System, shared_system, shown_when_failed

ADDRESS = "/socket.io/?EIO=4&transport=websocket"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with shared_system(tmp_path_factory.mktemp("gateway")) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


@pytest.fixture
async def people() -> AsyncIterator[ApiPeople]:
    async with api_people() as made:
        yield made


@pytest.fixture
async def resident(people: ApiPeople, house: System) -> ApiPerson:
    return await people.resident(house.url)


@dataclass
class RawSocket:
    """Speaks Engine.IO by hand. kept: messages that came while something else was waited for."""

    line: ClientWebSocketResponse
    kept: list[str] = field(default_factory=list)

    async def greet(self, page: str = "kiosk", **more: Any) -> tuple[bool, Any]:
        """Whether the server takes us, and what it says."""
        await self.line.send_str("40" + json.dumps({"page": page, **more}))
        answer = await self.hear("40", "44")
        return answer.startswith("40"), json.loads(answer[2:])

    async def ask(self, number: int, event: str, *data: Any) -> Any:
        await self.line.send_str(f"42{number}" + json.dumps([event, *data]))
        return await self.answer(number)

    async def answer(self, number: int) -> Any:
        head = f"43{number}["
        return json.loads((await self.hear(head))[len(head) - 1 :])[0]

    async def hear(self, *heads: str) -> str:
        """The next message that begins with one of `heads`; pings are answered."""
        async with asyncio.timeout(10):
            while True:
                message = await self.line.receive()
                if message.type is not WSMsgType.TEXT:
                    raise AssertionError(f"the socket is closed: {message.type}")
                if message.data == "2":
                    await self.line.send_str("3")
                elif message.data.startswith(heads):
                    return str(message.data)
                else:
                    self.kept.append(message.data)

    async def closed(self, seconds: float = 5.0) -> bool:
        """Whether the server closes the socket within `seconds`, whatever it says before."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    message = await self.line.receive()
                    if message.type is not WSMsgType.TEXT:
                        return True
                    if message.data == "2":
                        await self.line.send_str("3")
        except (TimeoutError, ConnectionError) as gone:
            return isinstance(gone, ConnectionError)


@asynccontextmanager
async def raw_socket(
    base: str, cookies: str = "", *, origin: str | None = None
) -> AsyncIterator[RawSocket]:
    headers = {"Origin": origin or base, "Accept-Language": "en"}
    if cookies:
        headers["Cookie"] = cookies
    async with (
        ClientSession() as http,
        http.ws_connect(base + ADDRESS, headers=headers, max_msg_size=0, autoclose=True) as line,
    ):
        yield RawSocket(line)


def cookies_of(person: ApiPerson) -> str:
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in person.http.cookie_jar)


@asynccontextmanager
async def socket_of(person: ApiPerson) -> AsyncIterator[RawSocket]:
    """A further socket of `person`, greeted and taken."""
    async with raw_socket(person.base, cookies_of(person)) as socket:
        taken, said = await socket.greet(person.page)
        assert taken, said
        yield socket
