"""Packets on a TCP connection, in whatever pieces they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.media.framing import LONGEST_FRAME, Deframer, FrameTooLong, frame


def test_a_length_stands_before_each_packet() -> None:
    assert frame(b"abc") == b"\x00\x03abc"
    assert Deframer().feed(b"\x00\x03abc\x00\x00\x00\x01d") == [b"abc", b"d"]


@given(st.lists(st.binary(max_size=300), max_size=12), st.data())
def test_packets_come_whole_however_they_are_cut(packets: list[bytes], data: st.DataObject) -> None:
    written = b"".join(map(frame, packets))
    deframer = Deframer()
    found: list[bytes] = []
    while written:
        cut = data.draw(st.integers(1, len(written)))
        found += deframer.feed(written[:cut])
        written = written[cut:]
    assert found == [packet for packet in packets if packet]


def test_the_longest_packet_comes_and_a_longer_one_is_refused_by_its_length_alone() -> None:
    longest = bytes(LONGEST_FRAME)
    assert Deframer().feed(frame(longest)) == [longest]
    with pytest.raises(FrameTooLong):
        Deframer().feed((LONGEST_FRAME + 1).to_bytes(2, "big"))


@given(st.lists(st.binary(max_size=5000), max_size=5))
def test_any_bytes_give_packets_or_the_one_error(pieces: list[bytes]) -> None:
    deframer = Deframer()
    try:
        for piece in pieces:
            for packet in deframer.feed(piece):
                assert 0 < len(packet) <= LONGEST_FRAME
    except FrameTooLong:
        return
