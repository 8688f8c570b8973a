"""A slot's stream stays one stream, whoever is in it."""

# mypy: no-warn-unreachable
# (it takes a property that was false for false ever after)

import itertools
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.media import rtp
from signaling.media.clocks import SenderClock
from signaling.media.slots import AUDIO_STEP, Media, Received, Slot
from signaling.media.sources import Source

DELTA, KEYFRAME = b"\x01delta", b"\x00keyframe"


def make_slot(media: Media = "video") -> Slot:
    slot = Slot(cast(Any, SimpleNamespace()), mid="5", media=media, index=0, ssrc=77)
    slot.payload_type = 100
    slot.send_time_id = 3
    return slot


def make_source(media: Media = "video") -> Source:
    connection = cast(Any, SimpleNamespace(sender_clock=SenderClock()))
    kind = "face" if media == "video" else "microphone"
    return Source(connection, source_id="s", mid="1", kind=kind, media=media)


def video(number: int, picture: int, *, now: float, keyframe: bool = False) -> Received:
    raw = bytes([0x90, 0x80, 0x80 | picture >> 8 & 0x7F, picture & 0xFF])
    raw += KEYFRAME if keyframe else DELTA
    packet = Received(number=number, timestamp=picture * 3000 & 0xFFFFFFFF, marker=0x80, now=now)
    packet.descriptor.read(raw, 0, len(raw))
    packet.payload = memoryview(raw)[4:]
    return packet


def audio(number: int, timestamp: int, *, now: float) -> Received:
    return Received(
        number=number, timestamp=timestamp & 0xFFFFFFFF, payload=memoryview(b"opus"), now=now
    )


class Out:
    """A packet as the slot wrote it."""

    def __init__(self, slot: Slot, packet: Received) -> None:
        into = bytearray(100)
        self.length = slot.write(packet, into, 8)
        self.raw = bytes(into[8 : 8 + self.length])
        if self.length:
            _, second, self.sequence, self.timestamp, self.ssrc = rtp.FIXED.unpack_from(self.raw)
            self.marker, self.payload_type = second & 0x80, second & 0x7F
            begin, end = rtp.payload_bounds(self.raw, 0, self.length)
            self.payload = self.raw[begin:end]

    @property
    def picture(self) -> int:
        return (self.payload[2] & 0x7F) << 8 | self.payload[3]


def test_nothing_is_shown_before_a_keyframe() -> None:
    slot = make_slot()
    slot.fill(make_source())
    assert slot.waiting
    assert Out(slot, video(100, 7, now=1.0)).length == 0
    first = Out(slot, video(101, 8, now=1.1, keyframe=True))
    assert first.length
    assert not slot.waiting
    assert slot.report_due
    assert Out(slot, video(100, 7, now=1.2)).length == 0
    assert Out(slot, video(102, 8, now=1.2)).sequence == (first.sequence + 1) & 0xFFFF


def test_packets_carry_the_slots_own_names_and_nothing_of_the_sources() -> None:
    slot = make_slot()
    slot.fill(make_source())
    out = Out(slot, video(101, 8, now=1.1, keyframe=True))
    assert (out.ssrc, out.payload_type, out.marker) == (77, 100, 0x80)
    assert out.payload[4:] == KEYFRAME
    assert out.raw[12:16] == b"\xbe\xde\x00\x01"


@pytest.mark.parametrize("start", [65_536, 131_070, 131_071])
def test_a_swap_goes_on_by_one_number_and_by_elapsed_time(start: int) -> None:
    slot = make_slot()
    slot.fill(make_source())
    before = Out(slot, video(start, 32_767, now=10.0, keyframe=True))
    slot.fill(make_source())
    after = Out(slot, video(900, 5, now=10.5, keyframe=True))
    assert after.sequence == (before.sequence + 1) & 0xFFFF
    assert (after.timestamp - before.timestamp) & 0xFFFFFFFF == 45_000
    assert after.picture == (before.picture + 1) & 0x7FFF


def test_sound_goes_on_in_whole_opus_frames_and_begins_a_talkspurt() -> None:
    slot = make_slot("audio")
    slot.fill(make_source("audio"))
    before = Out(slot, audio(10, 48_000, now=5.0))
    assert before.marker
    assert not Out(slot, audio(11, 48_960, now=5.02)).marker
    slot.fill(make_source("audio"))
    after = Out(slot, audio(7_000, 12, now=5.1234))
    assert after.marker
    elapsed = (after.timestamp - before.timestamp) & 0xFFFFFFFF
    assert elapsed % AUDIO_STEP == 0
    assert elapsed == pytest.approx(0.1234 * 48_000, abs=AUDIO_STEP)


def test_a_swap_at_the_same_moment_still_moves_time_on() -> None:
    slot = make_slot("audio")
    slot.fill(make_source("audio"))
    before = Out(slot, audio(10, 48_000, now=5.0))
    slot.fill(make_source("audio"))
    after = Out(slot, audio(10, 48_000, now=5.0))
    assert (after.timestamp - before.timestamp) & 0xFFFFFFFF == AUDIO_STEP


def test_what_an_earlier_source_sent_is_not_sent_again() -> None:
    slot = make_slot()
    slot.fill(make_source())
    out = Out(slot, video(101, 8, now=1.1, keyframe=True))
    assert slot.history is not None
    slot.history.keep(slot.sequence, b"ciphertext")
    slot.fill(None)
    assert slot.history.again(out.sequence, 9.0, 0.0) is None


def test_an_emptied_slot_leaves_its_source() -> None:
    slot, source = make_slot(), make_source()
    slot.fill(source)
    assert source.slots == [slot]
    slot.fill(None)
    assert source.slots == []
    assert slot.timestamp_at(1.0) is None


def test_padding_is_left_out_or_sent_on_empty_when_late() -> None:
    slot = make_slot()
    slot.fill(make_source())
    Out(slot, video(10, 1, now=1.0, keyframe=True))
    into = bytearray(100)
    assert slot.skip(video(11, 1, now=1.0), into, 0) == 0
    after = Out(slot, video(13, 2, now=1.1))
    length = slot.skip(video(12, 1, now=1.1), into, 0)
    assert length
    assert rtp.payload_bounds(into, 0, length) == (length - 1, length - 1)
    assert rtp.FIXED.unpack_from(into)[2] == (after.sequence - 1) & 0xFFFF


def test_reports_tell_the_slots_time_in_the_servers_clock() -> None:
    slot, source = make_slot(), make_source()
    slot.fill(source)
    source.clock.heard_packet(8 * 3000, 1.0)
    out = Out(slot, video(101, 8, now=1.0, keyframe=True))
    told = slot.timestamp_at(1.5)
    assert told is not None
    assert (told - out.timestamp) & 0xFFFFFFFF == 45_000


def test_a_new_ssrc_of_a_source_begins_its_slots_anew() -> None:
    slot, source = make_slot(), make_source()
    assert source.listen(5, 96)
    slot.fill(source)
    Out(slot, video(101, 8, now=1.0, keyframe=True))
    assert not source.listen(5, 96)
    assert not slot.waiting
    assert source.listen(6, 96)
    assert slot.waiting


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 0x7FFF), st.integers(0, 0xFFFF)),
        min_size=1,
        max_size=20,
    )
)
def test_over_any_swaps_numbers_and_pictures_have_no_gap_and_time_never_goes_back(
    swaps: list[tuple[int, int, int]],
) -> None:
    slot = make_slot()
    now = 1.0
    outs: list[Out] = []
    for frames, picture, number in swaps:
        slot.fill(make_source())
        for step in range(frames):
            now += 0.1
            packet = video(
                70_000 + number + step, (picture + step) & 0x7FFF, now=now, keyframe=step == 0
            )
            packet.timestamp = (picture * 3000 + step * 9000) & 0xFFFFFFFF
            outs.append(Out(slot, packet))
    for before, after in itertools.pairwise(outs):
        assert (after.sequence - before.sequence) & 0xFFFF == 1
        assert (after.picture - before.picture) & 0x7FFF == 1
        assert 0 < (after.timestamp - before.timestamp) & 0xFFFFFFFF < 90_000
