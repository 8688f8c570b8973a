"""Replicas of the event mechanism alone: database, relay and hub, with listeners that check."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.infrastructure.actors import System
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.errors import NotFound
from server.infrastructure.events.hub import Cursor, Hub
from server.infrastructure.events.relay import Relay
from server.infrastructure.events.topics import Change, Snapshot, TopicKind, Topics
from server.infrastructure.redis import connect_redis
from server.infrastructure.tasks import running
from server.infrastructure.work import Work


async def _anybody(_session: AsyncSession, _principal: Any, key: str) -> None:
    if key == "secret":
        raise NotFound


async def _nothing(_session: AsyncSession, _key: str) -> Snapshot:
    return {}


COUNTERS = Topics([TopicKind("counter", _anybody, _nothing)])


@dataclass(eq=False)
class Ear:
    """A page that keeps what it hears."""

    principal: Any = None
    heard: list[dict[str, Any]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    async def send(self, message: str, payload: dict[str, Any]) -> None:
        if message == "event":
            self.heard.append(payload)
        elif message == "closed":
            self.closed.append(payload["topic"])

    def numbers(self, topic: str) -> list[int]:
        return [event["number"] for event in self.heard if event["topic"] == topic]


@dataclass
class Replica:
    work: Work
    hub: Hub
    relay: Relay

    async def count(self, topic: str, times: int = 1) -> None:
        """`times` commands, each with one event on `topic`."""
        for _ in range(times):
            async with self.work.write(System("test")) as tx:
                tx.publish(topic, "counted", Change("count", "1", {"id": "1"}))

    async def hear(self, topic: str, cursor: Cursor | None = None) -> Ear:
        ear = Ear()
        await self.hub.subscribe(ear, topic, cursor)
        return ear


@asynccontextmanager
async def replica(database_url: str, redis_url: str, name: str) -> AsyncIterator[Replica]:
    """One replica, running. The database is migrated already."""
    async with AsyncExitStack() as stack:
        database = Database(database_url)
        stack.push_async_callback(database.close)
        redis = connect_redis(redis_url)
        stack.push_async_callback(redis.aclose)
        hub = Hub(database, COUNTERS)
        relay = Relay(database, redis, SystemClock(), hub, name)
        await stack.enter_async_context(running(relay.loops()))
        yield Replica(Work(database, SystemClock(), relay.publish), hub, relay)
