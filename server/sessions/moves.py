"""Steps of sessions, engagements and participants, saved conditionally and announced."""

from typing import Any

from sqlmodel import col, update

from server.infrastructure.errors import Raced
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
    await _save(tx, VideoSession, session, state=state, **values)
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
    await _save(tx, Engagement, engagement, state=state, **values)
    events.announce_engagement(tx, f"engagement.{event}", engagement, session)
    tx.audit(f"engagement.{event}", ("engagement", str(engagement.id)), state=state)
    return state


async def set_participant(
    tx: Transaction, participant: Participant, state: ParticipantState, **values: Any
) -> None:
    """Say how a participant is; a participant that is so already is left alone. Raises Raced."""
    if participant.state == state:
        return
    await _save(tx, Participant, participant, state=state, **values)
    events.announce_participant(tx, f"participant.{state}", participant)


async def _save(
    tx: Transaction,
    table: type[VideoSession | Engagement | Participant],
    row: VideoSession | Engagement | Participant,
    **values: Any,
) -> None:
    statement = (
        update(table)
        .where(
            col(table.id) == row.id,
            col(table.state) == row.state,
            col(table.version) == row.version,
        )
        .values(version=row.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    result = await tx.session.execute(statement)
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Raced(table.__name__.lower())
    await tx.session.refresh(row)
