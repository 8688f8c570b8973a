"""The application's hand on the media workers: `MediaPlane` over their RPC."""

import asyncio
import datetime as dt
import logging
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import aiohttp
from redis.asyncio import Redis

from server.sessions.ports import (
    ConnectionMedia,
    ConnectionOffer,
    ConnectionStateChanged,
    MediaEvent,
    MediaSession,
    MediaUnavailable,
    RecordingAlarm,
    RecordingFailed,
    RecordingSealed,
    SdpUnusable,
    SlotFill,
    SourceFlowChanged,
    StaleEpoch,
    WorkerLost,
)
from signaling.media.control.following import EventStreams
from signaling.media.control.keys import load_or_make
from signaling.media.control.tokens import sign
from signaling.media.control.workers import WorkerEntry, Workers
from signaling.media.registration import EVERY_S

CALL_S: Final = 5.0
CONNECT_S: Final = 2.0

_log = logging.getLogger(__name__)


class MediaClient:
    """Use `MediaClient.running(...)`; it owns the HTTP connections."""

    def __init__(self, redis: Redis, private_key: str, http: aiohttp.ClientSession) -> None:
        self._workers = Workers(redis)
        self._private_key = private_key
        self._http = http
        self._placed: deque[tuple[float, str]] = deque()  # (when, worker) of sessions opened

    @classmethod
    @asynccontextmanager
    async def running(cls, redis: Redis, keys: Path) -> AsyncIterator["MediaClient"]:
        """redis: with `decode_responses`. keys: folder of the installation's keys."""
        private_key = await asyncio.to_thread(load_or_make, keys)
        timeout = aiohttp.ClientTimeout(total=CALL_S, sock_connect=CONNECT_S)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            yield cls(redis, private_key, http)

    async def open(
        self, session_id: UUID, *, epoch: int, record: bool, labels: Mapping[str, str]
    ) -> MediaSession:
        await self._workers.refresh()
        body = {
            "session_id": str(session_id),
            "epoch": epoch,
            "record": record,
            "labels": dict(labels),
        }
        failure = MediaUnavailable("no_worker")
        for entry in self._by_load():
            try:
                await self._call(entry, "open_session", body)
            except MediaUnavailable as error:
                failure = error
                continue
            self._placed.append((time.monotonic(), entry.worker))
            return MediaSession(session_id, epoch, entry.worker)
        raise failure

    def _by_load(self) -> list[WorkerEntry]:
        """The registrations say what was a second ago; what we have placed since counts too."""
        since = time.monotonic() - EVERY_S
        while self._placed and self._placed[0][0] < since:
            self._placed.popleft()
        placed = Counter(worker for _, worker in self._placed)
        return sorted(
            self._workers.least_loaded(), key=lambda one: one.sessions + placed[one.worker]
        )

    async def answer(self, session: MediaSession, offer: ConnectionOffer) -> str:
        answered = await self._call_session(
            session,
            "connect",
            connection_id=str(offer.connection_id),
            participant_id=str(offer.participant_id),
            role=offer.role,
            offer=offer.sdp,
            sources=[
                {"source_id": str(one.source_id), "mid": one.mid, "kind": one.kind.value}
                for one in offer.sources
            ],
            slots=[{"mid": one.mid, "media": one.media, "index": one.index} for one in offer.slots],
        )
        return str(answered["answer"])

    async def route(
        self,
        session: MediaSession,
        connection_id: UUID,
        *,
        generation: int,
        slots: Sequence[SlotFill],
    ) -> None:
        await self._call_session(
            session,
            "route",
            connection_id=str(connection_id),
            generation=generation,
            slots=[
                {"mid": one.mid, "source_id": None if one.source_id is None else str(one.source_id)}
                for one in slots
            ],
        )

    async def disconnect(self, session: MediaSession, connection_id: UUID) -> None:
        await self._call_session(session, "disconnect", connection_id=str(connection_id))

    async def close(self, session: MediaSession) -> None:
        await self._call_session(session, "close_session")

    async def forget_log(self, session: MediaSession) -> None:
        await self._call_session(session, "forget_log")

    async def unknown(self, workers: Collection[str]) -> set[str]:
        if not workers or not await self._workers.refresh():
            return set()
        return {worker for worker in workers if worker not in self._workers.entries}

    async def events(self) -> AsyncIterator[MediaEvent]:
        """The events of all workers, until the iterator is closed or its task cancelled."""
        async with EventStreams(self._workers, self._http, self._private_key).running() as queue:
            while True:
                entry, heard = await queue.get()
                if heard is None:
                    yield WorkerLost(entry.worker, entry.incarnation)
                elif (event := _readable(entry, heard)) is not None:
                    yield event

    async def _call_session(
        self, session: MediaSession, name: str, **fields: object
    ) -> dict[str, Any]:
        entry = self._workers.entries.get(session.worker)
        if entry is None:
            answered = await self._workers.refresh()
            entry = self._workers.entries.get(session.worker)
            if entry is None:
                # A worker's name is of one start: what is not registered never comes again.
                raise MediaUnavailable("session_unknown" if answered else "unreachable")
        body = {"session_id": str(session.session_id), "epoch": session.epoch, **fields}
        return await self._call(entry, name, body)

    async def _call(
        self, entry: WorkerEntry, name: str, body: Mapping[str, object]
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {sign(self._private_key, entry.worker)}"}
        try:
            async with self._http.post(
                f"{entry.rpc}/rpc/{name}", json=body, headers=headers
            ) as response:
                answer: dict[str, Any] = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise MediaUnavailable("unreachable") from error
        if response.status == 200:
            return answer
        raise _error(str(answer.get("code")), answer.get("params", {}))


def _error(code: str, params: Mapping[str, Any]) -> Exception:
    """What a worker's refusal means to the application."""
    match code:
        case "sdp_unusable":
            return SdpUnusable(str(params["reason"]))
        case "stale_epoch":
            return StaleEpoch(int(params["newest"]))
        case "session_unknown" | "connection_unknown":
            return MediaUnavailable(code)
        case _:
            return MediaUnavailable("refused")


def _readable(entry: WorkerEntry, heard: Mapping[str, Any]) -> MediaEvent | None:
    """None, too, for what can't be read: it must not hold up what comes behind it."""
    try:
        return _event(entry, heard)
    except (KeyError, ValueError, TypeError, AttributeError):
        _log.exception("a media worker's event can't be read", extra={"worker": entry.worker})
        return None


def _event(entry: WorkerEntry, event: Mapping[str, Any]) -> MediaEvent | None:
    """None for a kind that a newer worker may send."""
    common: dict[str, Any] = {
        "worker": entry.worker,
        "incarnation": entry.incarnation,
        "number": event["number"],
        "session_id": UUID(event["session_id"]),
        "epoch": event["epoch"],
        "at": dt.datetime.fromisoformat(event["at"]),
    }
    match event["kind"]:
        case "connection.state":
            return ConnectionStateChanged(
                **common,
                connection_id=UUID(event["connection_id"]),
                state=ConnectionMedia(event["state"]),
            )
        case "source.flow":
            return SourceFlowChanged(
                **common, source_id=UUID(event["source_id"]), flowing=event["flowing"]
            )
        case "recording.sealed":
            return RecordingSealed(**common, folder=event["folder"], manifest=event["recording"])
        case "recording.failed":
            return RecordingFailed(**common, reason=event["reason"])
        case "recording.alarm":
            return RecordingAlarm(**common, on=event["on"], reason=event["reason"])
        case _:
            return None
