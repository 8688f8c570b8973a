"""The state machines of a video session, its engagements and participants, as tables. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from server.infrastructure.states import step


class SessionState(StrEnum):
    CONNECTING = "connecting"
    ACTIVE = "active"
    INTERRUPTED = "interrupted"
    ENDING = "ending"
    ENDED = "ended"


class SessionEvent(StrEnum):
    CONNECTED = "connected"  # resident and an agent have media
    INTERRUPTED = "interrupted"  # one of them has lost it
    HUNG_UP = "hung_up"
    RESUMED = "resumed"
    FINISHED = "finished"


S, E = SessionState, SessionEvent

SESSION_TRANSITIONS: Final[Mapping[tuple[SessionState, SessionEvent], SessionState]] = {
    (S.CONNECTING, E.CONNECTED): S.ACTIVE,
    (S.CONNECTING, E.HUNG_UP): S.ENDING,
    (S.ACTIVE, E.INTERRUPTED): S.INTERRUPTED,
    (S.ACTIVE, E.HUNG_UP): S.ENDING,
    (S.INTERRUPTED, E.CONNECTED): S.ACTIVE,
    (S.INTERRUPTED, E.HUNG_UP): S.ENDING,
    # Back to connecting: both sides make new connections, and their media says when it is active.
    (S.ENDING, E.RESUMED): S.CONNECTING,
    (S.ENDING, E.FINISHED): S.ENDED,
    (S.CONNECTING, E.FINISHED): S.ENDED,
    (S.ACTIVE, E.FINISHED): S.ENDED,
    (S.INTERRUPTED, E.FINISHED): S.ENDED,
}

OPEN_SESSIONS: Final = (S.CONNECTING, S.ACTIVE, S.INTERRUPTED)


class EngagementState(StrEnum):
    OFFERED = "offered"
    JOINED = "joined"
    CONSULTING = "consulting"
    LEFT = "left"
    WRAPPING_UP = "wrapping_up"
    COMPLETED = "completed"


class EngagementEvent(StrEnum):
    JOINED = "joined"
    CONSULTS = "consults"
    CONSULTED = "consulted"
    LEFT = "left"
    WRAPS_UP = "wraps_up"
    RESUMED = "resumed"
    COMPLETED = "completed"


G, N = EngagementState, EngagementEvent

ENGAGEMENT_TRANSITIONS: Final[Mapping[tuple[EngagementState, EngagementEvent], EngagementState]] = {
    (G.OFFERED, N.JOINED): G.JOINED,
    (G.JOINED, N.CONSULTS): G.CONSULTING,
    (G.CONSULTING, N.CONSULTED): G.JOINED,
    (G.JOINED, N.LEFT): G.LEFT,
    (G.CONSULTING, N.LEFT): G.LEFT,
    (G.LEFT, N.WRAPS_UP): G.WRAPPING_UP,
    (G.LEFT, N.RESUMED): G.JOINED,
    (G.WRAPPING_UP, N.RESUMED): G.JOINED,
    (G.WRAPPING_UP, N.COMPLETED): G.COMPLETED,
}

LIVE_ENGAGEMENTS: Final = (G.OFFERED, G.JOINED, G.CONSULTING, G.LEFT, G.WRAPPING_UP)


class Outcome(StrEnum):
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    FOLLOW_UP = "follow_up"


class ParticipantState(StrEnum):
    JOINING = "joining"
    CONNECTED = "connected"
    INTERRUPTED = "interrupted"
    LEFT = "left"


class ParticipantRole(StrEnum):
    RESIDENT = "resident"
    AGENT = "agent"
    PARTNER = "partner"
    HELPER = "helper"
    SUPERVISOR = "supervisor"


class ConnectionState(StrEnum):
    NEW = "new"
    CONNECTED = "connected"
    INTERRUPTED = "interrupted"
    CLOSED = "closed"


def next_session_state(state: SessionState, event: SessionEvent) -> SessionState:
    """Where `event` leads. Raises TransitionRefused."""
    return step("session", SESSION_TRANSITIONS, state, event)


def next_engagement_state(state: EngagementState, event: EngagementEvent) -> EngagementState:
    """Where `event` leads. Raises TransitionRefused."""
    return step("engagement", ENGAGEMENT_TRANSITIONS, state, event)
