"""RTCP of all connections: what receivers and senders say, and what we say to them."""

from typing import Final

from signaling.media import rtcp
from signaling.media.clocks import ServerClock, middle
from signaling.media.connections import Connection
from signaling.media.forwarder import Forwarder
from signaling.media.rtcp import (
    Estimate,
    KeyframeWanted,
    Nack,
    ReceiverReport,
    Report,
    SenderReport,
)
from signaling.media.slots import Slot
from signaling.media.sources import Source

REPORT_EVERY_S: Final = 1.0
MOST_RESENDS: Final = 64  # for one NACK
LONGEST_ROUND_TRIP_S: Final = 2.0


class Feedback:
    """Runs on the media thread; hears compounds, and says what is due when it is asked to."""

    def __init__(self, forwarder: Forwarder, clock: ServerClock) -> None:
        self._forwarder = forwarder
        self._wire = forwarder.wire
        self._clock = clock

    def hear(self, connection: Connection, compound: bytes, now: float) -> None:
        """Act on a decrypted compound; one that is malformed is counted and left."""
        try:
            packets = rtcp.parse(compound)
        except rtcp.RtcpMalformed:
            self._forwarder.counters.malformed += 1
            return
        for packet in packets:
            match packet:
                case SenderReport():
                    self._sender_report(connection, packet, now)
                    self._reports(connection, packet.reports, now)
                case ReceiverReport():
                    self._reports(connection, packet.reports, now)
                case Nack():
                    slot = connection.slots_by_ssrc.get(packet.ssrc)
                    if slot is not None:
                        self._resend(slot, packet.numbers, now)
                case KeyframeWanted():
                    slot = connection.slots_by_ssrc.get(packet.ssrc)
                    if slot is not None and slot.source is not None:
                        slot.source.requests.complain()
                        self.ask_keyframe(slot.source, now)
                case Estimate():
                    connection.link.estimated(packet.bits_per_second, now)
                case _:
                    pass

    def _sender_report(self, connection: Connection, report: SenderReport, now: float) -> None:
        source = connection.by_ssrc.get(report.ssrc)
        if source is None or report.ntp == 0:
            return
        connection.sender_clock.heard(report.ntp, now)
        source.clock.heard_report(report.timestamp, report.ntp)
        source.reception.reported(report.ntp, now)
        recorder = connection.session.recorder
        if recorder is not None and source.recording_stream is not None:
            recorder.sender_report(source.recording_stream, report.ntp, report.timestamp)

    def _reports(self, connection: Connection, reports: tuple[Report, ...], now: float) -> None:
        for report in reports:
            slot = connection.slots_by_ssrc.get(report.ssrc)
            if slot is None:
                continue
            slot.fraction_lost = report.fraction_lost
            connection.link.lost(report.fraction_lost, now)
            if report.lsr:
                ticks = (middle(self._clock.ntp(now)) - report.lsr - report.dlsr) & 0xFFFFFFFF
                round_trip = ticks / 65536
                if round_trip < LONGEST_ROUND_TRIP_S:
                    slot.round_trip_s = round_trip

    def _resend(self, slot: Slot, numbers: tuple[int, ...], now: float) -> None:
        path = slot.connection.peer.selected
        if slot.history is None or path is None or slot.connection.silenced:
            return
        for number in numbers[:MOST_RESENDS]:
            packet = slot.history.again(number, now, slot.round_trip_s)
            if packet is not None and path.allows(len(packet)):
                self._wire.outgoing.send(packet, path.address)
                self._forwarder.counters.resent_packets += 1

    def ask_keyframe(self, source: Source, now: float, *, recording: bool = False) -> None:
        """Send a PLI if one is due. recording: it is wanted for the recording."""
        if source.media != "video" or not source.flowing:
            return
        if source.requests.due(now, source.keyframe_awaited, recording):
            connection = source.connection
            compound = rtcp.receiver_report(connection.ssrc) + rtcp.keyframe_request(
                connection.ssrc, source.ssrc
            )
            self._wire.send_rtcp(connection.peer, compound)

    def ask_missing(self, source: Source, now: float) -> None:
        """Send a NACK for what is due; a stream that can't be mended needs a keyframe."""
        numbers = source.missing.due(now)
        if source.missing.take_gave_up():
            source.requests.complain()
            source.seek_points.lost()
        if numbers:
            connection = source.connection
            compound = rtcp.receiver_report(connection.ssrc) + rtcp.nack(
                connection.ssrc, source.ssrc, numbers
            )
            self._wire.send_rtcp(connection.peer, compound)

    def report_slot(self, slot: Slot, now: float) -> None:
        """A sender report of a slot, in the server's clock."""
        timestamp = slot.timestamp_at(now)
        if timestamp is None or slot.connection.silenced:
            return
        slot.report_due = False
        report = SenderReport(
            slot.ssrc,
            self._clock.ntp(now),
            timestamp,
            slot.packets & 0xFFFFFFFF,
            slot.octets & 0xFFFFFFFF,
            (),
        )
        compound = rtcp.sender_report(report) + rtcp.source_description(
            slot.ssrc, f"slot{slot.index}"
        )
        self._wire.send_rtcp(slot.connection.peer, compound)

    def report_sources(self, connection: Connection, now: float) -> None:
        """A receiver report on all that a connection sends."""
        reports = [
            source.reception.report(source.ssrc, now)
            for source in connection.sources.values()
            if source.reception.packets
        ]
        if reports:
            compound = rtcp.receiver_report(connection.ssrc, reports)
            self._wire.send_rtcp(connection.peer, compound)

    def tell_estimate(self, connection: Connection, bits_per_second: int) -> None:
        """A REMB for all the video that a connection sends."""
        ssrcs = [one.ssrc for one in connection.sources.values() if one.media == "video"]
        compound = rtcp.receiver_report(connection.ssrc) + rtcp.estimate(
            connection.ssrc, bits_per_second, ssrcs
        )
        self._wire.send_rtcp(connection.peer, compound)
