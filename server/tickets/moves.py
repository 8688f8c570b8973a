"""Steps of the state machines, saved conditionally: of two that race, one changes no row."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, update

from server.infrastructure.errors import Raced
from server.infrastructure.work import Transaction
from server.tickets import events
from server.tickets.states import (
    OfferState,
    PresenceEvent,
    PresenceState,
    TicketEvent,
    TicketState,
    next_presence_state,
    next_ticket_state,
)
from server.tickets.tables import AgentPresence, Offer, Ticket


async def move_ticket(
    tx: Transaction, ticket: Ticket, event: TicketEvent, **values: Any
) -> TicketState:
    """Take `ticket` along `event`, with `values` of other columns, and announce it.

    Raises TransitionRefused, Raced.
    """
    state = next_ticket_state(TicketState(ticket.state), event)
    await _save(tx, Ticket, col(Ticket.id) == ticket.id, ticket, state=state, **values)
    events.announce_ticket(tx, f"ticket.{event}", ticket)
    tx.audit(f"ticket.{event}", ("ticket", str(ticket.id)), state=state)
    return state


async def move_presence(
    tx: Transaction, presence: AgentPresence, event: PresenceEvent, **values: Any
) -> PresenceState:
    """Take an agent along `event` and announce it. Raises TransitionRefused, Raced."""
    state = next_presence_state(PresenceState(presence.state), event)
    if state is PresenceState.AVAILABLE:
        values.setdefault("available_since", tx.now)
    where = col(AgentPresence.account_id) == presence.account_id
    await _save(tx, AgentPresence, where, presence, state=state, since=tx.now, **values)
    events.announce_presence(tx, f"presence.{event}", presence)
    tx.audit(f"presence.{event}", ("presence", str(presence.account_id)), state=state)
    return state


async def answer_offer(
    tx: Transaction, offer: Offer, ticket: Ticket, state: OfferState, **values: Any
) -> None:
    """End a pending offer as `state`. Raises Raced if it was not pending any more."""
    where = (col(Offer.id) == offer.id) & (col(Offer.state) == OfferState.PENDING)
    await _save(tx, Offer, where, offer, state=state, answered_at=tx.now, **values)
    events.announce_offer(tx, f"offer.{state}", offer, ticket)
    tx.audit(f"offer.{state}", ("offer", str(offer.id)), ticket=str(ticket.id))


async def _save(
    tx: Transaction,
    table: type[Ticket | Offer | AgentPresence],
    where: ColumnElement[bool],
    row: Ticket | Offer | AgentPresence,
    **values: Any,
) -> None:
    """Update the row if it still is what was read, told by state and version."""
    values["version"] = row.version + 1
    statement = (
        update(table)
        .where(where, col(table.state) == row.state, col(table.version) == row.version)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    result = await tx.session.execute(statement)
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Raced(table.__name__.lower())
    await tx.session.refresh(row)


def seconds_after(moment: dt.datetime, seconds: float) -> dt.datetime:
    return moment + dt.timedelta(seconds=seconds)
