"""The agent's use cases at the desk: come and go, accept or reject an offer."""

from typing import Any
from uuid import UUID

from sqlalchemy import case
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.permissions import Action, Resource, require
from server.identity.principals import Staff
from server.identity.tables import AccountWindow
from server.infrastructure.clock import business_day, start_of_day
from server.infrastructure.errors import Conflict, NotFound, Raced, Unprocessable
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.organisations.tables import OrgUnit, Window
from server.service_level.measures import answers_of
from server.tickets import events
from server.tickets.moves import answer_offer, move_presence, move_ticket, rescind_offer
from server.tickets.ports import CallbackCalls, SessionOpener
from server.tickets.reach import HELP_DESKS
from server.tickets.schemas import AcceptedOut, TodayOut
from server.tickets.states import (
    OfferKind,
    OfferState,
    PresenceEvent,
    PresenceState,
    RejectReason,
    TicketEvent,
    TicketKind,
    TicketState,
)
from server.tickets.tables import AgentPresence, Offer, Ticket


class OfferGone(Conflict):
    """The lease is over, or the offer was withdrawn; the ticket has its old place."""

    def __init__(self) -> None:
        super().__init__("offer_gone")


class Desk:
    def __init__(
        self,
        work: Work,
        settings: Settings,
        sessions: SessionOpener,
        callbacks: CallbackCalls,
    ) -> None:
        self._work = work
        self._settings = settings
        self._sessions = sessions
        self._callbacks = callbacks

    async def view(self, agent: Staff) -> dict[str, Any]:
        """What the desk shows when it opens; what changes later comes by its topics."""
        _require_desk(agent)
        async with self._work.read() as session:
            return await self._view(session, agent)

    async def go_available(self, agent: Staff, window_id: UUID | None) -> dict[str, Any]:
        """Take offers from now on, of one window or of all the agent's.

        Raises Unprocessable `window_not_yours`, Conflict for an agent who is in a call.
        """
        _require_desk(agent)
        if window_id is not None and window_id not in agent.window_ids:
            raise Unprocessable("window_not_yours")
        async with self._work.write(agent) as tx:
            presence = await presence_of(tx, agent.account_id)
            already = presence.state == PresenceState.AVAILABLE
            if not already or presence.window_id != window_id:
                await move_presence(
                    tx,
                    presence,
                    PresenceEvent.WENT_AVAILABLE,
                    window_id=window_id,
                    missed_offers=0,
                    # Who only changes the window keeps the place among the idle.
                    available_since=presence.available_since if already else tx.now,
                )
            return await self._view(tx.session, agent)

    async def go_on_break(self, agent: Staff) -> dict[str, Any]:
        return await self._step_back(agent, PresenceEvent.WENT_ON_BREAK, PresenceState.ON_BREAK)

    async def go_off(self, agent: Staff) -> dict[str, Any]:
        return await self._step_back(agent, PresenceEvent.WENT_OFF, PresenceState.OFFLINE)

    async def accept(self, agent: Staff, offer_id: UUID) -> AcceptedOut:
        """Open the session that an offer promised, or begin the call back: ticket and agent to
        serving.

        Accepting twice gives the same session. Raises OfferGone (lease over, or withdrawn),
        NotFound for another agent's offer.
        """
        async with self._work.write(agent) as tx:
            offer, ticket = await _own_offer(tx, agent, offer_id)
            if offer.state == OfferState.ACCEPTED:
                return _accepted(offer)
            if offer.state != OfferState.PENDING or offer.deadline_at <= tx.now:
                raise OfferGone
            session_id, engagement_id = None, None
            if ticket.kind == TicketKind.CALLBACK:
                await self._callbacks.open(tx, ticket, offer, agent)
            else:
                session_id, engagement_id = await self._sessions.open(tx, ticket, offer, agent)
            try:
                await answer_offer(
                    tx,
                    offer,
                    ticket,
                    OfferState.ACCEPTED,
                    session_id=session_id,
                    engagement_id=engagement_id,
                )
            except Raced:
                raise OfferGone from None
            await move_ticket(
                tx,
                ticket,
                TicketEvent.ACCEPTED,
                session_id=session_id,
                first_answered_at=ticket.first_answered_at or tx.now,
                answered_window_id=ticket.answered_window_id or offer.window_id,
            )
            presence = await presence_of(tx, agent.account_id)
            await move_presence(
                tx,
                presence,
                PresenceEvent.ACCEPTED,
                session_id=session_id,
                engagement_id=engagement_id,
                missed_offers=0,
            )
            return _accepted(offer)

    async def reject(self, agent: Staff, offer_id: UUID, reason: RejectReason | None) -> None:
        """Hand the ticket back to its place. A reason may be added to a rejection afterwards.

        Raises OfferGone if it was no longer pending, NotFound for another agent's offer.
        """
        async with self._work.write(agent) as tx:
            offer, ticket = await _own_offer(tx, agent, offer_id)
            if offer.state == OfferState.REJECTED:
                offer.reason = reason or offer.reason
                tx.audit("offer.reason", ("offer", str(offer.id)), reason=offer.reason)
                return
            if offer.state != OfferState.PENDING:
                raise OfferGone
            await answer_offer(tx, offer, ticket, OfferState.REJECTED, reason=reason)
            if ticket.state == TicketState.OFFERED:
                await move_ticket(tx, ticket, TicketEvent.REJECTED)
            presence = await presence_of(tx, agent.account_id)
            await move_presence(tx, presence, PresenceEvent.REJECTED)

    async def _step_back(
        self, agent: Staff, event: PresenceEvent, target: PresenceState
    ) -> dict[str, Any]:
        """To a break, or off: a pending offer goes back to the queue."""
        _require_desk(agent)
        async with self._work.write(agent) as tx:
            presence = await presence_of(tx, agent.account_id)
            if presence.state != target:
                await rescind_offer(tx, agent.account_id, TicketEvent.REJECTED)
                await move_presence(tx, presence, event)
            return await self._view(tx.session, agent)

    async def _view(self, session: AsyncSession, agent: Staff) -> dict[str, Any]:
        facts = await events.desk_facts(session, agent.account_id)
        presence = facts.get("presence", {}).get(str(agent.account_id)) or {
            "id": str(agent.account_id),
            "state": PresenceState.OFFLINE,
            "since": None,
            "window_id": None,
            "missed_offers": 0,
            "session_id": None,
            "engagement_id": None,
            "version": 0,
        }
        queues = await queues_of(session, agent.account_id)
        waiting: dict[str, dict[str, Any]] = {}
        for channel, org_code in queues:
            snapshot = await events.queue_snapshot(session, f"{channel}:{org_code}")
            waiting |= snapshot.get("ticket", {})
        served, first = await answers_of(
            session,
            agent.account_id,
            start_of_day(business_day(self._work.clock.now())),
            answer_seconds=self._settings.answer_seconds,
        )
        return {
            "presence": presence,
            "offer": next(iter(facts.get("offer", {}).values()), None),
            "session_id": presence["session_id"],
            "engagement": await self._sessions.live_engagement(session, agent.account_id),
            "callback": await self._callbacks.current(session, agent.account_id),
            "queues": [events.queue_topic(*queue) for queue in queues],
            "waiting": sorted(waiting.values(), key=lambda facts: (facts["rank_at"], facts["id"])),
            "today": TodayOut(served=served, answered_in_60s_share=first.level_answered),
        }


def _accepted(offer: Offer) -> AcceptedOut:
    return AcceptedOut(
        kind=OfferKind(offer.kind),
        ticket_id=offer.ticket_id,
        session_id=offer.session_id,
        engagement_id=offer.engagement_id,
    )


def _require_desk(agent: Staff) -> None:
    require(agent, Action.DESK_USE, Resource(kind="desk", owner_org_path=agent.org_path))


async def presence_of(tx: Transaction, account_id: UUID) -> AgentPresence:
    """The agent's presence row, made at the first time."""
    presence = await tx.session.get(AgentPresence, account_id)
    if presence is None:
        presence = AgentPresence(account_id=account_id, since=tx.now)
        tx.session.add(presence)
        await tx.session.flush()
    return presence


async def queues_of(session: AsyncSession, account_id: UUID) -> list[tuple[str, str]]:
    """The queues (channel, organisation code) that the agent's windows serve. A help desk's have
    HELP_DESKS for a channel."""
    channel = case((col(Window.help_desk), HELP_DESKS), else_=col(Window.channel))
    query = (
        select(channel, OrgUnit.code)
        .join(AccountWindow, col(AccountWindow.window_id) == col(Window.id))
        .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
        .where(AccountWindow.account_id == account_id)
        .distinct()
        .order_by(channel, col(OrgUnit.code))
    )
    return [(channel, code) for channel, code in await session.execute(query)]


async def _own_offer(tx: Transaction, agent: Staff, offer_id: UUID) -> tuple[Offer, Ticket]:
    offer = await tx.session.get(Offer, offer_id)
    if offer is None or offer.account_id != agent.account_id:
        raise NotFound("offer_unknown")
    return offer, await tx.session.get_one(Ticket, offer.ticket_id)
