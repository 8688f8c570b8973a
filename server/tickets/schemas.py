"""Tickets, offers and desk by HTTP."""

from uuid import UUID

from server.infrastructure.http.schemas import In, Out, WireTime
from server.organisations.tables import Channel
from server.sessions.facts import EngagementFacts
from server.tickets.facts import OfferFacts, PresenceFacts, QueuedTicketFacts
from server.tickets.states import RejectReason, TicketState


class TicketIn(In):
    item_code: str


class TicketOut(Out):
    id: UUID
    number: str
    state: TicketState
    item_code: str
    channel: Channel
    place_code: str
    serving_org_code: str
    created_at: WireTime
    waiting_since: WireTime
    held_until: WireTime | None
    undo_until: WireTime | None
    session_id: UUID | None
    version: int
    ahead: int | None
    expected_wait_seconds: int | None


class AvailableIn(In):
    window_id: UUID | None = None


class RejectIn(In):
    reason: RejectReason | None = None


class AcceptedOut(Out):
    session_id: UUID
    engagement_id: UUID


class TodayOut(Out):
    served: int
    answered_in_60s_share: float | None


class DeskOut(Out):
    """Everything a desk shows when it opens: facts as the topics give them, and their names."""

    presence: PresenceFacts
    offer: OfferFacts | None
    session_id: UUID | None
    engagement: EngagementFacts | None
    queues: list[str]
    waiting: list[QueuedTicketFacts]
    today: TodayOut
