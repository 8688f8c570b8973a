"""A worker's entry in Redis: where it is, and how much it has to do."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEY_PREFIX: Final = "vw:media-worker:"
EXPIRES_S: Final = 5
EVERY_S: Final = 1.0
ANSWER_S: Final = 2.0


async def keep_registered(
    redis: Redis, worker_id: str, describe: Callable[[], dict[str, Any]]
) -> None:
    """Renew the entry until cancelled. Silence of Redis ends nothing: calls go on without it."""
    silent = False
    while True:
        try:
            async with asyncio.timeout(ANSWER_S):
                await redis.set(KEY_PREFIX + worker_id, json.dumps(describe()), ex=EXPIRES_S)
            if silent:
                logger.info("registered again")
            silent = False
        except (RedisError, OSError, TimeoutError):
            if not silent:
                logger.warning("registration is not possible now")
            silent = True
        await asyncio.sleep(EVERY_S)


async def unregister(redis: Redis, worker_id: str) -> None:
    """Take the entry away at once, so that nobody is sent here any more."""
    try:
        async with asyncio.timeout(0.5):
            await redis.delete(KEY_PREFIX + worker_id)
    except (RedisError, OSError, TimeoutError):
        logger.info("could not unregister; the entry expires by itself")
