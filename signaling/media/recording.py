"""Recorded sessions of a worker: their logs while they run, their sealing afterwards.

A log lies in `<recording_logs>/<session>/<epoch>/` until the application has said that it has the
sealed files, which the shelf keeps under `recordings/<session>/<epoch>/`. What a dead worker left
is sealed at the next start; a log that another worker still writes is locked, and left alone.
"""

import asyncio
import datetime as dt
import json
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from recordings.errors import LogClosed, LogExists
from recordings.log import LogHeader, RecordingLog, StreamInfo
from recordings.manifest import MANIFEST_NAME
from recordings.records import Codec, SourceKind
from signaling.media.connections import Connection
from signaling.media.events import EventLog
from signaling.media.logs import LogKey, below
from signaling.media.settings import WorkerSettings
from signaling.media.shelves import Shelf, remove_if_empty
from signaling.media.sources import Source
from signaling.media.subprocesses import run_module

logger = logging.getLogger(__name__)

CODECS: Final[Mapping[str, Codec]] = {"audio": "opus", "video": "vp8"}
BUSY: Final = "log_busy"  # another worker writes or seals it, and will tell of it
SEAL_SECONDS: Final = 3600.0
KEEP_AGAIN_S: Final = 5.0
LONGEST_PAUSE_S: Final = 60.0


class EpochUsed(Exception):
    """There is a log of this session and epoch from before; only a higher epoch helps."""

    def __init__(self, epoch: int) -> None:
        super().__init__(epoch)
        self.epoch = epoch


class SessionRecorder:
    """The media thread's side of one session's log; `Recorder` says what each call means."""

    def __init__(
        self, key: LogKey, log: RecordingLog, on_end: Callable[["SessionRecorder"], None]
    ) -> None:
        self.key = key
        self.log = log
        self.packet = log.packet
        self._on_end = on_end

    def begin(self, source: Source) -> int | None:
        connection = source.connection
        try:
            return self.log.open_stream(
                StreamInfo(
                    source_id=source.source_id,
                    participant_id=connection.person.participant_id,
                    connection_id=connection.connection_id,
                    role=connection.person.role,
                    kind=cast(SourceKind, source.kind),
                    codec=CODECS[source.media],
                    payload_type=source.payload_type,
                    clock_rate=source.clock.rate,
                    ssrc=source.ssrc,
                )
            )
        except LogClosed:
            return None

    def sender_report(self, stream: int, ntp: int, timestamp: int) -> None:
        self._note("sender_report", stream=stream, ntp=ntp, rtp=timestamp)

    def interrupted(self, connection: Connection, begins: bool) -> None:
        for source in connection.sources.values():
            stream = source.recording_stream
            if stream is None:
                continue
            if begins:
                self._note("gap_begin", stream=stream, reason="interrupted")
            else:
                self._note("gap_end", stream=stream)

    def finished(self, stream: int) -> None:
        self._note("stream_closed", stream=stream)

    def end(self) -> None:
        self._on_end(self)

    def _note(self, kind: str, **fields: Any) -> None:
        try:
            self.log.note(kind, **fields)
        except LogClosed:
            return


class Recordings:
    """The control side: opens logs, seals them one after the other, tells of it by event."""

    def __init__(self, settings: WorkerSettings, events: EventLog) -> None:
        self._settings = settings
        self._events = events
        self._loop = asyncio.get_running_loop()
        self._open: dict[LogKey, SessionRecorder] = {}
        self._opening = asyncio.Lock()
        self._ended: asyncio.Queue[LogKey] = asyncio.Queue()
        self._sealed: asyncio.Queue[tuple[LogKey, dict[str, Any]]] = asyncio.Queue()
        self._shelf = settings.shelf()

    async def open(self, session_id: str, epoch: int, labels: Mapping[str, str]) -> SessionRecorder:
        """Begin a session's log. Raises EpochUsed, OSError."""
        key = LogKey(session_id, epoch)
        async with self._opening:
            if (recorder := self._open.get(key)) is None:
                log = await asyncio.to_thread(self._open_log, key, dict(labels))
                recorder = self._open[key] = SessionRecorder(key, log, self._on_end)
        return recorder

    def _open_log(self, key: LogKey, labels: Mapping[str, str]) -> RecordingLog:
        header = LogHeader(
            session_id=key.session_id,
            epoch=key.epoch,
            started_at=dt.datetime.now(dt.UTC),
            origin_us=time.monotonic_ns() // 1000,
            labels=labels,
        )
        folder = key.under(self._settings.recording_logs)
        try:
            return RecordingLog(
                folder, header, on_alarm=lambda on, reason: self._alarm(key, on, reason)
            )
        except LogExists as error:
            raise EpochUsed(key.epoch) from error

    def _on_end(self, recorder: SessionRecorder) -> None:
        """From the media thread."""
        self._loop.call_soon_threadsafe(self._ended.put_nowait, recorder.key)

    def _alarm(self, key: LogKey, on: bool, reason: str) -> None:
        """From the media thread or a log's writer."""
        details = {"on": on, "reason": reason}
        self._loop.call_soon_threadsafe(
            self._events.add, "recording.alarm", key.session_id, key.epoch, details
        )

    async def run(self) -> None:
        """Seal what was left behind and what ends, and have it kept, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._seal_all(), name="sealing")
            tasks.create_task(self._keep_all(), name="keeping")

    async def _seal_all(self) -> None:
        logs = self._settings.recording_logs
        await asyncio.to_thread(self._shelf.tidy, logs)
        for key in await asyncio.to_thread(below, logs):
            await self._seal(key)
        while True:
            key = await self._ended.get()
            await self._end(key)

    async def _keep_all(self) -> None:
        while True:
            key, manifest = await self._sealed.get()
            await self._keep(key)
            path = f"recordings/{key.session_id}/{key.epoch}"
            details = {"folder": path, "recording": manifest}
            self._events.add("recording.sealed", key.session_id, key.epoch, details)

    async def _keep(self, key: LogKey) -> None:
        """Try until it is kept: while the store is away, for all, nothing is lost by waiting."""
        pause = KEEP_AGAIN_S
        while True:
            try:
                failure = await self._shelf.keep(key)
            except (OSError, ValueError, TimeoutError):
                logger.exception("keeping a recording could not be run")
                failure = "keeping_died"
            if not failure:
                return
            logger.warning("a recording is not kept yet: %s", failure)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def close(self) -> None:
        """Close all logs; what isn't sealed yet is sealed at the next start."""
        await asyncio.gather(*(self._close_log(key) for key in list(self._open)))

    async def _end(self, key: LogKey) -> None:
        try:
            await self._close_log(key)
        except OSError:
            # The disk is broken or full. What stands in the log is sealed all the same.
            logger.exception("a recording log could not be closed")
        await self._seal(key)

    async def _close_log(self, key: LogKey) -> None:
        recorder = self._open.get(key)
        if recorder is None:
            return
        try:
            summary = await asyncio.to_thread(recorder.log.close)
        finally:
            self._open.pop(key, None)
        if summary.dropped or summary.unwritten_bytes:
            logger.warning("recording log is not whole: %s packets dropped", summary.dropped)

    async def _seal(self, key: LogKey) -> None:
        """Seal one log, or look that it is sealed whole; told by event."""
        folder = key.under(self._settings.recording_logs)
        try:
            sealed = await _run_sealing(folder, key.under(self._shelf.sealed))
        except (OSError, ValueError, TimeoutError):
            # No process could be had, or it spoke nonsense: that must not end everybody's calls,
            # with the worker, again after each start. The next start tries once more.
            logger.exception("sealing could not be run")
            sealed = _Sealed(None, "sealing_died")
        if sealed.manifest is not None:
            self._sealed.put_nowait((key, sealed.manifest))
        elif sealed.error != BUSY:
            logger.error("sealing has failed: %s", sealed.error)
            details = {"reason": sealed.error}
            self._events.add("recording.failed", key.session_id, key.epoch, details)

    async def forget(self, session_id: str, epoch: int) -> bool:
        """Delete a session's log once it is sealed; False if it isn't. None there: done already."""
        key = LogKey(session_id, epoch)
        if key in self._open:
            return False
        log = key.under(self._settings.recording_logs)
        return await asyncio.to_thread(_forget, key, log, self._shelf)


def _forget(key: LogKey, log: Path, shelf: Shelf) -> bool:
    if not log.exists():
        return True
    if not (key.under(shelf.sealed) / MANIFEST_NAME).exists():
        return False
    shutil.rmtree(log)
    remove_if_empty(log.parent)
    shelf.forget(key)
    return True


@dataclass(frozen=True, slots=True)
class _Sealed:
    """manifest: None if it has failed; error: then why, in a stable word."""

    manifest: dict[str, Any] | None
    error: str = ""


async def _run_sealing(folder: Path, target: Path) -> _Sealed:
    """Run the sealing process. Cancelled, it is ended, and can be run again."""
    try:
        ended = await run_module(
            "signaling.media.sealing", str(folder), str(target), seconds=SEAL_SECONDS
        )
    except TimeoutError:
        return _Sealed(None, "too_slow")
    if ended.code == 0:
        return _Sealed(json.loads(ended.output))
    return _Sealed(None, "sealing_died" if ended.error == "died" else ended.error)
