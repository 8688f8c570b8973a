"""The one kind of answer that a worker gives: VP8 and Opus, bundled, ICE-lite, passive.

Written from a template; of the client's it echoes mids, payload types and extension ids alone, and
nothing ever of another peer's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from signaling.media.sdp.errors import Reason, SdpUnusable
from signaling.media.sdp.offer import Codec, Offer, Section

ABS_SEND_TIME: Final = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
VIDEO_FEEDBACK: Final = ("goog-remb", "ccm fir", "nack", "nack pli")
HOST_PRIORITY: Final = 126 << 24 | 65535 << 8 | 255  # RFC 8445, 5.1.2.1
# Below UDP: a lost packet holds up all behind it. Passive, of a host (RFC 6544, 4.2).
TCP_PRIORITY: Final = 90 << 24 | (4 << 13 | 8191) << 8 | 255
LARGEST_EXTENSION_ID: Final = 14  # of one-byte headers (RFC 8285, 4.2)


@dataclass(frozen=True, slots=True)
class LocalTransport:
    """What every answer of one connection says of our end."""

    ufrag: str
    password: str
    fingerprint: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SlotStream:
    """What is sent in a slot's section."""

    ssrc: int
    index: int


def codec_of(section: Section) -> Codec:
    """The codec that a section is answered with. Raises SdpUnusable."""
    if section.media == "video":
        codec = section.codec("vp8")
        if codec is None or codec.rate != 90_000:
            raise SdpUnusable(Reason.NO_VP8)
        return codec
    codec = section.codec("opus")
    if codec is None or codec.rate != 48_000:
        raise SdpUnusable(Reason.NO_OPUS)
    return codec


def send_time_id(section: Section) -> int:
    """The section's extension id for abs-send-time, 0 if it has none that fits."""
    number = section.extensions.get(ABS_SEND_TIME, 0)
    return number if 0 < number <= LARGEST_EXTENSION_ID else 0


def write_answer(
    offer: Offer,
    transport: LocalTransport,
    *,
    version: int,
    sources: frozenset[str],
    slots: Mapping[str, SlotStream],
) -> str:
    """The answer's text. version: grows with each answer of a connection. sources, slots: by mid;
    sections in neither are inactive. Raises SdpUnusable if a section has no codec of ours.
    """
    kept = [section.mid for section in offer.sections if not section.rejected]
    lines = [
        "v=0",
        f"o=- {int(transport.fingerprint[:11].replace(':', ''), 16)} {version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(kept)}",
        "a=msid-semantic: WMS *",
    ]
    for section in offer.sections:
        if section.rejected:
            lines += _rejected(section)
            continue
        stream = slots.get(section.mid)
        direction = "inactive"
        if section.mid in sources:
            direction = "recvonly"
        elif stream is not None:
            direction = "sendonly"
        lines += _section(section, transport, direction)
        if stream is not None:
            lines += _stream(section, stream)
    return "\r\n".join(lines) + "\r\n"


def _rejected(section: Section) -> list[str]:
    return [
        f"m={section.media} 0 {section.protocol} {section.format_line}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        "a=inactive",
    ]


def _section(section: Section, transport: LocalTransport, direction: str) -> list[str]:
    codec = codec_of(section)
    number = codec.payload_type
    lines = [
        f"m={section.media} 9 UDP/TLS/RTP/SAVPF {number}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        f"a={direction}",
        "a=rtcp-mux",
        *(["a=rtcp-rsize"] if section.rtcp_reduced else []),
        f"a=ice-ufrag:{transport.ufrag}",
        f"a=ice-pwd:{transport.password}",
        f"a=fingerprint:sha-256 {transport.fingerprint}",
        "a=setup:passive",
    ]
    if section.media == "video":
        lines.append(f"a=rtpmap:{number} VP8/90000")
        offered = section.feedback_of(number)
        lines += [f"a=rtcp-fb:{number} {kind}" for kind in VIDEO_FEEDBACK if kind in offered]
    else:
        lines.append(f"a=rtpmap:{number} opus/48000/2")
        lines.append(f"a=fmtp:{number} minptime=10;useinbandfec=1")
    if extension := send_time_id(section):
        lines.append(f"a=extmap:{extension} {ABS_SEND_TIME}")
    # In every section: of a bundle some clients read the first one's, aiortc the last one's.
    lines += [
        f"a=candidate:1 1 udp {HOST_PRIORITY} {transport.host} {transport.port} typ host",
        f"a=candidate:2 1 tcp {TCP_PRIORITY} {transport.host} {transport.port} typ host"
        " tcptype passive",
        "a=end-of-candidates",
    ]
    return lines


def _stream(section: Section, stream: SlotStream) -> list[str]:
    name = f"slot{stream.index}"
    track = f"{name}{section.media}"
    return [
        f"a=msid:{name} {track}",
        f"a=ssrc:{stream.ssrc} cname:{name}",
        f"a=ssrc:{stream.ssrc} msid:{name} {track}",
    ]
