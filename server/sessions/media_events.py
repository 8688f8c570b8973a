"""What the media plane tells becomes state: who is connected, what is recorded."""

import asyncio
import logging
from typing import Final

from server.infrastructure.actors import System
from server.infrastructure.database import AWAY
from server.infrastructure.errors import Problem, Raced
from server.infrastructure.work import Work
from server.recordings.service import Recordings
from server.sessions.media import MediaSessions
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
from server.sessions.recount import give_up_place, recount
from server.sessions.states import ConnectionState
from server.sessions.tables import Connection, VideoSession

TRIES: Final = 5
WATCH_SECONDS: Final = 2.0
LOOKS_TO_VANISH: Final = 4  # longer than a registration lasts
STATES: Final = {
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
        self._unknown: dict[str, int] = {}

    async def run(self) -> None:
        async for event in self._media.events():
            await self._take(event)

    async def watch(self) -> None:
        """Until cancelled: find the places of workers that died with nobody there to see it, as
        all processes of a machine do at once."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await self.find_vanished()

    async def find_vanished(self) -> None:
        """Give up the places on workers that have been unknown for some looks in a row."""
        unknown = await self._media.unknown(await self._placements.workers())
        self._unknown = {worker: self._unknown.get(worker, 0) + 1 for worker in unknown}
        for worker, looks in self._unknown.items():
            if looks >= LOOKS_TO_VANISH:
                await self._take(WorkerLost(worker, incarnation=""))

    async def _take(self, event: MediaEvent) -> None:
        """Act on `event`. One that can't be taken must not hold up those behind it, which would
        come again with it for ever; only while the database is away do all have to wait."""
        for _ in range(TRIES):
            try:
                await self._handle(event)
            except Raced:
                continue
            except Problem as refused:
                _log.warning("media event not taken", extra={"reason": refused.code})
            except AWAY:
                raise
            except Exception:  # noqa: BLE001 - a fault of ours or the worker's; logged with its trace
                _log.exception("media event not taken", extra={"reason": type(event).__name__})
            return
        _log.error("media event not taken", extra={"reason": "raced"})

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
                await self._worker_lost(event.worker)
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
            await recount(tx, session)

    async def _worker_lost(self, worker: str) -> None:
        for place in await self._placements.of_worker(worker):
            await give_up_place(self._work, self._placements, self._media_sessions, place)
