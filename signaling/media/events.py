"""A worker's events: numbered from 1 in one incarnation, kept for whoever reads late."""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

REMEMBERED_EVENTS: Final = 10_000

Event = Mapping[str, Any]


class EventLog:
    """Written and read on the control loop. Any number of readers; none can hold up a writer."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=REMEMBERED_EVENTS)
        self._number = 0
        self._more = asyncio.Event()
        self.closed = False

    def add(self, kind: str, session_id: str, epoch: int, details: Mapping[str, Any]) -> None:
        self._number += 1
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._events.append(
            {
                "number": self._number,
                "kind": kind,
                "session_id": session_id,
                "epoch": epoch,
                "at": at,
                **details,
            }
        )
        self._notify()

    def close(self) -> None:
        """Let readers come to their end once they have read everything."""
        self.closed = True
        self._notify()

    def _notify(self) -> None:
        self._more.set()
        self._more = asyncio.Event()

    def after(self, number: int) -> list[Event]:
        """The remembered events above `number`."""
        missing = self._number - number
        if missing <= 0:
            return []
        return list(self._events)[-missing:]

    async def follow(self, number: int, quiet_s: float) -> AsyncIterator[Event | None]:
        """The events above `number` as they come; None whenever none came for `quiet_s`."""
        while True:
            more = self._more
            for event in self.after(number):
                number = event["number"]
                yield event
            if self._number > number:
                continue
            if self.closed:
                return
            try:
                async with asyncio.timeout(quiet_s):
                    await more.wait()
            except TimeoutError:
                yield None
