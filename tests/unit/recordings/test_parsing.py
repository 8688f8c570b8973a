"""Bytes from a network give fields or a PacketMalformed, never another error."""

import struct

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import HeaderExtensionsMap, RtpPacket
from hypothesis import example, given
from hypothesis import strategies as st

from recordings import opus, rtp, vp8
from recordings.errors import PacketMalformed

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"


@given(
    sequence=st.integers(0, 2**16 - 1),
    timestamp=st.integers(0, 2**32 - 1),
    marker=st.booleans(),
    payload=st.binary(max_size=50),
    padding=st.integers(0, 40),
    csrc=st.lists(st.integers(0, 2**32 - 1), max_size=15),
    mid=st.none() | st.just("audio"),
)
def test_what_another_writes_is_read(
    sequence: int,
    timestamp: int,
    marker: bool,
    payload: bytes,
    padding: int,
    csrc: list[int],
    mid: str | None,
) -> None:
    packet = RtpPacket(111, int(marker), sequence, timestamp, 5, payload)
    packet.padding_size = padding
    packet.csrc = csrc
    packet.extensions.mid = mid
    extensions = HeaderExtensionsMap()
    extensions.configure(
        RTCRtpParameters(headerExtensions=[RTCRtpHeaderExtensionParameters(1, MID)])
    )
    data = packet.serialize(extensions)
    found = rtp.parse(memoryview(data))
    assert found[:4] == (sequence, timestamp, marker, 111)
    assert bytes(found.payload) == payload


@given(st.binary(max_size=64))
@example(b"")
@example(b"\x80" + bytes(10))
@example(b"\x90" + bytes(13) + b"\xff\xff")
@example(b"\xa0" + bytes(11) + b"\x00")
@example(b"\xa0" + bytes(11) + b"\x05")
@example(b"\x8f" + bytes(20))
def test_random_bytes_give_the_typed_error(data: bytes) -> None:
    try:
        packet = rtp.parse(memoryview(data))
    except PacketMalformed:
        return
    assert len(packet.payload) <= len(data) - 12


@given(
    partition_start=st.integers(0, 1),
    partition=st.integers(0, 7),
    picture_id=st.none() | st.integers(0, 2**15 - 1),
    tl0picidx=st.none() | st.integers(0, 255),
    tid=st.none() | st.tuples(st.integers(0, 3), st.integers(0, 1)),
    keyidx=st.none() | st.integers(0, 31),
)
def test_vp8_descriptors(
    partition_start: int,
    partition: int,
    picture_id: int | None,
    tl0picidx: int | None,
    tid: tuple[int, int] | None,
    keyidx: int | None,
) -> None:
    descriptor = VpxPayloadDescriptor(
        partition_start, partition, picture_id, tl0picidx, tid, keyidx
    )
    found = vp8.parse(memoryview(bytes(descriptor) + b"frame"))
    assert found.starts_frame == (partition_start == 1 and partition == 0)
    assert bytes(found.data) == b"frame"
    assert (found.picture_id and found.picture_id.value) == picture_id
    with pytest.raises(PacketMalformed):
        vp8.parse(memoryview(bytes(descriptor)))


@given(st.binary(max_size=12))
def test_random_vp8_gives_the_typed_error(data: bytes) -> None:
    try:
        assert vp8.parse(memoryview(data)).data
        vp8.keyframe_size(data)
    except PacketMalformed:
        pass


def test_picture_ids_wrap_at_their_own_width() -> None:
    assert vp8.PictureId(0, 7).follows(vp8.PictureId(127, 7))
    assert vp8.PictureId(128, 15).follows(vp8.PictureId(127, 15))
    assert vp8.PictureId(0, 15).follows(vp8.PictureId(2**15 - 1, 15))
    assert not vp8.PictureId(2, 15).follows(vp8.PictureId(0, 15))
    assert not vp8.PictureId(1, 15).follows(vp8.PictureId(0, 7))


def test_a_keyframe_says_its_size() -> None:
    head = b"\x10\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 1280 | 1 << 14, 720)
    assert vp8.keyframe_size(head + b"more") == (1280, 720)
    assert vp8.keyframe_size(b"\x11") is None


@pytest.mark.parametrize(
    ("packet", "milliseconds"),
    [
        (opus.SILENCE, 20),
        (b"\x00", 10),  # SILK, 10 ms
        (b"\x18", 60),  # SILK, 60 ms
        (b"\x61", 20),  # hybrid, two of 10 ms
        (b"\x80", 2.5),  # CELT, 2.5 ms
        (b"\xfb\x06", 120),  # CELT, six of 20 ms
    ],
)
def test_opus_durations(packet: bytes, milliseconds: float) -> None:
    assert opus.ticks(packet) == milliseconds * 48


@pytest.mark.parametrize("packet", [b"", b"\x03", b"\xfb\x00", b"\xfb\x07", b"\x1b\x3f"])
def test_opus_that_makes_no_sense(packet: bytes) -> None:
    with pytest.raises(PacketMalformed):
        opus.ticks(packet)
