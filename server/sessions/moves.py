"""Steps of sessions, engagements and participants, saved conditionally and announced."""

from typing import Any

from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.work import Transaction
from server.sessions import events
from server.sessions.states import (
    EngagementEvent,
    EngagementState,
    ParticipantState,
    SessionEvent,
    SessionState,
    next_engagement_state,
    next_session_state,
)
from server.sessions.tables import Engagement, Participant, VideoSession


async def move_session(
    tx: Transaction, session: VideoSession, event: SessionEvent, **values: Any
) -> SessionState:
    """Take a session along `event`. Raises TransitionRefused, Raced."""
    state = next_session_state(SessionState(session.state), event)
    await save_if_unchanged(tx, session, state=state, **values)
    events.announce_session(tx, f"session.{event}", session)
    tx.audit(f"session.{event}", ("session", str(session.id)), state=state)
    return state


async def move_engagement(
    tx: Transaction,
    engagement: Engagement,
    session: VideoSession,
    event: EngagementEvent,
    **values: Any,
) -> EngagementState:
    """Take an engagement along `event`. Raises TransitionRefused, Raced."""
    state = next_engagement_state(EngagementState(engagement.state), event)
    await save_if_unchanged(tx, engagement, state=state, **values)
    events.announce_engagement(tx, f"engagement.{event}", engagement, session)
    tx.audit(f"engagement.{event}", ("engagement", str(engagement.id)), state=state)
    return state


async def set_participant(
    tx: Transaction, participant: Participant, state: ParticipantState, **values: Any
) -> None:
    """Say how a participant is; a participant that is so already is left alone. Raises Raced."""
    if participant.state == state:
        return
    await save_if_unchanged(tx, participant, state=state, **values)
    events.announce_participant(tx, f"participant.{state}", participant)
