"""Finishes sessions whose time to undo, or to come back, is over."""

import asyncio
import logging
from typing import Final

from server.infrastructure.errors import Conflict
from server.sessions.service import Sessions

EVERY_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


class SessionSweep:
    """Runs in every replica; each step is conditional on the state that it ends."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self._sessions.finish_overdue()
            except Conflict as raced:
                _log.info("session finished otherwise", extra={"reason": raced.code})
