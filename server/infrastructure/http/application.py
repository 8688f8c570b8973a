"""Turns declared routes into an aiohttp application: door, body, use case, answer, problem."""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from aiohttp import ClientConnectionResetError, web
from pydantic import BaseModel, ValidationError

from server.infrastructure import idempotency
from server.infrastructure.errors import (
    NotFound,
    NotPermitted,
    Problem,
    TooLarge,
    Unauthorised,
    Unprocessable,
    UnsupportedMedia,
)
from server.infrastructure.http import problems
from server.infrastructure.http.commands import Commands, Key
from server.infrastructure.http.routing import PREFIX, Access, Call, Principal, Route

IDEMPOTENCY_HEADER: Final = "Idempotency-Key"
JSON_DEPTH: Final = 32
BODY_SECONDS: Final = 30.0


class Door(Protocol):
    """Says who calls. identity implements it."""

    async def principal(self, request: web.Request) -> Principal | None:
        """Whoever the request's credential proves, None without one.

        Raises Unauthorised for a credential that is no longer good, NotPermitted for a change by
        cookie from a foreign Origin.
        """
        ...


class Api:
    def __init__(self, door: Door, commands: Commands, *, json_bytes: int) -> None:
        self._door = door
        self._commands = commands
        self._json_bytes = json_bytes

    def mount(self, app: web.Application, routes: Sequence[Route]) -> None:
        for route in routes:
            app.router.add_route(route.method, PREFIX + route.path, self._endpoint(route))
        app.router.add_route("*", PREFIX + "/{rest:.*}", _no_such_route)

    def _endpoint(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def endpoint(request: web.Request) -> web.StreamResponse:
            _check_address(request)
            principal = await self._door.principal(request)
            _check_access(route.access, principal)
            raw = await self._read(route, request)
            call = Call(
                request=request,
                principal=principal,
                body=_body(route.body, raw),
                query=_query(route.query, request),
                language=problems.language_of(request),
            )
            if not route.is_command:
                return await _answer(route, call)
            status, body = await self._commands.run(
                _key(route, request, principal, raw), lambda: _command_answer(route, call)
            )
            return _json(status, body)

        return endpoint

    async def _read(self, route: Route, request: web.Request) -> bytes:
        """The JSON body's bytes; empty for routes that take none or read a stream of their own."""
        if route.body is None:
            return b""
        if request.headers.get("Content-Encoding"):
            raise UnsupportedMedia("body_encoded")
        if not request.can_read_body and request.method == "DELETE":
            return b""
        if request.content_type != "application/json":
            raise UnsupportedMedia("body_not_json")
        limit = route.max_bytes or self._json_bytes
        if (request.content_length or 0) > limit:
            raise TooLarge("body_too_large", limit=limit)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await _whole(request, limit)
        except TimeoutError:
            raise Unprocessable("body_slow", seconds=int(BODY_SECONDS)) from None


@web.middleware
async def problem_middleware(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Every error of the API leaves as a problem document."""
    try:
        return await handler(request)
    except Problem as problem:
        return problems.response(problem, problems.language_of(request))
    except ValidationError as error:
        return problems.response(problems.from_validation(error), problems.language_of(request))
    except web.HTTPMethodNotAllowed:
        raise
    except web.HTTPException as error:
        if error.status < 400 or not request.path.startswith(PREFIX):
            raise
        return problems.response(_from_http(error), problems.language_of(request))
    except ClientConnectionResetError:
        raise  # nobody is there any more to be answered
    except Exception as error:  # noqa: BLE001 - the last place before the caller; logged
        return problems.response(problems.of(error), problems.language_of(request))


async def _whole(request: web.Request, limit: int) -> bytes:
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > limit:
            raise TooLarge("body_too_large", limit=limit)
    return bytes(raw)


def _from_http(error: web.HTTPException) -> Problem:
    if error.status == 413:
        return TooLarge("body_too_large")
    return NotFound("route_unknown") if error.status == 404 else Unprocessable("request_bad")


async def _no_such_route(request: web.Request) -> web.StreamResponse:
    raise NotFound("route_unknown", path=request.path)


def _check_address(request: web.Request) -> None:
    """PostgreSQL keeps no NUL in a text, so none gets to a query."""
    if "%00" in request.raw_path:
        raise Unprocessable("text_unusable")


def _check_access(access: Access, principal: Principal | None) -> None:
    if access is Access.PUBLIC:
        return
    if principal is None:
        raise Unauthorised("credential_missing")
    if access is not Access.ANYONE_KNOWN and principal.kind != access.value:
        raise NotPermitted("wrong_kind_of_user")


def _body(model: type[BaseModel] | None, raw: bytes) -> BaseModel | None:
    if model is None:
        return None
    try:
        value = json.loads(raw or b"{}")
    except (ValueError, RecursionError) as error:
        raise Unprocessable("json_broken") from error
    _check_json(value)
    return model.model_validate(value)


def _check_json(value: Any) -> None:
    """Raises Unprocessable for what is nested too deep, for text that can't be stored, and for
    numbers that JSON does not have (Python reads NaN, and 1e999 as infinity)."""
    level: list[Any] = [value]
    for _ in range(JSON_DEPTH):
        if not all(math.isfinite(item) for item in level if isinstance(item, float)):
            raise Unprocessable("json_broken")
        if not all(_storable(item) for item in level if isinstance(item, str)):
            raise Unprocessable("text_unusable")
        # Keys as well as values: an unknown field is told by its name.
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in ((*item, *item.values()) if isinstance(item, dict) else item)
        ]
        if not level:
            return
    raise Unprocessable("json_too_deep", limit=JSON_DEPTH)


def _storable(text: str) -> bool:
    """PostgreSQL keeps no NUL; half a surrogate pair has no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _query(model: type[BaseModel] | None, request: web.Request) -> BaseModel | None:
    if model is None:
        return None
    given = {name: value for name, value in request.query.items() if name != "page"}
    return model.model_validate(given)


def _key(route: Route, request: web.Request, principal: Principal | None, raw: bytes) -> Key | None:
    key = request.headers.get(IDEMPOTENCY_HEADER)
    if key is None or principal is None:
        return None
    if not idempotency.usable(key):
        raise Unprocessable("idempotency_key_bad", limit=idempotency.KEY_MAX)
    who = f"{principal.kind}:{principal.id}"
    return Key(who, route.name, key, idempotency.digest(request.path_qs, raw))


async def _answer(route: Route, call: Call) -> web.StreamResponse:
    result = await route.handler(call)
    if isinstance(result, web.StreamResponse):
        return result
    return _json(*_rendered(route, result))


async def _command_answer(route: Route, call: Call) -> tuple[int, bytes]:
    result = await route.handler(call)
    if isinstance(result, web.StreamResponse):
        raise TypeError(f"{route.name} is a command and answers with a model, or nothing")
    return _rendered(route, result)


def _rendered(route: Route, result: BaseModel | None) -> tuple[int, bytes]:
    if result is None:
        return 204, b""
    return route.status, result.model_dump_json().encode()


def _json(status: int, body: bytes) -> web.Response:
    if status == 204:
        return web.Response(status=204)
    return web.Response(status=status, body=body, content_type="application/json", charset="utf-8")
