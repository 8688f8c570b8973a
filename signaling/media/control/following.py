"""The events of all workers as one stream: lines that break are mended, what was missed comes."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import aiohttp

from signaling.media.control.tokens import sign
from signaling.media.control.workers import WorkerEntry, Workers

LOOK_EVERY_S: Final = 1.0
QUIET_S: Final = 6.0  # a worker sends an empty line every 2 s
RETRY_S: Final = 0.3
GONE_S: Final = 1.5
WAITING_EVENTS: Final = 1000
LINE_BYTES: Final = 8 << 20  # a manifest may be long

_log = logging.getLogger(__name__)

Heard = tuple[WorkerEntry, Mapping[str, Any] | None]
"""An event of a worker, or None: that worker is lost."""


class EventStreams:
    """One line to each worker, found by their registrations."""

    def __init__(self, workers: Workers, http: aiohttp.ClientSession, private_key: str) -> None:
        self._workers = workers
        self._http = http
        self._private_key = private_key
        self._queue: asyncio.Queue[Heard] = asyncio.Queue(WAITING_EVENTS)
        self._followers: dict[str, asyncio.Task[None]] = {}

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["asyncio.Queue[Heard]"]:
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(self._watch(tasks), name="media-workers")
            try:
                yield self._queue
            finally:
                watching.cancel()
                for follower in self._followers.values():
                    follower.cancel()

    async def _watch(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            await self._workers.refresh()
            for entry in list(self._workers.entries.values()):
                if entry.worker not in self._followers:
                    self._followers[entry.worker] = tasks.create_task(
                        self._follow(entry), name=f"media-events-{entry.worker}"
                    )
            await asyncio.sleep(LOOK_EVERY_S)

    async def _follow(self, entry: WorkerEntry) -> None:
        """Read a worker's events until it is lost, which is told."""
        number = 0
        heard_at = time.monotonic()
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
                async for event in self._lines(entry, number):
                    heard_at = time.monotonic()
                    if event is not None:
                        number = event["number"]
                        await self._queue.put((entry, event))
            if self._lost(entry, heard_at):
                await self._queue.put((entry, None))
                self._workers.lose(entry.worker)
                del self._followers[entry.worker]
                return
            await asyncio.sleep(RETRY_S)

    def _lost(self, entry: WorkerEntry, heard_at: float) -> bool:
        """Dead: its line is broken, and its heartbeat is gone or another has its place.

        Silence of Redis alone, or of the RPC alone, moves nobody.
        """
        if self._workers.replaced(entry):
            return True
        silent = time.monotonic() - heard_at > GONE_S
        return silent and not self._workers.present(entry.worker)

    async def _lines(
        self, entry: WorkerEntry, after: int
    ) -> AsyncIterator[Mapping[str, Any] | None]:
        """Events above `after`; None for a sign of life."""
        headers = {"Authorization": f"Bearer {sign(self._private_key, entry.worker)}"}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=2.0, sock_read=QUIET_S)
        async with self._http.get(
            f"{entry.rpc}/rpc/events",
            params={"after": after},
            headers=headers,
            timeout=timeout,
            read_bufsize=LINE_BYTES,
        ) as response:
            if response.status != 200:
                return
            async for line in response.content:
                if not line.endswith(b"\n"):
                    return  # the line broke within it: it comes again
                yield _event_of(line, entry)


def _event_of(line: bytes, entry: WorkerEntry) -> Mapping[str, Any] | None:
    """None for a sign of life, and for what is no event: asked for again it would be none, too."""
    if not line.strip():
        return None
    with contextlib.suppress(ValueError):
        event = json.loads(line)
        if isinstance(event, dict) and isinstance(event.get("number"), int):
            return event
    _log.error("a media worker sends what is no event", extra={"worker": entry.worker})
    return None
