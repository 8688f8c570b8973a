"""The SQL that writes events: each one statement, prepared once, whatever it is to write."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from server.infrastructure.database import UtcDateTime
from server.infrastructure.events.tables import EventRow


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """An event to be written. behind: how many of the same command follow it in its topic."""

    topic: str
    behind: int
    type: str
    changes: list[dict[str, Any]]


_NOW: Final = bindparam("now", type_=UtcDateTime)

# counts: pairs of topic and number of events; drafts: topic, behind, type and changes of each.
# Both at once hold a topic, in which everybody may announce something, for one round trip less.
_WRITE_POSTGRESQL: Final = text("""
    WITH held AS (
        INSERT INTO event_topic (topic, number)
        SELECT pair ->> 0, CAST(pair ->> 1 AS integer)
        FROM json_array_elements(CAST(:counts AS json)) AS pair
        ON CONFLICT (topic) DO UPDATE SET number = event_topic.number + excluded.number
        RETURNING topic, number
    ), told AS (
        INSERT INTO event (topic, number, type, at, changes)
        SELECT topic, number - CAST(draft ->> 1 AS integer), draft ->> 2, :now, draft -> 3
        FROM json_array_elements(CAST(:drafts AS json)) AS draft
        JOIN held ON topic = draft ->> 0
        ORDER BY topic, CAST(draft ->> 1 AS integer) DESC
    )
    SELECT topic, number FROM held
""").bindparams(_NOW)
_NUMBER_SQLITE: Final = text("""
    INSERT INTO event_topic (topic, number)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
    FROM json_each(:counts) WHERE true
    ON CONFLICT (topic) DO UPDATE SET number = event_topic.number + excluded.number
    RETURNING topic, number
""")
_INSERT_SQLITE: Final = insert(SQLModel.metadata.tables[EventRow.__tablename__])

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


async def write(
    connection: AsyncConnection, events: Sequence[Unnumbered], now: dt.datetime
) -> dict[str, int]:
    """Number `events` and insert them; the last number of each topic.

    Topics are locked in the order in which they come.
    """
    counts = json.dumps(list(Counter(event.topic for event in events).items()))
    if connection.dialect.name == "postgresql":
        drafts = json.dumps([(e.topic, e.behind, e.type, e.changes) for e in events])
        given = {"counts": counts, "drafts": drafts, "now": now}
        rows = await connection.execute(_WRITE_POSTGRESQL, given)
        return {row.topic: row.number for row in rows}
    rows = await connection.execute(_NUMBER_SQLITE, {"counts": counts})
    last = {row.topic: row.number for row in rows}
    await connection.execute(
        _INSERT_SQLITE,
        [
            {
                "topic": event.topic,
                "number": last[event.topic] - event.behind,
                "type": event.type,
                "at": now,
                "changes": event.changes,
            }
            for event in events
        ],
    )
    return last


async def mark_published(
    connection: AsyncConnection, numbers: Sequence[tuple[str, int]], now: dt.datetime
) -> None:
    """numbers: topic and number of each event that now stands on the stream."""
    statement = _MARK[connection.dialect.name]
    await connection.execute(statement, {"numbers": json.dumps(numbers), "now": now})
