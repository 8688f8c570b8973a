"""A real media worker in a process of its own, with a real Valkey, and the application's client."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from server.sessions.ports import MediaEvent, MediaSession, RecordingSealed
from server.supervisor.valkey import server_binary
from signaling.media.control.client import MediaClient
from tests.support.waiting import until


@dataclass
class WorkerProcess:
    process: subprocess.Popen[bytes]
    name: str

    def stop(self) -> float:
        """SIGTERM; the seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        return time.monotonic() - began


@dataclass
class MediaStage:
    """What a test of media stands on. settings: environment of the workers. events: all that the
    workers have told so far.
    """

    data: Path
    redis_url: str
    redis: Redis
    client: MediaClient
    valkey: subprocess.Popen[bytes]
    settings: Mapping[str, str] = field(default_factory=dict)
    events: list[MediaEvent] = field(default_factory=list)
    workers: list[WorkerProcess] = field(default_factory=list)

    async def start_worker(self, name: str) -> WorkerProcess:
        before = [entry["worker_id"] for entry in await self.entries(name)]
        environment = {
            **os.environ,
            "VIRTUAL_WINDOW_DATA": str(self.data),
            "VIRTUAL_WINDOW_REDIS_URL": self.redis_url,
            "VIRTUAL_WINDOW_WORKER_NAME": name,
            **self.settings,
        }
        command = [sys.executable, "-m", "signaling.media"]
        process = await asyncio.to_thread(subprocess.Popen, command, env=environment)
        worker = WorkerProcess(process, name)
        self.workers.append(worker)
        async with asyncio.timeout(15):
            while all(entry["worker_id"] in before for entry in await self.entries(name)):
                assert process.poll() is None, "the worker has ended"
                await asyncio.sleep(0.05)
        return worker

    async def entries(self, name: str = "worker-0") -> list[dict[str, Any]]:
        """The registrations of one worker's place, the newest first."""
        keys = await self.redis.keys(f"vw:media-worker:{name}-*")
        values = await self.redis.mget(keys) if keys else []
        found = [json.loads(value) for value in values if value is not None]
        return sorted(found, key=lambda entry: -float(entry["started_at"]))

    def events_of(self, kind: type[MediaEvent]) -> list[MediaEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    async def open(self, *, record: bool = False) -> MediaSession:
        return await self.client.open(uuid4(), epoch=1, record=record, labels={})


@contextlib.asynccontextmanager
async def media_stage(
    folder: Path, workers: int = 1, settings: Mapping[str, str] | None = None
) -> AsyncIterator[MediaStage]:
    """Everything started; ended when the block is left. settings: of the workers' environment."""
    data = folder / "data"
    data.mkdir()
    valkey = await asyncio.to_thread(_start_valkey, folder)
    try:
        async with _client(f"unix://{folder}/valkey.sock", data, valkey) as stage:
            stage.settings = settings or {}
            for number in range(workers):
                await stage.start_worker(f"worker-{number}")
            following = asyncio.create_task(_follow(stage), name="events")
            try:
                yield stage
            finally:
                following.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await following
                await asyncio.to_thread(_stop, stage.workers)
    finally:
        valkey.terminate()
        await asyncio.to_thread(valkey.wait, 10)


@contextlib.asynccontextmanager
async def _client(
    redis_url: str, data: Path, valkey: subprocess.Popen[bytes]
) -> AsyncIterator[MediaStage]:
    redis = Redis.from_url(redis_url, decode_responses=True)
    try:
        async with MediaClient.running(redis, data / "keys") as client:
            yield MediaStage(data, redis_url, redis, client, valkey)
    finally:
        await redis.aclose()


async def sealed(stage: MediaStage, session: MediaSession) -> RecordingSealed:
    """The event that tells of the session's sealed recording."""

    async def found() -> RecordingSealed | None:
        return next(
            (
                event
                for event in stage.events
                if isinstance(event, RecordingSealed) and event.session_id == session.session_id
            ),
            None,
        )

    event = await until(found, seconds=20)
    assert event is not None
    return event


async def _follow(stage: MediaStage) -> None:
    async for event in stage.client.events():
        stage.events.append(event)


def _stop(workers: list[WorkerProcess]) -> None:
    for worker in workers:
        if worker.process.poll() is None:
            worker.process.send_signal(signal.SIGTERM)
    for worker in workers:
        try:
            worker.process.wait(5)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            worker.process.wait()


def _start_valkey(folder: Path) -> subprocess.Popen[bytes]:
    binary = str(server_binary())
    socket = folder / "valkey.sock"
    process = subprocess.Popen(
        [binary, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    give_up = time.monotonic() + 10
    while not socket.exists():
        assert process.poll() is None, "valkey has ended"
        assert time.monotonic() < give_up, "valkey did not start"
        time.sleep(0.02)
    return process
