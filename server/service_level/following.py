"""Boards follow what queues and desks tell: collected, a few events a second however much happens.

A command that changes a ticket does not write to boards itself: each would cost it a row of the
outbox, and every command of a district would wait for the lock of one topic. Instead the relay
hands over the events that it has carried, before it marks them so. What a replica that dies has
not marked, another one carries again; what is followed twice is only told twice, since the rows are
read anew. See docs/decisions/0013-boards-follow-the-log.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from server.identity.tables import Account
from server.infrastructure.actors import System
from server.infrastructure.events.topics import Event
from server.infrastructure.turns import take_turn
from server.infrastructure.work import Transaction, Work
from server.organisations.tables import OrgUnit
from server.service_level import events
from server.service_level.alarms import (
    OF_A_TICKET,
    NewAlarm,
    clear_alarms,
    clock_alarm,
    is_owed,
    raise_alarms,
    told,
)
from server.service_level.tables import Alarm, AlarmKind
from server.tickets.states import PresenceEvent, PresenceState
from server.tickets.tables import AgentPresence, Ticket

BATCH: Final = 200
TOO_OFTEN: Final = f"presence.{PresenceEvent.MISSED_TOO_OFTEN}"


@dataclass(frozen=True, slots=True)
class Heard:
    """Whose rows have changed. missed: accounts that let too many offers pass."""

    tickets: set[UUID] = field(default_factory=set)
    accounts: set[UUID] = field(default_factory=set)
    missed: set[UUID] = field(default_factory=set)


def heard(carried: Iterable[Event]) -> Heard:
    """What the events of queues and desks are about. Pure."""
    found = Heard()
    for event in carried:
        kind = event.topic.partition(":")[0]
        for change in event.changes:
            if kind == "queue" and change["entity"] == "ticket":
                found.tickets.add(UUID(change["id"]))
            elif kind == "desk" and change["entity"] == "presence":
                found.accounts.add(UUID(change["id"]))
                if event.type == TOO_OFTEN:
                    found.missed.add(UUID(change["id"]))
    return found


class BoardFollower:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def follow(self, carried: Sequence[Event]) -> None:
        """Tell boards what has become of the tickets and agents that `carried` are about."""
        found = heard(carried)
        tickets, accounts = sorted(found.tickets), sorted(found.accounts)
        for at in range(0, len(tickets), BATCH):
            await self._tell_tickets(tickets[at : at + BATCH])
        for at in range(0, len(accounts), BATCH):
            await self._tell_agents(accounts[at : at + BATCH], found.missed)

    async def _tell_tickets(self, ids: list[UUID]) -> None:
        async with self._work.write(System("board")) as tx:
            # Rows are read behind the door, so that boards are told in the order of the changes.
            await take_turn(tx.session)
            rows = await tx.session.execute(select(Ticket).where(col(Ticket.id).in_(ids)))
            tickets = list(rows.scalars())
            over = [ticket.id for ticket in tickets if not is_owed(ticket)]
            alarms = await clear_alarms(
                tx, col(Alarm.kind).in_(OF_A_TICKET), col(Alarm.ticket_id).in_(over)
            )
            # A cancellation that was undone comes back to a clock that has gone on.
            due = [alarm for ticket in tickets if (alarm := clock_alarm(ticket)) is not None]
            alarms += await raise_alarms(tx, due)
            changes = [(events.ticket_paths(one), events.ticket_change(one)) for one in tickets]
            await events.announce(tx, "board.changed", [*changes, *told(alarms)])

    async def _tell_agents(self, ids: list[UUID], missed: set[UUID]) -> None:
        async with self._work.write(System("board")) as tx:
            await take_turn(tx.session)
            query = select(AgentPresence).where(col(AgentPresence.account_id).in_(ids))
            agents = list((await tx.session.execute(query)).scalars())
            on_break = {one.account_id for one in agents if one.state == PresenceState.ON_BREAK}
            alarms = await clear_alarms(
                tx,
                Alarm.kind == AlarmKind.OFFERS_MISSED,  # type: ignore[arg-type]
                col(Alarm.account_id).in_(set(ids) - on_break),
            )
            alarms += await raise_alarms(tx, await _missed_alarms(tx, missed & on_break))
            codes = await events.agent_codes(tx.session, ids)
            changes = [
                (codes.get(one.account_id, set()), events.agent_change(one)) for one in agents
            ]
            await events.announce(tx, "board.changed", [*changes, *told(alarms)])


async def _missed_alarms(tx: Transaction, account_ids: set[UUID]) -> list[NewAlarm]:
    if not account_ids:
        return []
    query = (
        select(Account.id, OrgUnit.code, OrgUnit.path)
        .join(OrgUnit, col(OrgUnit.id) == col(Account.org_id))
        .where(col(Account.id).in_(account_ids))
    )
    return [
        NewAlarm(AlarmKind.OFFERS_MISSED, str(account_id), code, path, account_id=account_id)
        for account_id, code, path in await tx.session.execute(query)
    ]
