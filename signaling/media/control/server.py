"""The worker's RPC: authenticated, checked, and handed to the media thread (HTTP and JSON)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from signaling.media.adapters.dtls import Identity
from signaling.media.connections import Person
from signaling.media.control import messages
from signaling.media.control.tokens import TokenRefused, Verifier
from signaling.media.events import EventLog
from signaling.media.plans import WantedSlot, WantedSource, plan_connection
from signaling.media.recording import EpochUsed, Recordings
from signaling.media.registry import (
    Connected,
    Refused,
    Registry,
)
from signaling.media.sdp.answer import LocalTransport, write_answer
from signaling.media.sdp.errors import SdpUnusable
from signaling.media.sdp.offer import parse_offer
from signaling.media.thread import MediaThread

LARGEST_BODY: Final = 256 * 1024
QUIET_S: Final = 2.0
BEARER: Final = "Bearer "

Body = TypeVar("Body", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class RpcServer:
    """Its handlers run on the control loop; what they change is changed on the media thread."""

    def __init__(
        self,
        *,
        thread: MediaThread,
        registry: Registry,
        recordings: Recordings,
        events: EventLog,
        verifier: Verifier,
        identity: Identity,
        address: tuple[str, int],
        stats: Callable[[], dict[str, Any]],
    ) -> None:
        """address: host and port that clients send media to."""
        self._thread = thread
        self._registry = registry
        self._recordings = recordings
        self._events = events
        self._verifier = verifier
        self._identity = identity
        self._address = address
        self._stats = stats

    def application(self) -> web.Application:
        application = web.Application(
            client_max_size=LARGEST_BODY, middlewares=[self._authenticate, _errors]
        )
        application.add_routes(
            [
                web.post("/rpc/open_session", self._open_session),
                web.post("/rpc/connect", self._connect),
                web.post("/rpc/route", self._route),
                web.post("/rpc/disconnect", self._disconnect),
                web.post("/rpc/close_session", self._close_session),
                web.post("/rpc/forget_log", self._forget_log),
                web.get("/rpc/events", self._follow_events),
                web.get("/rpc/stats", self._tell_stats),
            ]
        )
        return application

    @web.middleware
    async def _authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        header = request.headers.get("Authorization", "")
        try:
            await asyncio.to_thread(self._verifier.verify, header.removeprefix(BEARER))
        except TokenRefused:
            return _problem(401, "token_refused")
        return await handler(request)

    async def _open_session(self, request: web.Request) -> web.Response:
        body = await _body(request, messages.OpenSession)
        session_id, epoch = str(body.session_id), body.epoch
        known = await self._thread.call(lambda: self._registry.known(session_id, epoch))
        if not known:
            recorder = None
            if body.record:
                recorder = await self._recordings.open(session_id, epoch, body.labels)
            try:
                await self._thread.call(lambda: self._registry.open(session_id, epoch, recorder))
            except Refused:
                if recorder is not None:
                    recorder.end()
                raise
        return web.json_response({})

    async def _connect(self, request: web.Request) -> web.Response:
        body = await _body(request, messages.Connect)
        offer = parse_offer(body.offer)
        sources = [WantedSource(str(one.source_id), one.mid, one.kind) for one in body.sources]
        slots = [WantedSlot(one.mid, one.media, one.index) for one in body.slots]
        plan = plan_connection(offer, sources, slots)
        person = Person(str(body.participant_id), body.role)

        def connect() -> Connected:
            session = self._registry.session(str(body.session_id), body.epoch)
            return self._registry.connect(session, str(body.connection_id), person, plan)

        connected = await self._thread.call(connect)
        host, port = self._address
        transport = LocalTransport(
            connected.credentials.local_ufrag,
            connected.credentials.local_password,
            self._identity.fingerprint,
            host,
            port,
        )
        answer = write_answer(
            offer,
            transport,
            version=connected.version,
            sources=frozenset(one.mid for one in sources),
            slots=connected.slots,
        )
        return web.json_response({"answer": answer})

    async def _route(self, request: web.Request) -> web.Response:
        body = await _body(request, messages.Route)
        fills = {
            one.mid: None if one.source_id is None else str(one.source_id) for one in body.slots
        }

        def route() -> bool:
            session = self._registry.session(str(body.session_id), body.epoch)
            return self._registry.route(session, str(body.connection_id), body.generation, fills)

        return web.json_response({"applied": await self._thread.call(route)})

    async def _disconnect(self, request: web.Request) -> web.Response:
        body = await _body(request, messages.Disconnect)

        def disconnect() -> None:
            session = self._registry.session(str(body.session_id), body.epoch)
            self._registry.disconnect(session, str(body.connection_id))

        await self._thread.call(disconnect)
        return web.json_response({})

    async def _close_session(self, request: web.Request) -> web.Response:
        body = await _body(request, messages.SessionBody)
        await self._thread.call(lambda: self._registry.close(str(body.session_id), body.epoch))
        return web.json_response({})

    async def _forget_log(self, request: web.Request) -> web.Response:
        body = await _body(request, messages.SessionBody)
        if not await self._recordings.forget(str(body.session_id), body.epoch):
            return _problem(409, "not_sealed")
        return web.json_response({})

    async def _tell_stats(self, _request: web.Request) -> web.Response:
        return web.json_response(await self._thread.call(self._stats))

    async def _follow_events(self, request: web.Request) -> web.StreamResponse:
        """Lines of JSON; an empty line when nothing has happened for a while."""
        after = request.query.get("after", "0")
        if not after.isascii() or not after.isdigit():
            return _problem(400, "malformed")
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        try:
            await response.write(b"\n")
            async for event in self._events.follow(int(after), QUIET_S):
                line = b"" if event is None else json.dumps(event).encode()
                await response.write(line + b"\n")
            await response.write_eof()
        except ConnectionError:
            # The reader is gone; it comes back with the number of what it has seen.
            return response
        return response


async def _body(request: web.Request, kind: type[Body]) -> Body:
    return kind.model_validate_json(await request.read())


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place where an error becomes an answer."""
    try:
        return await handler(request)
    except ValidationError:
        return _problem(400, "malformed")
    except SdpUnusable as error:
        return _problem(422, "sdp_unusable", reason=error.reason.value)
    except EpochUsed as error:
        return _problem(409, "stale_epoch", newest=error.epoch)
    except Refused as error:
        return _problem(error.status, error.code, **error.params)


def _problem(status: int, code: str, **params: object) -> web.Response:
    return web.json_response({"code": code, "params": params}, status=status)
