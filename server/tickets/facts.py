"""What topics tell of tickets, offers and presence."""

from uuid import UUID

from server.infrastructure.events.facts import EntityFacts
from server.infrastructure.http.schemas import Out, WireTime
from server.organisations.tables import Channel
from server.tickets.priority import PriorityReason
from server.tickets.standing.waiting import RaisedBy
from server.tickets.states import OfferKind, OfferState, PresenceState, TicketKind, TicketState


class QueuedTicketFacts(EntityFacts):
    """What those who serve the queue see of one who waits. Queues are in order of (rank_at, id):
    waiting_since less the head start that the reasons of `priority` give. due_at: for when an
    appointment or a callback is."""

    id: UUID
    kind: TicketKind
    number: str
    state: TicketState
    item_code: str
    channel: Channel
    place_code: str
    serving_org_code: str
    waiting_since: WireTime
    priority: list[PriorityReason]
    head_start_seconds: int
    rank_at: WireTime
    due_at: WireTime | None
    held_until: WireTime | None
    version: int


class TicketFacts(QueuedTicketFacts):
    """What the resident sees of the own ticket."""

    created_at: WireTime
    undo_until: WireTime | None
    session_id: UUID | None
    booking_code: str | None


class PresenceFacts(EntityFacts):
    """What an agent is doing. id: of the account; since: None before the first day at a desk."""

    id: UUID
    state: PresenceState
    since: WireTime | None
    window_id: UUID | None
    missed_offers: int
    session_id: UUID | None
    engagement_id: UUID | None
    version: int


class OfferedTicket(Out):
    id: UUID
    number: str
    item_code: str
    channel: Channel
    place_code: str
    waiting_since: WireTime


class OfferFacts(EntityFacts):
    """A ticket held out to an agent until the deadline, which is lease_seconds after offered_at."""

    id: UUID
    kind: OfferKind
    state: OfferState
    offered_at: WireTime
    deadline_at: WireTime
    lease_seconds: int
    window_id: UUID
    ticket: OfferedTicket
    version: int


class QueueValue(EntityFacts):
    """Where a waiting resident stands. expected_wait_seconds: None while nobody serves. raised_by:
    why others who came later stand before it, or the number ahead has grown; None if neither."""

    ticket_id: UUID
    ahead: int | None
    expected_wait_seconds: int | None
    raised_by: RaisedBy | None
