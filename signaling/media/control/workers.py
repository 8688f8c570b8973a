"""The media workers that are registered, as an application sees them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

from signaling.media.redis_calls import RedisSilent, ask
from signaling.media.registration import KEY_PREFIX

ANSWER_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class WorkerEntry:
    """One registration. worker: of this start. name: of its place, which a successor has too.
    started_at: seconds, of the worker's machine. rpc: address of its RPC.
    """

    worker: str
    incarnation: str
    name: str
    started_at: float
    rpc: str
    sessions: int
    draining: bool


class Workers:
    """The newest registrations. While Redis is silent those last seen still count."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.entries: dict[str, WorkerEntry] = {}
        self._present: set[str] = set()  # when Redis last answered
        self._lost: set[str] = set()

    async def refresh(self) -> bool:
        """Read the registrations; False if Redis is silent. Entries that are gone are kept."""
        try:
            values = await ask(self._read(), ANSWER_S)
        except RedisSilent:
            return False
        found = [entry for value in values if (entry := _entry(value)) is not None]
        self._present = {entry.worker for entry in found}
        self._lost &= self._present
        for entry in found:
            if entry.worker not in self._lost:
                self.entries[entry.worker] = entry
        return True

    async def _read(self) -> Sequence[str | bytes | None]:
        names = [name async for name in self._redis.scan_iter(KEY_PREFIX + "*", count=200)]
        values: Sequence[str | bytes | None] = await self._redis.mget(names) if names else []
        return values

    def lose(self, worker: str) -> None:
        """It is dead; what is left of its registration counts no more."""
        self._lost.add(worker)
        self.entries.pop(worker, None)

    def present(self, worker: str) -> bool:
        """Whether its heart beat when Redis last answered."""
        return worker in self._present

    def replaced(self, entry: WorkerEntry) -> bool:
        """Whether another worker has been started in its place."""
        return any(
            other.name == entry.name and other.started_at > entry.started_at
            for other in self.entries.values()
        )

    def least_loaded(self) -> list[WorkerEntry]:
        """Those that take sessions, the one with the fewest first."""
        taking = [
            entry
            for entry in self.entries.values()
            if not entry.draining and not self.replaced(entry)
        ]
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
            name=str(fields["name"]),
            started_at=float(fields["started_at"]),
            rpc=str(fields["rpc"]),
            sessions=int(fields["load"]["sessions"]),
            draining=bool(fields["draining"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
