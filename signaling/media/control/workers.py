"""The media workers that are registered, as an application sees them."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

from signaling.media.redis_calls import RedisSilent, ask
from signaling.media.registration import KEY_PREFIX

ANSWER_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class WorkerEntry:
    """One registration. rpc: address of its RPC. seen_at: monotonic seconds."""

    worker: str
    incarnation: str
    rpc: str
    sessions: int
    draining: bool
    seen_at: float


class Workers:
    """The newest registrations. While Redis is silent those last seen still count."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.entries: dict[str, WorkerEntry] = {}

    async def refresh(self) -> bool:
        """Read the registrations; False if Redis is silent. Entries that are gone are kept."""
        try:
            values = await ask(self._read(), ANSWER_S)
        except RedisSilent:
            return False
        for value in values:
            entry = _entry(value)
            if entry is not None:
                self.entries[entry.worker] = entry
        return True

    async def _read(self) -> Sequence[str | bytes | None]:
        names = [name async for name in self._redis.scan_iter(KEY_PREFIX + "*", count=200)]
        values: Sequence[str | bytes | None] = await self._redis.mget(names) if names else []
        return values

    def forget(self, worker: str) -> None:
        self.entries.pop(worker, None)

    def least_loaded(self) -> list[WorkerEntry]:
        """Those that take sessions, the one with the fewest first."""
        taking = [entry for entry in self.entries.values() if not entry.draining]
        return sorted(taking, key=lambda entry: entry.sessions)


def _entry(value: str | bytes | None) -> WorkerEntry | None:
    """None for an entry that has just expired, or is none of a worker's."""
    if value is None:
        return None
    try:
        fields: dict[str, Any] = json.loads(value)
        return WorkerEntry(
            worker=str(fields["worker_id"]),
            incarnation=str(fields["incarnation"]),
            rpc=str(fields["rpc"]),
            sessions=int(fields["load"]["sessions"]),
            draining=bool(fields["draining"]),
            seen_at=time.monotonic(),
        )
    except (ValueError, KeyError, TypeError):
        return None
