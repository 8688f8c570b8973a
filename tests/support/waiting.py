"""Waiting for a condition, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait_until(condition: Callable[[], Found], *, seconds: float = 10.0, what: str = "") -> Found:
    """Ask until the answer is true, and give it. Fails the test when it is not in time."""
    give_up = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > give_up:
            raise AssertionError(f"not within {seconds:g} s: {what or condition}; got {found!r}")
        time.sleep(0.02)


async def until(
    condition: Callable[[], Awaitable[Found]], *, seconds: float = 10.0, what: str = ""
) -> Found:
    """`wait_until` for a condition that is awaited."""
    give_up = time.monotonic() + seconds
    while True:
        found = await condition()
        if found:
            return found
        if time.monotonic() > give_up:
            raise AssertionError(f"not within {seconds:g} s: {what or condition}; got {found!r}")
        await asyncio.sleep(0.05)
