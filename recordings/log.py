"""Append a session's packets to a log that survives the death of the process.

`RecordingLog.packet` runs on the media thread and only copies into a bounded buffer; a writer
thread makes one block of it every 200 ms. So a killed process loses some 0.2 s. What a disk
that is too slow or full makes us lose is counted, told by the alarm, and noted in the log itself.

Kinds of note, and their fields (all also carry `at_us`):

    gap_begin      stream, reason   the source is known to send nothing: `muted`, `camera_off`,
                                    `interrupted`, or another lower snake word
    gap_end        stream           it sends again
    stream_closed  stream           nothing more will come
    sender_report  stream, ntp (64 bits, as in RFC 3550, 6.4.1), rtp (32 bits)
    dropped        stream, packets, from_us, to_us: written by the log itself
    closed         written by the log itself: it was ended as it should be
"""

import fcntl
import itertools
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recordings import blocks
from recordings.errors import LogClosed, LogExists
from recordings.records import (
    PACKET,
    PACKET_RECORD,
    LogHeader,
    Note,
    StreamInfo,
    pack_header,
    pack_note,
    pack_stream,
)

__all__ = ["Alarm", "LogHeader", "LogSettings", "LogSummary", "RecordingLog", "StreamInfo"]

logger = logging.getLogger(__name__)

Alarm = Callable[[bool, str], None]
"""Told (on, reason) when recording begins to lose packets, and when it does well again.

reason: `buffer_full` or `write_failed`. Called from the media thread or the writer thread, once a
change: it must be quick and thread-safe (`loop.call_soon_threadsafe`).
"""

PACKET_HEAD: Final = PACKET_RECORD.size
PACKET_BYTES_MAX: Final = 0xFFFF
PACKETS_A_BLOCK: Final = 480  # however long each is, a block stays below blocks.MAX_BLOCK_BYTES


def monotonic_us() -> int:
    """The clock of arrival times, microseconds."""
    return time.monotonic_ns() // 1000


@dataclass(frozen=True, slots=True)
class LogSettings:
    """buffer_bytes: what may wait for the disk. sync: fdatasync after each block, for the case
    of power loss."""

    block_seconds: float = 0.2
    buffer_bytes: int = 32 * 2**20
    sync: bool = False


@dataclass(frozen=True, slots=True)
class LogSummary:
    """bytes: length of the file. chain: of the last block, hex. dropped: packets that the buffer
    had no room for. unwritten_bytes: what the disk refused to the end (0 when all is well)."""

    blocks: int
    packets: int
    bytes: int
    chain: str
    dropped: int
    unwritten_bytes: int


class _Dropped:
    """Packets of one stream that found no room, since the last note of it."""

    __slots__ = ("from_us", "packets", "to_us")

    def __init__(self, at_us: int) -> None:
        self.packets, self.from_us, self.to_us = 0, at_us, at_us


class RecordingLog:
    """The log of one session under one epoch; `folder` gets the file `blocks.LOG_NAME`.

    Making one creates folder and file (mode 0700 and 0600) and starts the writer thread. Raises
    LogExists, OSError. `packet` is for one thread at a time; the others for any.
    """

    def __init__(
        self,
        folder: Path,
        header: LogHeader,
        *,
        settings: LogSettings | None = None,
        on_alarm: Alarm | None = None,
        codec: blocks.BlockCodec | None = None,
        clock_us: Callable[[], int] = monotonic_us,
    ) -> None:
        self.path = folder / blocks.LOG_NAME
        self._settings = settings or LogSettings()
        self._on_alarm = on_alarm
        self._codec = codec or blocks.PlainBlocks()
        self._clock_us = clock_us
        # Whole records. append and popleft of a deque need no lock: one side each. Marks are all
        # but packets; a block begins with those that wait, so a stream stands before its packets.
        self._marks: deque[bytes] = deque([pack_header(header)])
        self._waiting: deque[bytes] = deque()
        self._append = self._waiting.append
        # Bytes of packet records, in two counters with one writer each: again no lock.
        self._appended = 0
        self._taken = 0
        self._bound = self._settings.buffer_bytes
        self._packets = 0
        self._dropped: dict[int, _Dropped] = {}
        self._dropped_total = 0
        self._alarm: str | None = None
        self._slow_path = threading.Lock()
        self._streams = itertools.count()
        self._blocks = 0
        self._pending = b""  # stored bytes of a block that the disk refused
        self._pending_packets = 0  # bytes of packet records in it
        self._closed = threading.Event()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = self._create()
        self._writer = threading.Thread(target=self._write, name="recording-log", daemon=True)
        self._writer.start()

    def open_stream(self, info: StreamInfo) -> int:
        """The number under which `packet` takes this stream's packets. Raises LogClosed."""
        if self._closed.is_set():
            raise LogClosed
        stream = next(self._streams)
        self._marks.append(pack_stream(stream, info))
        return stream

    def packet(self, stream: int, arrival_us: int, packet: bytes | bytearray | memoryview) -> None:
        """Keep a decrypted RTP packet (header and all) that came at `arrival_us`.

        Copies it; no I/O, never waits for the disk, raises nothing. arrival_us: monotonic clock of
        the header's `origin_us`. packet: a contiguous buffer of bytes, at most 65,535.
        """
        size = len(packet)
        if self._appended - self._taken > self._bound or size > PACKET_BYTES_MAX:
            self._drop(stream, arrival_us, size)
            return
        self._appended += size + PACKET_HEAD
        self._packets += 1
        self._append(PACKET_RECORD.pack(PACKET, stream, arrival_us, size) + packet)

    def note(self, kind: str, *, at_us: int | None = None, **fields: str | float | None) -> None:
        """Log a mark (kinds: see the module), now or at `at_us`. Raises LogClosed."""
        if self._closed.is_set():
            raise LogClosed
        self._note(kind, at_us, fields)

    def close(self) -> LogSummary:
        """Write what waits, end the writer thread and the file; again gives the same summary.

        Blocks for as long as the disk needs: call it from a thread that may wait. Packets that
        come during or after it are not recorded.
        """
        with self._slow_path:
            first = not self._closed.is_set()
            self._closed.set()
            self._bound = -1
        self._writer.join()
        if first:
            os.close(self._file)
        return LogSummary(
            blocks=self._blocks,
            packets=self._packets,
            bytes=self._offset,
            chain=self._chain.hex(),
            dropped=self._dropped_total,
            unwritten_bytes=len(self._pending) + sum(map(len, (*self._marks, *self._waiting))),
        )

    def _create(self) -> int:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        try:
            file = os.open(self.path, flags, 0o600)
        except FileExistsError as error:
            raise LogExists(self.path) from error
        start = blocks.preamble(self._codec.name)
        try:
            # Held until close, or the death of the process: nobody seals a log that still grows.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write_all(file, start, 0)
        except OSError:
            os.close(file)
            self.path.unlink(missing_ok=True)
            raise
        self._offset = len(start)
        self._chain = blocks.first_chain(start)
        return file

    def _note(self, kind: str, at_us: int | None, fields: dict[str, str | float | None]) -> None:
        at = self._clock_us() if at_us is None else at_us
        self._marks.append(pack_note(Note(kind, at, fields)))

    def _drop(self, stream: int, arrival_us: int, size: int) -> None:
        with self._slow_path:
            if self._closed.is_set():
                return
            dropped = self._dropped.setdefault(stream, _Dropped(arrival_us))
            dropped.packets += 1
            dropped.to_us = arrival_us
            self._dropped_total += 1
        if size <= PACKET_BYTES_MAX:  # one too long says nothing of the disk
            self._set_alarm("buffer_full")

    def _set_alarm(self, reason: str | None) -> None:
        with self._slow_path:
            before = self._alarm
            if (before is None) == (reason is None):
                return
            self._alarm = reason
        if self._on_alarm is not None:
            self._on_alarm(reason is not None, reason or before or "")

    def _write(self) -> None:
        while not self._closed.wait(self._settings.block_seconds):
            self._write_waiting()
        while self._write_waiting() and self._waiting:
            continue
        if not self._waiting and not self._pending:
            self._note_dropped()
            self._note("closed", None, {})
            self._write_waiting()

    def _write_waiting(self) -> bool:
        """Write what waits by now; on a disk error keep it for the next time, and say False.

        What comes meanwhile is for the next time too: blocks of single packets would cost most.
        """
        due = len(self._waiting)
        wrote = False
        try:
            while self._pending or self._marks or due > 0:
                due -= 0 if self._pending else PACKETS_A_BLOCK
                self._write_block()
                wrote = True
            if wrote and self._settings.sync:
                os.fdatasync(self._file)
        except OSError as error:
            logger.warning("recording log can't be written: errno %s", error.errno)
            self._set_alarm("write_failed")
            return False
        if self._appended - self._taken <= self._settings.buffer_bytes // 2:
            self._note_dropped()
            self._set_alarm(None)
        return True

    def _write_block(self) -> None:
        if not self._pending:
            # Counted before the marks are taken: what comes in between may belong to a new stream.
            count = min(len(self._waiting), PACKETS_A_BLOCK)
            marks = b"".join(_drain(self._marks, len(self._marks)))
            packets = b"".join(_drain(self._waiting, count))
            self._pending_packets = len(packets)
            records = marks + packets
            self._pending = self._codec.encode(self._blocks, records)
        stored = self._pending
        chain = blocks.next_chain(self._chain, stored)
        block = blocks.block_head(stored, chain) + stored
        # Always at the end of the last whole block: what a failed write left is overwritten.
        _write_all(self._file, block, self._offset)
        self._offset += len(block)
        self._chain = chain
        self._blocks += 1
        self._pending = b""
        self._taken += self._pending_packets

    def _note_dropped(self) -> None:
        with self._slow_path:
            taken, self._dropped = self._dropped, {}
        for stream, dropped in taken.items():
            fields: dict[str, str | float | None] = {
                "stream": stream,
                "packets": dropped.packets,
                "from_us": dropped.from_us,
                "to_us": dropped.to_us,
            }
            self._note("dropped", dropped.to_us, fields)


def _drain(waiting: deque[bytes], count: int) -> list[bytes]:
    take = waiting.popleft
    return [take() for _ in range(count)]


def _write_all(file: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, offset)
        view = view[written:]
        offset += written
