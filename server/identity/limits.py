"""How often one address or visit may do something. Counted in Redis, for all replicas together;
while that is away, each counts alone."""

import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.infrastructure.clock import Clock
from server.infrastructure.errors import TooMany

PREFIX: Final = "vw:limit:"
MINUTE: Final = 60
IPV6_PREFIX: Final = 64
QUIET_SECONDS: Final = 30.0
KEPT_ALONE: Final = 100_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Use:
    """A use that was counted. key: of the span of `seconds` in which it was."""

    key: str
    seconds: int


class Limits:
    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._alone: dict[str, int] = {}
        self._warned_at: float | None = None

    async def take(self, code: str, address: str, *, per_minute: int) -> Use:
        """Count one use by `address`. Raises TooMany `code` beyond `per_minute` in this minute."""
        return await self._take(code, address, per_minute, MINUTE)

    @asynccontextmanager
    async def counted(self, code: str, who: str, *, uses: int, seconds: int) -> AsyncIterator[None]:
        """Count one use by `who` (an address, or another name) if the block does not fail.

        Raises TooMany `code` beyond `uses` in this span of `seconds`.
        """
        use = await self._take(code, who, uses, seconds)
        try:
            yield
        except BaseException:
            await self.give_back(use)
            raise

    async def give_back(self, use: Use) -> None:
        """Uncount it: it was none of those that are to be few."""
        await self._add(-1, use)

    async def _take(self, code: str, who: str, uses: int, seconds: int) -> Use:
        now = int(self._clock.now().timestamp())
        name = hashlib.sha256(_place(who).encode()).hexdigest()[:32]
        use = Use(f"{PREFIX}{code}:{name}:{seconds}:{now // seconds}", seconds)
        if await self._add(1, use) > uses:
            raise TooMany(code, retry_after_seconds=seconds - now % seconds)
        return use

    async def _add(self, number: int, use: Use) -> int:
        """The count of that span, with `number` more."""
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.incrby(use.key, number)
                pipe.expire(use.key, 2 * use.seconds)
                count, _ = await pipe.execute()
        except (RedisError, OSError):
            self._warn()
            return self._add_alone(number, use)
        return int(count)

    def _add_alone(self, number: int, use: Use) -> int:
        if len(self._alone) >= KEPT_ALONE:  # of spans that are long over, most of them
            self._alone.clear()
        self._alone[use.key] = count = self._alone.get(use.key, 0) + number
        return count

    def _warn(self) -> None:
        now = self._clock.monotonic()
        if self._warned_at is None or now - self._warned_at >= QUIET_SECONDS:
            self._warned_at = now
            _log.warning("Redis is away: uses are counted by each replica alone", exc_info=True)


def _place(address: str) -> str:
    """Whom an address stands for: of IPv6 everybody has a whole /64 (RFC 6177) to come from."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed, IPV6_PREFIX), strict=False))
