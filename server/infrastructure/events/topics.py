"""What a topic is, and how each subject declares its kinds of topic.

A topic is `<kind>:<key>`. Its snapshot is `{entity: {id: facts}}`; an event's changes replace the
whole facts of an entity, or remove it. So snapshot + events = fresh snapshot, by one reducer for
every topic. Facts hold ids, states, codes, versions and times, never personal data.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from server.infrastructure.errors import NotFound
from server.infrastructure.events.facts import EntityFacts

Facts = Mapping[str, Any]
Snapshot = dict[str, dict[str, Any]]

TOPIC_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Change:
    """The facts of one entity after a command; `value` None: it is gone from this topic."""

    entity: str
    id: str
    value: Facts | None

    def wire(self) -> dict[str, Any]:
        return {"entity": self.entity, "id": self.id, "value": self.value}


@dataclass(frozen=True, slots=True)
class Event:
    """A committed, numbered event, as it goes to pages."""

    topic: str
    number: int
    type: str
    at: str
    changes: list[dict[str, Any]]

    def wire(self, epoch: str) -> dict[str, Any]:
        return {
            "topic": self.topic,
            "epoch": epoch,
            "number": self.number,
            "type": self.type,
            "at": self.at,
            "changes": self.changes,
        }


@dataclass(frozen=True, slots=True)
class TopicKind:
    """`authorise` raises a Problem unless the principal may listen to this key; `snapshot` reads
    the present facts. Both get the session of one consistent read.

    For the document: about, what the topic tells and to whom; key, what follows the name, as
    `{place}`s; entities, the facts of each; values, the momentary ones.
    """

    name: str
    authorise: Callable[[AsyncSession, Any, str], Awaitable[None]]
    snapshot: Callable[[AsyncSession, str], Awaitable[Snapshot]]
    about: str = ""
    key: str = "{id}"
    entities: Mapping[str, type[EntityFacts]] = field(default_factory=dict)
    values: Mapping[str, type[EntityFacts]] = field(default_factory=dict)


class Topics:
    """The kinds of topic that exist. Filled by the composition root."""

    def __init__(self, kinds: list[TopicKind]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    @property
    def kinds(self) -> list[TopicKind]:
        return list(self._kinds.values())

    def find(self, topic: str) -> tuple[TopicKind, str]:
        """The kind and key of `topic`. Raises NotFound for one that no subject declared."""
        name, _, key = topic.partition(":")
        kind = self._kinds.get(name)
        if kind is None or not key or len(topic) > TOPIC_MAX or not topic.isprintable():
            raise NotFound("topic_unknown", topic=topic[:TOPIC_MAX])
        return kind, key


def reduce(snapshot: Snapshot, changes: list[dict[str, Any]]) -> Snapshot:
    """`snapshot` after an event's `changes`: the same rule that the pages apply."""
    result = {entity: dict(rows) for entity, rows in snapshot.items()}
    for change in changes:
        rows = result.setdefault(change["entity"], {})
        if change["value"] is None:
            rows.pop(change["id"], None)
        else:
            rows[change["id"]] = change["value"]
    return {entity: rows for entity, rows in result.items() if rows}
