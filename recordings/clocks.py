"""Where each frame of a connection's streams lies on the session's clock.

A sender stamps frames by its own clock; we know when their packets came. A frame's delay is its
arrival minus its stamp: the sender's clock offset plus the network. The least delayed packets are
what the network held up least, so a line laid under all points (stamp, delay) is the offset, and
its slope how much faster or slower the sender's clock runs (Moon, Skelly, Towsley: "Estimation
and removal of clock skew from network delay measurements", 1999).

Sender reports put a connection's microphone and pictures on one clock of the sender; then one
line is laid for all of them, and lips are in step. Without reports each stream has a line.

A sender may stop its stamps: Chromium's do not count while a microphone has no track. So a
stream is cut where its delay leaps, and each stretch has a place of its own.
"""

import statistics
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from recordings.frames import HALF, TICKS, FrameIndex

SECOND_US: Final = 1_000_000
JUMP_US: Final = SECOND_US  # delay that leaps this far from one frame to the next: a new clock
PAUSE_US: Final = 3 * SECOND_US // 10  # nothing came for this long:
STOP_US: Final = SECOND_US // 10  # then a smaller leap may be stamps that did not count
SAME_US: Final = 3 * SECOND_US // 20  # if its least delay is as before, the network held it up
SKEW_MAX: Final = 500e-6  # crystals differ by 100 ppm at worst; beyond is a network that fills up
SKEW_NEEDS_US: Final = 60 * SECOND_US
REPORT_NEAR_US: Final = 10 * SECOND_US
AGREE_US: Final = SECOND_US  # reports that put streams further apart are nonsense


class SenderReport(NamedTuple):
    """at_us: when it came. ntp: 64 bits, the upper half whole seconds. rtp: 32 bits.

    Source: RFC 3550, 6.4.1.
    """

    at_us: int
    ntp: int
    rtp: int

    @property
    def ntp_us(self) -> int:
        return self.ntp * SECOND_US >> 32


@dataclass(frozen=True, slots=True)
class StreamClock:
    """What places one stream: its frames' stamps and arrivals, and reports in order of arrival."""

    index: FrameIndex
    clock_rate: int
    reports: Sequence[SenderReport] = ()

    def stamp_us(self, ticks: int) -> int:
        return ticks * SECOND_US // self.clock_rate


class Point(NamedTuple):
    stamp_us: int
    delay_us: int


@dataclass(frozen=True, slots=True)
class Line:
    """delay(stamp) = delay_us + slope * (stamp - stamp_us)."""

    stamp_us: int
    delay_us: float
    slope: float

    def arrival_us(self, stamp_us: int) -> int:
        """When a frame would have come that the network did not hold up."""
        return stamp_us + round(self.delay_us + self.slope * (stamp_us - self.stamp_us))


@dataclass(slots=True)
class _Stretch:
    """Frames of one stream under one clock. anchor_us: from its stamps to the sender's NTP."""

    stream: int
    frames: range
    buckets: dict[int, Point]
    anchor_us: int | None = None
    line: Line = field(default_factory=lambda: Line(0, 0.0, 0.0))

    @property
    def points(self) -> list[Point]:
        """The least delayed frame of each second."""
        return list(self.buckets.values())

    @property
    def least_us(self) -> int:
        return min(point.delay_us for point in self.buckets.values())

    def shifted(self) -> list[Point]:
        anchor = self.anchor_us or 0
        return [Point(p.stamp_us + anchor, p.delay_us - anchor) for p in self.points]


def place(streams: Sequence[StreamClock]) -> list["array[int]"]:
    """Arrival-clock times, in microseconds, of each frame of the streams of one connection.

    Never earlier than the frame before it in its stream.
    """
    stretches = [s for number, clock in enumerate(streams) for s in _stretches(number, clock)]
    shared = [stretch for stretch in stretches if stretch.anchor_us is not None]
    if shared and not _agree(shared):
        for stretch in shared:
            stretch.anchor_us = None
        shared = []
    common = lay_under([p for s in shared for p in s.shifted()]) if shared else None
    for stretch in stretches:
        anchored = stretch.anchor_us is not None
        stretch.line = common if anchored and common else lay_under(stretch.points)
    return [
        _times(clock, [s for s in stretches if s.stream == number])
        for number, clock in enumerate(streams)
    ]


def _agree(stretches: Sequence[_Stretch]) -> bool:
    """Whether the reports put all on one clock; if one lies, nobody knows which."""
    least = [min(p.delay_us for p in stretch.shifted()) for stretch in stretches]
    return max(least) - min(least) <= AGREE_US


def lay_under(points: Sequence[Point]) -> Line:
    """The line under all points that lies nearest to them; level when they span too short a time.

    points: at least one.
    """
    ordered = sorted(points)
    first, last = ordered[0].stamp_us, ordered[-1].stamp_us
    if last - first < SKEW_NEEDS_US:
        return _under_with_slope(ordered, 0.0)
    hull: list[Point] = []
    for point in ordered:
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    middle = (first + last) // 2
    left, right = next(pair for pair in pairwise(hull) if pair[1].stamp_us >= middle)
    if right.stamp_us == left.stamp_us:
        return _under_with_slope(ordered, 0.0)
    slope = (right.delay_us - left.delay_us) / (right.stamp_us - left.stamp_us)
    return _under_with_slope(ordered, max(-SKEW_MAX, min(SKEW_MAX, slope)))


def _under_with_slope(points: Sequence[Point], slope: float) -> Line:
    base = points[0].stamp_us
    return Line(base, min(p.delay_us - slope * (p.stamp_us - base) for p in points), slope)


def _turns_down(a: Point, b: Point, c: Point) -> bool:
    """Whether b lies on or above the line from a to c, so that it is no corner of the hull."""
    across = (b.stamp_us - a.stamp_us) * (c.delay_us - a.delay_us)
    return across <= (b.delay_us - a.delay_us) * (c.stamp_us - a.stamp_us)


def _stretches(stream: int, clock: StreamClock) -> list[_Stretch]:
    """The stream cut where its sender's clock leaps, each stretch anchored by its reports."""
    stretches: list[_Stretch] = []
    for cut in _cut(stream, clock):
        last = stretches[-1] if stretches else None
        if last is None or abs(cut.least_us - last.least_us) > SAME_US:
            stretches.append(cut)
            continue
        last.frames = range(last.frames.start, cut.frames.stop)
        for bucket, point in cut.buckets.items():
            last.buckets[bucket] = min(point, last.buckets.get(bucket, point), key=_delay)
    begins = [clock.index.arrival_us[stretch.frames.start] for stretch in stretches]
    ends = [*begins[1:], clock.index.arrival_us[-1] + REPORT_NEAR_US] if stretches else []
    for number, (stretch, begin, end) in enumerate(zip(stretches, begins, ends, strict=True)):
        # What a paused sender reports is still its clock from before the pause.
        from_us = begin if number else begin - REPORT_NEAR_US
        reports = [report for report in clock.reports if from_us <= report.at_us < end]
        stretch.anchor_us = _anchor(clock, stretch.frames[0], reports)
    return stretches


def _delay(point: Point) -> int:
    return point.delay_us


def _cut(stream: int, clock: StreamClock) -> list[_Stretch]:
    cuts: list[_Stretch] = []
    delay_before = arrival_before = 0
    frames = zip(clock.index.ticks, clock.index.arrival_us, strict=True)
    for number, (ticks, arrival) in enumerate(frames):
        stamp = clock.stamp_us(ticks)
        delay = arrival - stamp
        leap = abs(delay - delay_before)
        paused = arrival - arrival_before > PAUSE_US
        if not cuts or leap > JUMP_US or (paused and leap > STOP_US):
            cuts.append(_Stretch(stream, range(number, number), {}))
        delay_before, arrival_before = delay, arrival
        cut = cuts[-1]
        cut.frames = range(cut.frames.start, number + 1)
        least = cut.buckets.get(stamp // SECOND_US)
        if least is None or delay < least.delay_us:
            cut.buckets[stamp // SECOND_US] = Point(stamp, delay)
    return cuts


def _anchor(clock: StreamClock, first: int, reports: Sequence[SenderReport]) -> int | None:
    """NTP minus stamp by `reports`, microseconds, for stamps from frame `first` on."""
    ticks, arrival = clock.index.ticks[first], clock.index.arrival_us[first]
    found = []
    for report in reports:
        near = ticks + (report.at_us - arrival) * clock.clock_rate // SECOND_US
        unwrapped = near + (report.rtp - near + HALF) % TICKS - HALF
        if abs(clock.stamp_us(unwrapped - near)) < REPORT_NEAR_US:
            found.append(report.ntp_us - clock.stamp_us(unwrapped))
    return round(statistics.median(found)) if found else None


def _times(clock: StreamClock, stretches: Sequence[_Stretch]) -> "array[int]":
    times = array("q")
    latest: int | None = None
    for stretch in stretches:
        line, anchor = stretch.line, stretch.anchor_us or 0
        for number in stretch.frames:
            at = line.arrival_us(clock.stamp_us(clock.index.ticks[number]) + anchor)
            latest = at if latest is None else max(latest, at)
            times.append(latest)
    return times
