"""Steps of the state machines, saved conditionally: of two that race, one changes no row."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlmodel import select

from server.infrastructure.errors import Raced
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.work import Transaction
from server.tickets import events
from server.tickets.answer_clock import clock_values
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
    values = clock_values(ticket, event, tx.now) | values
    await save_if_unchanged(tx, ticket, state=state, **values)
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
    await save_if_unchanged(tx, presence, state=state, since=tx.now, **values)
    events.announce_presence(tx, f"presence.{event}", presence)
    tx.audit(f"presence.{event}", ("presence", str(presence.account_id)), state=state)
    return state


async def answer_offer(
    tx: Transaction, offer: Offer, ticket: Ticket, state: OfferState, **values: Any
) -> None:
    """End a pending offer as `state`. Raises Raced if it was not pending any more."""
    if offer.state != OfferState.PENDING:
        raise Raced("offer")
    await save_if_unchanged(tx, offer, state=state, answered_at=tx.now, **values)
    events.announce_offer(tx, f"offer.{state}", offer, ticket)
    tx.audit(f"offer.{state}", ("offer", str(offer.id)), ticket=str(ticket.id))


async def withdraw_offer(
    tx: Transaction, ticket: Ticket, state: OfferState, event: PresenceEvent
) -> None:
    """End the ticket's pending offer, if it has one, and set its agent free by `event`."""
    query = select(Offer).where(Offer.ticket_id == ticket.id, Offer.state == OfferState.PENDING)
    offer = (await tx.session.execute(query)).scalar_one_or_none()
    if offer is None:
        return
    await answer_offer(tx, offer, ticket, state)
    presence = await tx.session.get(AgentPresence, offer.account_id)
    if presence is not None:
        await move_presence(tx, presence, event, available_since=presence.available_since)


async def rescind_offer(tx: Transaction, account_id: UUID, event: TicketEvent) -> None:
    """Take back the agent's pending offer, if there is one; its ticket moves along `event`."""
    query = select(Offer).where(Offer.account_id == account_id, Offer.state == OfferState.PENDING)
    offer = (await tx.session.execute(query)).scalar_one_or_none()
    if offer is None:
        return
    ticket = await tx.session.get_one(Ticket, offer.ticket_id)
    await answer_offer(tx, offer, ticket, OfferState.RESCINDED)
    if ticket.state == TicketState.OFFERED:
        await move_ticket(tx, ticket, event)


def seconds_after(moment: dt.datetime, seconds: float) -> dt.datetime:
    return moment + dt.timedelta(seconds=seconds)
