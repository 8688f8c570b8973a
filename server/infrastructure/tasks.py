"""Background loops: each owned by a TaskGroup, each failure seen, none the end of the service."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 10.0
CALM_SECONDS: Final = 60.0

_log = logging.getLogger(__name__)


async def keep_running(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Run an endless `loop`; when it fails (database restarted, a bug), log it and begin again.

    The pause grows from 0.5 to 10 s and starts anew after a minute without failure. Ends only by
    cancellation.
    """
    pause = FIRST_PAUSE
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await loop()
        except Exception:  # noqa: BLE001 - the end of the task; logged with its trace
            _log.exception("background loop failed, starting it again", extra={"loop": name})
        if asyncio.get_running_loop().time() - started > CALM_SECONDS:
            pause = FIRST_PAUSE
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
