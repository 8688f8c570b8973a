"""Waiting for a part ends when it is told to, also in the moment of an answer."""

import asyncio

import pytest

from server.supervisor import readiness
from server.supervisor.errors import ChildFailed


async def test_cancelled_in_the_moment_of_an_answer_it_ends() -> None:
    asked = 0

    async def not_yet() -> bool:
        nonlocal asked
        asked += 1
        waiting.cancel()
        return False

    waiting = asyncio.create_task(readiness.until("app", not_yet, seconds=60))
    done, _ = await asyncio.wait({waiting}, timeout=5)
    assert done
    assert waiting.cancelled()
    assert asked == 1


async def test_silence_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "ANSWER_SECONDS", 0.01)
    answers = iter([10.0, 10.0, 0.0])

    async def slow() -> bool:
        await asyncio.sleep(next(answers))
        return True

    await readiness.until("app", slow, seconds=30)


async def test_what_never_comes_up_is_named() -> None:
    async def never() -> bool:
        return False

    with pytest.raises(ChildFailed, match="app was not ready after"):
        await readiness.until("app", never, seconds=0.1)
