"""VP8 descriptors: read as RFC 7741 draws them, and one unbroken row of picture ids in a slot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.media.vp8 import Descriptor, PictureIds, Vp8Malformed

KEYFRAME = b"\x00"
DELTA = b"\x01"


def read(payload: bytes) -> Descriptor:
    descriptor = Descriptor()
    descriptor.read(payload, 0, len(payload))
    return descriptor


def long_picture(
    picture: int, *, tl0: int | None = None, keyframe: bool = False, start: bool = True
) -> bytes:
    flags = 0x80 | (0x40 | 0x20 if tl0 is not None else 0)
    descriptor = bytes([0x90 if start else 0x80, flags, 0x80 | picture >> 8, picture & 0xFF])
    if tl0 is not None:
        descriptor += bytes([tl0, 0])
    return descriptor + (KEYFRAME if keyframe else DELTA) + b"data"


def test_chromiums_descriptor_is_read() -> None:
    descriptor = read(long_picture(0x1234, tl0=9, keyframe=True))
    assert descriptor.picture_id == 0x1234
    assert descriptor.tl0 == 9
    assert descriptor.size == 6
    assert descriptor.keyframe_start


@pytest.mark.parametrize(
    ("payload", "size", "picture", "keyframe"),
    [
        (b"\x10\x00", 1, None, True),
        (b"\x10\x01", 1, None, False),
        (b"\x00\x00", 1, None, False),  # a later packet of a frame
        (b"\x11\x00", 1, None, False),  # the start of another partition
        (b"\x90\x80\x7f\x00", 3, 0x7F, True),  # a 7-bit picture id
        (b"\x90\x20\x40\x00", 3, None, True),  # a layer alone
        (b"\x90\x00\x00", 2, None, True),
    ],
)
def test_shorter_descriptors_are_read(
    payload: bytes, size: int, picture: int | None, keyframe: bool
) -> None:
    descriptor = read(payload)
    assert (descriptor.size, descriptor.picture_id) == (size, picture)
    assert descriptor.keyframe_start is keyframe


@given(st.binary(max_size=12))
def test_any_bytes_give_a_descriptor_or_the_typed_error(payload: bytes) -> None:
    try:
        descriptor = read(payload)
    except Vp8Malformed:
        return
    assert 1 <= descriptor.size <= len(payload)


def rewritten(pictures: PictureIds, payload: bytes, timestamp: int) -> Descriptor:
    into = bytearray(16)
    descriptor = read(payload)
    size = pictures.write(descriptor, timestamp, into, 2)
    return read(bytes(into[2 : 2 + size]) + payload[descriptor.size :])


@pytest.mark.parametrize("source", [0, 0x7FFE, 0x7FFF, 300])
@pytest.mark.parametrize("last", [0, 0x7FFE, 0x7FFF, 12])
def test_a_swap_goes_on_with_the_next_picture_through_every_wrap(source: int, last: int) -> None:
    pictures = PictureIds(last, tl0=254)
    pictures.swap(read(long_picture(source, tl0=3, keyframe=True)), 0)
    for step in range(5):
        payload = long_picture((source + step) & 0x7FFF, tl0=(3 + step) & 0xFF)
        out = rewritten(pictures, payload, step * 3000)
        assert out.picture_id == (last + 1 + step) & 0x7FFF
        assert out.tl0 == (255 + step) & 0xFF


def test_a_late_packet_keeps_its_own_frames_picture() -> None:
    pictures = PictureIds(10, tl0=0)
    pictures.swap(read(long_picture(100, keyframe=True)), 0)
    assert rewritten(pictures, long_picture(100), 0).picture_id == 11
    assert rewritten(pictures, long_picture(102), 6000).picture_id == 13
    assert rewritten(pictures, long_picture(101), 3000).picture_id == 12
    pictures.swap(read(long_picture(7, keyframe=True)), 9000)
    assert rewritten(pictures, long_picture(7), 9000).picture_id == 14


def test_a_source_without_picture_ids_gets_them_counted_by_frame() -> None:
    pictures = PictureIds(41, tl0=0)
    pictures.swap(read(b"\x10\x00"), 0xFFFFFF00)
    timestamps = [0xFFFFFF00, 0xFFFFFF00, 0x10, 0x10, 0x1000]
    out = [rewritten(pictures, b"\x10\x01", timestamp).picture_id for timestamp in timestamps]
    assert out == [42, 42, 43, 43, 44]


def test_seven_bit_picture_ids_are_widened_over_their_wrap() -> None:
    pictures = PictureIds(0x7FFD, tl0=0)
    pictures.swap(read(b"\x90\x80\x7e\x00"), 0)
    out = [
        rewritten(pictures, bytes([0x90, 0x80, (0x7E + step) & 0x7F, 1]), step).picture_id
        for step in range(4)
    ]
    assert out == [0x7FFE, 0x7FFF, 0, 1]


def test_rewriting_keeps_the_rest_of_the_descriptor() -> None:
    pictures = PictureIds(0, tl0=0)
    payload = b"\xb0\xf0\x81\x02\x07\x55\x01"  # N, S; I, L, T, K
    pictures.swap(read(payload), 0)
    out = rewritten(pictures, payload, 0)
    assert out.first == 0xB0
    assert out.flags == 0xF0
    assert out.layer == 0x55
    assert out.tl0 == 1
