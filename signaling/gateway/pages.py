"""Which people have a page open, on whichever replica. Implements `server.tickets.ports.Pages`."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

KEY: Final = "vw:pages"
BEAT_SECONDS: Final = 2.0
STALE_SECONDS: Final = 5.0
FORGET_SECONDS: Final = 3600.0

_log = logging.getLogger(__name__)


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
        self._missing_since: dict[str, float] = {}

    def opened(self, name: str) -> int:
        """A page of `name` (`staff:<id>`, `resident:<id>`) opened; how many it has here now."""
        self._open[name] += 1
        return self._open[name]

    def closed(self, name: str) -> None:
        self._open[name] -= 1
        if self._open[name] <= 0:
            del self._open[name]

    def count(self, name: str) -> int:
        return self._open[name]

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            try:
                await self._beat()
            except RedisError as error:
                _log.warning("presence not told: %s", type(error).__name__)
            await asyncio.sleep(BEAT_SECONDS)

    async def gone(self, names: Collection[str]) -> set[str]:
        self._forget(names)
        asked = [name for name in names if name not in self._open]
        if not asked:
            return set()
        try:
            now = await self._time()
            scores = await self._redis.zmscore(KEY, asked)
        except RedisError:
            self._missing_since.clear()
            return set()
        moment = self._monotonic()
        gone: set[str] = set()
        for name, score in zip(asked, scores, strict=True):
            if score is not None and now - float(score) <= STALE_SECONDS:
                self._missing_since.pop(name, None)
            elif moment - self._missing_since.setdefault(name, moment) >= self._patience:
                gone.add(name)
        return gone

    def _forget(self, names: Collection[str]) -> None:
        """Drop marks of who is here, and of who was asked for too long ago to matter."""
        latest = self._monotonic() - FORGET_SECONDS
        self._missing_since = {
            name: since
            for name, since in self._missing_since.items()
            if name not in self._open and (name in names or since > latest)
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
