"""From connections to participants to the session: connected, or interrupted."""

from server.infrastructure.actors import System
from server.infrastructure.work import Transaction, Work
from server.sessions.media import MediaSessions, open_connections
from server.sessions.moves import move_session, set_participant
from server.sessions.placement import Placements
from server.sessions.ports import MediaSession
from server.sessions.service import participants
from server.sessions.states import (
    OPEN_SESSIONS,
    ConnectionState,
    ParticipantRole,
    ParticipantState,
    SessionEvent,
    SessionState,
)
from server.sessions.tables import VideoSession


async def recount(tx: Transaction, session: VideoSession) -> None:
    """Say of each participant and of the session what their connections make of them."""
    if session.state not in OPEN_SESSIONS:
        return
    connected = {
        connection.participant_id
        for connection in await open_connections(tx.session, session.id)
        if connection.state == ConnectionState.CONNECTED
    }
    served, serving = False, False
    for person in await participants(tx.session, session.id):
        if person.state == ParticipantState.LEFT:
            continue
        if person.id in connected:
            await set_participant(tx, person, ParticipantState.CONNECTED)
            served |= person.role == ParticipantRole.RESIDENT
            serving |= person.role in (ParticipantRole.AGENT, ParticipantRole.PARTNER)
        elif person.state == ParticipantState.CONNECTED:
            await set_participant(tx, person, ParticipantState.INTERRUPTED)
    together = served and serving
    if together and session.state != SessionState.ACTIVE:
        await move_session(tx, session, SessionEvent.CONNECTED, interrupted_at=None)
    elif not together and session.state == SessionState.ACTIVE:
        await move_session(tx, session, SessionEvent.INTERRUPTED, interrupted_at=tx.now)


async def give_up_place(
    work: Work, placements: Placements, media_sessions: MediaSessions, place: MediaSession
) -> bool:
    """The worker has lost the session: forget the place and its connections, all or nothing.

    The next connection opens another place. False if it was given up already. Raises Raced.
    """
    async with work.write(System("media")) as tx:
        if not await placements.lose(tx, place):
            return False
        session = await tx.session.get_one(VideoSession, place.session_id)
        await media_sessions.close_rows(tx, session)
        await recount(tx, session)
    return True
