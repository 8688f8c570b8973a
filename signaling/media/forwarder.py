"""The hot path: a batch of datagrams in, the slots' packets out (design, 5).

Runs on the media thread alone. No task, object or log line a packet.
"""

import logging
from collections.abc import Callable
from typing import Final

from signaling.media import demultiplex, rtp, stun, vp8
from signaling.media.adapters.datagrams import DATAGRAM_BYTES
from signaling.media.clocks import ServerClock
from signaling.media.connections import Connection
from signaling.media.demultiplex import Kind
from signaling.media.slots import Received, Slot
from signaling.media.sources import Source
from signaling.media.stun import MessageType
from signaling.media.transport import Change, Directory, Path, Peer
from signaling.media.wire import Wire

logger = logging.getLogger(__name__)

FAULT_TOLD_EVERY_S: Final = 10.0
# A slot's header and descriptor may be longer than the source's, and SRTP needs room behind.
LARGEST_FORWARDED: Final = 1600


class Counters:
    """What came of the datagrams, for `stats`."""

    def __init__(self) -> None:
        self.datagrams = 0
        self.framed_packets = 0
        self.received_packets = 0
        self.forwarded_packets = 0
        self.resent_packets = 0
        self.unproven = 0
        self.malformed = 0
        self.unauthentic = 0
        self.unknown_streams = 0
        self.over_cap = 0
        self.faults = 0


class Forwarder:
    """Reads what comes and forwards it. The others of the media thread are called by hooks:

    on_rtcp: a decrypted compound of a connection; on_change: a peer's Change; on_flow: a source's
    first media after silence.
    """

    def __init__(self, wire: Wire, clock: ServerClock) -> None:
        self.wire = wire
        self.clock = clock
        self.directory = Directory()
        self.connections: dict[Peer, Connection] = {}
        self.counters = Counters()
        self.holed: set[Source] = set()
        self.on_rtcp: Callable[[Connection, bytes, float], None]
        self.on_change: Callable[[Connection, Change], None]
        self.on_flow: Callable[[Source], None]
        self._view = memoryview(wire.incoming.data)
        self._sent_view = memoryview(wire.outgoing.data)
        self._received = Received()
        self._now = 0.0
        self._fault_told_at = float("-inf")
        self._arrival_us = 0

    def take_batch(self) -> int:
        """Receive what waits, act on it, queue what follows; the number of datagrams."""
        incoming = self.wire.incoming
        count = incoming.receive()
        if count == 0:
            return 0
        self._begin()
        self.counters.datagrams += count
        for index in range(count):
            try:
                self._take(index, incoming.lengths[index], incoming.address(index))
            except Exception:  # noqa: BLE001 (what one stranger sends must not end everybody's call)
                self._fault()
        return count

    def take_framed(self, address: bytes, packet: bytes) -> None:
        """Act on a packet that has come by TCP, between two batches: their places are free then."""
        self._begin()
        self.counters.framed_packets += 1
        self.wire.incoming.data[: len(packet)] = packet
        try:
            self._take(0, len(packet), address)
        except Exception:  # noqa: BLE001 (as above)
            self._fault()

    def _begin(self) -> None:
        """Note the time for what has come."""
        self._now = now = self.clock.now()
        self._arrival_us = int(now * 1_000_000)
        self._received.now = now
        self._received.send_time = rtp.send_time(now)

    def _take(self, index: int, length: int, address: bytes) -> None:
        incoming = self.wire.incoming
        start = index * DATAGRAM_BYTES
        kind = demultiplex.kind_of(incoming.data, start, length)
        if kind == Kind.DROP:
            self.counters.malformed += 1
            return
        path = self.directory.by_address.get(address)
        if kind == Kind.STUN:
            self._stun(start, length, address, path)
        elif path is None:
            self.counters.unproven += 1
        elif kind == Kind.RTP:
            self._rtp(index, start, length, path)
        elif kind == Kind.RTCP:
            self._rtcp(index, start, length, path)
        else:
            self._dtls(start, length, path)

    def _fault(self) -> None:
        """Count an error of ours; tell it with its trace, but not so often that it floods."""
        self.counters.faults += 1
        if self._now - self._fault_told_at > FAULT_TOLD_EVERY_S:
            self._fault_told_at = self._now
            logger.exception("a datagram could not be handled")

    def _stun(self, start: int, length: int, address: bytes, path: Path | None) -> None:
        try:
            message = stun.parse(bytes(self._view[start : start + length]))
        except stun.StunMalformed:
            self.counters.malformed += 1
            return
        if message.type == MessageType.REQUEST:
            username = message.username
            peer = self.directory.by_ufrag.get(username[0]) if username else None
            if peer is None:
                self.counters.unproven += 1
                return
            change = peer.check(message, address, self._now, self.wire.outgoing)
            self._changed(peer, change)
        elif path is not None:
            self._changed(path.peer, path.peer.probe_answered(message, path))

    def _dtls(self, start: int, length: int, path: Path) -> None:
        datagram = bytes(self._view[start : start + length])
        change = path.peer.handshake(datagram, path, self._now, self.wire.outgoing)
        self._changed(path.peer, change)

    def _changed(self, peer: Peer, change: Change) -> None:
        if change and (connection := self.connections.get(peer)) is not None:
            self.on_change(connection, change)

    def _rtcp(self, index: int, start: int, length: int, path: Path) -> None:
        peer = path.peer
        connection = self.connections.get(peer)
        if peer.srtp is None or connection is None:
            return
        sender = rtp.WORD.unpack_from(self._view, start + 4)[0]
        if not connection.may_report(sender):
            self.counters.unknown_streams += 1
            return
        length = peer.srtp.unprotect_rtcp(self.wire.incoming_places[index], length)
        if length < 0:
            self.counters.unauthentic += 1
            return
        connection.reported(sender)
        peer.last_heard = self._now
        path.heard(length)
        self.on_rtcp(connection, bytes(self._view[start : start + length]), self._now)

    def _rtp(self, index: int, start: int, length: int, path: Path) -> None:
        peer = path.peer
        connection = self.connections.get(peer)
        srtp = peer.srtp
        if srtp is None or connection is None:
            return
        data = self.wire.incoming.data
        # Looked up before decrypting: libsrtp keeps a state for every SSRC that it is shown.
        source = connection.by_ssrc.get(rtp.WORD.unpack_from(data, start + rtp.SSRC_AT)[0])
        if source is None:
            self.counters.unknown_streams += 1
            return
        path.heard(length)
        length = srtp.unprotect(self.wire.incoming_places[index], length)
        if length < 0:
            self.counters.unauthentic += 1
            return
        peer.last_heard = self._now
        self.counters.received_packets += 1
        try:
            self._from_source(source, data, start, length)
        except (rtp.RtpMalformed, vp8.Vp8Malformed):
            self.counters.malformed += 1

    def _from_source(self, source: Source, data: bytearray, start: int, length: int) -> None:
        begin, end = rtp.payload_bounds(data, start, length)
        _, second, sequence, timestamp, _ = rtp.FIXED.unpack_from(data, start)
        if second & 0x7F != source.payload_type:
            source.stray_packets += 1
            return
        if length > LARGEST_FORWARDED:
            raise rtp.RtpMalformed
        now = self._now
        if not source.police.allows(length, now):
            self.counters.over_cap += 1
            return
        packet = self._received
        packet.number = number = source.numbers.unwrap(sequence)
        packet.timestamp = timestamp
        packet.marker = second & rtp.MARKER
        source.reception.received(number, length, now * source.clock.rate - timestamp)
        video = source.media == "video"
        if video and source.missing.received(number, now):
            self.holed.add(source)
        recorder = source.connection.session.recorder
        if recorder is not None and source.recording_stream is not None:
            recorder.packet(
                source.recording_stream, self._arrival_us, self._view[start : start + length]
            )
        if begin == end:
            # A sender without a track sends these: no activity, and nothing to show.
            for slot in source.slots:
                self._send(slot, packet, padding=True)
            return
        self._media(source, timestamp)
        if video:
            packet.descriptor.read(data, begin, end)
            begin += packet.descriptor.size
            if packet.descriptor.keyframe_start:
                source.seek_points.came(self._now)
        packet.payload = self._view[begin:end]
        for slot in source.slots:
            if not slot.patience.paused:
                self._send(slot, packet, padding=False)

    def _media(self, source: Source, timestamp: int) -> None:
        """Note a packet that has sound or picture in it."""
        source.clock.heard_packet(timestamp, self._now)
        source.last_media = self._now
        if not source.flowing:
            source.flowing = True
            self.on_flow(source)

    def _send(self, slot: Slot, packet: Received, *, padding: bool) -> None:
        peer = slot.connection.peer
        path, srtp = peer.selected, peer.srtp
        if path is None or srtp is None or slot.connection.silenced:
            return
        outgoing = self.wire.outgoing
        at = outgoing.room()
        if padding:
            length = slot.skip(packet, outgoing.data, at)
        else:
            length = slot.write(packet, outgoing.data, at)
        if length == 0:
            return
        length = srtp.protect(self.wire.outgoing_places[outgoing.count], length)
        if length < 0:
            return
        if slot.history is not None:
            slot.history.keep(slot.sequence, bytes(self._sent_view[at : at + length]))
        if path.allows(length):
            outgoing.add(length, path.address)
            self.counters.forwarded_packets += 1
