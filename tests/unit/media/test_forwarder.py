"""The hot path on a real socket: what goes in as one's packets comes out as another's slot."""

import select
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from signaling.media import rtcp, rtp
from signaling.media.adapters.datagrams import open_socket
from signaling.media.adapters.dtls import Identity
from signaling.media.adapters.srtp import PROFILES, Places, SrtpSession
from signaling.media.clocks import ServerClock
from signaling.media.connections import Connection, Person
from signaling.media.feedback import Feedback
from signaling.media.forwarder import Forwarder
from signaling.media.history import BURST_BYTES
from signaling.media.notices import Notice
from signaling.media.plans import WantedSlot, WantedSource, plan_connection
from signaling.media.registry import Registry
from signaling.media.sdp.offer import parse_offer
from signaling.media.transport import Path as Way
from signaling.media.upkeep import Upkeep
from signaling.media.wire import Wire

OFFER = (Path(__file__).parent / "fixtures" / "chromium-offer.sdp").read_bytes().decode()
PROFILE = PROFILES[0]


class Log:
    """A recorder that keeps what it is given."""

    def __init__(self) -> None:
        self.packets: list[tuple[int, bytes]] = []

    def begin(self, source: Any) -> int:
        return int(source.ssrc)

    def packet(self, stream: int, _arrival_us: int, packet: memoryview) -> None:
        self.packets.append((stream, bytes(packet)))

    def sender_report(self, stream: int, ntp: int, timestamp: int) -> None: ...
    def interrupted(self, connection: Connection, begins: bool) -> None: ...
    def finished(self, stream: int) -> None: ...
    def end(self) -> None: ...


class Client:
    """One person's end: a socket, keys, and packets made by hand."""

    def __init__(self, stage: "Stage", name: str, seed: int) -> None:
        self.name = name
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.connect(stage.wire.socket.getsockname())
        plan = plan_connection(
            parse_offer(OFFER),
            [
                WantedSource(f"{name}-microphone", "0", "microphone"),
                WantedSource(f"{name}-face", "1", "face"),
            ],
            [WantedSlot("4", "audio", 0), WantedSlot("5", "video", 0)],
        )
        session = stage.registry.session("s", 1)
        stage.registry.connect(session, name, Person("p", "agent"), plan)
        self.connection = session.connections[name]
        ours, theirs = bytes([seed]) * 28, bytes([seed + 1]) * 28
        self.srtp = SrtpSession(PROFILE, theirs, ours)
        self.connection.peer.srtp = SrtpSession(PROFILE, ours, theirs)
        self._data = bytearray(2048)
        self._place = Places(self._data, 2048).pointers[0]
        self.face = self.connection.sources[f"{name}-face"]
        self.microphone = self.connection.sources[f"{name}-microphone"]
        self.picture = self.connection.slots["5"]

    def send(self, plain: bytes, *, report: bool = False) -> None:
        self._data[: len(plain)] = plain
        protect = self.srtp.protect_rtcp if report else self.srtp.protect
        length = protect(self._place, len(plain))
        self.socket.send(self._data[:length])

    def send_report(self, *packets: bytes) -> None:
        self.send(rtcp.receiver_report(1) + b"".join(packets), report=True)

    def received(self) -> list[bytes]:
        """The datagrams that have come, as they are."""
        found = []
        while select.select([self.socket], [], [], 0.02)[0]:
            found.append(self.socket.recv(2048))
        return found

    def open(self, datagram: bytes) -> bytes:
        self._data[: len(datagram)] = datagram
        reports = datagram[1] in range(192, 224)
        unprotect = self.srtp.unprotect_rtcp if reports else self.srtp.unprotect
        length = unprotect(self._place, len(datagram))
        assert length > 0
        return bytes(self._data[:length])

    def packets(self) -> list[bytes]:
        """RTP packets that have come, decrypted."""
        return [self.open(one) for one in self.received() if one[1] not in range(192, 224)]

    def reports(self) -> list[rtcp.Packet]:
        found: list[rtcp.Packet] = []
        for one in self.received():
            if one[1] in range(192, 224):
                found += rtcp.parse(self.open(one))
        return found


class Stage:
    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.notices: list[Notice] = []
        clock = ServerClock()
        self.forwarder = Forwarder(wire, clock)
        self.registry = Registry(self.forwarder, Identity())
        self.feedback = Feedback(self.forwarder, clock)
        self.upkeep = Upkeep(self.forwarder, self.feedback, self.registry, self.notices.append)
        self.forwarder.on_rtcp = self.feedback.hear
        self.forwarder.on_change = self.upkeep.changed
        self.forwarder.on_flow = self.upkeep.flowing
        self.log = Log()
        self.registry.open("s", 1, self.log)
        self.clients = [Client(self, "a", 1), Client(self, "b", 3)]
        for client in self.clients:
            self._latch(client)
        self.route(True)

    def _latch(self, client: Client) -> None:
        """As if the client had been checked, nominated and proven."""
        client.socket.send(b"\x80" + bytes(20))
        self.step()
        address = self.wire.incoming.address(0)
        peer = client.connection.peer
        path = Way(peer, address, self.forwarder.clock.now())
        path.proven = True
        peer.paths[address] = self.forwarder.directory.by_address[address] = path
        peer.selected = path
        peer.last_check = peer.last_heard = self.forwarder.clock.now()

    generation = 0

    def route(self, filled: bool) -> None:
        """b's microphone and face into a's slots, or nothing."""
        self.generation += 1
        fills = {"4": "b-microphone", "5": "b-face"} if filled else {}
        self.registry.route(self.registry.session("s", 1), "a", self.generation, fills)

    def step(self) -> None:
        """What the media thread does once datagrams wait."""
        assert select.select([self.wire.socket], [], [], 2.0)[0]
        while self.forwarder.take_batch():
            for source in self.forwarder.holed:
                self.upkeep.mend(source, self.forwarder.clock.now())
            self.forwarder.holed.clear()
        self.wire.outgoing.flush()


@pytest.fixture
def stage() -> Iterator[Stage]:
    owned = open_socket("127.0.0.1", 0)
    made = Stage(Wire(owned))
    yield made
    owned.close()
    for client in made.clients:
        client.socket.close()


def frame(client: Client, number: int, *, keyframe: bool = False, body: bytes = b"vp8") -> bytes:
    """A whole frame in one packet, with a one-byte header extension of the sender's."""
    header = struct.pack(
        ">BBHII", 0x90, 0xE0, number & 0xFFFF, number * 3000 & 0xFFFFFFFF, client.face.ssrc
    )
    extension = b"\xbe\xde\x00\x01" + b"\x40\x31\x00\x00"  # the sender's mid
    descriptor = bytes([0x90, 0x80, 0x80 | number >> 8 & 0x7F, number & 0xFF])
    return header + extension + descriptor + bytes([not keyframe]) + body


def sound(client: Client, number: int) -> bytes:
    header = struct.pack(">BBHII", 0x80, 111, number, number * 960, client.microphone.ssrc)
    return header + b"opus"


def padding(client: Client, number: int) -> bytes:
    header = struct.pack(">BBHII", 0xA0, 96, number, 0, client.face.ssrc)
    return header + bytes(9) + bytes([10])


def test_a_picture_comes_out_as_the_slots_own(stage: Stage) -> None:
    a, b = stage.clients
    b.send(frame(b, 65_535, keyframe=True))
    b.send(frame(b, 65_536))
    stage.step()
    first, second = a.packets()
    numbers = []
    for packet in (first, second):
        _, kind, number, _, ssrc = rtp.FIXED.unpack_from(packet)
        assert ssrc == a.picture.ssrc
        assert kind == 0x80 | 96
        begin, end = rtp.payload_bounds(packet, 0, len(packet))
        assert packet[begin + 5 : end] == b"vp8"
        assert b"\x40\x31" not in packet[12:begin], "no foreign mid"
        numbers.append(number)
    assert numbers[1] == (numbers[0] + 1) & 0xFFFF


def test_sound_needs_no_keyframe(stage: Stage) -> None:
    a, b = stage.clients
    b.send(sound(b, 1))
    stage.step()
    (packet,) = a.packets()
    assert packet.endswith(b"opus")
    assert rtp.FIXED.unpack_from(packet)[4] == a.connection.slots["4"].ssrc


def test_nothing_goes_where_it_is_not_routed(stage: Stage) -> None:
    a, b = stage.clients
    a.send(frame(a, 1, keyframe=True))
    stage.route(False)
    b.send(frame(b, 1, keyframe=True))
    b.send(sound(b, 1))
    stage.step()
    assert a.packets() == []
    assert b.packets() == []


def test_delta_frames_before_a_keyframe_are_not_sent_but_one_is_asked_for(stage: Stage) -> None:
    a, b = stage.clients
    b.send(frame(b, 1))
    stage.step()
    assert a.packets() == []
    assert rtcp.KeyframeWanted(b.face.ssrc) in b.reports()


def test_padding_alone_is_neither_sent_on_nor_activity(stage: Stage) -> None:
    a, b = stage.clients
    b.send(padding(b, 1))
    stage.step()
    assert not stage.notices
    b.send(frame(b, 2, keyframe=True))
    b.send(padding(b, 3))
    b.send(frame(b, 4))
    stage.step()
    numbers = [rtp.FIXED.unpack_from(packet)[2] for packet in a.packets()]
    assert len(numbers) == 2
    assert numbers[1] == (numbers[0] + 1) & 0xFFFF
    assert [notice.kind for notice in stage.notices] == ["source.flow"]


def test_lost_packets_are_asked_for_and_sent_on_when_they_come(stage: Stage) -> None:
    a, b = stage.clients
    b.send(frame(b, 65_534, keyframe=True))
    b.send(frame(b, 65_537))
    stage.step()
    assert rtcp.Nack(b.face.ssrc, (65_535, 0)) in b.reports()
    b.send(frame(b, 65_536))
    stage.step()
    numbers = [rtp.FIXED.unpack_from(packet)[2] for packet in a.packets()]
    assert [(number - numbers[0]) & 0xFFFF for number in numbers] == [0, 3, 2]


def test_what_a_receiver_lost_is_sent_again_as_it_was_once_for_now(stage: Stage) -> None:
    a, b = stage.clients
    b.send(frame(b, 1, keyframe=True))
    stage.step()
    (sent,) = (one for one in a.received() if one[1] not in range(192, 224))
    number = a.picture.sequence
    for _ in range(3):
        a.send_report(rtcp.nack(1, a.picture.ssrc, [number, (number + 1) & 0xFFFF]))
    stage.step()
    assert a.received() == [sent]


def test_resends_are_bounded(stage: Stage) -> None:
    a, b = stage.clients
    for number in range(1, 300):
        b.send(frame(b, number, keyframe=number == 1, body=bytes(1000)))
        stage.step()
        a.received() if number % 50 == 0 else None
    a.received()
    last = a.picture.sequence
    for start in range(0, 299, 17):
        numbers = [(last - 298 + start + step) & 0xFFFF for step in range(17)]
        a.send_report(rtcp.nack(1, a.picture.ssrc, numbers))
        stage.step()
    assert stage.forwarder.counters.resent_packets <= BURST_BYTES // 1000


def test_a_slots_complaint_reaches_its_source_once_a_second(stage: Stage) -> None:
    a, b = stage.clients
    b.send(frame(b, 1, keyframe=True))
    stage.step()
    b.reports()
    b.face.requests = type(b.face.requests)()
    for _ in range(10):
        a.send_report(rtcp.keyframe_request(1, a.picture.ssrc))
    stage.step()
    assert b.reports().count(rtcp.KeyframeWanted(b.face.ssrc)) == 1


def test_forged_replayed_and_foreign_packets_go_nowhere(stage: Stage) -> None:
    a, b = stage.clients
    b.send(frame(b, 1, keyframe=True))
    stage.step()
    a.packets()
    counters = stage.forwarder.counters
    b.socket.send(frame(b, 2) + bytes(16))
    wrong_type = bytearray(frame(b, 3))
    wrong_type[1] = 97
    b.send(bytes(wrong_type))
    foreign = bytearray(frame(b, 4))
    foreign[8:12] = b"\x00\x00\x00\x07"
    b.send(bytes(foreign))
    stage.step()
    assert a.packets() == []
    assert counters.unauthentic == 1
    assert counters.unknown_streams == 1
    assert counters.faults == 0
    assert b.face.stray_packets == 1


def test_the_recorder_gets_every_packet_as_it_was_sent(stage: Stage) -> None:
    _, b = stage.clients
    stage.route(False)
    sent = [frame(b, 1, keyframe=True), sound(b, 1), padding(b, 2), frame(b, 3)]
    for packet in sent:
        b.send(packet)
    stage.step()
    assert [packet for _, packet in stage.log.packets] == sent
    assert {stream for stream, _ in stage.log.packets} == {b.face.ssrc, b.microphone.ssrc}


def test_a_keyframe_in_the_recording_is_noted(stage: Stage) -> None:
    _, b = stage.clients
    now = stage.forwarder.clock.now()
    b.send(frame(b, 1))
    stage.step()
    assert b.face.seek_points.due(now, 10.0)
    b.send(frame(b, 2, keyframe=True))
    stage.step()
    assert not b.face.seek_points.due(now, 10.0)


def test_a_fault_of_ours_ends_no_other_packet(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = stage.clients
    b.send(frame(b, 1, keyframe=True))
    stage.step()
    a.packets()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(a.connection.slots["4"], "write", broken)
    b.send(sound(b, 1))
    b.send(frame(b, 2))
    stage.step()
    assert len(a.packets()) == 1
    assert stage.forwarder.counters.faults == 1


def test_reports_give_the_slots_time_in_our_clock_and_the_senders_lips(stage: Stage) -> None:
    a, b = stage.clients
    b.send(frame(b, 1, keyframe=True))
    b.send(sound(b, 1))
    stage.step()
    a.received()
    stage.upkeep.tick(stage.forwarder.clock.now() + 0.1)
    stage.wire.outgoing.flush()
    told = {one.ssrc: one for one in a.reports() if isinstance(one, rtcp.SenderReport)}
    assert set(told) == {a.picture.ssrc, a.connection.slots["4"].ssrc}
    assert told[a.picture.ssrc].packets == 1
    assert told[a.picture.ssrc].ntp >> 32 > 3_900_000_000
