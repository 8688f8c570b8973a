"""Which streams go into which file, and when each of their frames is on the session's clock."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from recordings.clocks import SECOND_US, SenderReport, StreamClock, place
from recordings.frames import StreamFrames
from recordings.manifest import FileKind, Medium
from recordings.records import StreamInfo

OVERLAP_US: Final = SECOND_US
_FILE_KIND: Final[Mapping[str, FileKind]] = {
    "microphone": "person",
    "face": "person",
    "document": "document",
    "screen": "screen",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stream on the session's clock. times_us: of each of its frames, never falling."""

    stream: int
    frames: StreamFrames
    times_us: "array[int]"

    @property
    def medium(self) -> Medium:
        return "audio" if self.frames.info.codec == "opus" else "video"

    @property
    def start_us(self) -> int:
        return self.times_us[0]

    @property
    def end_us(self) -> int:
        """When its last frame ends; a picture ends as it begins."""
        length = self.frames.index.length[-1] * SECOND_US // self.frames.info.clock_rate
        return self.times_us[-1] + length


@dataclass(slots=True)
class FilePlan:
    """A file to be: streams that follow each other, at most one of a medium at a time.

    unseen: streams of which packets came, but nothing that could be shown; they are a gap.
    """

    kind: FileKind
    audio: list[Part] = field(default_factory=list)
    video: list[Part] = field(default_factory=list)
    unseen: list[StreamFrames] = field(default_factory=list)

    def track(self, medium: Medium) -> list[Part]:
        return self.audio if medium == "audio" else self.video

    @property
    def parts(self) -> list[Part]:
        return self.audio + self.video

    @property
    def start_us(self) -> int:
        return min(part.start_us for part in self.parts)

    @property
    def end_us(self) -> int:
        return max(part.end_us for part in self.parts)


def place_streams(
    streams: Mapping[int, StreamFrames],
    reports: Mapping[int, Sequence[SenderReport]],
    origin_us: int,
) -> list[Part]:
    """The streams that have frames, placed connection by connection."""
    by_connection: dict[str, list[int]] = defaultdict(list)
    for number, frames in streams.items():
        if len(frames.index):
            by_connection[frames.info.connection_id].append(number)
    parts = []
    for numbers in by_connection.values():
        clocks = [
            StreamClock(streams[n].index, streams[n].info.clock_rate, reports.get(n, ()))
            for n in numbers
        ]
        for number, times in zip(numbers, place(clocks), strict=True):
            on_session = array("q", (at - origin_us for at in times))
            parts.append(Part(number, streams[number], on_session))
    return parts


def plan_files(parts: Iterable[Part], unseen: Iterable[StreamFrames] = ()) -> list[FilePlan]:
    """One file per participant, audience, connection and kind, in the order of their beginnings.

    A source whose stream was begun anew goes on in the same file; two that run at the same time
    can't share a track and get two files.
    """
    plans: dict[tuple[str, ...], list[FilePlan]] = defaultdict(list)
    for part in sorted(parts, key=lambda p: (p.start_us, p.stream)):
        takes = plans[_file_of(part.frames.info)]
        take = next((t for t in takes if _has_room(t, part)), None)
        if take is None:
            take = FilePlan(_FILE_KIND[part.frames.info.kind])
            takes.append(take)
        take.track(part.medium).append(part)
    for frames in unseen:
        beside = plans.get(_file_of(frames.info))
        if beside:
            beside[0].unseen.append(frames)
    found = [take for takes in plans.values() for take in takes]
    return sorted(found, key=lambda t: (t.start_us, t.parts[0].stream))


def _file_of(info: StreamInfo) -> tuple[str, ...]:
    return info.participant_id, info.audience, info.connection_id, _FILE_KIND[info.kind]


def _has_room(take: FilePlan, part: Part) -> bool:
    track = take.track(part.medium)
    return not track or part.start_us >= track[-1].end_us - OVERLAP_US
