"""Carries committed events between replicas, over one Redis Stream that may be lost at any time.

A replica hands its own commits to its hub at once and puts them on the stream for the others.
What could not be put there (Redis gone, or the replica killed between commit and relay) stays
unpublished in the outbox and is swept up by any replica. While Redis is away, and after it lost
its memory, the hub compares its numbers with SQL, so nothing is lost; numbers make doubles
harmless.
"""

import asyncio
import datetime as dt
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.infrastructure.clock import Clock
from server.infrastructure.database import AWAY, Database
from server.infrastructure.events import log
from server.infrastructure.events.hub import Hub
from server.infrastructure.events.topics import Event
from server.infrastructure.tasks import Loop

STREAM: Final = "vw:events"
ALIVE_KEY: Final = "vw:events:alive"
STREAM_LENGTH: Final = 100_000
BLOCK_MS: Final = 1_000
SWEEP_SECONDS: Final = 1.0
SWEEP_AGE: Final = dt.timedelta(seconds=2)
MARK_SECONDS: Final = 0.5
BATCH: Final = 500

_log = logging.getLogger(__name__)

ControlHandler = Callable[[dict[str, Any]], Awaitable[None]]
Follower = Callable[[Sequence[Event]], Awaitable[None]]


class Relay:
    """`publish` is what `Work` calls with the events of each commit."""

    def __init__(
        self, database: Database, redis: Redis, clock: Clock, hub: Hub, replica: str
    ) -> None:
        self._database = database
        self._redis = redis
        self._clock = clock
        self._hub = hub
        self._replica = replica
        self._outgoing: asyncio.Queue[dict[str, str]] = asyncio.Queue(maxsize=10_000)
        self._published: list[Event] = []
        self._control: list[ControlHandler] = []
        self._followers: list[Follower] = []

    def on_control(self, handler: ControlHandler) -> None:
        """Hear what another replica (or this one) says to all: a session was revoked."""
        self._control.append(handler)

    def on_carried(self, follower: Follower) -> None:
        """Hand over committed events, some time after they were put on the stream: all of them, at
        least once, over all replicas. For what sums up what commands have done."""
        self._followers.append(follower)

    def publish(self, events: list[Event]) -> None:
        self._hub.offer(events)
        for event in events:
            self._put({"event": json.dumps(_wire(event))})

    async def send_control(self, message: dict[str, Any]) -> None:
        self._put({"control": json.dumps(message)})
        for handler in self._control:
            await handler(message)

    def loops(self) -> dict[str, Loop]:
        """What must run while the replica serves."""
        return {
            "event-hub": self._hub.run,
            "event-push": self._push,
            "event-tail": self._tail,
            "event-sweep": self._sweep,
            "event-mark": self._mark,
        }

    def _put(self, fields: dict[str, str]) -> None:
        try:
            self._outgoing.put_nowait(fields | {"replica": self._replica})
        except asyncio.QueueFull:
            # The sweep finds events in SQL; the gateway looks at credentials by itself, too.
            _log.warning("relay queue is full, the sweep takes over")

    async def _push(self) -> None:
        while True:
            batch = [await self._outgoing.get()]
            while len(batch) < BATCH and not self._outgoing.empty():
                batch.append(self._outgoing.get_nowait())
            try:
                await self._add(batch)
            except RedisError as error:
                _log.warning("events not relayed, the sweep will: %s", type(error).__name__)
                await asyncio.sleep(SWEEP_SECONDS)
                continue
            self._published += [_event(f["event"]) for f in batch if "event" in f]

    async def _add(self, batch: list[dict[str, str]]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for fields in batch:
            pipeline.xadd(STREAM, fields, maxlen=STREAM_LENGTH, approximate=True)  # type: ignore[arg-type]
        await pipeline.execute()

    async def _mark(self) -> None:
        while True:
            await asyncio.sleep(MARK_SECONDS)
            if not self._published:
                continue
            done, self._published = self._published, []
            # Before they are marked: until then they are carried again if this replica dies.
            await self._follow(done)
            async with self._database.write() as session:
                await log.mark_published(session, done, self._clock.now())
                await session.commit()

    async def _follow(self, carried: list[Event]) -> None:
        for follower in self._followers:
            try:
                await follower(carried)
            except AWAY:
                raise
            except Exception:  # noqa: BLE001 - a follower's fault must not stop the relay; logged
                _log.exception("events were not followed")

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            before = self._clock.now() - SWEEP_AGE
            async with self._database.read() as session:
                left = await log.read_unpublished(session, before=before, limit=BATCH)
            if not left:
                continue
            try:
                await self._add([{"event": json.dumps(_wire(event))} for event in left])
            except RedisError:
                continue
            self._published += left

    async def _tail(self) -> None:
        last = "$"
        while True:
            try:
                if last == "$":
                    last = await self._newest_id()
                    await self._hub.catch_up()
                answer: Any = await self._redis.xread({STREAM: last}, count=BATCH, block=BLOCK_MS)
                for _, entries in answer or []:
                    for entry_id, fields in entries:
                        last = entry_id
                        await self._take(fields)
                if await self._redis.set(ALIVE_KEY, "1", nx=True):
                    # The key was gone: so may be hints that nobody has read.
                    await self._hub.catch_up()
            except RedisError as error:
                _log.warning("event stream unreachable: %s", type(error).__name__)
                await asyncio.sleep(SWEEP_SECONDS)
                await self._hub.catch_up()

    async def _newest_id(self) -> str:
        newest = await self._redis.xrevrange(STREAM, count=1)
        return str(newest[0][0]) if newest else "0-0"

    async def _take(self, fields: dict[str, str]) -> None:
        """Hear another replica. What can't be read, or acted on, must not stop the tail, which
        would begin anew behind all that came meanwhile."""
        try:
            await self._act(fields)
        except Exception:  # noqa: BLE001 - logged with its trace; the next entry is to be heard
            _log.exception("an entry of the event stream was not taken")

    async def _act(self, fields: dict[str, str]) -> None:
        if fields.get("replica") == self._replica:
            return
        if "event" in fields:
            self._hub.offer([_event(fields["event"])])
        elif "control" in fields:
            message = json.loads(fields["control"])
            for handler in self._control:
                await handler(message)


def _wire(event: Event) -> list[Any]:
    return [event.topic, event.number, event.type, event.at, event.changes]


def _event(text: str) -> Event:
    topic, number, type_, at, changes = json.loads(text)
    return Event(topic, number, type_, at, changes)
