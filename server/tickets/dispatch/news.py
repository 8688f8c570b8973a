"""What has happened since the line-up was last told: rows to bring there, claims to end."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from server.infrastructure.events.topics import Event
from server.queueing.values import Refusal
from server.tickets.states import IN_LINE, PresenceState, TicketEvent

TOPICS: Final = frozenset({"resident", "queue", "desk"})
"""Where every change of a ticket or of presence is told. Others, such as boards, tell it again."""
REJECTED: Final = f"ticket.{TicketEvent.REJECTED}"
FREE: Final = (PresenceState.AVAILABLE,)

Gone = int | None
"""The version at which a row left, if that is known; else it is read."""


@dataclass
class News:
    """tickets, agents: rows that have changed. rejected: look for who has rejected what. anew: rows
    that the line-up knows with versions which SQL never had."""

    tickets: dict[UUID, Gone] = field(default_factory=dict)
    agents: dict[UUID, Gone] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    anew: set[UUID] = field(default_factory=set)
    rejected: bool = False

    def __bool__(self) -> bool:
        return bool(self.tickets or self.agents or self.settled or self.refusals)

    def hear(self, events: Iterable[Event]) -> None:
        """Take the events of one commit in. An event tells a row's version and state, unless the
        row is in that topic no more; then another of the same commit does, or it is read."""
        tickets, agents = dict[UUID, Gone](), dict[UUID, Gone]()
        for event in events:
            if event.topic.partition(":")[0] not in TOPICS:
                continue
            for change in event.changes:
                if change["entity"] == "ticket":
                    _note(tickets, change, IN_LINE)
                    self.rejected |= event.type == REJECTED
                elif change["entity"] == "presence":
                    _note(agents, change, FREE)
        self.tickets |= tickets
        self.agents |= agents

    def read(self, *, ticket: UUID | None = None, agent: UUID | None = None) -> None:
        if ticket is not None:
            self.tickets[ticket] = None
        if agent is not None:
            self.agents[agent] = None

    def take(self) -> "News":
        """All of it; from now on there is none."""
        taken = News(**vars(self))
        vars(self).update(vars(News()))
        return taken

    def put_back(self, taken: "News") -> None:
        """It could not be told: once more, behind what has come since."""
        self.tickets = {**taken.tickets, **self.tickets}
        self.agents = {**taken.agents, **self.agents}
        self.settled = [*taken.settled, *self.settled]
        self.refusals = [*taken.refusals, *self.refusals]
        self.anew |= taken.anew
        self.rejected |= taken.rejected


def _note(found: dict[UUID, Gone], change: Mapping[str, Any], kept: Collection[str]) -> None:
    key, value = UUID(change["id"]), change["value"]
    if value is None or "version" not in value:
        found.setdefault(key, None)
    elif value["state"] in kept:
        found[key] = None
    else:
        found[key] = value["version"]
