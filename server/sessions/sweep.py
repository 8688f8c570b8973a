"""Finishes sessions and wrap-ups whose time is over."""

import asyncio
from typing import Final

from server.sessions.service import Sessions
from server.sessions.wrap_up import WrapUps

EVERY_SECONDS: Final = 1.0


class SessionSweep:
    """Runs in every replica; each step is conditional on the state that it ends."""

    def __init__(self, sessions: Sessions, wrap_ups: WrapUps) -> None:
        self._sweeps = (sessions.finish_overdue, wrap_ups.complete_overdue)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            for sweep in self._sweeps:
                await sweep()
