"""What the media plane tells becomes state: who is connected, what is recorded."""

import logging

from server.infrastructure.actors import System
from server.infrastructure.errors import Problem, Raced
from server.infrastructure.work import Transaction, Work
from server.recordings.service import Recordings
from server.sessions.media import MediaSessions, open_connections
from server.sessions.moves import move_session, set_participant
from server.sessions.placement import Placements
from server.sessions.ports import (
    ConnectionMedia,
    ConnectionStateChanged,
    MediaEvent,
    MediaPlane,
    MediaSession,
    RecordingAlarm,
    RecordingFailed,
    RecordingSealed,
    SourceFlowChanged,
    WorkerLost,
)
from server.sessions.service import participants
from server.sessions.states import (
    OPEN_SESSIONS,
    ConnectionState,
    ParticipantRole,
    ParticipantState,
    SessionEvent,
    SessionState,
)
from server.sessions.tables import Connection, VideoSession

TRIES = 5
STATES = {
    ConnectionMedia.CONNECTED: ConnectionState.CONNECTED,
    ConnectionMedia.INTERRUPTED: ConnectionState.INTERRUPTED,
    ConnectionMedia.CLOSED: ConnectionState.CLOSED,
}

_log = logging.getLogger(__name__)


class MediaEvents:
    """Every replica hears every event; what one has already saved changes nothing."""

    def __init__(
        self,
        work: Work,
        media: MediaPlane,
        placements: Placements,
        media_sessions: MediaSessions,
        recordings: Recordings,
    ) -> None:
        self._work = work
        self._media = media
        self._placements = placements
        self._media_sessions = media_sessions
        self._recordings = recordings

    async def run(self) -> None:
        async for event in self._media.events():
            await self._take(event)

    async def _take(self, event: MediaEvent) -> None:
        for _ in range(TRIES):
            try:
                await self._handle(event)
            except Raced:
                continue
            except Problem as refused:
                _log.warning("media event not taken", extra={"reason": refused.code})
            return

    async def _handle(self, event: MediaEvent) -> None:
        match event:
            case ConnectionStateChanged():
                await self._connection_changed(event)
            case RecordingSealed():
                await self._recordings.sealed(
                    event.session_id, event.epoch, event.folder, event.manifest
                )
                place = MediaSession(event.session_id, event.epoch, event.worker)
                await self._media.forget_log(place)
            case RecordingFailed():
                await self._recordings.failed(event.session_id, event.epoch, event.reason)
            case RecordingAlarm():
                _log.error(
                    "recording alarm",
                    extra={"on": event.on, "reason": event.reason, "worker": event.worker},
                )
            case WorkerLost():
                await self._worker_lost(event)
            case SourceFlowChanged():
                pass

    async def _connection_changed(self, event: ConnectionStateChanged) -> None:
        async with self._work.write(System("media")) as tx:
            connection = await tx.session.get(Connection, event.connection_id)
            if connection is None or connection.state in (
                ConnectionState.CLOSED,
                STATES[event.state],
            ):
                return
            session = await tx.session.get_one(
                VideoSession, connection.session_id, with_for_update=True
            )
            if event.state is ConnectionMedia.CLOSED:
                await self._media_sessions.close_connection(tx, connection)
                await self._media_sessions.reroute(tx, session)
            else:
                connection.state = STATES[event.state]
                await tx.session.flush()
            await self._recount(tx, session)

    async def _worker_lost(self, event: WorkerLost) -> None:
        for place in await self._placements.of_worker(event.worker):
            if not await self._placements.lose(place):
                continue
            async with self._work.write(System("media")) as tx:
                session = await tx.session.get_one(VideoSession, place.session_id)
                # A page that was quick has a place of a newer epoch already.
                await self._media_sessions.close_rows(tx, session, upto_epoch=place.epoch)
                await self._recount(tx, session)

    async def _recount(self, tx: Transaction, session: VideoSession) -> None:
        """From connections to participants to the session: connected, or interrupted."""
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
