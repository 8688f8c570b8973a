"""What the board's topic tells: alarms, agents, and who waits."""

from uuid import UUID

from server.infrastructure.events.facts import EntityFacts
from server.infrastructure.http.schemas import WireTime
from server.organisations.tables import Channel
from server.service_level.tables import AlarmKind
from server.tickets.priority import PriorityReason
from server.tickets.states import PresenceState, TicketKind, TicketState


class AlarmFacts(EntityFacts):
    """What a supervisor is told. subject: what it is about, one open alarm each: a ticket's or an
    account's id, or a queue as `{channel}:{org_code}`. seen_at: when somebody saw to it."""

    id: UUID
    kind: AlarmKind
    subject: str
    channel: Channel | None
    org_code: str
    ticket_id: UUID | None
    account_id: UUID | None
    raised_at: WireTime
    seen_at: WireTime | None
    version: int


class BoardAgentFacts(EntityFacts):
    """What an agent is doing. id: of the account; window_id: None for all of the agent's."""

    id: UUID
    state: PresenceState
    since: WireTime
    window_id: UUID | None
    missed_offers: int
    version: int


class BoardTicketFacts(EntityFacts):
    """Who waits, is offered or held. clock_at: since when a first answer is owed, None once there
    was one before (a transfer) or while none is owed yet; warned_at, late_at: when the clock
    reached its warning and its end."""

    id: UUID
    number: str
    kind: TicketKind
    state: TicketState
    item_code: str
    channel: Channel
    place_code: str
    serving_org_code: str
    waiting_since: WireTime
    priority: list[PriorityReason]
    due_at: WireTime | None
    clock_at: WireTime | None
    held_until: WireTime | None
    warned_at: WireTime | None
    late_at: WireTime | None
    version: int
