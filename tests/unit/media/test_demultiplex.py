"""What a datagram is by its first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.media.demultiplex import Kind, kind_of


@pytest.mark.parametrize(
    ("datagram", "kind"),
    [
        (b"", Kind.DROP),
        (b"\x00\x01" + bytes(18), Kind.STUN),
        (b"\x16\xfe\xfd", Kind.DTLS),
        (b"\x3f" + bytes(20), Kind.DTLS),
        (b"\x40" + bytes(20), Kind.DROP),  # TURN channel data: none of ours
        (b"\x80\x60" + bytes(10), Kind.RTP),
        (b"\x80\x60" + bytes(9), Kind.DROP),
        (b"\x80\xc8" + bytes(6), Kind.RTCP),
        (b"\x80\xc8" + bytes(5), Kind.DROP),
        (b"\x80", Kind.DROP),
        (b"\xff" * 40, Kind.DROP),
    ],
)
def test_each_protocol_is_told_apart(datagram: bytes, kind: Kind) -> None:
    assert kind_of(datagram, 0, len(datagram)) == kind


@given(st.binary(max_size=40), st.integers(0, 10))
def test_any_bytes_have_a_kind_wherever_they_lie(datagram: bytes, start: int) -> None:
    laid = bytes(start) + datagram
    assert kind_of(laid, start, len(datagram)) == kind_of(datagram, 0, len(datagram))
