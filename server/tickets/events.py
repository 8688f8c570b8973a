"""What pages are told of tickets, offers and presence: facts, topics, snapshots."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.permissions import Action, Resource, require
from server.identity.principals import Staff
from server.infrastructure.errors import NotFound
from server.infrastructure.events.topics import Change, Facts, Snapshot, TopicKind
from server.infrastructure.ids import parse_id
from server.infrastructure.work import Transaction
from server.organisations.tables import OrgUnit
from server.tickets.facts import (
    OfferedTicket,
    OfferFacts,
    PresenceFacts,
    QueuedTicketFacts,
    TicketFacts,
)
from server.tickets.reach import HELP_DESKS, Reach, queue_key
from server.tickets.routing import CHANNEL_LETTERS
from server.tickets.states import AT_A_PAGE, LIVE_TICKETS, QUEUED_TICKETS, OfferState
from server.tickets.tables import AgentPresence, Offer, ReachedQueue, Ticket


def resident_topic(resident_id: UUID) -> str:
    return f"resident:{resident_id}"


def desk_topic(account_id: UUID) -> str:
    return f"desk:{account_id}"


def queue_topic(channel: str, org_code: str) -> str:
    return f"queue:{queue_key(channel, org_code)}"


def reached_topics(ticket: Ticket) -> list[str]:
    """The topics of all queues that may serve `ticket`, its own first."""
    own = queue_topic(ticket.channel, ticket.serving_org_code)
    opened = (f"queue:{Reach.of(wire).queue}" for wire in ticket.reach)
    return list(dict.fromkeys((own, *opened)))


def ticket_facts(ticket: Ticket) -> Facts:
    return TicketFacts.of(ticket).wire()


def queued_ticket_facts(ticket: Ticket) -> Facts:
    return QueuedTicketFacts.of(ticket).wire()


def presence_facts(presence: AgentPresence) -> Facts:
    return PresenceFacts.of(presence.model_dump() | {"id": presence.account_id}).wire()


def offer_facts(offer: Offer, ticket: Ticket) -> Facts:
    lease = round((offer.deadline_at - offer.offered_at).total_seconds())
    more = {"lease_seconds": lease, "ticket": OfferedTicket.model_validate(ticket)}
    return OfferFacts.of(offer.model_dump() | more).wire()


def announce_ticket(tx: Transaction, type_: str, ticket: Ticket) -> None:
    """Tell the resident, and who serves the queue, what became of `ticket`."""
    key = str(ticket.id)
    if ticket.resident_id is not None:
        tx.publish(
            resident_topic(ticket.resident_id), type_, Change("ticket", key, ticket_facts(ticket))
        )
    queued = ticket.state in QUEUED_TICKETS
    change = Change("ticket", key, queued_ticket_facts(ticket) if queued else None)
    for topic in reached_topics(ticket):
        tx.publish(topic, type_, change)


def announce_presence(tx: Transaction, type_: str, presence: AgentPresence) -> None:
    key = str(presence.account_id)
    tx.publish(
        desk_topic(presence.account_id), type_, Change("presence", key, presence_facts(presence))
    )


def announce_offer(tx: Transaction, type_: str, offer: Offer, ticket: Ticket) -> None:
    live = offer.state == OfferState.PENDING
    facts = offer_facts(offer, ticket) if live else None
    tx.publish(desk_topic(offer.account_id), type_, Change("offer", str(offer.id), facts))


async def resident_snapshot(session: AsyncSession, key: str) -> Snapshot:
    """The newest ticket of a resident's visit: live, or the last one."""
    ticket = await newest_ticket(session, UUID(key))
    return {"ticket": {str(ticket.id): dict(ticket_facts(ticket))}} if ticket else {}


async def newest_ticket(session: AsyncSession, resident_id: UUID) -> Ticket | None:
    """The ticket that a resident's page follows. By when the waiting began: an appointment was made
    long before it becomes the ticket of who comes for it."""
    query = (
        select(Ticket)
        .where(Ticket.resident_id == resident_id)
        .order_by(col(Ticket.waiting_since).desc(), col(Ticket.id).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


def is_followed(ticket: Ticket) -> bool:
    """Whether somebody at a page waits with it or is in a call: one such ticket a resident."""
    return ticket.state in LIVE_TICKETS and ticket.kind in AT_A_PAGE


async def desk_facts(session: AsyncSession, account_id: UUID) -> Snapshot:
    """Presence and live offer of an agent."""
    snapshot: Snapshot = {}
    presence = await session.get(AgentPresence, account_id)
    if presence is not None:
        snapshot["presence"] = {str(account_id): dict(presence_facts(presence))}
    pending = (
        select(Offer, Ticket)
        .join(Ticket, col(Ticket.id) == col(Offer.ticket_id))
        .where(Offer.account_id == account_id, Offer.state == OfferState.PENDING)
    )
    for offer, ticket in await session.execute(pending):
        snapshot["offer"] = {str(offer.id): dict(offer_facts(offer, ticket))}
    return snapshot


async def queue_snapshot(session: AsyncSession, key: str) -> Snapshot:
    """Those of the queue itself, and those that overflow rules let it serve."""
    channel, _, org_code = key.partition(":")
    own = and_(col(Ticket.channel) == channel, col(Ticket.serving_org_code) == org_code)
    reached = select(ReachedQueue.ticket_id).where(ReachedQueue.queue == key)
    query = (
        select(Ticket)
        .where(or_(own, col(Ticket.id).in_(reached)), col(Ticket.state).in_(QUEUED_TICKETS))
        .order_by(col(Ticket.rank_at), col(Ticket.id))
    )
    rows = (await session.execute(query)).scalars()
    waiting: dict[str, Any] = {str(row.id): dict(queued_ticket_facts(row)) for row in rows}
    return {"ticket": waiting} if waiting else {}


async def may_hear_resident(session: AsyncSession, principal: Any, key: str) -> None:
    resident_id = parse_id(key)
    if resident_id is None or getattr(principal, "resident_id", None) != resident_id:
        raise NotFound


async def may_hear_desk(session: AsyncSession, principal: Any, key: str) -> None:
    if not isinstance(principal, Staff) or key != str(principal.account_id):
        raise NotFound


async def may_hear_queue(session: AsyncSession, principal: Any, key: str) -> None:
    """Raises NotFound unless the principal uses a desk of the queue's organisation."""
    channel, _, org_code = key.partition(":")
    query = select(OrgUnit).where(OrgUnit.code == org_code)
    org = (await session.execute(query)).scalar_one_or_none()
    # A channel that there is not would make a topic of its own, as often as somebody invents one.
    if org is None or channel not in (*CHANNEL_LETTERS, HELP_DESKS):
        raise NotFound
    require(principal, Action.QUEUE_READ, Resource(kind="queue", owner_org_path=org.path))


QUEUE_TOPIC = TopicKind(
    "queue",
    may_hear_queue,
    queue_snapshot,
    about="A queue, for those who serve it: who waits, is offered or held, whether its own or let "
    "in by an overflow rule. An organisation's help desks have the channel `help_desk`",
    key="{channel}:{org_code}",
    entities={"ticket": QueuedTicketFacts},
)
