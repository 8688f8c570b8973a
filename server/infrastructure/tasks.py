"""Background loops: each owned by a TaskGroup, each failure seen, none the end of the service."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from sqlalchemy.exc import IntegrityError

from server.infrastructure.database import AWAY
from server.infrastructure.errors import Conflict

Loop = Callable[[], Awaitable[None]]
T = TypeVar("T")

AGAIN_SECONDS: Final = 0.2
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 10.0
CALM_SECONDS: Final = 60.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def running(loops: Mapping[str, Loop]) -> AsyncIterator[None]:
    """Keep `loops` running within the block; all have ended when it is left."""
    tasks = {
        asyncio.create_task(keep_running(name, loop), name=name) for name, loop in loops.items()
    }
    try:
        yield
    finally:
        while tasks:
            # Asked again until it is heard: redis-py 8.1 swallows a cancellation that meets a
            # connection attempt, and the loop would go on.
            for task in tasks:
                task.cancel()
            _, tasks = await asyncio.wait(tasks, timeout=AGAIN_SECONDS)


async def keep_running(name: str, loop: Loop) -> None:
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


async def each(rows: Iterable[T], step: Callable[[T], Awaitable[object]], *, what: str) -> int:
    """Do `step` for each of `rows`, each apart from the others; how many were done.

    That somebody was quicker (another replica, a person) is no failure. A row that can't be
    handled is logged, and must not keep those behind it waiting for ever. what: for the log.
    Raises what the database says while it is away.
    """
    done = 0
    for row in rows:
        try:
            await step(row)
            done += 1
        except (Conflict, IntegrityError) as raced:
            _log.info("%s: somebody was quicker", what, extra={"reason": type(raced).__name__})
        except AWAY:
            raise
        except Exception:  # noqa: BLE001 - one row's fault; logged with its trace
            _log.exception("%s: a row can't be handled", what)
    return done
