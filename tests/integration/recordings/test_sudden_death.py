"""Processes die; what they recorded does not."""

import json
import subprocess
import sys
import time
from pathlib import Path

from recordings.blocks import LOG_NAME
from recordings.manifest import Manifest, read_manifest
from recordings.reading import LogReader, verify
from recordings.records import Packet
from recordings.seal import seal
from tests.support import recorded_calls
from tests.support.processes import kill
from tests.support.recorded_calls import RED, Camera, Microphone, info
from tests.support.waiting import wait_until

WRITER = """
import sys, time
from pathlib import Path
from recordings.log import monotonic_us
from tests.support.recorded_calls import *
log = RecordingLog(Path(sys.argv[1]), LogHeader("s", 1, STARTED_AT, monotonic_us()))
stream = log.open_stream(info("resident", "microphone"))
number = 0
while True:
    data = rtp(number, number * 960, False, AUDIO_TYPE, bytes((0xF8, 0xFF, 0xFE)))
    log.packet(stream, monotonic_us(), data)
    number += 1
    time.sleep(0.02)
"""


def run_seal(*arguments: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "recordings.seal", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_kill_9_of_the_writer_loses_a_fraction_of_a_second(tmp_path: Path) -> None:
    log = tmp_path / "log"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(log)])
    try:
        path = log / LOG_NAME
        wait_until(lambda: path.exists() and path.stat().st_size > 3000, seconds=30)
        busy = run_seal(log, tmp_path / "out")
        killed_us = time.monotonic_ns() // 1000
    finally:
        kill(writer.pid)
        writer.wait()
    assert busy.returncode == 3
    assert json.loads(busy.stderr)["error"] == "log_busy"
    with LogReader(log) as reader:
        *_, last = (r.arrival_us for r in reader.records() if isinstance(r, Packet))
        assert reader.end is not None
        assert not reader.end.closed
    assert (killed_us - last) / 1e6 < 0.4
    sealed = run_seal(log, tmp_path / "out")
    assert sealed.returncode == 0, sealed.stderr
    manifest = Manifest.model_validate_json(sealed.stdout)
    assert manifest == read_manifest(tmp_path / "out")
    assert manifest.files[0].frames.audio == manifest.log.packets
    assert not manifest.log.closed


def test_kill_9_of_the_sealer_leaves_nothing_half_done(tmp_path: Path) -> None:
    video = Camera(RED).film(0, 1)
    many = [s for n in range(400) for s in shifted(video, n)]
    recorded_calls.record(tmp_path / "log", [(info("resident", "face"), many)])
    work = tmp_path / ".out.sealing"
    command = [
        sys.executable,
        "-m",
        "recordings.seal",
        str(tmp_path / "log"),
        str(tmp_path / "out"),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as sealer:
        try:
            wait_until(lambda: any(work.glob("*.webm")), seconds=30)
        finally:
            kill(sealer.pid)
    assert sealer.returncode < 0
    assert not (tmp_path / "out").exists()
    manifest = seal(tmp_path / "log", tmp_path / "out")
    assert manifest.files[0].frames.video == 4000
    assert not work.exists()


def shifted(packets: list[recorded_calls.Sent], second: int) -> list[recorded_calls.Sent]:
    """The same pictures `second` seconds later, as the same sender would send them."""
    moved = []
    for number, packet in enumerate(packets):
        data = bytearray(packet.data)
        data[2:4] = ((100 + second * len(packets) + number) % 2**16).to_bytes(2, "big")
        ticks = int.from_bytes(data[4:8], "big") + second * recorded_calls.VIDEO_RATE
        data[4:8] = ticks.to_bytes(4, "big")
        at_us = packet.at_us + second * 1_000_000
        moved.append(recorded_calls.Sent(at_us, bytes(data)))
    return moved


def test_a_damaged_log_is_not_sealed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    stream = (info("resident", "microphone"), Microphone(440).listen(0, 2))
    writer = recorded_calls.new_log(log)
    number = writer.open_stream(stream[0])
    for packet in stream[1]:
        writer.packet(number, packet.arrival_us, packet.data)
        time.sleep(0.005)  # so that there are several blocks
    writer.close()
    assert verify(log).blocks > 1
    damaged = bytearray((log / LOG_NAME).read_bytes())
    damaged[200] ^= 1
    (log / LOG_NAME).write_bytes(damaged)
    run = run_seal(log, tmp_path / "out")
    assert run.returncode == 3
    assert json.loads(run.stderr)["error"] in ("log_corrupt", "log_unreadable")
    assert [p.name for p in tmp_path.iterdir()] == ["log"]


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    missing = run_seal(tmp_path / "none", tmp_path / "out")
    assert (missing.returncode, json.loads(missing.stderr)["error"]) == (3, "log_missing")
    recorded_calls.record(
        tmp_path / "log", [(info("resident", "microphone"), Microphone(440).listen(0, 1))]
    )
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "other").write_text("somebody's")
    conflict = run_seal(tmp_path / "log", tmp_path / "out")
    assert (conflict.returncode, json.loads(conflict.stderr)["error"]) == (4, "seal_conflict")
    assert run_seal(tmp_path / "log").returncode == 2
    (tmp_path / "file").write_text("")
    system = run_seal(tmp_path / "log", tmp_path / "file" / "out")
    assert (system.returncode, json.loads(system.stderr)["error"]) == (5, "system_failed")


def test_a_session_without_media_has_no_files(tmp_path: Path) -> None:
    recorded_calls.record(tmp_path / "log", [(info("resident", "face"), [])])
    manifest = seal(tmp_path / "log", tmp_path / "out")
    assert (manifest.files, manifest.duration_ms) == ([], 0)
