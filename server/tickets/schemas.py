"""Tickets, offers and desk by HTTP."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from server.bookings.facts import CallbackFacts
from server.infrastructure.http.schemas import In, Out, WireTime
from server.organisations.tables import Channel
from server.sessions.facts import EngagementFacts
from server.tickets.facts import OfferFacts, PresenceFacts, QueuedTicketFacts
from server.tickets.priority import CLAIMABLE, Claim, PriorityReason, claimed
from server.tickets.standing.reasons import Why
from server.tickets.states import OfferKind, RejectReason, TicketKind, TicketState


def _known(value: Any) -> Any:
    """Lets other words through to the general check. Raises Unprocessable `priority_unknown`."""
    if isinstance(value, list):
        claimed([word for word in value if isinstance(word, str)])
    return value


Claimed = Annotated[
    list[
        Literal[
            PriorityReason.ELDERLY,
            PriorityReason.DISABLED,
            PriorityReason.PREGNANT,
            PriorityReason.VETERAN,
        ]
    ],
    BeforeValidator(_known),
    Field(max_length=len(CLAIMABLE)),
]
"""Reasons that somebody may name themself."""


class PriorityIn(In):
    """born_on: decides about `elderly` and is not kept."""

    priority: Claimed = Field(default_factory=list)
    born_on: dt.date | None = None

    def claim(self) -> Claim:
        return Claim(self.priority, born_on=self.born_on)


class TicketIn(PriorityIn):
    """elder_mode: the page is in large text, which counts as `elderly`."""

    item_code: str
    elder_mode: bool = False

    def claim(self) -> Claim:
        return Claim(self.priority, self.elder_mode, self.born_on)


class TicketOut(Out):
    id: UUID
    kind: TicketKind
    number: str
    state: TicketState
    item_code: str
    channel: Channel
    place_code: str
    serving_org_code: str
    created_at: WireTime
    waiting_since: WireTime
    priority: list[PriorityReason]
    head_start_seconds: int
    rank_at: WireTime
    due_at: WireTime | None
    booking_code: str | None
    held_until: WireTime | None
    undo_until: WireTime | None
    session_id: UUID | None
    version: int
    ahead: int | None
    expected_wait_seconds: int | None


class ReasonOut(Out):
    """One reason why a ticket stands where it stands; text is in the caller's language."""

    code: Why
    params: dict[str, Any]
    text: str


class StandingOut(Out):
    ahead: int | None
    expected_wait_seconds: int | None
    rank_at: WireTime
    reasons: list[ReasonOut]


class AvailableIn(In):
    window_id: UUID | None = None


class RejectIn(In):
    reason: RejectReason | None = None


class AcceptedOut(Out):
    """What has begun: a call by video in a session, or, of kind `callback`, one by telephone,
    whose number `/callbacks/{ticket_id}` tells."""

    kind: OfferKind
    ticket_id: UUID
    session_id: UUID | None
    engagement_id: UUID | None


class TodayOut(Out):
    served: int
    answered_in_60s_share: float | None


class DeskOut(Out):
    """Everything a desk shows when it opens: facts as the topics give them, and their names."""

    presence: PresenceFacts
    offer: OfferFacts | None
    session_id: UUID | None
    engagement: EngagementFacts | None
    callback: CallbackFacts | None
    queues: list[str]
    waiting: list[QueuedTicketFacts]
    today: TodayOut
