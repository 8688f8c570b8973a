"""People behind a balancer: a page whose replica is gone is at another one a moment later."""

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import cycle
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, CookieJar
from socketio.exceptions import SocketIOError

from server.infrastructure.ids import new_id
from tests.support.api_people import ApiPeople, ApiPerson, MakePerson

TRY_SECONDS: Final = 4.0  # as a balancer that looks for another replica
GIVE_UP_SECONDS: Final = 60.0
PAUSE_SECONDS: Final = 0.2
LOOK_SECONDS: Final = 0.05


class Line:
    """What a socket's library takes for its HTTP session. It loses the web sockets of connections
    that break half way; here they are closed."""

    def __init__(self) -> None:
        self._http = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self._made: list[ClientWebSocketResponse] = []
        self.cookie_jar = self._http.cookie_jar

    @property
    def closed(self) -> bool:
        return self._http.closed

    async def ws_connect(self, url: str, **options: Any) -> ClientWebSocketResponse:
        made: ClientWebSocketResponse = await self._http.ws_connect(url, **options)
        self._made.append(made)
        return made

    async def close(self) -> None:
        for made in self._made:
            with contextlib.suppress(ClientError, OSError, TimeoutError):
                async with asyncio.timeout(PAUSE_SECONDS):
                    await made.close()
        await self._http.close()


class Roamer(ApiPerson):
    """Comes back, with its cursors, to whichever replica answers; its commands are tried, under one
    key, until one of them has an answer."""

    def __init__(self, urls: Sequence[str], base: str, page: str, http: ClientSession) -> None:
        super().__init__(base, page, http)
        self._urls = list(urls)
        self._staying: asyncio.Task[None] | None = None
        self._line: Line | None = None

    async def ok(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self.persist(method, path, body)
        assert 200 <= status < 300, f"{method} {path}: {status} {answer}"
        return answer

    async def persist(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The first answer that is one; the page's own replica is asked first."""
        key = str(new_id())
        async with asyncio.timeout(GIVE_UP_SECONDS):
            for base in cycle(self._nearest()):
                answer = await self._tried(base, method, path, body, key)
                if answer is not None:
                    return answer
                await asyncio.sleep(PAUSE_SECONDS)
        raise AssertionError("a cycle has no end")

    async def connect(self) -> None:
        """Each time by a socket of its own: one whose replica died half way is not used again."""
        await self._hang_up()
        self._line = Line()
        self.socket = self._new_socket(self._line)
        await super().connect()
        if self._staying is None:
            self._staying = asyncio.create_task(self._stay(), name=f"stay {self.page}")

    async def leave(self) -> None:
        # Asked again until it is heard: the library's connecting can swallow a cancellation.
        while self._staying is not None and not self._staying.done():
            self._staying.cancel()
            await asyncio.wait({self._staying}, timeout=PAUSE_SECONDS)
        await self._hang_up()

    async def vanish(self) -> None:
        """As when the browser is killed: it does not come back, either."""
        if self._staying is not None:
            self._staying.cancel()
        await super().vanish()

    async def _hang_up(self) -> None:
        with contextlib.suppress(SocketIOError, OSError, TimeoutError):
            async with asyncio.timeout(TRY_SECONDS):
                await self.socket.disconnect()
        if self._line is not None:
            await self._line.close()

    async def settled(self) -> None:
        """Wait until the page is at a replica and hears all its topics."""
        await self.sees(
            "the page is back",
            lambda: (
                self.socket.connected and all(feed.pending is None for feed in self.feeds.values())
            ),
            seconds=30,
        )

    def _nearest(self) -> list[str]:
        return [self.base, *(url for url in self._urls if url != self.base)]

    async def _tried(
        self, base: str, method: str, path: str, body: Any, key: str
    ) -> tuple[int, Any] | None:
        """None: there was no answer, or one that says to ask again."""
        try:
            async with asyncio.timeout(TRY_SECONDS):
                status, answer = await self.call(method, path, body, key=key, base=base)
        except (ClientError, OSError, TimeoutError):
            return None
        again = status == 503 or (status == 409 and answer["code"] == "command_running")
        return None if again else (status, answer)

    async def _stay(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self.socket.connected:
                await self._come_back()

    async def _come_back(self) -> None:
        for base in self._nearest():
            self.base = base
            try:
                async with asyncio.timeout(2 * TRY_SECONDS):
                    await self.connect()
            except (SocketIOError, ClientError, OSError, TimeoutError, AssertionError):
                continue
            return


def roamers(urls: Sequence[str]) -> MakePerson:
    """Makes people who roam over `urls`."""

    def make(base: str, page: str, http: ClientSession) -> ApiPerson:
        return Roamer(urls, base, page, http)

    return make


async def all_settled(people: ApiPeople) -> None:
    """Wait until everybody's page is at a replica."""
    for person in people.everybody:
        if isinstance(person, Roamer) and person.feeds:
            await person.settled()
