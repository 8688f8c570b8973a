"""Where a session's media lies: claimed in SQL, opened on a worker, fenced by an epoch."""

import asyncio
import datetime as dt
from typing import Final
from uuid import UUID

from sqlmodel import col, select, update

from server.infrastructure.actors import System
from server.infrastructure.errors import Conflict
from server.infrastructure.work import Transaction, Work
from server.recordings.service import Recordings
from server.sessions.ports import MediaPlane, MediaSession, MediaUnavailable
from server.sessions.states import SessionState
from server.sessions.tables import VideoSession

OTHER_CLAIM_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.1


def placed(session: VideoSession) -> MediaSession | None:
    """The session's place, None while it has none."""
    if session.media_worker is None:
        return None
    return MediaSession(session.id, session.media_epoch, session.media_worker)


class Placements:
    """Gives sessions a place on the media plane, one at a time whatever the replicas do."""

    def __init__(self, work: Work, media: MediaPlane, recordings: Recordings) -> None:
        self._work = work
        self._media = media
        self._recordings = recordings

    async def ensure(self, session_id: UUID) -> MediaSession:
        """The session's place, opened if there is none. Raises MediaUnavailable.

        Whoever raises the epoch in SQL opens; others wait for the worker's name to appear, and
        claim anew once the claim is too old (the claimer died).
        """
        for _ in range(2):
            session = await self._read(session_id)
            if (place := placed(session)) is not None:
                return place
            if await self._claim(session):
                return await self._open(session, session.media_epoch + 1)
            if (place := await self._wait(session_id)) is not None:
                return place
        raise MediaUnavailable("no_worker")

    async def lose(self, tx: Transaction, place: MediaSession) -> bool:
        """Forget a place whose worker has lost the session, or closed it. False if it is forgotten
        already."""
        result = await tx.session.execute(
            update(VideoSession)
            .where(
                col(VideoSession.id) == place.session_id,
                col(VideoSession.media_epoch) == place.epoch,
                col(VideoSession.media_worker) == place.worker,
            )
            .values(media_worker=None, media_claimed_at=None)
        )
        return bool(result.rowcount)  # type: ignore[attr-defined]

    async def workers(self) -> list[str]:
        """The workers on which sessions lie that are not over."""
        query = (
            select(VideoSession.media_worker)
            .where(
                col(VideoSession.media_worker).is_not(None),
                VideoSession.state != SessionState.ENDED,
            )
            .distinct()
        )
        async with self._work.read() as session:
            return [worker for worker in (await session.execute(query)).scalars() if worker]

    async def of_worker(self, worker: str) -> list[MediaSession]:
        """The sessions that lie on `worker`."""
        query = select(VideoSession).where(
            VideoSession.media_worker == worker, VideoSession.state != SessionState.ENDED
        )
        async with self._work.read() as session:
            rows = (await session.execute(query)).scalars()
            return [place for row in rows if (place := placed(row)) is not None]

    async def left_over(self, limit: int) -> list[MediaSession]:
        """Places of sessions that are over."""
        query = (
            select(VideoSession)
            .where(
                col(VideoSession.media_worker).is_not(None),
                VideoSession.state == SessionState.ENDED,
            )
            .order_by(col(VideoSession.ended_at))
            .limit(limit)
        )
        async with self._work.read() as session:
            rows = (await session.execute(query)).scalars()
            return [place for row in rows if (place := placed(row)) is not None]

    async def _read(self, session_id: UUID) -> VideoSession:
        async with self._work.read() as session:
            return await session.get_one(VideoSession, session_id)

    async def _claim(self, session: VideoSession) -> bool:
        async with self._work.write(System("media")) as tx:
            claimed_at = col(VideoSession.media_claimed_at)
            stale = tx.now - dt.timedelta(seconds=OTHER_CLAIM_SECONDS)
            result = await tx.session.execute(
                update(VideoSession)
                .where(
                    col(VideoSession.id) == session.id,
                    col(VideoSession.media_epoch) == session.media_epoch,
                    col(VideoSession.media_worker).is_(None),
                    claimed_at.is_(None) | (claimed_at < stale),
                    col(VideoSession.state) != SessionState.ENDED,
                )
                .values(media_epoch=session.media_epoch + 1, media_claimed_at=tx.now)
            )
        return bool(result.rowcount)  # type: ignore[attr-defined]

    async def _open(self, session: VideoSession, epoch: int) -> MediaSession:
        labels = {
            "place": session.place_code,
            "item": session.item_code,
            "ticket": session.ticket_number,
        }
        try:
            place = await self._media.open(session.id, epoch=epoch, record=True, labels=labels)
        except MediaUnavailable:
            await self._release(session.id, epoch)
            raise
        if not await self._save(session.id, place):
            # It ended meanwhile, and nobody else would close what lies on the worker now.
            await self._media.close(place)
            raise Conflict("session_over", state=SessionState.ENDED)
        return place

    async def _save(self, session_id: UUID, place: MediaSession) -> bool:
        async with self._work.write(System("media")) as tx:
            result = await tx.session.execute(
                update(VideoSession)
                .where(
                    col(VideoSession.id) == session_id,
                    col(VideoSession.media_epoch) == place.epoch,
                    col(VideoSession.state) != SessionState.ENDED,
                )
                .values(media_worker=place.worker, media_claimed_at=None)
            )
            if not result.rowcount:  # type: ignore[attr-defined]
                return False
            await self._recordings.begin_part(tx, session_id, place.epoch)
            tx.audit("session.media", ("session", str(session_id)), epoch=place.epoch)
        return True

    async def _release(self, session_id: UUID, epoch: int) -> None:
        """Let the next one try at once: no worker could be had."""
        async with self._work.write(System("media")) as tx:
            await tx.session.execute(
                update(VideoSession)
                .where(col(VideoSession.id) == session_id, col(VideoSession.media_epoch) == epoch)
                .values(media_claimed_at=None)
            )

    async def _wait(self, session_id: UUID) -> MediaSession | None:
        try:
            async with asyncio.timeout(OTHER_CLAIM_SECONDS):
                while True:
                    place = placed(await self._read(session_id))
                    if place is not None:
                        return place
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            return None
