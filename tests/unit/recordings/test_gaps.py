"""The manifest says what is missing, and for what reason where one is known."""

from io import BytesIO

from recordings.clocks import SECOND_US
from recordings.frames import StreamFrames
from recordings.gaps import Span, gaps_of
from recordings.plan import place_streams, plan_files
from recordings.records import Packet, StreamInfo

SILENCE = b"\xf8\xff\xfe"
MIC = StreamInfo("s", "p", "c", "resident", "microphone", "opus", 111, 48_000, 1)
ORIGIN_US = 1_000_000


def heard(seconds_present: list[tuple[float, float]], sequence_counts: bool) -> StreamFrames:
    """A microphone of which only some spans came; sequence_counts: the rest was sent and lost."""
    frames = StreamFrames(MIC, BytesIO())
    sent = 0
    for number in range(round(max(end for _, end in seconds_present) * 50)):
        at = number / 50
        present = any(start <= at < end for start, end in seconds_present)
        if present:
            data = b"\x80\x6f" + sent.to_bytes(2, "big") + (number * 960).to_bytes(4, "big")
            data += bytes(4) + SILENCE
            arrival = ORIGIN_US + round(at * SECOND_US)
            frames.add(Packet(0, arrival, memoryview(data)))
        sent += present or sequence_counts
    frames.finish()
    return frames


def gaps(frames: StreamFrames, *noted: Span) -> list[tuple[int, int, str]]:
    (plan,) = plan_files(place_streams({0: frames}, {}, ORIGIN_US))
    return [(g.from_ms, g.to_ms, g.reason) for g in gaps_of(plan, {0: noted}, ORIGIN_US)]


def test_a_short_loss_is_none() -> None:
    assert gaps(heard([(0, 1), (1.08, 2)], True)) == []
    assert gaps(heard([(0, 1), (1.2, 2)], True)) == [(1000, 1200, "loss")]


def test_losses_close_to_each_other_are_one_gap() -> None:
    frames = heard([(0, 1), (1.2, 1.5), (1.7, 3)], True)
    assert gaps(frames) == [(1000, 1700, "loss")]


def test_the_worker_knows_why() -> None:
    frames = heard([(0, 1), (3, 4)], False)
    assert gaps(frames) == [(1000, 3000, "paused")]
    noted = Span(1_500_000, 2_900_000, "interrupted")
    assert gaps(frames, noted) == [(1000, 3000, "interrupted")]


def test_a_muted_microphone_that_sends_silence_is_a_gap_too() -> None:
    frames = heard([(0, 4)], True)
    assert gaps(frames, Span(1_000_000, 2_000_000, "muted")) == [(1000, 2000, "muted")]
    assert gaps(frames, Span(3_000_000, 2**62, "muted")) == [(3000, 4000, "muted")]


def test_what_the_recorder_dropped_is_told() -> None:
    frames = heard([(0, 1), (2, 3)], True)
    dropped = Span(1_000_000, 1_980_000, "not_recorded")
    assert gaps(frames, dropped) == [(1000, 2000, "not_recorded")]
