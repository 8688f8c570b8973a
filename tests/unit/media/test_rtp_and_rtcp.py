"""RTP headers and RTCP compounds, checked against aiortc's own parser."""

import pytest
from aiortc import rtp as reference
from hypothesis import given
from hypothesis import strategies as st

from signaling.media import rtcp, rtp

ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
U32 = st.integers(0, 2**32 - 1)
U16 = st.integers(0, 2**16 - 1)


@given(
    st.lists(U32, max_size=15),
    st.none() | st.binary(max_size=40).map(lambda data: data + bytes(-len(data) % 4)),
    st.binary(max_size=50),
    st.integers(0, 255),
    st.integers(0, 9),
)
def test_payload_is_found_behind_csrcs_extensions_and_before_padding(
    csrcs: list[int], extension: bytes | None, payload: bytes, padding: int, start: int
) -> None:
    first = 0x80 | len(csrcs) | (0x10 if extension is not None else 0) | (0x20 if padding else 0)
    packet = rtp.FIXED.pack(first, 96, 1, 2, 3)
    packet += b"".join(rtp.WORD.pack(csrc) for csrc in csrcs)
    if extension is not None:
        packet += b"\xbe\xde" + rtp.HALF_WORD.pack(len(extension) // 4) + extension
    packet += payload
    if padding:
        packet += bytes(padding - 1) + bytes([padding])
    begin, end = rtp.payload_bounds(bytes(start) + packet, start, len(packet))
    assert (bytes(start) + packet)[begin:end] == payload


@given(st.binary(min_size=12, max_size=60))
def test_any_bytes_have_bounds_or_the_typed_error(packet: bytes) -> None:
    try:
        begin, end = rtp.payload_bounds(packet, 0, len(packet))
    except rtp.RtpMalformed:
        return
    assert 12 <= begin <= end <= len(packet)


@given(U16, U32, U32, st.integers(0, 127), st.booleans(), st.integers(0, 2**24 - 1))
def test_a_written_header_is_read_by_others(
    sequence: int, timestamp: int, ssrc: int, payload_type: int, marker: bool, send_time: int
) -> None:
    into = bytearray(64)
    size = rtp.write_header(
        into,
        3,
        marker=0x80 if marker else 0,
        payload_type=payload_type,
        sequence=sequence,
        timestamp=timestamp,
        ssrc=ssrc,
        send_time_id=2,
        send_time=send_time,
    )
    extensions = reference.HeaderExtensionsMap()
    extensions._HeaderExtensionsMap__ids.abs_send_time = 2  # type: ignore[attr-defined]
    packet = reference.RtpPacket.parse(bytes(into[3 : 3 + size]) + b"payload", extensions)
    assert packet.sequence_number == sequence
    assert packet.timestamp == timestamp
    assert packet.ssrc == ssrc
    assert packet.payload_type == payload_type
    assert packet.marker == int(marker)
    assert packet.payload == b"payload"
    assert packet.extensions.abs_send_time == send_time


def test_a_header_without_extensions_is_twelve_bytes() -> None:
    into = bytearray(12)
    size = rtp.write_header(
        into,
        0,
        marker=0,
        payload_type=111,
        sequence=1,
        timestamp=2,
        ssrc=3,
        send_time_id=0,
        send_time=0,
    )
    assert size == 12
    assert rtp.payload_bounds(into, 0, 12) == (12, 12)


def test_send_time_wraps_every_64_seconds() -> None:
    assert rtp.send_time(0.5) == 1 << 17
    assert rtp.send_time(64.5) == 1 << 17


REPORT = rtcp.Report(7, 12, -3, 70_000, 5, 0xABCD0001, 65_536)


def test_reports_are_read_by_others_and_by_us() -> None:
    sender = rtcp.SenderReport(1, 0xE000_0000_8000_0000, 90_000, 10, 1_000, (REPORT,))
    compound = rtcp.sender_report(sender) + rtcp.source_description(1, "slot0")
    assert rtcp.parse(compound) == [sender]
    packets = reference.RtcpPacket.parse(compound)
    assert packets[0].sender_info.ntp_timestamp == sender.ntp
    assert packets[0].reports[0].packets_lost == -3
    assert packets[1].chunks[0].items == [(1, b"slot0")]
    receiver = rtcp.receiver_report(9, [REPORT, REPORT])
    assert rtcp.parse(receiver) == [rtcp.ReceiverReport(9, (REPORT, REPORT))]


@given(st.sets(st.integers(-40, 40), min_size=1), U16)
def test_nacks_name_exactly_what_is_missing(offsets: set[int], base: int) -> None:
    numbers = [(base + offset) & 0xFFFF for offset in sorted(offsets)]
    compound = rtcp.receiver_report(1) + rtcp.nack(1, 2, numbers)
    found = rtcp.parse(compound)[1]
    assert found == rtcp.Nack(2, tuple(numbers))
    theirs = reference.RtcpPacket.parse(compound)[1].lost
    assert {number & 0xFFFF for number in theirs} == set(numbers)  # it does not wrap them


@given(st.integers(0, 2**40), st.lists(U32, max_size=6))
def test_estimates_are_read_by_others_to_18_bits(rate: int, ssrcs: list[int]) -> None:
    compound = rtcp.receiver_report(1) + rtcp.estimate(1, rate, ssrcs)
    packet = reference.RtcpPacket.parse(compound)[1]
    theirs, their_ssrcs = reference.unpack_remb_fci(packet.fci)
    assert their_ssrcs == ssrcs
    assert theirs <= rate
    assert rate - theirs <= rate / 2**17
    assert rtcp.parse(compound)[1] == rtcp.Estimate(theirs, tuple(ssrcs))


def test_keyframe_requests_of_both_kinds_are_read() -> None:
    pli = rtcp.receiver_report(1) + rtcp.keyframe_request(1, 42)
    assert rtcp.parse(pli)[1] == rtcp.KeyframeWanted(42)
    assert reference.RtcpPacket.parse(pli)[1].media_ssrc == 42
    fir = rtcp.HEADER.pack(0x84, 206, 4) + bytes(4) + bytes(4) + rtcp.WORD.pack(43) + bytes(4)
    assert rtcp.parse(fir) == [rtcp.KeyframeWanted(43)]


def test_a_goodbye_names_its_streams() -> None:
    bye = rtcp.HEADER.pack(0x82, 203, 2) + rtcp.WORD.pack(5) + rtcp.WORD.pack(6)
    assert rtcp.parse(bye) == [rtcp.Bye((5, 6))]


@given(st.binary(max_size=100))
def test_random_rtcp_gives_packets_or_the_typed_error(data: bytes) -> None:
    try:
        rtcp.parse(data)
    except rtcp.RtcpMalformed:
        return


@pytest.mark.parametrize("kind", [200, 201, 203, 205, 206])
@pytest.mark.parametrize("count", [1, 4, 15, 31])
@given(body=st.binary(max_size=60).map(lambda data: data + bytes(-len(data) % 4)))
def test_counts_that_say_too_much_give_the_typed_error(kind: int, count: int, body: bytes) -> None:
    try:
        rtcp.parse(rtcp.HEADER.pack(0x80 | count, kind, len(body) // 4) + body)
    except rtcp.RtcpMalformed:
        return
