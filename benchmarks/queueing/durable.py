"""Whole visits through the product's own services: created, offered, accepted, closed.

One replica with all its loops (dispatch, leases, relay to Valkey, outlooks) on PostgreSQL with
the durability of its defaults. Each step is a transaction with its audit rows and events; the rows
are counted afterwards.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import text

from benchmarks.queueing.town import Size, Town, found, residents
from server.api import Services
from server.app import Core, assembled
from server.identity.principals import Resident, Staff
from server.infrastructure.http.commands import Answer, Commands
from server.infrastructure.migrations import upgrade_database
from server.infrastructure.settings import Settings
from server.sessions.states import Outcome
from server.tickets.events import desk_topic

T = TypeVar("T")

PATIENT_SECONDS: Final = 3_600
OFFER_SECONDS: Final = 60.0
AT_MOST: Final = 250  # cycles of a lane in one run

# What must be there for each cycle, whatever else is; a topic without a gap has as many rows as
# its last number says.
COUNTS: Final = {
    "tickets done": "SELECT count(*) FROM ticket WHERE state = 'done'",
    "offers accepted": "SELECT count(*) FROM offer WHERE state = 'accepted'",
    "sessions ended": "SELECT count(*) FROM video_session WHERE state = 'ended'",
    "wrap-ups done": "SELECT count(*) FROM engagement WHERE state = 'completed'",
    "tickets audited": "SELECT count(*) FROM audit WHERE action = 'ticket.served'",
}
AUDIT_ROWS: Final = "SELECT count(*) FROM audit"
EVENT_ROWS: Final = "SELECT count(*) FROM event"
GAPS: Final = """
SELECT count(*) FROM event_topic topic WHERE topic.number <>
    (SELECT count(*) FROM event WHERE event.topic = topic.topic)
"""


class RowsMissing(Exception):
    """What was answered as done does not stand in the database."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows a cycle."""

    audit: float
    events: float


@dataclass
class DeskListener:
    """An agent's page: hears its desk's topic and hands each offer to whoever waits for it."""

    principal: Staff
    offers: dict[str, "asyncio.Future[tuple[Staff, UUID]]"] = field(default_factory=dict)

    def __hash__(self) -> int:
        return id(self)

    async def send(self, message: str, payload: dict[str, Any]) -> None:
        if message != "event" or payload["type"] != "offer.made":
            return
        for change in payload["changes"]:
            waiting = self.offers.get(change["value"]["ticket"]["id"])
            if waiting is not None and not waiting.done():
                waiting.set_result((self.principal, UUID(change["id"])))


class DurableCycles:
    """lanes: how many cycles go on at the same time."""

    def __init__(self, core: Core, services: Services, town: Town, lanes: int) -> None:
        self.core = core
        self._services = services
        self._town = town
        self._lanes = lanes
        self._commands = Commands(core.work)
        self._offers: dict[str, asyncio.Future[tuple[Staff, UUID]]] = {}
        self.done = 0

    async def open_desks(self) -> None:
        for agent in self._town.agents:
            listener = DeskListener(agent, self._offers)
            await self.core.hub.subscribe(listener, desk_topic(agent.account_id), None)

    async def per_second(self, seconds: float) -> float:
        """Cycles a second, `lanes` at the same time, until `seconds` are over."""
        people = await residents(self.core.database, self._town, self._lanes * AT_MOST)
        started, before = time.perf_counter(), self.done
        async with asyncio.TaskGroup() as lanes:
            for lane in range(self._lanes):
                some = people[lane * AT_MOST : (lane + 1) * AT_MOST]
                lanes.create_task(self._lane(some, started + seconds))
        return (self.done - before) / (time.perf_counter() - started)

    async def _lane(self, people: list[Resident], until: float) -> None:
        for number, resident in enumerate(people):
            await self._cycle(resident, self._town.items[number % len(self._town.items)])
            self.done += 1
            if time.perf_counter() >= until:
                return

    async def _cycle(self, resident: Resident, item: str) -> None:
        services, take = self._services, self._services.tickets.take
        ticket, _ = await self._command(lambda: take(resident, item))
        offered = self._offers.setdefault(
            str(ticket.id), asyncio.get_running_loop().create_future()
        )
        async with asyncio.timeout(OFFER_SECONDS):
            agent, offer_id = await offered
        del self._offers[str(ticket.id)]
        call = await self._command(lambda: services.desk.accept(agent, offer_id))
        session_id, engagement_id = call.session_id, call.engagement_id
        if session_id is None or engagement_id is None:
            raise RowsMissing(f"no session for offer {offer_id}")
        await self._command(lambda: services.sessions.hang_up(agent, session_id))
        complete, outcome = services.wrap_ups.complete, Outcome.RESOLVED
        await self._command(lambda: complete(agent, engagement_id, outcome, None))

    async def _command(self, use_case: Callable[[], Awaitable[T]]) -> T:
        """As a route runs it: one transaction, tried again where somebody was quicker."""
        given: list[T] = []

        async def call() -> Answer:
            given.append(await use_case())
            return 200, b""

        await self._commands.run(None, call)
        return given[-1]

    async def count(self) -> Counted:
        """Count what stands in the database. Raises RowsMissing."""
        async with self.core.database.read() as session:
            found = {
                what: int((await session.execute(text(query))).scalar_one())
                for what, query in COUNTS.items()
            }
            gaps = int((await session.execute(text(GAPS))).scalar_one())
            audit = int((await session.execute(text(AUDIT_ROWS))).scalar_one())
            events = int((await session.execute(text(EVENT_ROWS))).scalar_one())
        if gaps or set(found.values()) != {self.done}:
            raise RowsMissing(f"{self.done} cycles, {gaps} topics with gaps, {found}")
        return Counted(audit / self.done, events / self.done)


@asynccontextmanager
async def durable_cycles(
    database_url: str, redis_url: str, folder: Path, size: Size, lanes: int
) -> AsyncIterator[DurableCycles]:
    """A replica in this process, with a town of `size`."""
    await upgrade_database(database_url)
    settings = Settings(
        data=folder,
        database_url=SecretStr(database_url),
        redis_url=SecretStr(redis_url),
        # Nobody has a page here, and nobody is to be too slow.
        presence_grace_seconds=PATIENT_SECONDS,
        offer_lease_seconds=PATIENT_SECONDS,
    )
    async with assembled(settings) as (core, parts):
        town = await found(core.database, size)
        cycles = DurableCycles(core, parts.services, town, lanes)
        await cycles.open_desks()
        yield cycles
