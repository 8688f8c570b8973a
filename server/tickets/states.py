"""The state machines of ticket, offer and agent presence, as tables. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from server.infrastructure.states import step


class TicketState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    SERVING = "serving"
    HELD = "held"
    DONE = "done"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"
    CLOSED_OUT_OF_HOURS = "closed_out_of_hours"
    CALLBACK = "callback"  # somebody will call back at a time
    BOOKED = "booked"  # an appointment, before the resident is there


class TicketKind(StrEnum):
    """How somebody came by a place in the queue."""

    WALK_IN = "walk_in"
    APPOINTMENT = "appointment"
    CALLBACK = "callback"
    HALL = "hall"  # drawn from a hall's own calling system, and served at its counters


class TicketEvent(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LEASE_EXPIRED = "lease_expired"
    AGENT_LOST = "agent_lost"
    DROPPED = "dropped"
    RETURNED = "returned"
    RETURNED_TO_SESSION = "returned_to_session"
    HOLD_EXPIRED = "hold_expired"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    TRANSFERRED = "transferred"
    SERVED = "served"
    HOURS_ENDED = "hours_ended"
    CALLBACK_ASKED = "callback_asked"
    DUE = "due"
    ARRIVED = "arrived"
    MISSED = "missed"
    CALLED = "called"
    PUT_BACK = "put_back"


S, E = TicketState, TicketEvent

TICKET_TRANSITIONS: Final[Mapping[tuple[TicketState, TicketEvent], TicketState]] = {
    (S.WAITING, E.OFFERED): S.OFFERED,
    (S.WAITING, E.DROPPED): S.HELD,
    (S.WAITING, E.CANCELLED): S.CANCELLED,
    (S.WAITING, E.HOURS_ENDED): S.CLOSED_OUT_OF_HOURS,
    (S.WAITING, E.CALLBACK_ASKED): S.CALLBACK,
    (S.OFFERED, E.ACCEPTED): S.SERVING,
    # Whatever the agent does or fails to do, the resident keeps the place.
    (S.OFFERED, E.REJECTED): S.WAITING,
    (S.OFFERED, E.LEASE_EXPIRED): S.WAITING,
    (S.OFFERED, E.AGENT_LOST): S.WAITING,
    (S.OFFERED, E.DROPPED): S.HELD,
    (S.OFFERED, E.CANCELLED): S.CANCELLED,
    (S.OFFERED, E.CALLBACK_ASKED): S.CALLBACK,
    (S.HELD, E.RETURNED): S.WAITING,
    (S.HELD, E.RETURNED_TO_SESSION): S.SERVING,
    (S.HELD, E.HOLD_EXPIRED): S.ABANDONED,
    (S.HELD, E.CANCELLED): S.CANCELLED,
    (S.HELD, E.SERVED): S.DONE,
    (S.HELD, E.HOURS_ENDED): S.CLOSED_OUT_OF_HOURS,
    (S.HELD, E.CALLBACK_ASKED): S.CALLBACK,
    (S.SERVING, E.DROPPED): S.HELD,
    (S.SERVING, E.TRANSFERRED): S.WAITING,
    (S.SERVING, E.SERVED): S.DONE,
    (S.SERVING, E.CALLBACK_ASKED): S.CALLBACK,  # not reached: again later
    (S.CANCELLED, E.RESTORED): S.WAITING,
    (S.CLOSED_OUT_OF_HOURS, E.CALLBACK_ASKED): S.CALLBACK,
    (S.CALLBACK, E.DUE): S.WAITING,
    (S.CALLBACK, E.CANCELLED): S.CANCELLED,
    (S.BOOKED, E.ARRIVED): S.WAITING,
    (S.BOOKED, E.CANCELLED): S.CANCELLED,
    (S.BOOKED, E.MISSED): S.ABANDONED,
    # A hall's number is called to a counter, where nobody accepts or rejects it.
    (S.WAITING, E.CALLED): S.SERVING,
    (S.SERVING, E.PUT_BACK): S.WAITING,  # also a call back whose agent was lost
}

LIVE_TICKETS: Final = (S.WAITING, S.OFFERED, S.SERVING, S.HELD)
QUEUED_TICKETS: Final = (S.WAITING, S.OFFERED, S.HELD)
IN_LINE: Final = (S.WAITING, S.HELD)
"""Whose turn is still to come: they are ahead of others, and not held out to an agent."""
AT_A_PAGE: Final = (TicketKind.WALK_IN, TicketKind.APPOINTMENT)
"""Kinds whose holder sits at a page and waits there."""


class OfferState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"  # the resident left
    RESCINDED = "rescinded"  # the agent left


class OfferKind(StrEnum):
    SERVE = "serve"
    INVITE = "invite"
    TRANSFER = "transfer"
    CONSULT = "consult"
    CALLBACK = "callback"


class RejectReason(StrEnum):
    DEVICE = "device"
    UNFAMILIAR = "unfamiliar"
    CONFLICT = "conflict"
    OTHER = "other"


class PresenceState(StrEnum):
    OFFLINE = "offline"
    AVAILABLE = "available"
    OFFERED = "offered"
    SERVING = "serving"
    WRAPPING_UP = "wrapping_up"
    ON_BREAK = "on_break"


class PresenceEvent(StrEnum):
    WENT_AVAILABLE = "went_available"
    WENT_ON_BREAK = "went_on_break"
    WENT_OFF = "went_off"
    LOST = "lost"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MISSED = "missed"
    MISSED_TOO_OFTEN = "missed_too_often"
    WITHDRAWN = "withdrawn"  # the resident left, or another one was quicker
    CALL_ENDED = "call_ended"
    CALL_RESUMED = "call_resumed"
    WRAPPED_UP = "wrapped_up"
    CALLED_BACK = "called_back"


P, V = PresenceState, PresenceEvent

ON_DUTY: Final = (P.AVAILABLE, P.OFFERED, P.SERVING, P.WRAPPING_UP)
"""At work at a desk, with somebody or free for the next."""

PRESENCE_TRANSITIONS: Final[Mapping[tuple[PresenceState, PresenceEvent], PresenceState]] = {
    (P.OFFLINE, V.WENT_AVAILABLE): P.AVAILABLE,
    (P.OFFLINE, V.WENT_ON_BREAK): P.ON_BREAK,
    (P.ON_BREAK, V.WENT_AVAILABLE): P.AVAILABLE,
    (P.ON_BREAK, V.WENT_OFF): P.OFFLINE,
    (P.ON_BREAK, V.LOST): P.OFFLINE,
    (P.AVAILABLE, V.WENT_AVAILABLE): P.AVAILABLE,  # at another window
    (P.AVAILABLE, V.WENT_ON_BREAK): P.ON_BREAK,
    (P.AVAILABLE, V.WENT_OFF): P.OFFLINE,
    (P.AVAILABLE, V.LOST): P.OFFLINE,
    (P.AVAILABLE, V.OFFERED): P.OFFERED,
    (P.OFFERED, V.ACCEPTED): P.SERVING,
    (P.OFFERED, V.REJECTED): P.AVAILABLE,
    (P.OFFERED, V.MISSED): P.AVAILABLE,
    (P.OFFERED, V.MISSED_TOO_OFTEN): P.ON_BREAK,
    (P.OFFERED, V.WITHDRAWN): P.AVAILABLE,
    (P.OFFERED, V.WENT_ON_BREAK): P.ON_BREAK,
    (P.OFFERED, V.WENT_OFF): P.OFFLINE,
    (P.OFFERED, V.LOST): P.OFFLINE,
    # Whoever wants a break, or leaves, in a call or a wrap-up finishes that first: the call can be
    # resumed meanwhile, and an offer must never meet an engagement that is not completed.
    (P.SERVING, V.CALL_ENDED): P.WRAPPING_UP,
    (P.SERVING, V.CALLED_BACK): P.AVAILABLE,
    (P.WRAPPING_UP, V.CALL_RESUMED): P.SERVING,
    (P.WRAPPING_UP, V.WRAPPED_UP): P.AVAILABLE,
}


def next_ticket_state(state: TicketState, event: TicketEvent) -> TicketState:
    """Where `event` leads. Raises TransitionRefused."""
    return step("ticket", TICKET_TRANSITIONS, state, event)


def next_presence_state(state: PresenceState, event: PresenceEvent) -> PresenceState:
    """Where `event` leads. Raises TransitionRefused."""
    return step("presence", PRESENCE_TRANSITIONS, state, event)
