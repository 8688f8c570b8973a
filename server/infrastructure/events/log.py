"""Writing numbered events within a transaction, and reading them back."""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, delete, select, update

from server.infrastructure.clock import wire_time
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
    by_topic: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_topic[draft.topic].append(draft)
    events: list[Event] = []
    for topic in sorted(by_topic):
        group = by_topic[topic]
        last = await _advance(session, topic, len(group))
        for number, draft in enumerate(group, start=last - len(group) + 1):
            changes = [change.wire() for change in draft.changes]
            row = EventRow(topic=topic, number=number, type=draft.type, at=now, changes=changes)
            session.add(row)
            events.append(Event(topic, number, draft.type, wire_time(now) or "", changes))
    return events


async def _advance(session: AsyncSession, topic: str, count: int) -> int:
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = (
        insert(EventTopic)
        .values(topic=topic, number=count)
        .on_conflict_do_update(index_elements=["topic"], set_={"number": EventTopic.number + count})
        .returning(col(EventTopic.number))
    )
    return int((await session.execute(statement)).scalar_one())


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
    by_topic: dict[str, list[int]] = defaultdict(list)
    for event in events:
        by_topic[event.topic].append(event.number)
    for topic in sorted(by_topic):
        await session.execute(
            update(EventRow)
            .where(col(EventRow.topic) == topic, col(EventRow.number).in_(by_topic[topic]))
            .values(published_at=now)
        )


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
