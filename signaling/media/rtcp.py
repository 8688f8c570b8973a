"""RTCP: compound packets read and written (RFC 3550, 6; RFC 4585; RFC 5104; REMB draft)."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

HEADER: Final = struct.Struct(">BBH")
WORD: Final = struct.Struct(">I")
SENDER_INFO: Final = struct.Struct(">IQIII")
REPORT: Final = struct.Struct(">IIIIII")
FEEDBACK: Final = struct.Struct(">II")
PAIR: Final = struct.Struct(">HH")
REMB_NAME: Final = b"REMB"
REMB_MANTISSA_BITS: Final = 18
LOST_LIMIT: Final = 0x7FFFFF


class PacketType(IntEnum):
    SENDER_REPORT = 200
    RECEIVER_REPORT = 201
    SOURCE_DESCRIPTION = 202
    BYE = 203
    TRANSPORT_FEEDBACK = 205
    PAYLOAD_FEEDBACK = 206


class Format(IntEnum):
    """The 5-bit format of the two kinds of feedback."""

    NACK = 1  # transport
    PLI = 1  # payload
    FIR = 4
    APPLICATION = 15


class RtcpMalformed(ValueError):
    """A length or a count says more than the packet has."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report block on one stream. lost: cumulative, signed. lsr, dlsr: 16.16 seconds."""

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    lsr: int
    dlsr: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """ntp: 32.32 seconds since 1900 in the sender's clock, at the media time `timestamp`."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    ssrc: int
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """numbers: 16-bit, in the order asked for."""

    ssrc: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyframeWanted:
    """A PLI or a FIR for the stream `ssrc`."""

    ssrc: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A REMB: what its sender can receive in all, bits a second."""

    bits_per_second: int
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bye:
    ssrcs: tuple[int, ...]


Packet = SenderReport | ReceiverReport | Nack | KeyframeWanted | Estimate | Bye


def parse(data: bytes) -> list[Packet]:
    """The packets of a compound that we act on; other kinds are skipped. Raises RtcpMalformed."""
    packets: list[Packet] = []
    at = 0
    while at < len(data):
        if at + HEADER.size > len(data):
            raise RtcpMalformed
        first, kind, words = HEADER.unpack_from(data, at)
        end = at + 4 * (words + 1)
        if first >> 6 != 2 or end > len(data):
            raise RtcpMalformed
        body = data[at + HEADER.size : end]
        if first & 0x20:
            if not body or not 0 < body[-1] <= len(body):
                raise RtcpMalformed
            body = body[: -body[-1]]
        packets.extend(_parse_one(kind, first & 0x1F, body))
        at = end
    return packets


def _parse_one(kind: int, count: int, body: bytes) -> Iterator[Packet]:
    if kind == PacketType.SENDER_REPORT:
        _need(body, SENDER_INFO.size)
        ssrc, ntp, timestamp, packets, octets = SENDER_INFO.unpack_from(body)
        reports = tuple(_reports(body, SENDER_INFO.size, count))
        yield SenderReport(ssrc, ntp, timestamp, packets, octets, reports)
    elif kind == PacketType.RECEIVER_REPORT:
        _need(body, WORD.size)
        (ssrc,) = WORD.unpack_from(body)
        yield ReceiverReport(ssrc, tuple(_reports(body, WORD.size, count)))
    elif kind == PacketType.TRANSPORT_FEEDBACK and count == Format.NACK:
        _need(body, FEEDBACK.size)
        yield Nack(FEEDBACK.unpack_from(body)[1], tuple(_nacked(body[FEEDBACK.size :])))
    elif kind == PacketType.PAYLOAD_FEEDBACK:
        yield from _payload_feedback(count, body)
    elif kind == PacketType.BYE:
        _need(body, 4 * count)
        yield Bye(struct.unpack_from(f">{count}I", body))


def _need(body: bytes, size: int) -> None:
    if len(body) < size:
        raise RtcpMalformed


def _reports(body: bytes, at: int, count: int) -> Iterator[Report]:
    _need(body, at + count * REPORT.size)
    for start in range(at, at + count * REPORT.size, REPORT.size):
        ssrc, loss, highest, jitter, lsr, dlsr = REPORT.unpack_from(body, start)
        lost = loss & 0xFFFFFF
        if lost > LOST_LIMIT:
            lost -= 1 << 24
        yield Report(ssrc, loss >> 24, lost, highest, jitter, lsr, dlsr)


def _nacked(items: bytes) -> Iterator[int]:
    if len(items) % PAIR.size:
        raise RtcpMalformed
    for number, following in PAIR.iter_unpack(items):
        yield number
        for bit in range(16):
            if following >> bit & 1:
                yield (number + bit + 1) & 0xFFFF


def _payload_feedback(form: int, body: bytes) -> Iterator[Packet]:
    _need(body, FEEDBACK.size)
    media = FEEDBACK.unpack_from(body)[1]
    if form == Format.PLI:
        yield KeyframeWanted(media)
    elif form == Format.FIR:
        # The stream is named in each item, the header's field is zero (RFC 5104, 4.3.1).
        for at in range(FEEDBACK.size, len(body) - 7, 8):
            yield KeyframeWanted(*WORD.unpack_from(body, at))
    elif form == Format.APPLICATION and body[8:12] == REMB_NAME:
        _need(body, 16)
        packed = WORD.unpack_from(body, 12)[0]
        count = packed >> 24
        _need(body, 16 + 4 * count)
        rate = (packed & (1 << REMB_MANTISSA_BITS) - 1) << (packed >> REMB_MANTISSA_BITS & 0x3F)
        yield Estimate(rate, struct.unpack_from(f">{count}I", body, 16))


def _packet(kind: PacketType, count: int, body: bytes) -> bytes:
    return HEADER.pack(0x80 | count, kind, len(body) // 4) + body


def _report_blocks(reports: Sequence[Report]) -> bytes:
    return b"".join(
        REPORT.pack(
            report.ssrc,
            report.fraction_lost << 24 | report.lost & 0xFFFFFF,
            report.highest & 0xFFFFFFFF,
            report.jitter,
            report.lsr,
            report.dlsr,
        )
        for report in reports
    )


def sender_report(report: SenderReport) -> bytes:
    info = SENDER_INFO.pack(
        report.ssrc, report.ntp, report.timestamp, report.packets, report.octets
    )
    body = info + _report_blocks(report.reports)
    return _packet(PacketType.SENDER_REPORT, len(report.reports), body)


def receiver_report(ssrc: int, reports: Sequence[Report] = ()) -> bytes:
    """At most 31 blocks. Every compound begins with this or a sender report."""
    body = WORD.pack(ssrc) + _report_blocks(reports)
    return _packet(PacketType.RECEIVER_REPORT, len(reports), body)


def source_description(ssrc: int, cname: str) -> bytes:
    item = bytes((1, len(cname))) + cname.encode()
    chunk = WORD.pack(ssrc) + item
    chunk += bytes(4 - len(chunk) % 4)  # at least one null ends the list
    return _packet(PacketType.SOURCE_DESCRIPTION, 1, chunk)


def keyframe_request(ssrc: int, media: int) -> bytes:
    return _packet(PacketType.PAYLOAD_FEEDBACK, Format.PLI, FEEDBACK.pack(ssrc, media))


def nack(ssrc: int, media: int, numbers: Sequence[int]) -> bytes:
    """numbers: 16-bit, in ascending order around the wrap."""
    items = bytearray()
    index = 0
    while index < len(numbers):
        first = numbers[index]
        following = 0
        index += 1
        while index < len(numbers) and 0 < (distance := (numbers[index] - first) & 0xFFFF) <= 16:
            following |= 1 << distance - 1
            index += 1
        items += PAIR.pack(first, following)
    body = FEEDBACK.pack(ssrc, media) + bytes(items)
    return _packet(PacketType.TRANSPORT_FEEDBACK, Format.NACK, body)


def estimate(ssrc: int, bits_per_second: int, ssrcs: Sequence[int]) -> bytes:
    """A REMB for at most 255 streams; the rate is rounded down to 18 significant bits."""
    exponent = max(0, bits_per_second.bit_length() - REMB_MANTISSA_BITS)
    packed = len(ssrcs) << 24 | exponent << REMB_MANTISSA_BITS | bits_per_second >> exponent
    body = FEEDBACK.pack(ssrc, 0) + REMB_NAME + WORD.pack(packed)
    body += struct.pack(f">{len(ssrcs)}I", *ssrcs)
    return _packet(PacketType.PAYLOAD_FEEDBACK, Format.APPLICATION, body)
