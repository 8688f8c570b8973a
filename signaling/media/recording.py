"""Recorded sessions of a worker: their logs while they run, their sealing afterwards.

A log lies in `<recording_logs>/<session>/<epoch>/` until the application has said that the sealed
files in `<sealed_recordings>/<session>/<epoch>/` are safe. What a dead worker left is sealed at the
next start; a log that another worker still writes is locked, and left alone.
"""

import asyncio
import contextlib
import datetime as dt
import json
import logging
import re
import shutil
import sys
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
from signaling.media.settings import WorkerSettings
from signaling.media.sources import Source

logger = logging.getLogger(__name__)

CODECS: Final[Mapping[str, Codec]] = {"audio": "opus", "video": "vp8"}
# Folders of other names are none of ours; an event of such a session could not be read.
SESSION: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EPOCH: Final = re.compile(r"[0-9]{1,15}")
BUSY: Final = "log_busy"  # another worker writes or seals it, and will tell of it
SEAL_SECONDS: Final = 3600.0
END_S: Final = 0.3


@dataclass(frozen=True, slots=True)
class LogKey:
    session_id: str
    epoch: int

    def under(self, root: Path) -> Path:
        return root / self.session_id / str(self.epoch)


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
        """Seal what was left behind and what ends, until cancelled."""
        for key in await asyncio.to_thread(_left_behind, self._settings.recording_logs):
            await self._seal(key)
        while True:
            key = await self._ended.get()
            await self._end(key)

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
            sealed = await _run_sealing(folder, key.under(self._settings.sealed_recordings))
        except (OSError, ValueError, TimeoutError):
            # No process could be had, or it spoke nonsense: that must not end everybody's calls,
            # with the worker, again after each start. The next start tries once more.
            logger.exception("sealing could not be run")
            sealed = _Sealed(None, "sealing_died")
        if sealed.manifest is not None:
            path = f"recordings/{key.session_id}/{key.epoch}"
            details: dict[str, Any] = {"folder": path, "recording": sealed.manifest}
            self._events.add("recording.sealed", key.session_id, key.epoch, details)
        elif sealed.error != BUSY:
            logger.error("sealing has failed: %s", sealed.error)
            details = {"reason": sealed.error}
            self._events.add("recording.failed", key.session_id, key.epoch, details)

    async def forget(self, session_id: str, epoch: int) -> bool:
        """Delete a session's log once it is sealed; False if it isn't. None there: done already."""
        key = LogKey(session_id, epoch)
        if key in self._open:
            return False
        return await asyncio.to_thread(
            _forget,
            key.under(self._settings.recording_logs),
            key.under(self._settings.sealed_recordings),
        )


def _left_behind(root: Path) -> list[LogKey]:
    keys = [
        LogKey(folder.parent.name, int(folder.name))
        for folder in root.glob("*/*")
        if folder.is_dir()
        and EPOCH.fullmatch(folder.name)
        and SESSION.fullmatch(folder.parent.name)
    ]
    return sorted(keys, key=lambda key: (key.session_id, key.epoch))


def _forget(log: Path, sealed: Path) -> bool:
    if not log.exists():
        return True
    if not (sealed / MANIFEST_NAME).exists():
        return False
    shutil.rmtree(log)
    try:
        log.parent.rmdir()
    except OSError:
        # Another epoch's log is still there.
        return True
    return True


@dataclass(frozen=True, slots=True)
class _Sealed:
    """manifest: None if it has failed; error: then why, in a stable word."""

    manifest: dict[str, Any] | None
    error: str = ""


async def _run_sealing(folder: Path, target: Path) -> _Sealed:
    """Run the sealing process. Cancelled, it is ended, and can be run again."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "signaling.media.sealing",
        str(folder),
        str(target),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SEAL_SECONDS):
            output, errors = await process.communicate()
    except TimeoutError:
        return _Sealed(None, "too_slow")
    finally:
        if process.returncode is None:
            process.kill()
            # It may hang in the kernel, on a disk; killed it is all the same.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_S):
                    await process.wait()
    if process.returncode == 0:
        return _Sealed(json.loads(output))
    return _Sealed(None, _reason(errors))


def _reason(errors: bytes) -> str:
    """What the sealing process says of its failure; it may have died without a word."""
    try:
        return str(json.loads(errors.splitlines()[-1])["error"])
    except (ValueError, LookupError, TypeError):
        return "sealing_died"
