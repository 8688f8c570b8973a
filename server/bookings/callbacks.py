"""Calls back: an agent gets the number to call, and says how it went."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.bookings import events
from server.bookings.calendar import BookingCalendar, Queue
from server.bookings.contacts import contact_of, drop_contact
from server.bookings.errors import CallbackOver
from server.bookings.places import give_back_place
from server.bookings.schemas import CallbackOut
from server.bookings.states import CallEnd, CallResult
from server.bookings.tables import CallbackCall
from server.bookings.times import number_values, soonest
from server.identity.permissions import Action, Resource, require
from server.identity.principals import Staff
from server.infrastructure.errors import NotFound
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.sessions.states import Outcome
from server.tickets.moves import move_presence, move_ticket
from server.tickets.states import PresenceEvent, TicketEvent
from server.tickets.tables import AgentPresence, Offer, Ticket


class Callbacks:
    """Implements `server.tickets.ports.CallbackCalls`."""

    def __init__(self, work: Work, settings: Settings, calendar: BookingCalendar) -> None:
        self._work = work
        self._tries = settings.callback_tries
        self._again = dt.timedelta(minutes=settings.callback_again_minutes)
        self._calendar = calendar

    async def open(self, tx: Transaction, ticket: Ticket, offer: Offer, agent: Staff) -> None:
        """Let the agent call: whose telephone it is can be asked for now."""
        call = CallbackCall(
            ticket_id=ticket.id,
            account_id=agent.account_id,
            window_id=offer.window_id,
            started_at=tx.now,
        )
        tx.session.add(call)
        await tx.session.flush()
        contact = await contact_of(tx.session, ticket.id)
        facts = events.callback_facts(call, ticket, contact.tries if contact is not None else 0)
        events.announce_call(tx, "callback.begun", call, facts)

    async def current(self, session: AsyncSession, account_id: UUID) -> dict[str, Any] | None:
        facts = await events.desk_callback(session, account_id)
        return None if facts is None else dict(facts)

    async def look(self, agent: Staff, ticket_id: UUID) -> CallbackOut:
        """Whom to call; for the agent who is on this call, alone, and told in the audit trail.

        Raises NotFound.
        """
        _require_desk(agent)
        async with self._work.write(agent) as tx:
            await self._own_call(tx, agent, ticket_id)
            ticket = await tx.session.get_one(Ticket, ticket_id)
            contact = await contact_of(tx.session, ticket_id)
            if contact is None:
                raise NotFound
            tx.audit("contact.read", ("ticket", str(ticket_id)), tries=contact.tries)
            return CallbackOut(
                ticket_id=ticket.id,
                number=ticket.number,
                item_code=ticket.item_code,
                phone=contact.phone,
                name=contact.name,
                language=ticket.language,
                tries=contact.tries,
                tries_left=max(self._tries - contact.tries, 1),
            )

    async def finish(
        self, agent: Staff, ticket_id: UUID, result: CallResult, outcome: Outcome | None
    ) -> Ticket:
        """Say how the call went; the agent takes offers again.

        Reached, or a wrong number: it is over. Not reached: again later, a few times at most. The
        same result twice is once. Raises NotFound, CallbackOver.
        """
        _require_desk(agent)
        async with self._work.write(agent) as tx:
            ticket = await tx.session.get(Ticket, ticket_id)
            if ticket is None:
                raise NotFound
            call = await self._call_to_finish(tx, agent, ticket_id, result)
            if call is None:
                return ticket
            due_at = await self._next_try(tx, ticket) if result is CallResult.NOT_REACHED else None
            if due_at is None:
                await move_ticket(tx, ticket, TicketEvent.SERVED, closed_at=tx.now)
                await give_back_place(tx, ticket.id)
                await drop_contact(tx, ticket.id)
            else:
                values = await number_values(tx, ticket, due_at)
                await move_ticket(tx, ticket, TicketEvent.CALLBACK_ASKED, due_at=due_at, **values)
            await self._end(tx, call, CallEnd(result), outcome)
            await self._set_free(tx, agent.account_id)
            return ticket

    async def lose(self, tx: Transaction, call: CallbackCall) -> None:
        """The agent is gone: the ticket waits again, at its place, and the agent is off.

        Raises Raced, TransitionRefused.
        """
        ticket = await tx.session.get_one(Ticket, call.ticket_id)
        await move_ticket(tx, ticket, TicketEvent.PUT_BACK)
        await self._end(tx, call, CallEnd.AGENT_LOST, None)
        presence = await self._set_free(tx, call.account_id)
        await move_presence(tx, presence, PresenceEvent.LOST)

    async def _next_try(self, tx: Transaction, ticket: Ticket) -> dt.datetime | None:
        """Count a try that reached nobody; when the next one is, None if that was the last."""
        contact = await contact_of(tx.session, ticket.id)
        if contact is None:
            return None
        contact.tries += 1
        await tx.session.flush()
        if contact.tries >= self._tries:
            return None
        earliest = tx.now + self._again
        return await soonest(self._calendar, tx.session, Queue.of(ticket), earliest)

    async def _end(
        self, tx: Transaction, call: CallbackCall, end: CallEnd, outcome: Outcome | None
    ) -> None:
        await save_if_unchanged(tx, call, ended_at=tx.now, result=end, outcome=outcome)
        events.announce_call(tx, "callback.ended", call, None)
        tx.audit("callback.end", ("ticket", str(call.ticket_id)), result=end, outcome=outcome)

    async def _set_free(self, tx: Transaction, account_id: UUID) -> AgentPresence:
        presence = await tx.session.get_one(AgentPresence, account_id)
        await move_presence(tx, presence, PresenceEvent.CALLED_BACK)
        return presence

    async def _own_call(self, tx: Transaction, agent: Staff, ticket_id: UUID) -> CallbackCall:
        query = select(CallbackCall).where(
            CallbackCall.ticket_id == ticket_id,
            CallbackCall.account_id == agent.account_id,
            col(CallbackCall.ended_at).is_(None),
        )
        call = (await tx.session.execute(query)).scalar_one_or_none()
        if call is None:
            raise NotFound
        return call

    async def _call_to_finish(
        self, tx: Transaction, agent: Staff, ticket_id: UUID, result: CallResult
    ) -> CallbackCall | None:
        """The agent's call; None if it ended with this very result before."""
        query = (
            select(CallbackCall)
            .where(CallbackCall.ticket_id == ticket_id, CallbackCall.account_id == agent.account_id)
            .order_by(col(CallbackCall.id).desc())
            .limit(1)
        )
        call = (await tx.session.execute(query)).scalar_one_or_none()
        if call is None:
            raise NotFound
        if call.ended_at is None:
            return call
        if call.result == result:
            return None
        raise CallbackOver


def _require_desk(agent: Staff) -> None:
    require(agent, Action.DESK_USE, Resource(kind="desk", owner_org_path=agent.org_path))
