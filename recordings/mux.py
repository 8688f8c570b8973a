"""One WebM file of a plan, without transcoding; and the proof that every frame is in it.

The file seeks in a browser: it has its duration, and its cues stand in front. Browsers play sound
by counting samples, so where sound is missing silence is put in; else all that follows would come
too early. The same frames always give the same bytes.
"""

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import av
from av.container import OutputContainer
from av.packet import Packet

from recordings import opus
from recordings.clocks import SECOND_US
from recordings.errors import SealIncomplete
from recordings.frames import KEY
from recordings.manifest import Medium
from recordings.plan import FilePlan, Part

MILLISECOND: Final = Fraction(1, 1000)
SILENCE_US: Final = opus.SILENCE_TICKS * SECOND_US // opus.CLOCK_RATE
ROUNDING_US: Final = 500
OPTIONS: Final = {
    "fflags": "+bitexact",  # no random ids, no dates: sealed again, it is the same
    "cluster_time_limit": "1000",
    "cues_to_front": "1",
}


class MuxFrame(NamedTuple):
    """at_us: session's clock. length_us: 0 for a picture. filled: silence that is in no log."""

    at_us: int
    medium: Medium
    data: bytes
    key: bool
    length_us: int
    filled: bool = False


class MuxedFile(NamedTuple):
    """audio, video: frames of the log in the file. duration_ms: as players see it."""

    audio: int
    video: int
    duration_ms: int


class _Digest(Protocol):
    """A running hash; `hashlib` gives its type no public name."""

    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


class _Tally:
    """How many payloads a track got, and a digest over them all in order."""

    def __init__(self) -> None:
        self.frames = self.filled = 0
        self._digest: _Digest = hashlib.sha256()

    def add(self, data: bytes, filled: bool) -> None:
        self.frames += not filled
        self.filled += filled
        self._digest.update(len(data).to_bytes(4, "big"))
        self._digest.update(data)

    def proof(self) -> tuple[int, str]:
        return self.frames + self.filled, self._digest.hexdigest()


def write_webm(plan: FilePlan, path: Path) -> MuxedFile:
    """Write `plan` as a WebM file, read it again, and compare.

    Raises SealIncomplete if a frame of the log is missing in it or another than it was.
    """
    written: dict[Medium, _Tally] = {"audio": _Tally(), "video": _Tally()}
    with av.open(str(path), "w", format="webm", options=OPTIONS) as container:
        _write(container, plan, written)
    found, duration_ms = _read_again(path)
    for medium, tally in written.items():
        expected = sum(len(part.frames.index) for part in plan.track(medium))
        if tally.frames != expected:
            raise SealIncomplete(path.name, f"{medium}: {tally.frames} of {expected} frames")
        if found[medium].proof() != tally.proof():
            raise SealIncomplete(path.name, f"{medium}: what was written is not what is read")
    return MuxedFile(written["audio"].frames, written["video"].frames, duration_ms)


def frames_of(plan: FilePlan) -> Iterator[MuxFrame]:
    """Sound and pictures of a plan in the order of time."""
    tracks: list[Iterable[MuxFrame]] = [
        _filled(_track("audio", plan.audio), plan.start_us),
        _track("video", plan.video),
    ]
    return heapq.merge(*tracks, key=lambda frame: frame.at_us)


def _track(medium: Medium, parts: Sequence[Part]) -> Iterator[MuxFrame]:
    for part in parts:
        index = part.frames.index
        rate = part.frames.info.clock_rate
        for number, at_us in enumerate(part.times_us):
            length_us = index.length[number] * SECOND_US // rate
            key = bool(index.flags[number] & KEY)
            yield MuxFrame(at_us, medium, part.frames.read(number), key, length_us)


def _filled(sound: Iterable[MuxFrame], start_us: int) -> Iterator[MuxFrame]:
    """`sound` with silence where there is none, from `start_us` on."""
    played_to = start_us
    for frame in sound:
        missing = frame.at_us - played_to + ROUNDING_US
        for _ in range(missing // SILENCE_US):
            yield MuxFrame(played_to, "audio", opus.SILENCE, True, SILENCE_US, filled=True)
            played_to += SILENCE_US
        yield frame
        played_to += frame.length_us


def _write(container: OutputContainer, plan: FilePlan, written: dict[Medium, _Tally]) -> None:
    streams = {}
    if plan.video:
        width, height = plan.video[0].frames.first_size
        streams["video"] = container.add_mux_stream("vp8", width=width, height=height)
    if plan.audio:
        # As an encoder, which is never used: only so the track gets its OpusHead.
        streams["audio"] = container.add_stream("libopus", rate=opus.CLOCK_RATE, layout="stereo")
    last_ms = dict.fromkeys(streams, -1)
    for frame in frames_of(plan):
        packet = Packet(frame.data)
        packet.stream = streams[frame.medium]
        packet.time_base = MILLISECOND
        at_ms = max((frame.at_us - plan.start_us + 500) // 1000, last_ms[frame.medium] + 1)
        packet.pts = packet.dts = last_ms[frame.medium] = at_ms
        packet.duration = frame.length_us // 1000
        packet.is_keyframe = frame.key
        container.mux_one(packet)
        written[frame.medium].add(frame.data, frame.filled)


def _read_again(path: Path) -> tuple[dict[Medium, _Tally], int]:
    found: dict[Medium, _Tally] = {"audio": _Tally(), "video": _Tally()}
    with av.open(str(path)) as container:
        for packet in container.demux():
            if packet.size:
                medium: Medium = "audio" if packet.stream.type == "audio" else "video"
                found[medium].add(bytes(packet), filled=False)
        return found, (container.duration or 0) // 1000
