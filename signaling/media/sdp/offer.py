"""A client's offer, read (RFC 8866, RFC 8829, RFC 8839). Text in, an Offer or SdpUnusable out."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from signaling.media.sdp.errors import Reason, SdpUnusable

LARGEST_BYTES: Final = 96 * 1024
MOST_SECTIONS: Final = 24
MOST_SSRCS: Final = 32  # of a section; a stream, its retransmissions, and three more layers have 8
DIRECTIONS: Final = ("sendrecv", "sendonly", "recvonly", "inactive")
SHA256_FINGERPRINT: Final = re.compile(r"sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})", re.IGNORECASE)
# ice-char of RFC 8839, 5.4, and mid tokens of RFC 5888, 4: what we echo must be nothing else.
ICE_UFRAG: Final = re.compile(r"[A-Za-z0-9+/]{4,256}")
ICE_PASSWORD: Final = re.compile(r"[A-Za-z0-9+/]{22,256}")
MID: Final = re.compile(r"[A-Za-z0-9_.+~-]{1,32}")
RTPMAP: Final = re.compile(r"(\d{1,3}) ([A-Za-z0-9_.-]+)/(\d{1,6})(?:/(\d))?")
EXTMAP: Final = re.compile(r"(\d{1,5})(?:/[a-z]+)? (\S+)(?: .*)?")
# These three are echoed when the section is rejected.
MEDIA_LINE: Final = re.compile(
    r"([a-z]{1,16}) (\d{1,5})(?:/\d{1,5})? ([A-Z/]{1,32})((?: [A-Za-z0-9-]{1,32})+)"
)
SSRC: Final = re.compile(r"(\d{1,10})(?: .*)?")

EVERY_CODEC: Final = -1

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]


@dataclass(slots=True)
class Codec:
    """name: lower case. rate: ticks a second."""

    payload_type: int
    name: str
    rate: int
    channels: int


@dataclass(slots=True)
class Section:
    """One m-line and what stands below it. `format_line` is echoed when it is rejected."""

    media: str
    port: int
    protocol: str
    format_line: str
    mid: str = ""
    direction: Direction = "sendrecv"
    rtcp_mux: bool = False
    rtcp_reduced: bool = False
    codecs: list[Codec] = field(default_factory=list)
    feedback: dict[int, set[str]] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)  # address -> id
    ssrcs: list[int] = field(default_factory=list)
    retransmission_ssrcs: set[int] = field(default_factory=set)
    ufrag: str = ""
    password: str = ""
    fingerprint: str = ""
    setup: str = ""

    @property
    def rejected(self) -> bool:
        """Stopped by the client, or of no kind that is answered (data channels)."""
        return self.port == 0 or self.media not in ("audio", "video")

    @property
    def sends(self) -> bool:
        return self.direction in ("sendonly", "sendrecv")

    @property
    def receives(self) -> bool:
        return self.direction in ("recvonly", "sendrecv")

    @property
    def ssrc(self) -> int | None:
        """The stream's own SSRC, not that of its retransmissions."""
        return next((one for one in self.ssrcs if one not in self.retransmission_ssrcs), None)

    def feedback_of(self, payload_type: int) -> set[str]:
        """What the client can do for that codec, as `a=rtcp-fb` spells it."""
        every = self.feedback.get(EVERY_CODEC, set())
        return self.feedback.get(payload_type, set()) | every

    def codec(self, name: str) -> Codec | None:
        """The first of that name: the client's preferred variant."""
        return next((one for one in self.codecs if one.name == name), None)


@dataclass(slots=True)
class Offer:
    """fingerprint: sha-256, upper hex with colons. All sections share one bundled transport."""

    sections: list[Section]
    ufrag: str
    password: str
    fingerprint: str

    def by_mid(self, mid: str) -> Section | None:
        return next((one for one in self.sections if one.mid == mid), None)


def parse_offer(text: str) -> Offer:
    """Read and check an offer. Raises SdpUnusable."""
    if len(text) > LARGEST_BYTES or len(text.encode("utf-8", "replace")) > LARGEST_BYTES:
        raise SdpUnusable(Reason.TOO_LARGE)
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0] != "v=0":
        raise SdpUnusable(Reason.NOT_SDP)
    head = Section("session", 0, "", "")
    attributes: dict[str, str] = {}
    sections: list[Section] = []
    for line in lines:
        if line.startswith("m="):
            if len(sections) == MOST_SECTIONS:
                raise SdpUnusable(Reason.TOO_MANY_SECTIONS)
            sections.append(_section(line[2:]))
        elif line.startswith("a="):
            name, _, value = line[2:].partition(":")
            if not sections:
                attributes.setdefault(name, value)
            _apply(sections[-1] if sections else head, name, value)
        elif line and line[1:2] != "=":
            raise SdpUnusable(Reason.NOT_SDP)
    return _checked(head, attributes, sections)


def _section(line: str) -> Section:
    match = MEDIA_LINE.fullmatch(line)
    if match is None:
        raise SdpUnusable(Reason.NOT_SDP)
    media, port, protocol, formats = match.groups()
    return Section(media, int(port), protocol, formats.strip())


def _apply(section: Section, name: str, value: str) -> None:  # noqa: PLR0912 (a flat table of cases)
    match name:
        case "mid":
            section.mid = value
        case "ice-ufrag":
            section.ufrag = value
        case "ice-pwd":
            section.password = value
        case "setup":
            section.setup = value
        case "fingerprint":
            if (match := SHA256_FINGERPRINT.fullmatch(value)) is not None:
                section.fingerprint = match[1].upper()
        case "rtcp-mux":
            section.rtcp_mux = True
        case "rtcp-rsize":
            section.rtcp_reduced = True
        case "sendrecv" | "sendonly" | "recvonly" | "inactive":
            section.direction = name
        case "rtpmap":
            if (match := RTPMAP.fullmatch(value)) is not None and int(match[1]) < 128:
                section.codecs.append(
                    Codec(int(match[1]), match[2].lower(), int(match[3]), int(match[4] or 1))
                )
        case "rtcp-fb":
            number, _, what = value.partition(" ")
            if number == "*":
                section.feedback.setdefault(EVERY_CODEC, set()).add(what)
            elif number.isascii() and number.isdigit() and len(number) <= 3:
                section.feedback.setdefault(int(number), set()).add(what)
        case "extmap":
            if (match := EXTMAP.fullmatch(value)) is not None:
                section.extensions[match[2]] = int(match[1])
        case "ssrc":
            ssrc = _ssrc(value)
            if len(section.ssrcs) < MOST_SSRCS and ssrc is not None and ssrc not in section.ssrcs:
                section.ssrcs.append(ssrc)
        case "ssrc-group":
            kind, *members = value.split(" ")
            if kind == "FID":
                numbers = [_ssrc(member) for member in members[1:]]
                section.retransmission_ssrcs.update(one for one in numbers if one is not None)


def _ssrc(value: str) -> int | None:
    match = SSRC.fullmatch(value)
    if match is None or not match[1].isascii():
        return None
    number = int(match[1])
    return number if 0 < number < 1 << 32 else None


def _checked(head: Section, attributes: dict[str, str], sections: list[Section]) -> Offer:
    if not sections:
        raise SdpUnusable(Reason.NO_SECTIONS)
    if "ice-lite" in attributes:
        raise SdpUnusable(Reason.ICE_LITE_OFFERED)
    mids = [section.mid for section in sections]
    if any(MID.fullmatch(mid) is None for mid in mids):
        raise SdpUnusable(Reason.MID_MISSING)
    if len(set(mids)) != len(mids):
        raise SdpUnusable(Reason.MID_TWICE)
    kept = [section for section in sections if not section.rejected]
    if not kept:
        raise SdpUnusable(Reason.NO_SECTIONS)
    kind, *bundled = attributes.get("group", "").split(" ")
    if len(kept) > 1 and (kind != "BUNDLE" or not {one.mid for one in kept} <= set(bundled)):
        raise SdpUnusable(Reason.BUNDLE_MISSING)
    if not all(section.rtcp_mux for section in kept):
        raise SdpUnusable(Reason.RTCP_MUX_MISSING)
    first = kept[0]
    ufrag, password = first.ufrag or head.ufrag, first.password or head.password
    if ICE_UFRAG.fullmatch(ufrag) is None or ICE_PASSWORD.fullmatch(password) is None:
        raise SdpUnusable(Reason.ICE_CREDENTIALS_MISSING)
    fingerprint = first.fingerprint or head.fingerprint
    if not fingerprint:
        raise SdpUnusable(Reason.FINGERPRINT_MISSING)
    if (first.setup or head.setup) not in ("actpass", "active"):
        # We are the passive side always; a client that wants to be it too would wait for ever.
        raise SdpUnusable(Reason.SETUP_UNUSABLE)
    return Offer(sections, ufrag, password, fingerprint)
