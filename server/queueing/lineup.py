"""The live order of the queue, in Redis: who waits, who is free, and the pairs that they make.

It knows no SQL. What it is told are rows as they were committed; what it gives are claims: a ticket
and an agent that belong together. Whoever gets a claim writes the offer, and SQL decides whether
that stands. All of it may be lost at any time, and is then brought anew.

First come first served: an agent gets the first ticket, by (rank, id), of all lines that one of the
seats can serve. A ticket goes to the agent who is able and has been idle for longest. After each
call nobody waits whom an agent who is free could serve, save for refusals.

Each call is one round trip, and one step that is never seen half done. Its cost grows with the
skills of an agent and the logarithm of those waiting.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from importlib import resources
from typing import Any, Final
from uuid import UUID

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import OutOfMemoryError, ResponseError

from server.queueing.values import Claim, Known, Left, Move, Place, Sitting, Stood
from server.queueing.values import microseconds as _microseconds

PREFIX: Final = "{vw:queue}:"
SCAN: Final = 1_000
AT_ONCE: Final = 200
"""Moves a call: Redis serves nobody else meanwhile."""


class LineUpLost(Exception):
    """Redis knows no queue: it is new, or was emptied. Somebody has to bring all of it anew."""


class LineUp:
    """prefix: what all its names in Redis begin with, a hash tag, so that a cluster keeps it
    together. Raises RedisError where Redis is away, and LineUpLost."""

    def __init__(self, redis: Redis, prefix: str = PREFIX) -> None:
        self._redis = redis
        self._prefix = prefix
        self._order = self._script("order.lua", "match.lua")
        self._overdue = self._script("overdue.lua")
        self._lock = self._script("lock.lua")

    def _script(self, *names: str) -> AsyncScript:
        script: AsyncScript = self._redis.register_script(_text(*names))
        return script

    async def apply(
        self,
        moves: Iterable[Move],
        now: dt.datetime,
        *,
        anew: Collection[UUID] = frozenset(),
        token: str = "",
    ) -> list[Claim]:
        """Take `moves` in, all in one step; the pairs that can be made after them.

        At most AT_ONCE moves. anew: rows that are known with versions which SQL never had, to be
        taken over all the same. token: of who restores a line-up that was lost.
        """
        wires = [move.wire(anew=_row(move) in anew) if anew else move.wire() for move in moves]
        arguments: list[str | int] = [
            _microseconds(now),
            token,
            json.dumps(wires, separators=(",", ":")),
        ]
        answer = await self._order(keys=[self._prefix], args=arguments)
        if answer is None:
            raise LineUpLost
        return [Claim.of(wire) for wire in answer]

    async def arrive(self, place: Place, now: dt.datetime) -> list[Claim]:
        """A ticket waits, is held, or has changed: with the longest idle agent who is able."""
        return await self.apply((place,), now)

    async def leave(self, ticket_id: UUID, version: int, now: dt.datetime) -> list[Claim]:
        return await self.apply((Left(ticket_id, version),), now)

    async def sit(self, agent: Sitting, now: dt.datetime) -> list[Claim]:
        """An agent takes offers: with the first ticket that one of the seats can serve."""
        return await self.apply((agent,), now)

    async def stand(self, account_id: UUID, version: int, now: dt.datetime) -> list[Claim]:
        return await self.apply((Stood(account_id, version),), now)

    async def tickets(self) -> dict[UUID, Known]:
        """All tickets that are known, in many round trips: one who moves may be left out."""
        return await self._known("tickets")

    async def agents(self) -> dict[UUID, Known]:
        """All agents who take offers, in the same way."""
        return await self._known("agents")

    async def _known(self, name: str) -> dict[UUID, Known]:
        found: dict[UUID, Known] = {}
        async for key, text in self._redis.hscan_iter(self._prefix + name, count=SCAN):
            record = json.loads(text)
            found[UUID(key)] = Known(int(record["version"]), record.get("digest", ""))
        return found

    async def overdue(self, before: dt.datetime) -> list[tuple[str, UUID, UUID]]:
        """Claims that nobody has settled or kept since `before`: name, ticket, account."""
        arguments = [_microseconds(before), AT_ONCE]
        answer: list[list[str]] = await self._overdue(keys=[self._prefix], args=arguments)
        return [(name, UUID(ticket), UUID(account)) for name, ticket, account, _ in answer]

    async def known(self) -> bool:
        """Whether there is a line-up: it has been brought since Redis was emptied."""
        return bool(await self._redis.exists(self._prefix + "epoch"))

    async def forget(self) -> None:
        """Let go of all there is, so that it has to be brought anew. For who holds the lock."""
        await self._redis.delete(self._prefix + "epoch")  # from now on nobody adds to it
        lock = self._prefix + "lock"
        names = [name async for name in self._redis.scan_iter(self._prefix + "*", count=SCAN)]
        for start in range(0, len(names), SCAN):
            await self._redis.unlink(*(one for one in names[start : start + SCAN] if one != lock))

    async def hold(self, token: str, milliseconds: int) -> bool:
        """Be the one who compares and restores, for a time, or go on being it."""
        return await self._locked(token, "hold", milliseconds)

    async def open(self, token: str) -> None:
        """All is there: from now on everybody's moves are taken. Raises LineUpLost."""
        if not await self._locked(token, "open"):
            raise LineUpLost

    async def release(self, token: str) -> None:
        await self._locked(token, "release")

    async def _locked(self, token: str, action: str, milliseconds: int = 0) -> bool:
        arguments: list[Any] = [token, action, milliseconds]
        return bool(await self._lock(keys=[self._prefix], args=arguments))


@lru_cache
def _text(*names: str) -> str:
    """The script that the files make up together."""
    folder = resources.files("server.queueing")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


def is_broken(failure: Exception) -> bool:
    """Whether a script has failed by what it found. It was stopped half way: what is there now may
    contradict itself, and will not get better."""
    in_script = isinstance(failure, ResponseError) and "user_script" in str(failure)
    return in_script and not isinstance(failure, OutOfMemoryError)


def _row(move: Move) -> UUID | None:
    if isinstance(move, Place | Left):
        return move.ticket_id
    return move.account_id if isinstance(move, Sitting | Stood) else None
