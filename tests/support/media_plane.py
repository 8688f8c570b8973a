"""A media plane that does as a test says: behind the port of the sessions, without a worker."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from server.sessions.ports import ConnectionOffer, MediaEvent, MediaSession, SlotFill


@dataclass
class Plane:
    """A media plane of one worker. failing: what each call of a name raises; gate: what an answer
    waits for; told: the calls that came, by name, with their session's epoch; vanished: workers
    that nobody knows any more."""

    worker: str = "worker-1"
    failing: dict[str, Exception] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[tuple[str, int]] = field(default_factory=list)
    vanished: set[str] = field(default_factory=set)
    coming: asyncio.Queue[MediaEvent] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.gate.set()

    def _tell(self, name: str, epoch: int) -> None:
        self.told.append((name, epoch))
        if name in self.failing:
            raise self.failing[name]

    async def open(
        self, session_id: UUID, *, epoch: int, record: bool, labels: Mapping[str, str]
    ) -> MediaSession:
        self._tell("open", epoch)
        return MediaSession(session_id, epoch, self.worker)

    async def answer(self, session: MediaSession, offer: ConnectionOffer) -> str:
        self.answering.set()
        await self.gate.wait()
        self._tell("answer", session.epoch)
        return "answer"

    async def route(
        self,
        session: MediaSession,
        connection_id: UUID,
        *,
        generation: int,
        slots: Sequence[SlotFill],
    ) -> None:
        self._tell("route", session.epoch)

    async def disconnect(self, session: MediaSession, connection_id: UUID) -> None:
        self._tell("disconnect", session.epoch)

    async def close(self, session: MediaSession) -> None:
        self._tell("close", session.epoch)

    async def forget_log(self, session: MediaSession) -> None:
        self._tell("forget_log", session.epoch)

    async def unknown(self, workers: Collection[str]) -> set[str]:
        return set(workers) & self.vanished

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            yield await self.coming.get()

    def names(self) -> list[str]:
        return [name for name, _ in self.told]
