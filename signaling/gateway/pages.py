"""Which people have a page open, on whichever replica. Implements `server.tickets.ports.Pages`."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

KEY: Final = "vw:pages"
BEAT_SECONDS: Final = 2.0
PAUSE_SECONDS: Final = 0.2
STALE_SECONDS: Final = 5.0
FORGET_SECONDS: Final = 3600.0

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Missing:
    """Since when somebody was seen nowhere, and when that was last asked."""

    since: float
    asked_at: float


class OpenPages:
    """Beats for the pages of this replica, and judges by the beats of all.

    grace: how long a page may be gone before its person counts as gone. A beat that stops may be a
    killed replica: its pages come back to another one within the grace. While Redis is silent
    nobody counts as gone, and the time does not count either.
    """

    def __init__(self, redis: Redis, monotonic: Callable[[], float], *, grace: float) -> None:
        self._redis = redis
        self._monotonic = monotonic
        self._grace = grace
        self._open: Counter[str] = Counter()
        self._missing: dict[str, _Missing] = {}
        self._came = asyncio.Event()

    def opened(self, name: str) -> int:
        """A page of `name` (`staff:<id>`, `resident:<id>`) opened; how many it has here now."""
        self._open[name] += 1
        self._came.set()
        return self._open[name]

    def closed(self, name: str) -> None:
        self._open[name] -= 1
        if self._open[name] <= 0:
            del self._open[name]

    def count(self, name: str) -> int:
        return self._open[name]

    async def run(self) -> None:
        """Beat until cancelled: every two seconds, and soon after a page has opened."""
        while True:
            self._came.clear()
            try:
                await self._beat()
            except RedisError as error:
                _log.warning("presence not told: %s", type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS - PAUSE_SECONDS):
                    await self._came.wait()

    async def gone(self, names: Collection[str]) -> set[str]:
        asked = [name for name in names if name not in self._open]
        if not asked:
            return set()
        try:
            now = await self._time()
            scores = await self._redis.zmscore(KEY, asked)
        except RedisError:
            self._missing.clear()
            return set()
        moment = self._monotonic()
        self._forget(moment)
        gone: set[str] = set()
        for name, score in zip(asked, scores, strict=True):
            if score is not None and now - float(score) <= STALE_SECONDS:
                self._missing.pop(name, None)
                continue
            missing = self._missing.setdefault(name, _Missing(moment, moment))
            missing.asked_at = moment
            if moment - missing.since >= self._patience:
                gone.add(name)
        return gone

    def _forget(self, moment: float) -> None:
        """Drop what was not asked for a while: in between somebody may have been there, and one
        who comes again must not be taken for gone before the first beat."""
        oldest = moment - STALE_SECONDS
        self._missing = {
            name: missing for name, missing in self._missing.items() if missing.asked_at >= oldest
        }

    @property
    def _patience(self) -> float:
        return max(self._grace - STALE_SECONDS, BEAT_SECONDS)

    async def _beat(self) -> None:
        now = await self._time()
        if self._open:
            await self._redis.zadd(KEY, dict.fromkeys(self._open, now))
        await self._redis.zremrangebyscore(KEY, "-inf", now - FORGET_SECONDS)

    async def _time(self) -> float:
        seconds, microseconds = await self._redis.time()
        return float(seconds) + float(microseconds) / 1e6
