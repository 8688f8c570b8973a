"""The composition root: it alone knows every part; opens them in order, closes them in reverse."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import uvloop
from aiohttp import web
from redis.asyncio import Redis

import server.cases.events as case_events
from server import api, pages
from server.bookings.calendar import BookingCalendar
from server.bookings.callbacks import Callbacks
from server.bookings.retention import BookingRetention
from server.bookings.service import Bookings
from server.bookings.sweep import BookingSweep
from server.cases.library import Library
from server.cases.service import Cases
from server.catalogue.service import Catalogue
from server.demo.guard import refuse_demo_data
from server.halls.service import Halls
from server.halls.sweep import HallSweep
from server.health import Health
from server.identity.consent import Consent
from server.identity.door import Door
from server.identity.keys import SigningKeys
from server.identity.limits import Limits
from server.identity.logins import Logins
from server.identity.passwords import Passwords
from server.identity.residents import Residents
from server.identity.tokens import AccessTokens
from server.infrastructure import logging as json_logging
from server.infrastructure.blobs import BlobStore
from server.infrastructure.blobs_s3 import blob_store
from server.infrastructure.clock import Clock, SystemClock
from server.infrastructure.database import Database
from server.infrastructure.events.hub import Hub
from server.infrastructure.events.relay import Relay
from server.infrastructure.events.topics import Event, Topics
from server.infrastructure.housekeeping import Housekeeping
from server.infrastructure.http import security
from server.infrastructure.http.application import Api, problem_middleware
from server.infrastructure.http.commands import Commands
from server.infrastructure.http.proxies import TrustedProxies
from server.infrastructure.http.routing import Route
from server.infrastructure.metrics import Metrics
from server.infrastructure.redis import connect_redis
from server.infrastructure.settings import Settings
from server.infrastructure.tasks import Loop
from server.infrastructure.tasks import running as loops_running
from server.infrastructure.work import Publisher, Work
from server.materials.decoder import Decoder
from server.materials.service import Materials
from server.organisations.doors import Doors
from server.organisations.rulebook import Rulebook
from server.organisations.service import Organisations
from server.queueing.lineup import LineUp
from server.recordings.playback import Playback
from server.recordings.service import Recordings
from server.service_level.following import BoardFollower
from server.service_level.service import ServiceLevels
from server.service_level.watch import Watch
from server.sessions.closing import MediaClosing
from server.sessions.connections import Connections
from server.sessions.handling_times import EngagementTimes
from server.sessions.lookup import SessionDirectory
from server.sessions.media import MediaSessions
from server.sessions.media_events import MediaEvents
from server.sessions.placement import Placements
from server.sessions.ports import MediaPlane
from server.sessions.service import Sessions
from server.sessions.sweep import SessionSweep
from server.sessions.views import SessionViews
from server.sessions.visits import Visits
from server.sessions.wrap_up import WrapUps
from server.tickets.desk import Desk
from server.tickets.dispatch.dispatch import Dispatch
from server.tickets.leases import Leases
from server.tickets.overflow.rounds import Rounds
from server.tickets.service import Tickets
from server.tickets.standing.estimates import Estimates
from server.tickets.standing.outlooks import Outlooks
from server.topics import all_topics
from signaling.gateway import asyncapi
from signaling.gateway.gateway import Gateway
from signaling.gateway.pages import OpenPages
from signaling.media.control.client import MediaClient

REQUEST_BYTES: Final = 25_000_000
CLOSE_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Core:
    """What every part is built on."""

    settings: Settings
    clock: Clock
    database: Database
    redis: Redis
    hub: Hub
    relay: Relay
    work: Work
    on_commit: list[Publisher]
    metrics: Metrics
    blobs: BlobStore
    directory: SessionDirectory
    topics: Topics


@dataclass(frozen=True)
class Parts:
    """The services of all subjects, their routes and endless loops."""

    services: api.Services
    routes: list[Route]
    loops: dict[str, Loop]
    door: Door
    gateway: Gateway


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; the entry point of `virtual-window app`."""
    json_logging.configure("app")
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings) as app:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
            _log.info("serving")
            await stop.wait()
        finally:
            await runner.cleanup()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[web.Application]:
    """The application with all its background loops; they have ended when the block has.

    Raises DemoDataPresent, PagesMissing, and what the database's driver says when it is not there.
    """
    async with assembled(settings) as (core, parts):
        yield _web_application(core, parts)


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[tuple[Core, Parts]]:
    """All parts wired and their loops running, without a web server around them."""
    async with AsyncExitStack() as stack:
        core = await _open_core(settings, stack)
        if not settings.demo:
            async with core.work.read() as session:
                await refuse_demo_data(session)
        media = await stack.enter_async_context(MediaClient.running(core.redis, settings.keys))
        decoder = await stack.enter_async_context(Decoder(pixels=settings.upload_pixels))
        parts = await _assemble(core, media, decoder)
        await stack.enter_async_context(loops_running(parts.loops))
        stack.push_async_callback(parts.gateway.close)
        yield core, parts


async def _open_core(settings: Settings, stack: AsyncExitStack) -> Core:
    token = settings.metrics_token
    metrics = Metrics(token.get_secret_value() if token is not None else None)
    clock, directory = SystemClock(), SessionDirectory()
    database = Database(settings.database)
    stack.push_async_callback(database.close)
    redis = connect_redis(settings.redis)
    stack.push_async_callback(redis.aclose)
    blobs = blob_store(settings)
    await blobs.prepare()
    topics = all_topics(case_events.topic_kind(directory))
    hub = Hub(database, topics)
    relay = Relay(database, redis, clock, hub, settings.replica_id)

    on_commit: list[Publisher] = [relay.publish]

    def publish(events: list[Event]) -> None:
        for event in events:
            metrics.events.labels(event.type).inc()
        for listener in on_commit:
            listener(events)

    work = Work(database, clock, publish)
    return Core(
        settings,
        clock,
        database,
        redis,
        hub,
        relay,
        work,
        on_commit,
        metrics,
        blobs,
        directory,
        topics,
    )


async def _assemble(core: Core, media: MediaPlane, decoder: Decoder) -> Parts:
    settings, work = core.settings, core.work
    catalogue, organisations = Catalogue(work), Organisations(work)
    recordings = Recordings(work, core.directory)
    cases = Cases(work, core.directory)
    open_pages = OpenPages(core.redis, core.clock.monotonic, grace=settings.presence_grace_seconds)
    dispatch = Dispatch(work, settings, LineUp(core.redis))
    core.on_commit.append(dispatch.heard)
    media_sessions = MediaSessions(media)
    placements = Placements(work, media, recordings)
    sessions = Sessions(work, settings, media_sessions, recordings)
    wrap_ups = WrapUps(work, settings, sessions)
    calendar = BookingCalendar(settings)
    callbacks = Callbacks(work, settings, calendar)
    estimates = Estimates(core.clock, EngagementTimes())
    tickets = Tickets(work, settings, catalogue, organisations, estimates)
    limits = Limits(core.redis, core.clock)
    door, logins, residents = await _identity(
        core, organisations, Visits(work, tickets, sessions, estimates), limits
    )
    gateway = Gateway(
        core.hub, door, open_pages, origins=settings.origins, now=core.clock.monotonic
    )
    core.relay.on_control(gateway.control)
    core.relay.on_carried(BoardFollower(work).follow)
    core.metrics.pages.set_function(gateway.open_count)
    materials = Materials(
        work,
        core.directory,
        core.blobs,
        decoder,
        upload_pixels=settings.upload_pixels,
    )
    services = api.Services(
        settings=settings,
        incoming=core.blobs.incoming,
        logins=logins,
        residents=residents,
        catalogue=catalogue,
        doors=Doors(work),
        rulebook=Rulebook(work),
        tickets=tickets,
        desk=Desk(work, settings, sessions, callbacks),
        bookings=Bookings(work, settings, catalogue, organisations, estimates, calendar, limits),
        callbacks=callbacks,
        sessions=sessions,
        connections=Connections(work, media, placements, media_sessions),
        wrap_ups=wrap_ups,
        session_views=SessionViews(work, cases, core.directory),
        materials=materials,
        cases=cases,
        library=Library(work, core.directory),
        playback=Playback(work, core.directory, core.blobs, seconds=settings.playback_seconds),
        service_levels=ServiceLevels(work, settings),
        halls=Halls(work, settings, catalogue, estimates),
    )
    media_events = MediaEvents(work, media, placements, media_sessions, recordings)
    loops: dict[str, Loop] = {
        **core.relay.loops(),
        "pages": open_pages.run,
        "sockets": gateway.watch,
        **dispatch.loops(),
        "overflow": Rounds(work).run,
        "leases": Leases(work, settings, open_pages).run,
        "outlooks": Outlooks(work, core.hub, estimates).run,
        "bookings": BookingSweep(work, settings, calendar, callbacks, open_pages).run,
        "booking-retention": BookingRetention(work, settings).run,
        "sessions": SessionSweep(sessions, wrap_ups).run,
        "media-events": media_events.run,
        "media-watch": media_events.watch,
        "media-closing": MediaClosing(work, media, placements).run,
        "service-level": Watch(work, settings).run,
        "halls": HallSweep(work).run,
        "housekeeping": Housekeeping(core.database, core.clock, settings).run,
    }
    return Parts(services, api.routes(services), loops, door, gateway)


async def _identity(
    core: Core, organisations: Organisations, visits: Visits, limits: Limits
) -> tuple[Door, Logins, Residents]:
    settings, work = core.settings, core.work
    keys = SigningKeys(settings.keys)
    await asyncio.to_thread(keys.load)
    tokens = AccessTokens(keys, core.clock)
    passwords = Passwords()
    await passwords.prepare()

    async def revoked(login_session_id: UUID) -> None:
        await core.relay.send_control({"changed": f"login:{login_session_id}"})

    async def ended(resident_id: UUID) -> None:
        await core.relay.send_control({"changed": f"resident:{resident_id}"})

    logins = Logins(work, settings, passwords, tokens, limits, revoked)
    residents = Residents(
        work, settings, organisations, Consent(settings), limits, visits, visits, ended
    )
    return Door(work, settings, tokens), logins, residents


def _web_application(core: Core, parts: Parts) -> web.Application:
    proxies = TrustedProxies(core.settings.trusted_proxies)
    app = web.Application(
        middlewares=[proxies.middleware, core.metrics.middleware, problem_middleware],
        client_max_size=REQUEST_BYTES,
    )
    security.mount(app)
    Health(core.database, core.redis).mount(app)
    app.router.add_get("/metrics", core.metrics.expose)
    asyncapi_document = asyncapi.document(core.topics.kinds, title=api.TITLE, version=api.VERSION)
    pages.mount(
        app,
        {"/openapi.json": api.document(parts.routes), "/asyncapi.json": asyncapi_document},
    )
    parts.gateway.attach(app)
    endpoints = Api(parts.door, Commands(core.work), json_bytes=core.settings.json_bytes)
    endpoints.mount(app, parts.routes)
    return app
