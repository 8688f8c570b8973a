"""A route as data: who may call it, what goes in, what comes out. OpenAPI is drawn from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from server.infrastructure.errors import NotFound, Problem
from server.infrastructure.ids import parse_id

PREFIX: Final = "/api/v1"


class Access(StrEnum):
    """Who gets past the door; what they may do inside is the service's to decide."""

    PUBLIC = "public"
    RESIDENT = "resident"
    STAFF = "staff"
    ANYONE_KNOWN = "anyone_known"


class Principal(Protocol):
    """Whoever a credential proves; identity has the kinds."""

    @property
    def kind(self) -> str: ...

    @property
    def id(self) -> str: ...


@dataclass(slots=True)
class Call:
    """One request, checked by its route's declaration.

    body, query: instances of the route's models. principal: None only on public routes, where it
    is whoever happens to be known.
    """

    request: web.Request
    principal: Any
    body: Any
    query: Any
    language: str

    def id(self, name: str = "id") -> UUID:
        """The path's id; one that is none is answered like an absent one."""
        value = parse_id(self.request.match_info[name])
        if value is None:
            raise NotFound
        return value

    def text(self, name: str) -> str:
        return self.request.match_info[name]


Handler = Callable[[Call], Awaitable[BaseModel | web.StreamResponse | None]]


@dataclass(frozen=True, slots=True)
class FileUpload:
    """A multipart body: one part `file` of these media types, and fields beside it."""

    fields: type[BaseModel]
    media_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API.

    method, path: path below `/api/v1`, `{name}` for parameters. answer: the model of a success,
    None for 204 or for bytes. command: one transaction with its Idempotency-Key;
    False for routes that also act on the media plane or on files, which SQL can't take back.
    What the handler does by itself is said for the document: upload, the multipart body that it
    reads; produces, the media type of the bytes that it answers; also, further statuses of a
    success; keyed, that it heeds an Idempotency-Key without being a command; problems, what it
    may answer beside what every route of its kind does.
    """

    method: str
    path: str
    handler: Handler
    access: Access
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    command: bool = True
    max_bytes: int | None = None
    upload: FileUpload | None = None
    produces: str | None = None
    also: tuple[int, ...] = ()
    keyed: bool = False
    problems: tuple[type[Problem], ...] = ()

    @property
    def is_command(self) -> bool:
        return self.command and self.method != "GET"

    @property
    def name(self) -> str:
        return f"{self.method} {PREFIX}{self.path}"
