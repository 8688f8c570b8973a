"""What recording costs.

`recording.us_per_packet` is CPU time of the whole process for each packet that is logged, so the
writer thread's share (joining, checksums, the chain, writing) is in it, at a call's real pace of
blocks. `recording.seal_mb_per_s` is the log's size over the time that sealing takes, and
`recording.verify_mb_per_s` over that of verifying it.
"""

import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.results import Figure, figure
from recordings.log import LogHeader, LogSettings, RecordingLog, monotonic_us
from recordings.reading import verify
from recordings.records import StreamInfo
from recordings.seal import seal

RUNS = 5
SECONDS = 120
PEOPLE = 2
PICTURES_PER_SECOND = 25
PACKETS_A_PICTURE = 5
PICTURE_BYTES = 1_050
SOUND_BYTES = 120
KEY_EVERY_SECONDS = 10

KEYFRAME = b"\x10\x00\x00\x9d\x01\x2a\x00\x05\xd0\x02"  # 1280 x 720
INTER_FRAME = b"\x11\x00\x00"


def rtp(sequence: int, timestamp: int, marker: bool, payload_type: int, payload: bytes) -> bytes:
    head = bytes((0x80, marker << 7 | payload_type)) + (sequence % 2**16).to_bytes(2, "big")
    return head + (timestamp % 2**32).to_bytes(4, "big") + bytes(4) + payload


def streams() -> list[StreamInfo]:
    found = []
    for person in range(PEOPLE):
        who = f"person-{person}"
        for kind, codec, payload_type, rate in (
            ("face", "vp8", 96, 90_000),
            ("microphone", "opus", 111, 48_000),
        ):
            found.append(
                StreamInfo(
                    source_id=f"{who}-{kind}",
                    participant_id=who,
                    connection_id=who,
                    role="agent",
                    kind=kind,  # type: ignore[arg-type]
                    codec=codec,  # type: ignore[arg-type]
                    payload_type=payload_type,
                    clock_rate=rate,
                    ssrc=person,
                )
            )
    return found


def picture(number: int) -> Iterator[bytes]:
    """The RTP packets of one picture; noise, so that nothing compresses it by accident."""
    key = number % (KEY_EVERY_SECONDS * PICTURES_PER_SECOND) == 0
    for part in range(PACKETS_A_PICTURE):
        head = (KEYFRAME if key else INTER_FRAME) if part == 0 else b""
        payload = (b"\x10" if part == 0 else b"\x00") + head + os.urandom(PICTURE_BYTES)
        sequence = number * PACKETS_A_PICTURE + part
        timestamp = number * 90_000 // PICTURES_PER_SECOND
        yield rtp(sequence, timestamp, part == PACKETS_A_PICTURE - 1, 96, payload)


def call(seconds: int) -> list[tuple[int, int, bytes]]:
    """(arrival, stream, packet) of a call of two people, in order of arrival."""
    packets = []
    for person in range(PEOPLE):
        for number in range(seconds * PICTURES_PER_SECOND):
            at = number * 1_000_000 // PICTURES_PER_SECOND
            packets += [(at, 2 * person, data) for data in picture(number)]
        for number in range(seconds * 50):
            data = rtp(number, number * 960, False, 111, b"\xfc" + os.urandom(SOUND_BYTES))
            packets.append((number * 20_000, 2 * person + 1, data))
    return sorted(packets, key=lambda packet: packet[0])


def new_log(folder: Path) -> RecordingLog:
    header = LogHeader("benchmark", 1, dt.datetime.now(dt.UTC), 0)
    settings = LogSettings(buffer_bytes=2**30)
    log = RecordingLog(folder, header, settings=settings, clock_us=monotonic_us)
    for info in streams():
        log.open_stream(info)
    return log


def log_cost_us(folder: Path, packets: list[tuple[int, int, bytes]]) -> float:
    """CPU microseconds a packet, 2,000 packets between two blocks at most."""
    log = new_log(folder)
    before = time.process_time()
    for number, (at, stream, data) in enumerate(packets, start=1):
        log.packet(stream, at, data)
        if number % 2000 == 0:
            time.sleep(0.2)
    spent = time.process_time() - before
    log.close()
    return spent * 1e6 / len(packets)


def append_cost_us(folder: Path, packets: list[tuple[int, int, bytes]]) -> float:
    """Microseconds that one `packet()` holds the media thread."""
    log = new_log(folder)
    some = packets[:20_000]
    before = time.thread_time()
    for at, stream, data in some:
        log.packet(stream, at, data)
    spent = time.thread_time() - before
    log.close()
    return spent * 1e6 / len(some)


def megabytes_per_second(log: Path, work: Callable[[], object]) -> float:
    size = sum(path.stat().st_size for path in log.iterdir())
    before = time.perf_counter()
    work()
    return size / 1e6 / (time.perf_counter() - before)


def measure() -> list[Figure]:
    """Measure in a folder that is removed again."""
    packets = call(SECONDS)
    whole: list[float] = []
    append: list[float] = []
    sealing: list[float] = []
    verifying: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        for number in range(RUNS):
            folder = Path(name) / str(number)
            log = folder / "log"
            whole.append(log_cost_us(log, packets))
            append.append(append_cost_us(folder / "appended", packets))
            sealing.append(megabytes_per_second(log, partial(seal, log, folder / "out")))
            verifying.append(megabytes_per_second(log, partial(verify, log)))
    shape = f"{PEOPLE} people, {SECONDS} s, {len(packets)} packets"
    return [
        figure(
            "recording.us_per_packet",
            whole,
            "us",
            better="lower",
            target=3.0,
            note=f"CPU, writer included; {shape}",
        ),
        figure(
            "recording.append_us_per_packet",
            append,
            "us",
            better="lower",
            target=1.4,
            note="what packet() holds the media thread",
        ),
        figure("recording.seal_mb_per_s", sealing, "MB/s", better="higher", target=40, note=shape),
        figure(
            "recording.verify_mb_per_s", verifying, "MB/s", better="higher", target=200, note=shape
        ),
    ]
