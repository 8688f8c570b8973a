"""Offers read, plans made of them, answers written from a template."""

from pathlib import Path

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from signaling.media.plans import WantedSlot, WantedSource, plan_connection
from signaling.media.sdp.answer import LocalTransport, SlotStream, write_answer
from signaling.media.sdp.errors import Reason, SdpUnusable
from signaling.media.sdp.offer import parse_offer

CHROMIUM = (Path(__file__).parent / "fixtures" / "chromium-offer.sdp").read_bytes().decode()
TRANSPORT = LocalTransport("ufragour", "p" * 24, "AB:" * 31 + "CD", "192.0.2.1", 5000)

SOURCES = [
    WantedSource("m", "0", "microphone"),
    WantedSource("f", "1", "face"),
    WantedSource("d", "2", "document"),
    WantedSource("s", "3", "screen"),
]
SLOTS = [
    WantedSlot("4", "audio", 0),
    WantedSlot("5", "video", 0),
    WantedSlot("6", "video", 100),
]


def reason_of(text: str) -> Reason:
    with pytest.raises(SdpUnusable) as caught:
        plan_connection(parse_offer(text), SOURCES, SLOTS)
    return caught.value.reason


def answer_to(text: str = CHROMIUM) -> str:
    streams = {slot.mid: SlotStream(1000 + slot.index, slot.index) for slot in SLOTS}
    return write_answer(
        parse_offer(text),
        TRANSPORT,
        version=3,
        sources=frozenset(one.mid for one in SOURCES),
        slots=streams,
    )


def test_chromiums_offer_is_planned() -> None:
    plan = plan_connection(parse_offer(CHROMIUM), SOURCES, SLOTS)
    assert plan.mids == ("0", "1", "2", "3", "4", "5", "6")
    assert [one.payload_type for one in plan.sources] == [111, 96, 96, 96]
    assert all(one.ssrc for one in plan.sources)
    assert {one.send_time_id for one in plan.slots} == {2}


def test_a_section_without_a_track_has_its_own_ssrc_not_that_of_retransmissions() -> None:
    section = parse_offer(CHROMIUM).by_mid("2")
    assert section is not None
    assert section.retransmission_ssrcs
    assert section.ssrc not in section.retransmission_ssrcs


def test_the_answer_is_the_template_and_another_parser_reads_it() -> None:
    answer = answer_to()
    head, *_ = answer.split("m=")
    assert "a=ice-lite\r\n" in head
    assert answer.count(" udp ") == answer.count("a=end-of-candidates") == 7
    assert answer.count(" typ host tcptype passive\r\n") == answer.count(" tcp ") == 7
    for absent in ("sdes:mid", "transport-cc", "transport-wide", "rtx", "H264", "actpass"):
        assert absent not in answer
    parsed = SessionDescription.parse(answer)
    assert [media.direction for media in parsed.media] == ["recvonly"] * 4 + ["sendonly"] * 3
    assert all(media.dtls.role == "server" for media in parsed.media)
    assert [media.ssrc[0].ssrc for media in parsed.media[4:]] == [1000, 1000, 1100]
    feedback = {(one.type, one.parameter) for one in parsed.media[1].rtp.codecs[0].rtcpFeedback}
    assert feedback == {("goog-remb", None), ("ccm", "fir"), ("nack", None), ("nack", "pli")}
    names = {extension.uri for extension in parsed.media[1].rtp.headerExtensions}
    assert names == {"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"}


def test_sound_and_picture_of_one_index_share_a_stream() -> None:
    answer = answer_to()
    assert "a=msid:slot0 slot0audio" in answer
    assert "a=msid:slot0 slot0video" in answer
    assert "a=msid:slot100 slot100video" in answer


def test_sections_that_are_for_nothing_are_inactive() -> None:
    answer = write_answer(
        parse_offer(CHROMIUM), TRANSPORT, version=1, sources=frozenset(), slots={}
    )
    assert answer.count("a=inactive") == 7


def test_data_channels_and_stopped_sections_are_rejected_in_place() -> None:
    data = (
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n"
        "a=mid:7\r\na=sctp-port:5000\r\n"
    )
    offer = CHROMIUM.replace("BUNDLE 0 1 2 3 4 5 6", "BUNDLE 0 1 2 3 4 5 6 7") + data
    answer = answer_to(offer)
    assert "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n" in answer
    assert "a=group:BUNDLE 0 1 2 3 4 5 6\r\n" in answer
    first, *rest = CHROMIUM.split("m=video 9 ")
    stopped = first + "m=video 9 " + rest[0] + "m=video 0 " + "m=video 9 ".join(rest[1:])
    assert reason_of(stopped) is Reason.SECTION_UNKNOWN
    assert answer_to(stopped).count(" 0 UDP/TLS/RTP/SAVPF") == 1


def without(*starts: str) -> str:
    lines = [line for line in CHROMIUM.split("\r\n") if not line.startswith(starts)]
    return "\r\n".join(lines)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.NOT_SDP),
        ("hello", Reason.NOT_SDP),
        ('{"type": "offer"}', Reason.NOT_SDP),
        ("v=0\r\n", Reason.NO_SECTIONS),
        ("v=0\r\nm=video\r\n", Reason.NOT_SDP),
        ("v=0\r\n" + "a" * 98_304, Reason.TOO_LARGE),
        ("v=0\r\n" + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 25, Reason.TOO_MANY_SECTIONS),
        (without("a=group"), Reason.BUNDLE_MISSING),
        (CHROMIUM.replace("BUNDLE 0 1", "BUNDLE 1"), Reason.BUNDLE_MISSING),
        (without("a=rtcp-mux"), Reason.RTCP_MUX_MISSING),
        (without("a=mid"), Reason.MID_MISSING),
        (CHROMIUM.replace("a=mid:1", "a=mid:0"), Reason.MID_TWICE),
        (without("a=ice-pwd"), Reason.ICE_CREDENTIALS_MISSING),
        (without("a=ice-ufrag"), Reason.ICE_CREDENTIALS_MISSING),
        (CHROMIUM.replace("a=ice-ufrag:", "a=ice-ufrag:a b"), Reason.ICE_CREDENTIALS_MISSING),
        (CHROMIUM.replace("a=group", "a=ice-lite\r\na=group"), Reason.ICE_LITE_OFFERED),
        (without("a=fingerprint"), Reason.FINGERPRINT_MISSING),
        (CHROMIUM.replace("sha-256", "sha-1"), Reason.FINGERPRINT_MISSING),
        (CHROMIUM.replace("setup:actpass", "setup:passive"), Reason.SETUP_UNUSABLE),
        (without("a=setup"), Reason.SETUP_UNUSABLE),
        (CHROMIUM.replace(" VP8/", " VP9/"), Reason.NO_VP8),
        (CHROMIUM.replace(" opus/", " speex/"), Reason.NO_OPUS),
        (CHROMIUM.replace("a=sendonly", "a=recvonly"), Reason.DIRECTION_WRONG),
        (CHROMIUM.replace("a=recvonly", "a=sendonly"), Reason.DIRECTION_WRONG),
        (without("a=ssrc:"), Reason.SSRC_MISSING),
        (CHROMIUM.replace("a=mid:0", "a=mid:x").replace("E 0 1", "E x 1"), Reason.SECTION_UNKNOWN),
        (
            CHROMIUM.replace("a=mid:0", "a=mid:x")
            .replace("a=mid:1", "a=mid:0")
            .replace("E 0 1", "E x 0"),
            Reason.MEDIA_WRONG,
        ),
    ],
)
def test_unusable_offers_are_refused_by_name(text: str, reason: Reason) -> None:
    assert reason_of(text) is reason


def test_two_sources_of_one_ssrc_are_refused() -> None:
    first, second = (parse_offer(CHROMIUM).by_mid(mid) for mid in ("1", "2"))
    assert first is not None
    assert second is not None
    assert reason_of(CHROMIUM.replace(str(second.ssrc), str(first.ssrc))) is Reason.SSRC_TWICE


def test_one_section_is_not_both_source_and_slot() -> None:
    with pytest.raises(SdpUnusable) as caught:
        plan_connection(parse_offer(CHROMIUM), SOURCES, [WantedSlot("1", "video", 0)])
    assert caught.value.reason is Reason.MID_TWICE


@given(st.integers(0, len(CHROMIUM)), st.integers(0, 200), st.text(max_size=30))
def test_a_spoilt_offer_is_answered_or_refused_by_name(at: int, cut: int, put: str) -> None:
    spoilt = CHROMIUM[:at] + put + CHROMIUM[at + cut :]
    try:
        plan = plan_connection(parse_offer(spoilt), SOURCES, SLOTS)
        answer = answer_to(spoilt)
    except SdpUnusable:
        return
    assert len(plan.mids) == answer.count("\r\nm=")


@given(st.text(max_size=300))
def test_random_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(SdpUnusable):
        parse_offer("v=0\n" + text)


@given(
    st.sampled_from(["mid", "ice-ufrag", "ice-pwd", "rtpmap", "extmap", "msid", "ssrc"]),
    st.text(alphabet="\t \x00a:1/=-\u2028\x0b\x85", max_size=20),
)
def test_nothing_of_an_offer_breaks_out_into_the_answer(name: str, value: str) -> None:
    spoilt = CHROMIUM.replace(f"a={name}:", f"a={name}:{value}")
    try:
        answer = answer_to(spoilt)
    except SdpUnusable:
        return
    for line in answer.split("\r\n")[:-1]:
        assert line[1:2] == "="
        assert line.isprintable()
