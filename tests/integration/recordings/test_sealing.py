"""A sealed recording shows everybody's picture and sound, when it was, without transcoding."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import numpy as np
import pytest

from recordings.log import LogSummary
from recordings.manifest import Manifest, RecordedFile, read_manifest
from recordings.seal import seal
from tests.support import recorded_calls
from tests.support.recorded_calls import BLUE, GREEN, RED, Camera, Microphone, Sent, Stream, info

Record = Callable[[Iterable[Stream]], tuple[Path, LogSummary]]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Log streams in the test's folder; gives the log's folder and summary."""

    def make(streams: Iterable[Stream]) -> tuple[Path, LogSummary]:
        return tmp_path / "log", recorded_calls.record(tmp_path / "log", streams)

    return make


def decode(path: Path) -> tuple[list[tuple[float, np.ndarray]], float]:
    """(time, picture) of each picture, and the seconds of sound."""
    pictures, samples = [], 0
    with av.open(str(path)) as container:
        for packet in container.demux():
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    assert frame.time is not None
                    pictures.append((frame.time, frame.to_ndarray(format="rgb24")))
                elif isinstance(frame, av.AudioFrame):
                    samples += frame.samples
    return pictures, samples / 48_000


def is_colour(picture: np.ndarray, colour: tuple[int, int, int]) -> bool:
    middle = picture[picture.shape[0] // 2 :].reshape(-1, 3).mean(axis=0)
    return bool(np.abs(middle - np.array(colour)).max() < 30)


def person(manifest: Manifest, name: str) -> RecordedFile:
    (file,) = [f for f in manifest.files if f.participant_id == name and f.kind == "person"]
    return file


def test_each_person_is_in_a_file_of_their_own_colour_and_length(
    record: Record, tmp_path: Path
) -> None:
    folder, summary = record(
        [
            (info("resident", "face"), Camera(RED).film(0.5, 4)),
            (info("resident", "microphone"), Microphone(440).listen(0.5, 4)),
            (info("agent", "face"), Camera(BLUE).film(1.5, 3)),
            (info("agent", "microphone"), Microphone(880).listen(1.5, 3)),
            (info("resident", "document"), Camera(GREEN).film(2.0, 2)),
        ]
    )
    manifest = seal(folder, tmp_path / "out")

    assert manifest == read_manifest(tmp_path / "out")
    assert [f.name for f in manifest.files] == [
        "01-person.webm",
        "02-person.webm",
        "03-document.webm",
    ]
    assert manifest.log.packets == summary.packets
    assert manifest.log.chain == summary.chain
    assert manifest.log.closed
    assert manifest.labels == {"kiosk": "caoyang-1"}
    assert manifest.duration_ms == pytest.approx(4500, abs=150)
    expected = {"resident": (RED, 4, 500), "agent": (BLUE, 3, 1500)}
    for name, (colour, seconds, offset_ms) in expected.items():
        file = person(manifest, name)
        pictures, sound = decode(tmp_path / "out" / file.name)
        assert file.frames.video == len(pictures) == seconds * 10
        assert file.frames.audio >= seconds * 50 - 2
        assert all(is_colour(picture, colour) for _, picture in pictures)
        assert sound == pytest.approx(seconds, abs=0.1)
        assert file.duration_ms == pytest.approx(seconds * 1000, abs=120)
        assert file.offset_ms == pytest.approx(offset_ms, abs=25)
        assert (file.width, file.height) == (320, 240)
        assert file.gaps == []
        data = (tmp_path / "out" / file.name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.bytes, file.sha256)
    document = manifest.files[2]
    pictures, sound = decode(tmp_path / "out" / document.name)
    assert (document.kind, sound, len(pictures)) == ("document", 0, 20)
    assert is_colour(pictures[0][1], GREEN)


def test_reordered_and_doubled_packets_lose_nothing(record: Record, tmp_path: Path) -> None:
    # Both numbers wrap on the way.
    video = Camera(RED, sequence=65_520, timestamp=2**32 - 90_000).film(0, 3)
    audio = Microphone(440, sequence=65_500, timestamp=2**32 - 48_000).listen(0, 3)
    for packets in (video, audio):
        for number in range(0, len(packets) - 2, 3):
            packets[number].delay_us += 250_000
    packets_sent = len(video) + len(audio)
    doubles = [Sent(p.at_us, p.data, p.delay_us + 400_000) for p in video[::5]]
    folder, summary = record(
        [(info("resident", "face"), video + doubles), (info("resident", "microphone"), audio)]
    )
    assert summary.packets == packets_sent + len(doubles)
    file = person(seal(folder, tmp_path / "out"), "resident")
    pictures, _ = decode(tmp_path / "out" / file.name)
    assert (file.frames.video, file.frames.audio) == (30, len(audio))
    assert [round(at, 1) for at, _ in pictures] == [n / 10 for n in range(30)]
    assert file.gaps == []
    assert file.lost_packets == 0


def test_after_a_loss_the_picture_goes_on_at_the_next_keyframe(
    record: Record, tmp_path: Path
) -> None:
    camera = Camera(RED)
    video = camera.film(0, 6, key_every=20)  # keyframes at 0, 2 and 4 s
    audio = Microphone(440).listen(0, 6)
    lost = [p for p in video if p.at_us == 1_000_000]
    quiet = [p for p in audio if 3_000_000 <= p.at_us < 3_400_000]
    folder, _ = record(
        [
            (info("resident", "face"), [p for p in video if p not in lost]),
            (info("resident", "microphone"), [p for p in audio if p not in quiet]),
        ]
    )
    file = person(seal(folder, tmp_path / "out"), "resident")
    pictures, sound = decode(tmp_path / "out" / file.name)
    times = [round(at, 1) for at, _ in pictures]
    assert times == [n / 10 for n in range(60) if not 1.0 <= n / 10 < 2.0]
    assert all(is_colour(picture, RED) for _, picture in pictures)
    assert sound == pytest.approx(6, abs=0.1)  # silence stands in for what was lost
    assert file.frames.audio == len(audio) - len(quiet)
    found = [(g.media, g.reason, round(g.from_ms, -2), round(g.to_ms, -2)) for g in file.gaps]
    assert found == [("video", "loss", 900, 2000), ("audio", "loss", 3000, 3400)]


def test_a_late_keyframe_and_a_muted_microphone_are_gaps(record: Record, tmp_path: Path) -> None:
    video = Camera(RED).film(0, 5, key_every=20)
    first_key = [p for p in video if p.at_us < 100_000]
    audio = [p for p in Microphone(440).listen(0, 5) if not 1_000_000 <= p.at_us < 3_000_000]
    for number, packet in enumerate(audio):  # who sends nothing does not count on
        packet.data = packet.data[:2] + number.to_bytes(2, "big") + packet.data[4:]
    folder, _ = record(
        [
            (info("resident", "face"), video[len(first_key) :]),
            (info("resident", "microphone"), audio),
        ]
    )
    file = person(seal(folder, tmp_path / "out"), "resident")
    pictures, sound = decode(tmp_path / "out" / file.name)
    assert pictures[0][0] == pytest.approx(2.0, abs=0.03)
    assert sound == pytest.approx(5, abs=0.1)
    found = [(g.media, g.reason, round(g.from_ms, -2), round(g.to_ms, -2)) for g in file.gaps]
    assert found == [("video", "late_keyframe", 100, 2000), ("audio", "paused", 1000, 3000)]


def test_pictures_without_any_keyframe_are_told(record: Record, tmp_path: Path) -> None:
    video = [s for s in Camera(RED).film(0, 3) if s.at_us >= 1_000_000]
    folder, _ = record(
        [
            (info("resident", "microphone"), Microphone(440).listen(0, 4)),
            (info("resident", "face"), video),
        ]
    )
    file = person(seal(folder, tmp_path / "out"), "resident")
    assert (file.frames.video, file.width) == (0, 0)
    (gap,) = file.gaps
    assert (gap.media, gap.reason) == ("video", "late_keyframe")
    assert gap.from_ms == pytest.approx(1000, abs=30)
    assert gap.to_ms == pytest.approx(2900, abs=60)


def test_a_picture_may_change_its_size(record: Record, tmp_path: Path) -> None:
    small = Camera(RED, size=(160, 120))
    large = Camera(RED, size=(640, 480))
    video = small.film(0, 2)
    large.sequence = small.sequence
    video += large.film(2, 2)
    folder, _ = record([(info("resident", "face"), video)])
    file = person(seal(folder, tmp_path / "out"), "resident")
    pictures, _ = decode(tmp_path / "out" / file.name)
    assert (file.width, file.height) == (640, 480)
    assert file.frames.video == 40
    assert pictures[0][1].shape == (120, 160, 3)
    assert pictures[-1][1].shape == (480, 640, 3)


def test_who_comes_back_gets_another_file_at_its_own_offset(record: Record, tmp_path: Path) -> None:
    folder, _ = record(
        [
            (info("resident", "face"), Camera(RED).film(0, 2)),
            (info("resident", "face", connection="c2"), Camera(RED).film(5, 2)),
            (info("agent", "microphone", audience="staff"), Microphone(880).listen(1, 1)),
            (info("agent", "microphone"), Microphone(880).listen(2, 1)),
        ]
    )
    manifest = seal(folder, tmp_path / "out")
    found = [
        (f.participant_id, f.connection_id, f.audience, round(f.offset_ms, -2))
        for f in manifest.files
    ]
    assert found == [
        ("resident", "resident-c1", "all", 0),
        ("agent", "agent-c1", "staff", 1000),
        ("agent", "agent-c1", "all", 2000),
        ("resident", "resident-c2", "all", 5000),
    ]


def test_sealing_again_gives_the_same_bytes(record: Record, tmp_path: Path) -> None:
    folder, _ = record([(info("resident", "face"), Camera(RED).film(0, 1))])
    first = seal(folder, tmp_path / "out")
    assert seal(folder, tmp_path / "out") == first
    assert seal(folder, tmp_path / "elsewhere") == first
    damaged = tmp_path / "out" / first.files[0].name
    damaged.write_bytes(b"gone")
    assert seal(folder, tmp_path / "out") == first
    assert damaged.stat().st_size == first.files[0].bytes
    assert sorted(p.name for p in tmp_path.iterdir()) == ["elsewhere", "log", "out"]
