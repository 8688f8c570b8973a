"""The one way to reach Redis or Valkey. It holds what is live and can be rebuilt from SQL."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 5.0


def connect_redis(url: str) -> Redis:
    """A client with a pool of its own; connects on first use, raises RedisError when it can't."""
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), retries=1),
    )
