"""The HTTP API of all subjects together, and the document that describes it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from server.bookings.callbacks import Callbacks
from server.bookings.routes import routes as booking_routes
from server.bookings.service import Bookings
from server.cases.library import Library
from server.cases.routes import routes as case_routes
from server.cases.service import Cases
from server.catalogue.routes import routes as catalogue_routes
from server.catalogue.service import Catalogue
from server.halls.routes import routes as hall_routes
from server.halls.service import Halls
from server.identity.logins import Logins
from server.identity.residents import Residents
from server.identity.routes import routes as identity_routes
from server.infrastructure.http import openapi
from server.infrastructure.http.routing import Route
from server.infrastructure.settings import Settings
from server.materials.routes import routes as material_routes
from server.materials.service import Materials
from server.organisations.doors import Doors
from server.organisations.routes import routes as organisation_routes
from server.organisations.rulebook import Rulebook
from server.recordings.playback import Playback
from server.recordings.routes import routes as recording_routes
from server.service_level.routes import routes as level_routes
from server.service_level.service import ServiceLevels
from server.sessions.connections import Connections
from server.sessions.routes import routes as session_routes
from server.sessions.service import Sessions
from server.sessions.views import SessionViews
from server.sessions.wrap_up import WrapUps
from server.tickets.desk import Desk
from server.tickets.routes import routes as ticket_routes
from server.tickets.service import Tickets

TITLE: Final = "Remote Virtual Window"
VERSION: Final = "0.1.0"
DESCRIPTION: Final = """\
Queue, call, papers, recordings and case library of a government counter that is reached by video.

Texts come in zh-CN and en; times are RFC 3339 in UTC. Errors are problem documents (RFC 9457) with
a stable `code`; their `detail` is in the language of `Accept-Language`. Sign in with
`POST /api/v1/auth/login`, take a token with `POST /api/v1/auth/tokens`, and send it as
`Authorization: Bearer`. What changes is told by Socket.IO: see `/asyncapi.json`."""


@dataclass(frozen=True)
class Services:
    """What the routes call. incoming: the folder of files on their way."""

    settings: Settings
    incoming: Path
    logins: Logins
    residents: Residents
    catalogue: Catalogue
    doors: Doors
    rulebook: Rulebook
    tickets: Tickets
    desk: Desk
    bookings: Bookings
    callbacks: Callbacks
    sessions: Sessions
    connections: Connections
    wrap_ups: WrapUps
    session_views: SessionViews
    materials: Materials
    cases: Cases
    library: Library
    playback: Playback
    service_levels: ServiceLevels
    halls: Halls


def routes(of: Services) -> list[Route]:
    """All operations, in the order in which the document lists them."""
    return [
        *identity_routes(of.logins, of.residents, of.settings),
        *catalogue_routes(of.catalogue),
        *organisation_routes(of.doors, of.rulebook),
        *ticket_routes(of.tickets, of.desk),
        *booking_routes(of.bookings, of.callbacks),
        *session_routes(of.sessions, of.connections, of.wrap_ups, of.session_views),
        *material_routes(of.materials, incoming=of.incoming, upload_bytes=of.settings.upload_bytes),
        *case_routes(of.cases, of.library),
        *recording_routes(of.playback, secure=of.settings.secure),
        *level_routes(of.service_levels),
        *hall_routes(of.halls),
    ]


def declared() -> list[Route]:
    """The routes as they are declared, without services behind them: to describe, not to call."""
    absent: dict[str, Any] = dict.fromkeys(field.name for field in fields(Services))
    return routes(Services(**absent | {"settings": Settings()}))


def document(declared_routes: Sequence[Route]) -> dict[str, Any]:
    """The OpenAPI document; the same for every reader and every installation."""
    return openapi.document(declared_routes, title=TITLE, version=VERSION, description=DESCRIPTION)
