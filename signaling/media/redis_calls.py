"""Calls to Redis that end in time, and whose cancellation counts."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from redis.exceptions import RedisError

T = TypeVar("T")


class RedisSilent(Exception):
    """No answer, or a refusal; Redis is a hint, so nothing ends by it."""


async def ask(call: Awaitable[T], seconds: float) -> T:
    """The answer to a call, within `seconds`. Raises RedisSilent.

    redis-py 8 loses a cancellation that comes as its connection is being made or given back: the
    call then returns as if nothing had been. A loop that is to end would go on for ever.
    """
    task = asyncio.current_task()
    cancelled_before = 0 if task is None else task.cancelling()
    try:
        async with asyncio.timeout(seconds):
            answer = await call
    except (RedisError, OSError, TimeoutError) as error:
        _raise_if_cancelled(task, cancelled_before)
        raise RedisSilent from error
    _raise_if_cancelled(task, cancelled_before)
    return answer


def _raise_if_cancelled(task: "asyncio.Task[object] | None", before: int) -> None:
    if task is not None and task.cancelling() > before:
        raise asyncio.CancelledError
