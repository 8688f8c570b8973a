"""Frames lie where they were on the session's clock, whatever clock their sender has."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.clocks import SECOND_US, SenderReport, StreamClock, place
from recordings.frames import TICKS, Frame, FrameIndex, Unwrapped

NTP_1900 = 3_900_000_000


def stream(
    rate: int,
    moments_us: list[int],
    *,
    first_ticks: int = 0,
    skew: float = 0.0,
    delay_us: int = 30_000,
    jitter_us: int = 0,
    reports: list[int] = [],  # noqa: B006 # never changed
) -> StreamClock:
    """Frames captured at `moments_us`; the sender's clocks run `skew` faster than ours."""
    random = Random(5)  # noqa: S311
    index = FrameIndex()
    for at in moments_us:
        ticks = first_ticks + round(at * (1 + skew) * rate / SECOND_US)
        arrival = at + delay_us + random.randint(0, jitter_us)
        index.append(Frame(ticks, arrival, True, False, b""), 0)
    found = [
        SenderReport(
            at + 25_000,
            (NTP_1900 << 32) + (round(at * (1 + skew)) << 32) // SECOND_US,
            (first_ticks + round(at * (1 + skew) * rate / SECOND_US)) % TICKS,
        )
        for at in reports
    ]
    return StreamClock(index, rate, found)


def every(step_ms: int, seconds: float, start_s: float = 10) -> list[int]:
    start = round(start_s * SECOND_US)
    return list(range(start, start + round(seconds * SECOND_US), step_ms * 1000))


def test_jitter_does_not_show() -> None:
    moments = every(20, 30)
    (times,) = place([stream(48_000, moments, jitter_us=200_000)])
    errors = [at - moment for at, moment in zip(times, moments, strict=True)]
    assert max(errors) - min(errors) <= 2  # as even as they were captured
    assert errors[0] == pytest.approx(30_000, abs=5_000)


@pytest.mark.parametrize("skew", [-100e-6, 100e-6])
def test_a_sender_whose_clock_is_off_stays_in_step_for_an_hour(skew: float) -> None:
    moments = every(200, 3600)
    (times,) = place([stream(90_000, moments, skew=skew, jitter_us=50_000)])
    errors = [at - moment - 30_000 for at, moment in zip(times, moments, strict=True)]
    assert max(map(abs, errors)) < 10_000


def test_sender_reports_put_lips_in_step() -> None:
    """Pictures are held up 300 ms more than sound; reports say when both were captured."""
    moments = every(100, 20)
    sound = stream(48_000, moments, first_ticks=2**31, delay_us=20_000, reports=every(5000, 20))
    picture = stream(90_000, moments, first_ticks=77, delay_us=320_000, reports=every(5000, 20))
    heard, seen = place([sound, picture])
    assert max(abs(a - b) for a, b in zip(heard, seen, strict=True)) < 1000
    without = [StreamClock(clock.index, clock.clock_rate) for clock in (sound, picture)]
    heard, seen = place(without)
    assert seen[0] - heard[0] == pytest.approx(300_000, abs=1000)


def test_reports_that_make_no_sense_are_not_followed() -> None:
    moments = every(100, 20)
    sound = stream(48_000, moments, reports=every(5000, 20))
    picture = stream(90_000, moments)
    lies = [SenderReport(at + 25_000, at << 12, 12345) for at in every(5000, 20)]
    heard, seen = place([sound, StreamClock(picture.index, 90_000, lies)])
    assert max(abs(a - b) for a, b in zip(heard, seen, strict=True)) < 5000


def test_a_sender_that_begins_a_new_clock_keeps_its_place() -> None:
    first, second = every(20, 5), every(20, 5, start_s=18)
    before = stream(48_000, first, first_ticks=1000)
    after = stream(48_000, second, first_ticks=-3_000_000_000)
    for ticks, arrival in zip(after.index.ticks, after.index.arrival_us, strict=True):
        before.index.append(Frame(ticks, arrival, True, False, b""), 0)
    (times,) = place([before])
    errors = [at - m - 30_000 for at, m in zip(times, first + second, strict=True)]
    assert max(map(abs, errors)) < 1000


@pytest.mark.parametrize("paused_s", [0.5, 4.0])
def test_a_sender_whose_stamps_stop_while_it_pauses_keeps_its_place(paused_s: float) -> None:
    """As Chromium does with a microphone that has no track for a while."""
    first = every(20, 6)
    second = every(20, 6, start_s=16 + paused_s)
    clock = stream(48_000, first, reports=[first[100], first[250]])
    late = round(paused_s * SECOND_US)
    resumed = stream(48_000, [at - late for at in second], reports=[second[100] - late])
    for ticks, arrival in zip(resumed.index.ticks, resumed.index.arrival_us, strict=True):
        clock.index.append(Frame(ticks, arrival + late, True, False, b""), 0)
    after = [
        SenderReport(r.at_us + late, r.ntp + (late << 32) // SECOND_US, r.rtp)
        for r in resumed.reports
    ]
    pictures = stream(90_000, every(100, 12 + paused_s), reports=every(2000, 12))
    reported = StreamClock(clock.index, 48_000, [*clock.reports, *after])
    for streams in ([clock], [reported, pictures]):
        times = place(streams)[0]
        errors = [at - m - 30_000 for at, m in zip(times, first + second, strict=True)]
        assert max(map(abs, errors)) < 2000


def test_after_a_stall_sound_is_where_it_was() -> None:
    """The network holds 2 s back and gives them in a burst."""
    moments = every(20, 10)
    clock = stream(48_000, moments)
    held_until = moments[200] + 2 * SECOND_US
    for number in range(200, len(moments)):
        clock.index.arrival_us[number] = max(clock.index.arrival_us[number], held_until + number)
    (times,) = place([clock])
    errors = [at - m - 30_000 for at, m in zip(times, moments, strict=True)]
    assert max(map(abs, errors)) < 2000


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 10**9)), max_size=40))
@settings(max_examples=200, deadline=None)
def test_times_never_fall(frames: list[tuple[int, int]]) -> None:
    index = FrameIndex()
    for ticks, arrival in frames:
        index.append(Frame(ticks, arrival, True, False, b""), 0)
    (times,) = place([StreamClock(index, 90_000)])
    assert list(times) == sorted(times)
    assert len(times) == len(frames)


@given(
    start=st.integers(0, TICKS - 1),
    steps=st.lists(st.integers(-(2**31) + 1, 2**31 - 1), max_size=50),
)
def test_timestamps_unwrap(start: int, steps: list[int]) -> None:
    clock = Unwrapped()
    at = start
    assert clock.of(start) == start
    for step in steps:
        at += step
        assert clock.of(at % TICKS) == at
