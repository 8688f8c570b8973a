"""Where a track has no sound or picture, and why."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from recordings.clocks import SECOND_US
from recordings.frames import LOST_BEFORE, StreamFrames
from recordings.manifest import Gap, Medium
from recordings.plan import FilePlan, Part

SHORTEST_US: Final = SECOND_US // 10  # a lost syllable; what is shorter nobody misses
MERGED_US: Final = SECOND_US // 2
PAUSE_US: Final[Mapping[Medium, int]] = {"audio": SECOND_US // 2, "video": SECOND_US}

LOSS: Final = "loss"
LATE_KEYFRAME: Final = "late_keyframe"
PAUSED: Final = "paused"
NOT_RECORDED: Final = "not_recorded"


class Span(NamedTuple):
    """Of the session's clock, microseconds."""

    from_us: int
    to_us: int
    reason: str

    def touches(self, other: "Span") -> bool:
        return self.from_us <= other.to_us and other.from_us <= self.to_us


def gaps_of(plan: FilePlan, noted: Mapping[int, Sequence[Span]], origin_us: int) -> list[Gap]:
    """All gaps of a file's tracks within the file's own time, in order.

    noted: by stream, what the worker noted. origin_us: the arrival clock at the session's zero.
    """
    found: list[Gap] = []
    media: tuple[Medium, Medium] = ("audio", "video")
    for medium in media:
        track = plan.track(medium)
        if not track:
            continue
        spans = _missing(track, plan, PAUSE_US[medium], origin_us)
        marks = [span for part in track for span in noted.get(part.stream, ())]
        found += [_gap(span, medium) for span in _merged(_with_reasons(spans, marks), plan)]
    unseen = [_never_shown(frames, origin_us) for frames in plan.unseen]
    found += [_gap(span, "video") for span in _merged(unseen, plan)]
    return sorted(found, key=lambda gap: (gap.from_ms, gap.media))


def _gap(span: Span, medium: Medium) -> Gap:
    from_ms, to_ms = span.from_us // 1000, span.to_us // 1000
    return Gap(from_ms=from_ms, to_ms=to_ms, reason=span.reason, media=medium)


def _missing(track: Sequence[Part], plan: FilePlan, pause_us: int, origin_us: int) -> list[Span]:
    """What the frames themselves show."""
    spans = []
    end = plan.start_us
    for part in track:
        spans += _before_first(part, end, pause_us, origin_us)
        spans += _between_frames(part, pause_us)
        end = part.end_us
        last_packet = part.frames.last_packet_us - origin_us
        if part.frames.ends_broken and last_packet > end:
            spans.append(Span(end, last_packet, LOSS))
            end = last_packet
    if plan.end_us - end >= pause_us:
        spans.append(Span(end, plan.end_us, PAUSED))
    return spans


def _never_shown(frames: StreamFrames, origin_us: int) -> Span:
    first = frames.first_packet_us or frames.last_packet_us
    return Span(first - origin_us, frames.last_packet_us - origin_us, LATE_KEYFRAME)


def _before_first(part: Part, end: int, pause_us: int, origin_us: int) -> list[Span]:
    spans = []
    begin = part.start_us
    first_packet = part.frames.first_packet_us
    if part.frames.index.flags[0] & LOST_BEFORE and first_packet is not None:
        waited_from = max(end, first_packet - origin_us)
        if waited_from < begin:
            spans.append(Span(waited_from, begin, LATE_KEYFRAME))
            begin = waited_from
    if begin - end >= pause_us:
        spans.append(Span(end, begin, PAUSED))
    return spans


def _between_frames(part: Part, pause_us: int) -> list[Span]:
    spans = []
    index = part.frames.index
    rate = part.frames.info.clock_rate
    end = part.start_us
    for number, at in enumerate(part.times_us):
        missing = at - end
        lost = number > 0 and index.flags[number] & LOST_BEFORE
        if missing >= (SHORTEST_US if lost else pause_us):
            spans.append(Span(end, at, LOSS if lost else PAUSED))
        end = max(end, at + index.length[number] * SECOND_US // rate)
    return spans


def _with_reasons(found: Iterable[Span], marks: Sequence[Span]) -> list[Span]:
    """What was found missing, with the worker's reason where it gave one; and its other marks."""
    spans, used = [], set()
    for span in found:
        named = [mark for mark in marks if mark.touches(span)]
        used.update(named)
        spans.append(span._replace(reason=named[0].reason) if named else span)
    return spans + [mark for mark in marks if mark not in used]


def _merged(spans: Iterable[Span], plan: FilePlan) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        within = span._replace(
            from_us=max(span.from_us, plan.start_us), to_us=min(span.to_us, plan.end_us)
        )
        last = merged[-1] if merged else None
        if last and last.reason == span.reason and within.from_us - last.to_us <= MERGED_US:
            merged[-1] = last._replace(to_us=max(last.to_us, within.to_us))
        else:
            merged.append(within)
    return [span for span in merged if span.to_us - span.from_us >= SHORTEST_US]
