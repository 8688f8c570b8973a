"""Pages connect here, say what they listen to, and hear it in order.

WebSocket alone, so that no replica needs sticky sessions. A page proves itself with the connection,
or is refused. Handlers of one page run one after the other.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from aiohttp import web
from pydantic import ValidationError
from socketio.exceptions import ConnectionRefusedError as Refused

from server.infrastructure.errors import Problem, TooMany, Unauthorised, Unprocessable
from server.infrastructure.events.hub import Hub
from server.infrastructure.http import problems
from server.infrastructure.http.routing import Principal
from signaling.gateway.messages import Auth, M, Subscribe, Unsubscribe, read
from signaling.gateway.pages import OpenPages
from signaling.gateway.strict import StrictServer

MESSAGE_BYTES: Final = 128 * 1024
PING_SECONDS: Final = 10
SOCKETS_A_PERSON: Final = 5
MESSAGES_A_SECOND: Final = 50
WATCH_SECONDS: Final = 5.0

Act = Callable[["OpenPage"], Awaitable[dict[str, Any]]]

_log = logging.getLogger(__name__)


class SocketDoor(Protocol):
    async def principal_of(
        self, cookies: Mapping[str, str], page: str | None, token: str | None
    ) -> Principal | None: ...

    def origin_allowed(self, origin: str | None) -> bool: ...

    async def refreshed(self, principal: Any) -> Any | None: ...

    async def lapsed(self, principals: Sequence[Any]) -> set[Any]: ...


class OpenPage:
    """One socket. Implements the hub's Listener."""

    def __init__(self, server: StrictServer, sid: str, principal: Any, language: str) -> None:
        self._server = server
        self.sid = sid
        self.principal = principal
        self.language = language
        self._second = 0
        self._messages = 0

    @property
    def name(self) -> str:
        return f"{self.principal.kind}:{self.principal.id}"

    @property
    def names(self) -> set[str]:
        login = getattr(self.principal, "login_session_id", None)
        return {self.name, f"login:{login}"} if login else {self.name}

    async def send(self, message: str, payload: dict[str, Any]) -> None:
        """Queue a message; a page that does not read is cut off, and comes back by its cursor."""
        if not self._server.reads(self.sid):
            _log.warning("page does not read, cut off", extra={"principal": self.principal.kind})
            self._server.cut(self.sid)
            return
        await self._server.tell(self.sid, message, payload)

    def count_message(self, now: float) -> None:
        """Count one message of this second. Raises TooMany `too_fast` for one too many."""
        second = int(now)
        if second != self._second:
            self._second, self._messages = second, 0
        self._messages += 1
        if self._messages > MESSAGES_A_SECOND:
            raise TooMany("too_fast", limit=MESSAGES_A_SECOND)


class Gateway:
    def __init__(
        self, hub: Hub, door: SocketDoor, pages: OpenPages, *, origins: frozenset[str], now: Any
    ) -> None:
        self._hub = hub
        self._door = door
        self._pages = pages
        self._now = now
        self._open: dict[str, OpenPage] = {}
        self._server = StrictServer(
            async_mode="aiohttp",
            transports=["websocket"],
            async_handlers=False,
            cors_allowed_origins=sorted(origins),
            max_http_buffer_size=MESSAGE_BYTES,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
        )
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        self._server.on("subscribe", self._subscribe)
        self._server.on("unsubscribe", self._unsubscribe)
        self._server.on("*", self._unknown)

    def attach(self, app: web.Application) -> None:
        self._server.attach(app)

    def open_count(self) -> int:
        return len(self._open)

    async def control(self, message: dict[str, Any]) -> None:
        """A log-in, a visit or grants have changed: ask again who may hear what.

        message: `{"changed": "login:<id>" | "staff:<id>" | "resident:<id>"}`.
        """
        name = message.get("changed")
        for page in [page for page in self._open.values() if name in page.names]:
            fresh = await self._door.refreshed(page.principal)
            if fresh is None:
                await self._server.part(page.sid)
            else:
                page.principal = fresh
                await self._hub.recheck(page)

    async def watch(self) -> None:
        """Until cancelled: let go whose log-in or visit has run out, or was ended unheard."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await self.part_lapsed()

    async def part_lapsed(self) -> None:
        """Let pages go whose credential is not good any more."""
        pages = list(self._open.values())
        lapsed = await self._door.lapsed([page.principal for page in pages])
        for page in pages:
            if page.principal in lapsed and page.sid in self._open:
                await self._server.part(page.sid)

    async def close(self) -> None:
        """Let every page go; it comes back to another replica by its cursor."""
        for sid in list(self._open):
            await self._server.part(sid)
        await self._server.shutdown()

    async def _connect(self, sid: str, environ: dict[str, Any], data: Any = None) -> None:
        request: web.Request = environ["aiohttp.request"]
        language = problems.language_of(request)
        try:
            auth = Auth.model_validate(data or {})
            if auth.token is None and not self._door.origin_allowed(request.headers.get("Origin")):
                raise Unauthorised("origin_refused")
            principal = await self._door.principal_of(request.cookies, auth.page, auth.token)
            if principal is None:
                raise Unauthorised("credential_missing")
            page = OpenPage(self._server, sid, principal, language)
            if self._pages.count(page.name) >= SOCKETS_A_PERSON:
                raise TooMany("too_many_sockets", limit=SOCKETS_A_PERSON)
        except ValidationError:
            raise _refusal(Unprocessable("message_shape"), language) from None
        except Problem as problem:
            raise _refusal(problem, language) from None
        self._open[sid] = page
        self._pages.opened(page.name)

    async def _disconnect(self, sid: str, reason: str = "") -> None:
        page = self._open.pop(sid, None)
        if page is not None:
            self._hub.drop(page)
            self._pages.closed(page.name)

    async def _subscribe(self, sid: str, *data: Any) -> dict[str, Any]:
        async def subscribe(page: OpenPage) -> dict[str, Any]:
            message = _read(Subscribe, data)
            found = await self._hub.subscribe(page, message.topic, message.where)
            if page.sid not in self._open:
                self._hub.drop(page)
            return found.wire()

        return await self._answer(sid, subscribe)

    async def _unsubscribe(self, sid: str, *data: Any) -> dict[str, Any]:
        async def unsubscribe(page: OpenPage) -> dict[str, Any]:
            self._hub.unsubscribe(page, _read(Unsubscribe, data).topic)
            return {"ok": True}

        return await self._answer(sid, unsubscribe)

    async def _unknown(self, event: str, sid: str, *_: Any) -> dict[str, Any]:
        async def refuse(_page: OpenPage) -> dict[str, Any]:
            raise Unprocessable("message_unknown", message=event[:40])

        return await self._answer(sid, refuse)

    async def _answer(self, sid: str, act: Act) -> dict[str, Any]:
        """What the page is told: what `act` gives, or the problem that it met."""
        page = self._open[sid]
        try:
            page.count_message(self._now())
            return await act(page)
        except Problem as problem:
            return _refused(problem, page.language)
        except Exception as error:  # noqa: BLE001 - the last place before the page; logged with its trace
            return _refused(problems.of(error), page.language)


def _read(model: type[M], data: Sequence[Any]) -> M:
    """Raises Unprocessable `message_shape` unless `data` is that one message."""
    message = read(model, data[0]) if len(data) == 1 else None
    if message is None:
        raise Unprocessable("message_shape")
    return message


def _refused(problem: Problem, language: str) -> dict[str, Any]:
    return {"ok": False, "problem": problems.document(problem, language)}


def _refusal(problem: Problem, language: str) -> Refused:
    return Refused(problem.code, problems.document(problem, language))
