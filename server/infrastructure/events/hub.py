"""Hands committed events to the pages of this replica: each once, in order, gaps read from SQL."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Protocol

from server.infrastructure.database import Database
from server.infrastructure.errors import Problem, TooMany
from server.infrastructure.events import log
from server.infrastructure.events.topics import Event, Snapshot, Topics

TOPICS_A_PAGE: Final = 100
TOLD_AT_ONCE: Final = 100
MISSED_MAX: Final = 1_000  # beyond it a snapshot is less to send


class Listener(Protocol):
    """An open page. `send` must not block: what does not read is cut off by the gateway."""

    @property
    def principal(self) -> Any: ...

    async def send(self, message: str, payload: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Cursor:
    epoch: str
    number: int


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Where a listener stands: a fresh snapshot, or what it missed since its cursor."""

    epoch: str
    number: int
    snapshot: Snapshot | None
    events: list[Event]

    def wire(self) -> dict[str, Any]:
        return {
            "ok": True,
            "epoch": self.epoch,
            "number": self.number,
            "snapshot": self.snapshot,
            "events": [event.wire(self.epoch) for event in self.events],
        }


@dataclass(slots=True)
class _Feed:
    number: int
    joined: int = 0
    listeners: set[Listener] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hub:
    def __init__(self, database: Database, topics: Topics) -> None:
        self._database = database
        self._topics = topics
        self._feeds: dict[str, _Feed] = {}
        self._heard: dict[Listener, set[str]] = {}
        self._arrived: asyncio.Queue[Event] = asyncio.Queue()
        self._epoch: str | None = None
        self._joins = count(1)

    async def run(self) -> None:
        """Deliver what `offer` brings until cancelled."""
        while True:
            event = await self._arrived.get()
            feed = self._feeds.get(event.topic)
            if feed is not None:
                await self._deliver(event.topic, feed, event)

    def offer(self, events: Iterable[Event]) -> None:
        """Take events that are committed, in any order, also twice."""
        for event in events:
            if event.topic in self._feeds:
                self._arrived.put_nowait(event)

    async def offer_value(self, topic: str, name: str, value: Any) -> None:
        """Send a momentary value: not numbered, not kept, the last one wins."""
        feed = self._feeds.get(topic)
        if feed is not None:
            for listener in list(feed.listeners):
                await listener.send("value", {"topic": topic, "name": name, "value": value})

    async def subscribe(self, listener: Listener, topic: str, cursor: Cursor | None) -> Subscribed:
        """Let `listener` hear `topic` from now on, with what it lacks until now.

        Raises the Problem of the topic's own authorisation, NotFound for an unknown topic, TooMany
        `too_many_topics`.
        """
        kind, key = self._topics.find(topic)
        heard = self._heard.get(listener, set())
        if topic not in heard and len(heard) >= TOPICS_A_PAGE:
            raise TooMany("too_many_topics", limit=TOPICS_A_PAGE)
        feed = self._feeds.setdefault(topic, _Feed(number=-1))
        async with feed.lock:
            try:
                async with self._database.read() as session:
                    await kind.authorise(session, listener.principal, key)
                    epoch = await self._read_epoch(session)
                    number = await log.last_number(session, topic)
                    missed = await self._missed(session, topic, cursor, epoch, number)
                    snapshot = await kind.snapshot(session, key) if missed is None else None
                if feed.number < 0:
                    feed.number = number
                await self._advance(topic, feed, number)
                feed.listeners.add(listener)
                feed.joined = next(self._joins)
                self._heard.setdefault(listener, set()).add(topic)
                self._feeds[topic] = feed
            finally:
                self._forget_if_empty(topic, feed)
        return Subscribed(epoch, number, snapshot, missed or [])

    def unsubscribe(self, listener: Listener, topic: str) -> None:
        feed = self._feeds.get(topic)
        if feed is not None:
            feed.listeners.discard(listener)
            self._forget_if_empty(topic, feed)
        heard = self._heard.get(listener)
        if heard is not None:
            heard.discard(topic)
            if not heard:
                del self._heard[listener]

    def drop(self, listener: Listener) -> None:
        """Forget a page that has gone."""
        for topic in list(self._heard.get(listener, ())):
            self.unsubscribe(listener, topic)

    def listened(self, kind: str) -> list[str]:
        """The keys of `kind`'s topics that a page of this replica listens to."""
        return [topic.partition(":")[2] for topic in self._feeds if topic.startswith(kind + ":")]

    def joined(self, topic: str) -> int:
        """The number of the newest page to listen to `topic`, another one each time; 0 if none
        does. Who tells momentary values learns by it that somebody has not heard the last one."""
        feed = self._feeds.get(topic)
        return feed.joined if feed is not None else 0

    async def catch_up(self) -> None:
        """Deliver what was committed elsewhere and never arrived here (Redis was gone)."""
        topics = list(self._feeds)
        if not topics:
            return
        async with self._database.read() as session:
            numbers = await log.last_numbers(session, topics)
        for topic, number in numbers.items():
            feed = self._feeds.get(topic)
            if feed is not None and feed.number < number:
                async with feed.lock:
                    await self._advance(topic, feed, number)

    async def recheck(self, listener: Listener) -> None:
        """Ask again whether `listener` may hear what it hears: its grants have changed."""
        for topic, feed in list(self._feeds.items()):
            if listener not in feed.listeners:
                continue
            kind, key = self._topics.find(topic)
            try:
                async with self._database.read() as session:
                    await kind.authorise(session, listener.principal, key)
            except Problem as refused:
                self.unsubscribe(listener, topic)
                await listener.send("closed", {"topic": topic, "reason": refused.code})

    async def _deliver(self, topic: str, feed: _Feed, event: Event) -> None:
        async with feed.lock:
            if event.number <= feed.number:
                return
            if event.number == feed.number + 1:
                await self._send(feed, [event])
                feed.number = event.number
            else:
                await self._advance(topic, feed, event.number)

    async def _advance(self, topic: str, feed: _Feed, number: int) -> None:
        """Send what lies between the feed's number and `number`; the lock is held."""
        if feed.number >= number:
            return
        if feed.listeners:
            async with self._database.read() as session:
                events = await log.read_after(session, topic, feed.number, upto=number)
            await self._send(feed, events)
        feed.number = number

    async def _send(self, feed: _Feed, events: list[Event]) -> None:
        epoch = self._epoch or ""
        for event in events:
            payload = event.wire(epoch)
            for number, listener in enumerate(list(feed.listeners), start=1):
                await listener.send("event", payload)
                if number % TOLD_AT_ONCE == 0:
                    await asyncio.sleep(0)  # an event that all hear must not hold up all else

    async def _read_epoch(self, session: Any) -> str:
        if self._epoch is None:
            self._epoch = await log.current_epoch(session)
        if self._epoch is None:
            raise RuntimeError("the database has no event epoch: it was not migrated")
        return self._epoch

    @staticmethod
    async def _missed(
        session: Any, topic: str, cursor: Cursor | None, epoch: str, number: int
    ) -> list[Event] | None:
        """What came after `cursor`; None if it can't be told, so a snapshot is needed."""
        if cursor is None or cursor.epoch != epoch or not 0 <= cursor.number <= number:
            return None
        if number - cursor.number > MISSED_MAX:
            return None
        events = await log.read_after(session, topic, cursor.number, upto=number)
        return events if len(events) == number - cursor.number else None

    def _forget_if_empty(self, topic: str, feed: _Feed) -> None:
        if not feed.listeners and self._feeds.get(topic) is feed:
            del self._feeds[topic]
