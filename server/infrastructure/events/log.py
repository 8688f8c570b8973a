"""Writing numbered events within a transaction, and reading them back."""

import datetime as dt
import json
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import SQLModel, col, delete, select

from server.infrastructure.clock import wire_time
from server.infrastructure.database import UtcDateTime
from server.infrastructure.events.tables import EventEpoch, EventRow, EventTopic
from server.infrastructure.events.topics import Change, Event

# Each one statement, which so is prepared once, for any number of topics: a JSON array of pairs.
_ADVANCE: Final = {
    "postgresql": text("""
        INSERT INTO event_topic (topic, number)
        SELECT pair ->> 0, CAST(pair ->> 1 AS integer)
        FROM json_array_elements(CAST(:counts AS json)) AS pair
        ON CONFLICT (topic) DO UPDATE SET number = event_topic.number + excluded.number
        RETURNING topic, number
    """),
    "sqlite": text("""
        INSERT INTO event_topic (topic, number)
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
        FROM json_each(:counts) WHERE true
        ON CONFLICT (topic) DO UPDATE SET number = event_topic.number + excluded.number
        RETURNING topic, number
    """),
}
_NOW: Final = bindparam("now", type_=UtcDateTime)
_MARK: Final = {
    "postgresql": text("""
        UPDATE event SET published_at = :now
        FROM json_array_elements(CAST(:numbers AS json)) AS pair
        WHERE event.topic = pair ->> 0 AND event.number = CAST(pair ->> 1 AS integer)
    """).bindparams(_NOW),
    "sqlite": text("""
        UPDATE event SET published_at = :now
        FROM json_each(:numbers) AS pair
        WHERE event.topic = json_extract(pair.value, '$[0]')
        AND event.number = json_extract(pair.value, '$[1]')
    """).bindparams(_NOW),
}
_INSERT: Final = insert(SQLModel.metadata.tables[EventRow.__tablename__])


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
    for draft in sorted(drafts, key=lambda draft: draft.topic):
        by_topic[draft.topic].append(draft)
    connection = await session.connection()
    last = await _advance(connection, {topic: len(group) for topic, group in by_topic.items()})
    events = [
        Event(topic, number, draft.type, wire_time(now) or "", [c.wire() for c in draft.changes])
        for topic, group in by_topic.items()
        for number, draft in enumerate(group, start=last[topic] - len(group) + 1)
    ]
    await connection.execute(
        _INSERT,
        [
            {"topic": e.topic, "number": e.number, "type": e.type, "at": now, "changes": e.changes}
            for e in events
        ],
    )
    return events


async def _advance(connection: AsyncConnection, counts: Mapping[str, int]) -> dict[str, int]:
    """Give each topic as many numbers as it needs, and lock it in this order; the last of each."""
    statement = _ADVANCE[connection.dialect.name]
    rows = await connection.execute(statement, {"counts": json.dumps(list(counts.items()))})
    return {row.topic: row.number for row in rows}


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
    numbers = sorted({(event.topic, event.number) for event in events})
    connection = await session.connection()
    statement = _MARK[connection.dialect.name]
    await connection.execute(statement, {"numbers": json.dumps(numbers), "now": now})


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
