"""A worker's entry in Redis: where it is, and how much it has to do."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, Final

from redis.asyncio import Redis

from signaling.media.redis_calls import RedisSilent, ask

logger = logging.getLogger(__name__)

KEY_PREFIX: Final = "vw:media-worker:"
EXPIRES_S: Final = 5
EVERY_S: Final = 1.0
ANSWER_S: Final = 2.0
GOODBYE_S: Final = 0.3


async def keep_registered(
    redis: Redis, worker_id: str, describe: Callable[[], dict[str, Any]]
) -> None:
    """Renew the entry until cancelled. Silence of Redis ends nothing: calls go on without it."""
    silent = False
    while True:
        try:
            entry = json.dumps(describe())
            await ask(redis.set(KEY_PREFIX + worker_id, entry, ex=EXPIRES_S), ANSWER_S)
            if silent:
                logger.info("registered again")
            silent = False
        except RedisSilent:
            if not silent:
                logger.warning("registration is not possible now")
            silent = True
        await asyncio.sleep(EVERY_S)


async def unregister(redis: Redis, worker_id: str) -> None:
    """Take the entry away at once, so that nobody is sent here any more."""
    try:
        await ask(redis.delete(KEY_PREFIX + worker_id), GOODBYE_S)
    except RedisSilent:
        logger.info("could not unregister; the entry expires by itself")
