"""Writing numbered events within a transaction, and reading them back."""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, delete, select

from server.infrastructure.clock import wire_time
from server.infrastructure.events import outbox
from server.infrastructure.events.outbox import Unnumbered
from server.infrastructure.events.tables import EventEpoch, EventRow, EventTopic
from server.infrastructure.events.topics import Change, Event


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has a number."""

    topic: str
    type: str
    changes: Sequence[Change]


async def append(session: AsyncSession, drafts: Sequence[Draft], now: dt.datetime) -> list[Event]:
    """Number `drafts` and add them to the outbox of this transaction.

    Topics are locked in the order of their names, so that two commands that touch the same topics
    wait for each other and never deadlock.
    """
    if not drafts:
        return []
    by_topic: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_topic[draft.topic].append(draft)
    events = [
        Unnumbered(topic, behind, draft.type, [change.wire() for change in draft.changes])
        for topic, group in sorted(by_topic.items())
        for behind, draft in zip(reversed(range(len(group))), group, strict=True)
    ]
    last = await outbox.write(await session.connection(), events, now)
    at = wire_time(now) or ""
    return [Event(e.topic, last[e.topic] - e.behind, e.type, at, e.changes) for e in events]


async def last_number(session: AsyncSession, topic: str) -> int:
    """The number of the newest event of `topic`; 0 before the first."""
    row = await session.get(EventTopic, topic)
    return row.number if row else 0


async def last_numbers(session: AsyncSession, topics: Sequence[str]) -> dict[str, int]:
    rows = await session.execute(
        select(EventTopic.topic, EventTopic.number).where(col(EventTopic.topic).in_(topics))
    )
    return {row.topic: row.number for row in rows}


async def read_after(
    session: AsyncSession, topic: str, number: int, *, upto: int | None = None
) -> list[Event]:
    """The events of `topic` with numbers above `number`, in order."""
    query = select(EventRow).where(EventRow.topic == topic, EventRow.number > number)
    if upto is not None:
        query = query.where(EventRow.number <= upto)
    rows = (await session.execute(query.order_by(col(EventRow.number)))).scalars()
    return [Event(r.topic, r.number, r.type, wire_time(r.at) or "", r.changes) for r in rows]


async def read_unpublished(
    session: AsyncSession, *, before: dt.datetime, limit: int
) -> list[Event]:
    """Events that nobody put on the stream: their replica died between commit and relay."""
    query = (
        select(EventRow)
        .where(col(EventRow.published_at).is_(None), EventRow.at < before)
        .order_by(col(EventRow.id))
        .limit(limit)
    )
    rows = (await session.execute(query)).scalars()
    return [Event(r.topic, r.number, r.type, wire_time(r.at) or "", r.changes) for r in rows]


async def mark_published(session: AsyncSession, events: Sequence[Event], now: dt.datetime) -> None:
    # Replicas may mark the same ones: in one order they wait for each other.
    numbers = sorted({(event.topic, event.number) for event in events})
    await outbox.mark_published(await session.connection(), numbers, now)


async def forget_before(session: AsyncSession, moment: dt.datetime) -> int:
    """Drop published events older than `moment`; an older cursor then gets a fresh snapshot."""
    result = await session.execute(
        delete(EventRow).where(col(EventRow.at) < moment, col(EventRow.published_at).is_not(None))
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


async def current_epoch(session: AsyncSession) -> str | None:
    row = await session.get(EventEpoch, 1)
    return row.epoch if row else None


def new_epoch() -> EventEpoch:
    """Names this history. Write it to a database that has none, or after a restore."""
    return EventEpoch(id=1, epoch=secrets.token_hex(8))
