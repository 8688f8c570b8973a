"""The log keeps all it is given, says what it could not keep, and can be checked."""

import datetime as dt
import errno
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings import blocks, reading
from recordings import log as log_module
from recordings.errors import (
    LogBusy,
    LogClosed,
    LogCorrupt,
    LogExists,
    LogMissing,
    LogUnreadable,
)
from recordings.log import LogHeader, LogSettings, RecordingLog
from recordings.records import Note, Packet, StreamInfo, StreamOpened

HEADER = LogHeader("a-session", 2, dt.datetime(2024, 5, 6, tzinfo=dt.UTC), 1000, {"kiosk": "k1"})
FACE = StreamInfo("source", "person", "connection", "resident", "face", "vp8", 96, 90_000, 7)
SLOW = LogSettings(block_seconds=3600)


def written(folder: Path, count: int = 5, block_each: bool = True) -> list[bytes]:
    """A closed log of `count` packets, each in a block of its own."""
    log = RecordingLog(folder, HEADER, settings=LogSettings(block_seconds=3600))
    stream = log.open_stream(FACE)
    packets = [bytes([number]) * (20 + number) for number in range(count)]
    for number, packet in enumerate(packets):
        log.packet(stream, 1000 + number, packet)
        if block_each:
            log._write_waiting()  # the writer thread sleeps for an hour
    log.close()
    return packets


def packets_of(folder: Path) -> tuple[list[bytes], reading.LogEnd]:
    with reading.LogReader(folder) as log:
        found = [bytes(r.data) for r in log.records() if isinstance(r, Packet)]
        assert log.end is not None
        return found, log.end


def test_what_was_logged_is_read_again_in_order(tmp_path: Path) -> None:
    log = RecordingLog(tmp_path / "log", HEADER, clock_us=lambda: 77)
    stream = log.open_stream(FACE)
    log.packet(stream, 1001, memoryview(b"one"))
    log.packet(stream, 1002, bytearray(b"two"))
    log.note("gap_begin", stream=stream, reason="muted")
    summary = log.close()
    with reading.LogReader(tmp_path / "log") as reader:
        assert reader.header == HEADER
        records = list(reader.records())
    assert records[:2] == [HEADER, StreamOpened(stream, FACE)]
    assert [r for r in records if isinstance(r, Packet)] == [
        Packet(stream, 1001, memoryview(b"one")),
        Packet(stream, 1002, memoryview(b"two")),
    ]
    assert Note("gap_begin", 77, {"stream": stream, "reason": "muted"}) in records
    assert reader.end == reading.LogEnd(summary.blocks, 2, summary.chain, True, 0)
    assert reading.verify(tmp_path / "log") == reader.end
    assert summary.bytes == log.path.stat().st_size
    assert log.close() == summary


def test_blocks_are_written_while_the_session_runs(tmp_path: Path) -> None:
    log = RecordingLog(tmp_path / "log", HEADER, settings=LogSettings(block_seconds=0.01))
    stream = log.open_stream(FACE)
    before = log.path.stat().st_size
    log.packet(stream, 1, bytes(5000))
    grown = threading.Event()
    for _ in range(500):
        if log.path.stat().st_size > before + 5000:
            grown.set()
            break
        grown.wait(0.01)
    assert grown.is_set()
    log.close()


def test_a_stream_of_packets_makes_few_blocks(tmp_path: Path) -> None:
    log = RecordingLog(tmp_path / "log", HEADER, settings=LogSettings(block_seconds=0.05))
    stream = log.open_stream(FACE)
    for at in range(20_000):
        log.packet(stream, at, bytes(1000))
    summary = log.close()
    assert summary.packets == reading.verify(tmp_path / "log").packets == 20_000
    assert summary.blocks < 100


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    written(tmp_path / "log")
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "log" / blocks.LOG_NAME).stat().st_mode & 0o777 == 0o600


def test_a_full_buffer_drops_counts_alarms_and_notes(tmp_path: Path) -> None:
    alarms: list[tuple[bool, str]] = []
    log = RecordingLog(
        tmp_path / "log",
        HEADER,
        settings=LogSettings(block_seconds=3600, buffer_bytes=1000),
        on_alarm=lambda on, reason: alarms.append((on, reason)),
    )
    stream = log.open_stream(FACE)
    for number in range(30):
        log.packet(stream, number, bytes(100))
    assert alarms == [(True, "buffer_full")]
    summary = log.close()
    assert alarms == [(True, "buffer_full"), (False, "buffer_full")]
    assert (summary.packets, summary.dropped) == (9, 21)
    with reading.LogReader(tmp_path / "log") as reader:
        notes = [r for r in reader.records() if isinstance(r, Note) and r.kind == "dropped"]
    assert notes == [
        Note("dropped", 29, {"stream": stream, "packets": 21, "from_us": 9, "to_us": 29})
    ]


def test_a_packet_too_long_is_counted_without_alarm(tmp_path: Path) -> None:
    alarms: list[tuple[bool, str]] = []
    log = RecordingLog(
        tmp_path / "log", HEADER, on_alarm=lambda on, reason: alarms.append((on, reason))
    )
    log.packet(log.open_stream(FACE), 1, bytes(2**16))
    assert log.close().dropped == 1
    assert alarms == []


def test_streams_opened_while_packets_come_stand_before_them(tmp_path: Path) -> None:
    log = RecordingLog(tmp_path / "log", HEADER, settings=LogSettings(block_seconds=0.0001))
    for at in range(3000):
        log.packet(log.open_stream(FACE), at, b"packet")
    log.close()
    opened = set()
    with reading.LogReader(tmp_path / "log") as reader:
        for record in reader.records():
            if isinstance(record, StreamOpened):
                opened.add(record.stream)
            elif isinstance(record, Packet):
                assert record.stream in opened
    assert len(opened) == 3000


def test_a_disk_that_was_full_for_a_while_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[tuple[bool, str]] = []
    log = RecordingLog(
        tmp_path / "log",
        HEADER,
        settings=SLOW,
        on_alarm=lambda on, reason: alarms.append((on, reason)),
    )
    stream = log.open_stream(FACE)
    log.packet(stream, 1, b"first")

    def half_then_full(file: int, data: bytes, offset: int) -> None:
        os.pwrite(file, data[: len(data) // 2], offset)
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as full:
        full.setattr(log_module, "_write_all", half_then_full)
        log._write_waiting()
    log.packet(stream, 2, b"second")
    summary = log.close()
    assert alarms == [(True, "write_failed"), (False, "write_failed")]
    assert summary.unwritten_bytes == 0
    found, end = packets_of(tmp_path / "log")
    assert (found, end.closed, end.torn_bytes) == ([b"first", b"second"], True, 0)


def test_a_disk_that_stays_full_is_told_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RecordingLog(tmp_path / "log", HEADER, settings=SLOW)
    log.packet(log.open_stream(FACE), 1, b"first")

    def full(file: int, data: bytes, offset: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(log_module, "_write_all", full)
    assert log.close().unwritten_bytes > 0


def test_a_closed_log_takes_no_more(tmp_path: Path) -> None:
    log = RecordingLog(tmp_path / "log", HEADER)
    stream = log.open_stream(FACE)
    summary = log.close()
    log.packet(stream, 1, b"late")  # the media thread may be a packet behind: no error
    assert log.close() == summary
    with pytest.raises(LogClosed):
        log.open_stream(FACE)
    with pytest.raises(LogClosed):
        log.note("gap_begin", stream=stream)


def test_a_log_is_never_written_over(tmp_path: Path) -> None:
    written(tmp_path / "log")
    before = (tmp_path / "log" / blocks.LOG_NAME).read_bytes()
    with pytest.raises(LogExists):
        RecordingLog(tmp_path / "log", HEADER)
    assert (tmp_path / "log" / blocks.LOG_NAME).read_bytes() == before


def test_a_log_that_still_grows_is_not_read(tmp_path: Path) -> None:
    log = RecordingLog(tmp_path / "log", HEADER)
    with pytest.raises(LogBusy):
        reading.verify(tmp_path / "log")
    log.close()
    reading.verify(tmp_path / "log")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_cut_log_gives_what_stood_before_the_cut(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cut") / "log"
    packets = written(folder)
    path = folder / blocks.LOG_NAME
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    path.write_bytes(whole[:cut])
    try:
        found, end = packets_of(folder)
    except LogUnreadable:
        assert cut < len(whole) // 2  # not even the first block, with the header, was whole
        return
    assert found == packets[: len(found)]
    assert not end.closed or cut > len(whole) - 10
    assert end.torn_bytes < blocks.BLOCK_HEAD.size + 200


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_changed_byte_is_found(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("changed") / "log"
    packets = written(folder)
    path = folder / blocks.LOG_NAME
    changed = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(changed) - 1))
    changed[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    try:
        found, end = packets_of(folder)
    except (LogCorrupt, LogUnreadable):
        return
    # Only in the last block does it look like a block that never got whole.
    assert end.torn_bytes
    assert not end.closed
    assert found == packets


def test_zeros_at_the_end_are_a_torn_block(tmp_path: Path) -> None:
    packets = written(tmp_path / "log")
    with (tmp_path / "log" / blocks.LOG_NAME).open("ab") as file:
        file.write(bytes(4096))
    found, end = packets_of(tmp_path / "log")
    assert (found, end.torn_bytes) == (packets, 4096)


def test_a_removed_block_breaks_the_chain(tmp_path: Path) -> None:
    written(tmp_path / "log")
    path = tmp_path / "log" / blocks.LOG_NAME
    data = path.read_bytes()
    second = data.index(blocks.BLOCK_MAGIC, data.index(blocks.BLOCK_MAGIC) + 1)
    third = data.index(blocks.BLOCK_MAGIC, second + 1)
    path.write_bytes(data[:second] + data[third:])
    with pytest.raises(LogCorrupt) as caught:
        packets_of(tmp_path / "log")
    assert (caught.value.block, caught.value.offset) == (1, second)


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogMissing):
        reading.verify(tmp_path)
    for content in (
        b"",
        b"RVWLOG",
        b"RIFF" + bytes(100),
        b"RVWLOG\x09\x05plain",
        b"RVWLOG\x01\x03aes",
    ):
        (tmp_path / blocks.LOG_NAME).write_bytes(content)
        with pytest.raises(LogUnreadable):
            reading.verify(tmp_path)


class Flipped:
    """A codec that is not plain: what is stored is not what was recorded."""

    name = "flipped"

    def encode(self, number: int, records: bytes) -> bytes:
        return bytes(byte ^ 0xFF for byte in records)

    def decode(self, number: int, stored: bytes) -> bytes:
        return self.encode(number, stored)


def test_blocks_go_through_their_codec(tmp_path: Path) -> None:
    log = RecordingLog(tmp_path / "log", HEADER, codec=Flipped())
    log.packet(log.open_stream(FACE), 1, b"a secret")
    log.close()
    assert b"a secret" not in log.path.read_bytes()
    with pytest.raises(LogUnreadable):
        reading.verify(tmp_path / "log")
    assert reading.verify(tmp_path / "log", {"flipped": Flipped()}).packets == 1
