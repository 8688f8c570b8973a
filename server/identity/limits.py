"""How often one address may do something. Kept in Redis; while that is away, nobody is refused."""

import hashlib
import logging
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

_log = logging.getLogger(__name__)


class Limits:
    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._warned_at: float | None = None

    async def take(self, code: str, address: str, *, per_minute: int) -> None:
        """Count one use by `address`. Raises TooMany `code` beyond `per_minute` in this minute."""
        seconds = int(self._clock.now().timestamp())
        count = await self._add(1, code, address, seconds // MINUTE)
        if count is not None and count > per_minute:
            raise TooMany(code, retry_after_seconds=MINUTE - seconds % MINUTE)

    async def give_back(self, code: str, address: str) -> None:
        """Uncount one use by `address`: it was none of those that are to be few."""
        await self._add(-1, code, address, int(self._clock.now().timestamp()) // MINUTE)

    async def _add(self, uses: int, code: str, address: str, minute: int) -> int | None:
        """The count of that minute, with `uses` more; None while Redis is away."""
        who = hashlib.sha256(_place(address).encode()).hexdigest()[:32]
        key = f"{PREFIX}{code}:{who}:{minute}"
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.incrby(key, uses)
                pipe.expire(key, 2 * MINUTE)
                count, _ = await pipe.execute()
        except (RedisError, OSError):
            self._warn()
            return None
        return int(count)

    def _warn(self) -> None:
        now = self._clock.monotonic()
        if self._warned_at is None or now - self._warned_at >= QUIET_SECONDS:
            self._warned_at = now
            _log.warning("Redis is away: uses by address are not limited", exc_info=True)


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
