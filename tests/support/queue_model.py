"""Who gets whom, as plainly as it can be said: what the line-up in Redis is compared with."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from server.queueing.values import (
    Claim,
    Left,
    Line,
    Move,
    Place,
    Refusal,
    Seat,
    Settled,
    Sitting,
    Stood,
)

Pair = tuple[UUID, UUID, UUID]
"""Ticket, account, window."""


def able(seat: Seat, agent: Sitting, line: Line) -> bool:
    """Whether an agent at a seat can serve who stands in a line."""
    skilled = seat.help_desk if line.help_desk else line.skills <= seat.skills
    spoken = line.language is None or line.language in agent.speaks
    return seat.queue == line.queue and skilled and spoken


def match(
    waiting: Iterable[Place],
    agents: Iterable[Sitting],
    refused: Collection[tuple[UUID, UUID]] = frozenset(),
    busy: Mapping[UUID, int] | None = None,
) -> list[Pair]:
    """Pairs of tickets and agents who have room for them. Pure.

    Of those able, the longest idle agent gets the ticket that comes first; a ticket that nobody
    free is able to serve does not hold up those behind it. refused: pairs that are not made now.
    busy: how much of an agent's room is taken already.
    """
    seats = sorted(
        ((agent, seat) for agent in agents for seat in agent.seats),
        key=lambda one: (one[0].idle_since, one[0].account_id, one[1].window_id),
    )
    pairs: list[Pair] = []
    taken = dict(busy or {})
    for place in sorted(waiting, key=lambda place: (place.rank_at, place.ticket_id)):
        for agent, seat in seats:
            free = taken.get(agent.account_id, 0) < agent.free
            may = (place.ticket_id, agent.account_id) not in refused
            if free and may and any(able(seat, agent, line) for line in place.lines):
                pairs.append((place.ticket_id, agent.account_id, seat.window_id))
                taken[agent.account_id] = taken.get(agent.account_id, 0) + 1
                break
    return pairs


@dataclass
class QueueModel:
    """The line-up without Redis. Claims are known by the names that the line-up gave them."""

    places: dict[UUID, Place] = field(default_factory=dict)
    agents: dict[UUID, Sitting] = field(default_factory=dict)
    refusals: dict[tuple[UUID, UUID], dt.datetime] = field(default_factory=dict)
    claimed_tickets: dict[UUID, str] = field(default_factory=dict)
    claimed_agents: dict[UUID, set[str]] = field(default_factory=dict)
    gone: dict[UUID, int] = field(default_factory=dict)

    def apply(self, moves: Iterable[Move], now: dt.datetime) -> list[Pair]:
        """The pairs that are made after `moves`; `claim` is to be told their names."""
        for move in moves:
            self._take(move)
        self.refusals = {pair: till for pair, till in self.refusals.items() if till > now}
        waiting = [one for id_, one in self.places.items() if id_ not in self.claimed_tickets]
        busy = {id_: len(names) for id_, names in self.claimed_agents.items()}
        return match(waiting, self.agents.values(), self.refusals.keys(), busy)

    def claim(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            self.claimed_tickets[claim.ticket_id] = claim.name
            self.claimed_agents[claim.account_id].add(claim.name)

    def _take(self, move: Move) -> None:
        match move:
            case Place(ticket_id=id_, version=version) if not self._stale(id_, version):
                self.places[id_] = move
            case Left(ticket_id=id_, version=version) if not self._stale(id_, version):
                self.places.pop(id_, None)
                self.claimed_tickets.pop(id_, None)
                self.gone[id_] = version
            case Sitting(account_id=id_, version=version) if not self._stale(id_, version):
                self.agents[id_] = move
                self.claimed_agents.setdefault(id_, set())
            case Stood(account_id=id_, version=version) if not self._stale(id_, version):
                self.agents.pop(id_, None)
                self.claimed_agents.pop(id_, None)
                self.gone[id_] = version
            case Refusal(ticket_id=ticket, account_id=account, until=until):
                self.refusals[ticket, account] = until
            case Settled(claim=name):
                self._settle(name)

    def _stale(self, id_: UUID, version: int) -> bool:
        known = self.places.get(id_) or self.agents.get(id_)
        return version < (known.version if known is not None else self.gone.get(id_, 0))

    def _settle(self, name: str) -> None:
        self.claimed_tickets = {t: n for t, n in self.claimed_tickets.items() if n != name}
        for names in self.claimed_agents.values():
            names.discard(name)
