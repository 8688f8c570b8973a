"""The way in by TCP: the same checks, handshake and packets, and what nobody may have of it."""

# mypy: no-warn-unreachable
# (it takes a property that was false for false ever after)

import select
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from signaling.media import rtp
from signaling.media.adapters.datagrams import open_socket
from signaling.media.adapters.dtls import Identity
from signaling.media.addresses import host_and_port, is_stream, stream_address
from signaling.media.clocks import ServerClock
from signaling.media.connections import Connection, Person
from signaling.media.feedback import Feedback
from signaling.media.forwarder import Forwarder
from signaling.media.notices import Notice
from signaling.media.plans import WantedSlot, WantedSource, plan_connection
from signaling.media.registry import Registry
from signaling.media.sdp.offer import parse_offer
from signaling.media.tcp import (
    MOST_A_PEER,
    MOST_UNPROVEN,
    QUEUE_BYTES,
    STALLED_S,
    UNPROVEN_S,
    TcpConnections,
    open_listener,
)
from signaling.media.transport import INTERRUPTED_S
from signaling.media.upkeep import Upkeep
from signaling.media.wire import Wire
from tests.support.media_tcp_peer import HandmadePeer, Way

OFFER = (Path(__file__).parent / "fixtures" / "chromium-offer.sdp").read_bytes().decode()
OFFERED = parse_offer(OFFER)


class Stage:
    """A worker's media side without its thread; the TCP side's time is in the test's hand."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.port = wire.socket.getsockname()[1]
        self.notices: list[Notice] = []
        self.now = 1000.0
        clock = ServerClock()
        self.forwarder = Forwarder(wire, clock)
        self.tcp = TcpConnections(
            open_listener(wire.socket),
            self.forwarder.directory,
            self.forwarder.take_framed,
            lambda: self.now,
        )
        wire.outgoing.on_stream = self.tcp.send
        self.registry = Registry(self.forwarder, Identity())
        feedback = Feedback(self.forwarder, clock)
        self.upkeep = Upkeep(self.forwarder, feedback, self.registry, self.notices.append)
        self.forwarder.on_rtcp = feedback.hear
        self.forwarder.on_change = self.upkeep.changed
        self.forwarder.on_flow = self.upkeep.flowing
        self.registry.open("s", 1, None)
        self.peers: list[HandmadePeer] = []

    def join(self, name: str) -> HandmadePeer:
        """A person who has offered, and has the answer."""
        peer = HandmadePeer()
        self.peers.append(peer)
        self.offer(name, peer, OFFERED.ufrag)
        return peer

    def offer(self, name: str, peer: HandmadePeer, ufrag: str) -> None:
        """The first offer, or one that restarts ICE."""
        text = OFFER.replace(OFFERED.fingerprint, peer.fingerprint)
        offered = parse_offer(text.replace(f"a=ice-ufrag:{OFFERED.ufrag}", f"a=ice-ufrag:{ufrag}"))
        sources = [
            WantedSource(f"{name}-microphone", "0", "microphone"),
            WantedSource(f"{name}-face", "1", "face"),
        ]
        slots = [WantedSlot("4", "audio", 0), WantedSlot("5", "video", 0)]
        plan = plan_connection(offered, sources, slots)
        session = self.registry.session("s", 1)
        credentials = self.registry.connect(session, name, Person("p", "agent"), plan).credentials
        peer.ours = (offered.ufrag, offered.password)
        peer.theirs = (credentials.local_ufrag, credentials.local_password)

    def connection(self, name: str) -> Connection:
        return self.registry.session("s", 1).connections[name]

    def settle(self) -> None:
        """Carry everything to and fro until nothing moves."""
        quiet = 0
        while quiet < 3:
            ready, _, _ = select.select(
                [self.wire.socket.fileno(), self.tcp.fileno()], [], [], 0.01
            )
            quiet = 0 if ready else quiet + 1
            self.forwarder.take_batch()
            self.tcp.step()
            self.wire.outgoing.flush()
            self.tcp.flush()
            for peer in self.peers:
                peer.read()

    def connect(self, peer: HandmadePeer, *, tcp: bool = True) -> Way:
        """Check, nominate, and shake hands if it has not yet."""
        way = peer.open(self.port, tcp=tcp)
        way.send(peer.request())
        self.settle()
        if peer.srtp is None:
            peer.shake(way)
            self.settle()
        assert peer.srtp is not None
        return way

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.tcp.expire()
        self.settle()


@pytest.fixture
def stage() -> Iterator[Stage]:
    owned = open_socket("127.0.0.1", 0)
    made = Stage(Wire(owned))
    yield made
    for peer in made.peers:
        peer.close()
    made.tcp.close()
    owned.close()


def sound(ssrc: int, number: int, body: bytes = b"opus") -> bytes:
    return struct.pack(">BBHII", 0x80, 111, number, number * 960, ssrc) + body


def route_b_to_a(stage: Stage, generation: int = 1) -> None:
    stage.registry.route(
        stage.registry.session("s", 1), "a", generation, {"4": "b-microphone", "5": "b-face"}
    )


def open_ways(peer: HandmadePeer) -> list[Way]:
    return [way for way in peer.ways if not way.ended]


def on_stream(stage: Stage, name: str) -> bool | None:
    """Whether a person's media goes by TCP; None: nowhere."""
    path = stage.connection(name).peer.selected
    return None if path is None else is_stream(path.address)


def test_a_connections_key_tells_its_address_and_is_no_datagrams() -> None:
    four = stream_address(2, ("127.0.0.1", 5000), 7)
    six = stream_address(10, ("::1", 5000, 0, 3), 7)
    assert host_and_port(four) == (bytes([127, 0, 0, 1]), 5000)
    assert host_and_port(six) == (bytes(15) + b"\x01", 5000)
    assert is_stream(four)
    assert is_stream(six)
    assert four != stream_address(2, ("127.0.0.1", 5000), 8)


def test_two_who_have_tcp_alone_are_connected_and_heard(stage: Stage) -> None:
    a, b = stage.join("a"), stage.join("b")
    to_a, from_b = stage.connect(a), stage.connect(b)
    assert stage.connection("a").state == stage.connection("b").state == "connected"
    route_b_to_a(stage)
    ssrc = stage.connection("b").sources["b-microphone"].ssrc
    for number in (1, 2, 3):
        b.send_media(from_b, sound(ssrc, number))
    stage.settle()
    assert [way for way, _ in a.received] == [to_a] * 3
    slot = stage.connection("a").slots["4"]
    assert {rtp.FIXED.unpack_from(packet)[4] for _, packet in a.received} == {slot.ssrc}
    assert all(packet.endswith(b"opus") for _, packet in a.received)
    assert stage.forwarder.counters.faults == 0


def test_a_check_that_comes_in_pieces_is_answered(stage: Stage) -> None:
    a = stage.join("a")
    way = a.open(stage.port)
    request = a.request()
    for byte in len(request).to_bytes(2, "big") + request:
        way.socket.send(bytes([byte]))
        stage.tcp.step()
    stage.settle()
    assert way.answers == 1


def test_media_moves_between_udp_and_tcp_as_it_is_nominated(stage: Stage) -> None:
    a, b = stage.join("a"), stage.join("b")
    by_udp = stage.connect(a, tcp=False)
    from_b = stage.connect(b)
    route_b_to_a(stage)
    ssrc = stage.connection("b").sources["b-microphone"].ssrc
    by_tcp = stage.connect(a)
    expected = []
    for number, way in enumerate((by_tcp, by_udp, by_tcp), start=1):
        way.send(a.request())
        stage.settle()
        assert on_stream(stage, "a") is way.tcp
        b.send_media(from_b, sound(ssrc, number))
        stage.settle()
        expected.append(way)
    assert [way for way, _ in a.received] == expected


def test_who_proves_nothing_in_time_is_cut_off_and_never_answered(stage: Stage) -> None:
    a = stage.join("a")
    stranger = stage.join("stranger")
    stranger.theirs = (a.theirs[0], "w" * 22)
    silent, wrong = stranger.open(stage.port), stranger.open(stage.port)
    right = stage.connect(a)
    for _ in range(20):
        wrong.send(stranger.request())
        wrong.send(b"\x16\xfe\xfd" + bytes(50))
        wrong.send(b"\x80\x60" + bytes(50))
    stage.pass_time(UNPROVEN_S - 0.1)
    assert not silent.ended
    assert not wrong.ended
    stage.pass_time(0.2)
    assert silent.ended
    assert wrong.ended
    assert not right.ended
    assert (wrong.answers, stage.tcp.expired, len(stage.tcp)) == (0, 2, 1)


def test_more_strangers_than_may_be_are_refused_and_friends_stay(stage: Stage) -> None:
    a, crowd = stage.join("a"), stage.join("crowd")
    friend = stage.connect(a)
    for _ in range(MOST_UNPROVEN + 5):
        crowd.open(stage.port)
        stage.tcp.step()
    stage.settle()
    assert len(open_ways(crowd)) == MOST_UNPROVEN
    assert stage.tcp.refused == 5
    assert not friend.ended
    stage.pass_time(UNPROVEN_S + 0.1)
    assert len(stage.tcp) == 1
    assert stage.connect(stage.join("b")).answers


def test_a_peer_has_four_connections_at_most_and_keeps_the_one_in_use(stage: Stage) -> None:
    a = stage.join("a")
    used = stage.connect(a)
    for _ in range(MOST_A_PEER + 2):
        way = a.open(stage.port)
        way.send(a.request(nominate=False))
        stage.settle()
        assert way.answers
        assert not way.ended
    assert len(open_ways(a)) == len(stage.tcp) == MOST_A_PEER
    assert not used.ended
    assert on_stream(stage, "a")


def test_one_who_never_reads_has_a_bounded_queue_and_is_cut_off(stage: Stage) -> None:
    a, b = stage.join("a"), stage.join("b")
    stage.connect(a)
    from_b = stage.connect(b)
    route_b_to_a(stage)
    stage.peers.remove(a)
    address = stage.connection("a").peer.selected
    assert address is not None
    connection = stage.tcp._by_address[address.address]
    for _ in range(20_000):
        stage.tcp.send(address.address, bytes(1000))
        stage.tcp.flush()
        assert len(connection.queue) <= QUEUE_BYTES + 2
        if stage.tcp.dropped > 100:
            break
    assert stage.tcp.dropped > 100
    from_b.send(b.request())
    stage.settle()
    assert from_b.answers == 2, "others are served"
    stage.pass_time(STALLED_S + 1)
    assert connection.address not in stage.tcp._by_address
    assert on_stream(stage, "a") is None
    stage.peers.append(a)


def test_what_was_queued_comes_whole_once_it_is_read(stage: Stage) -> None:
    a = stage.join("a")
    way = stage.connect(a)
    path = stage.connection("a").peer.selected
    assert path is not None
    sent = 0
    while stage.tcp.dropped < 10:
        stage.tcp.send(path.address, b"\xff" + sent.to_bytes(4, "big") + bytes(1000))
        sent += not stage.tcp.dropped
        stage.tcp.flush()
    found: list[bytes] = []
    while len(found) < sent:
        found += way.packets()
        stage.tcp.step()
    assert [int.from_bytes(packet[1:5], "big") for packet in found] == list(range(sent))


def test_a_restart_ends_the_connections_that_are_not_used_any_more(stage: Stage) -> None:
    a = stage.join("a")
    old, spare = stage.connect(a), a.open(stage.port)
    spare.send(a.request(nominate=False))
    stage.settle()
    stage.offer("a", a, "newer")
    stage.settle()
    assert open_ways(a) == [old, spare], "until the new generation has a path"
    new = stage.connect(a)
    stage.settle()
    assert open_ways(a) == [new]
    assert len(stage.tcp) == 1
    assert on_stream(stage, "a")


def test_a_restart_on_the_same_connection_keeps_it(stage: Stage) -> None:
    a = stage.join("a")
    way = stage.connect(a)
    stage.offer("a", a, "newer")
    way.send(a.request())
    stage.settle()
    assert not way.ended
    assert on_stream(stage, "a")


def test_who_leaves_is_told_and_the_connection_ends(stage: Stage) -> None:
    a = stage.join("a")
    way = stage.connect(a)
    stage.registry.disconnect(stage.registry.session("s", 1), "a")
    rest = way.packets()
    assert rest[-1][0] == 21, "a DTLS alert: goodbye"
    stage.settle()
    assert way.ended
    assert len(stage.tcp) == 0
    assert not stage.forwarder.directory.by_address


def test_a_connection_that_breaks_is_a_path_that_is_gone(stage: Stage) -> None:
    a = stage.join("a")
    way = stage.connect(a)
    a.ways.remove(way)
    way.socket.close()
    stage.settle()
    assert on_stream(stage, "a") is None
    now = stage.forwarder.clock.now()
    stage.upkeep.tick(now + INTERRUPTED_S + 1)
    assert stage.connection("a").state == "interrupted"
    again = stage.connect(a)
    assert not again.ended
    assert on_stream(stage, "a")
    assert stage.connection("a").state == "connected"


def test_a_frame_too_long_ends_its_connection_alone(stage: Stage) -> None:
    a, b = stage.join("a"), stage.join("b")
    bad, good = stage.connect(a), stage.connect(b)
    bad.socket.send(b"\xff\xff" + bytes(100))
    stage.settle()
    assert bad.ended
    assert not good.ended


def test_one_connection_is_not_two_peoples(stage: Stage) -> None:
    a, b = stage.join("a"), stage.join("b")
    way = stage.connect(a)
    b.ways.append(way)
    before = way.answers
    way.send(b.request())
    stage.settle()
    assert way.answers == before
    assert on_stream(stage, "a")
    assert on_stream(stage, "b") is None
    b.ways.remove(way)
