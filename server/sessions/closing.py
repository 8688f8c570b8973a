"""Ends the media of sessions that are over, until their workers have heard it.

The call after the session's last commit may be lost with its replica, and a place may be opened for
a session that ends meanwhile. A recording is sealed once its worker has closed the session.
"""

import asyncio
import logging
from typing import Final

from server.infrastructure.actors import System
from server.infrastructure.errors import Conflict
from server.infrastructure.work import Work
from server.sessions.placement import Placements
from server.sessions.ports import MediaPlane, MediaSession, MediaUnavailable

EVERY_SECONDS: Final = 1.0
AT_ONCE: Final = 100

_log = logging.getLogger(__name__)


class MediaClosing:
    """Runs in every replica: closing twice is closing once."""

    def __init__(self, work: Work, media: MediaPlane, placements: Placements) -> None:
        self._work = work
        self._media = media
        self._placements = placements

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.close_left()

    async def close_left(self) -> None:
        """Close what still has a place although its session has ended, and forget the place."""
        silent: set[str] = set()
        for place in await self._placements.left_over(AT_ONCE):
            if place.worker in silent:
                continue
            if await self._closed(place):
                async with self._work.write(System("media")) as tx:
                    await self._placements.lose(tx, place)
            else:
                silent.add(place.worker)

    async def _closed(self, place: MediaSession) -> bool:
        """Whether the worker has no media of the session any more."""
        try:
            await self._media.close(place)
        except MediaUnavailable as refused:
            if refused.params["reason"] == "session_unknown":
                return True
            _log.warning("media not closed", extra={"reason": refused.params["reason"]})
            return False
        except Conflict:
            # Another epoch of the session has its own place; this one ended when that began.
            return True
        return True
