"""Finishes sessions whose time to undo, or to come back, is over."""

import asyncio
from typing import Final

from server.sessions.service import Sessions

EVERY_SECONDS: Final = 1.0


class SessionSweep:
    """Runs in every replica; each step is conditional on the state that it ends."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self._sessions.finish_overdue()
