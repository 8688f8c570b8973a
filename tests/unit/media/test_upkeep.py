"""What time alone brings about: states told, media stopped without consent, estimates sent."""

# mypy: no-warn-unreachable
# (it takes a property that was false for false ever after)

from collections.abc import Iterator
from pathlib import Path

import pytest

from signaling.media import rtcp
from signaling.media.adapters.datagrams import SendBatch, open_socket
from signaling.media.adapters.dtls import Identity
from signaling.media.adapters.srtp import PROFILES, SrtpSession
from signaling.media.clocks import ServerClock
from signaling.media.connections import Connection, Person
from signaling.media.feedback import Feedback
from signaling.media.forwarder import Forwarder
from signaling.media.keyframes import SeekPoints
from signaling.media.nack import MOST_MISSING
from signaling.media.notices import Notice
from signaling.media.plans import WantedSlot, WantedSource, plan_connection
from signaling.media.registry import Registry
from signaling.media.sdp.offer import parse_offer
from signaling.media.settings import RECORDED_KEYFRAME_S
from signaling.media.slots import Slot
from signaling.media.sources import STILL_S, Source
from signaling.media.transport import GIVEN_UP_S, INTERRUPTED_S, MEDIA_STOPS_S, Change
from signaling.media.transport import Path as Way
from signaling.media.upkeep import Upkeep
from signaling.media.wire import Wire

OFFER = (Path(__file__).parent / "fixtures" / "chromium-offer.sdp").read_bytes().decode()
KEY = bytes(28)


class Stage:
    """A session of two whose peers are connected, with time in the test's hand."""

    def __init__(self, wire: Wire) -> None:
        self.notices: list[Notice] = []
        clock = ServerClock()
        self.now = clock.now()
        self.forwarder = Forwarder(wire, clock)
        self.registry = Registry(self.forwarder, Identity())
        self.feedback = Feedback(self.forwarder, clock)
        self.upkeep = Upkeep(self.forwarder, self.feedback, self.registry, self.notices.append)
        self.sent: list[rtcp.Packet] = []
        wire.send_rtcp = self._keep  # type: ignore[method-assign,assignment]
        self.registry.open("s", 1, None)
        self.a, self.b = self.connect("a"), self.connect("b")
        fills = {"4": "b-microphone", "5": "b-face"}
        self.registry.route(self.registry.session("s", 1), "a", 1, fills)

    def _keep(self, _peer: object, compound: bytes) -> None:
        self.sent += rtcp.parse(compound)

    def connect(self, name: str) -> Connection:
        plan = plan_connection(
            parse_offer(OFFER),
            [
                WantedSource(f"{name}-microphone", "0", "microphone"),
                WantedSource(f"{name}-face", "1", "face"),
            ],
            [WantedSlot("4", "audio", 0), WantedSlot("5", "video", 0)],
        )
        session = self.registry.session("s", 1)
        self.registry.connect(session, name, Person("p", "agent"), plan)
        connection = session.connections[name]
        connection.peer.srtp = SrtpSession(PROFILES[0], KEY, KEY)
        self.hear(connection)
        connection.peer.selected = Way(connection.peer, b"\x02\x00" + bytes(14), self.now)
        return connection

    def hear(self, connection: Connection) -> None:
        connection.peer.last_check = connection.peer.last_heard = self.now

    def tick(self, seconds: float = 0.0, *heard: Connection) -> None:
        """Let time pass; `heard` have sent a check at its end."""
        self.now += seconds
        for connection in heard:
            self.hear(connection)
        self.upkeep.tick(self.now)

    def states(self, name: str) -> list[object]:
        return [
            notice.details["state"]
            for notice in self.notices
            if notice.kind == "connection.state" and notice.details["connection_id"] == name
        ]

    @property
    def slot(self) -> Slot:
        return self.a.slots["5"]


@pytest.fixture
def stage() -> Iterator[Stage]:
    owned = open_socket("127.0.0.1", 0)
    yield Stage(Wire(owned))
    owned.close()


def test_a_path_that_falls_silent_is_told_and_its_return_too(stage: Stage) -> None:
    stage.tick()
    stage.tick(INTERRUPTED_S - 0.1, stage.b)
    assert stage.states("a") == ["connected"]
    stage.tick(0.2)
    assert stage.states("a") == ["connected", "interrupted"]
    stage.tick(1.0, stage.a)
    assert stage.states("a") == ["connected", "interrupted", "connected"]


def test_one_that_stays_silent_is_given_up(stage: Stage) -> None:
    stage.tick()
    stage.tick(GIVEN_UP_S + 0.1, stage.b)
    assert stage.states("a")[-1] == "closed"
    assert set(stage.registry.sessions["s"].connections) == {"b"}
    assert stage.forwarder.connections.keys() == {stage.b.peer}


def test_one_that_never_came_is_given_up(stage: Stage) -> None:
    stage.a.peer.srtp = None
    stage.a.peer.last_heard = float("-inf")
    stage.tick(GIVEN_UP_S - 1, stage.b)
    assert "a" in stage.registry.sessions["s"].connections
    stage.tick(2, stage.b)
    assert "a" not in stage.registry.sessions["s"].connections


def test_without_consent_media_stops_and_begins_with_a_keyframe(stage: Stage) -> None:
    stage.slot.waiting = False
    stage.tick(MEDIA_STOPS_S, stage.b)
    assert stage.a.silenced
    stage.a.peer.last_heard = stage.now  # media of its own is no consent
    stage.tick(0.1, stage.b)
    assert stage.a.silenced
    stage.tick(0.1, stage.a, stage.b)
    assert not stage.a.silenced
    assert stage.slot.waiting


def test_a_source_that_stops_is_told_once(stage: Stage) -> None:
    face = stage.b.sources["b-face"]
    face.last_media, face.flowing = stage.now, True
    stage.tick(STILL_S - 0.1, stage.a, stage.b)
    stage.tick(0.2, stage.a, stage.b)
    stage.tick(1.0, stage.a, stage.b)
    flows = [notice.details for notice in stage.notices if notice.kind == "source.flow"]
    assert flows == [{"source_id": "b-face", "flowing": False}]


def test_keyframes_are_asked_for_again_while_a_slot_waits(stage: Stage) -> None:
    face = stage.b.sources["b-face"]
    for _ in range(20):
        face.last_media, face.flowing = stage.now, True
        stage.tick(0.1, stage.a, stage.b)
    asked = [packet for packet in stage.sent if isinstance(packet, rtcp.KeyframeWanted)]
    assert asked == [rtcp.KeyframeWanted(face.ssrc)] * 5


def requests_for(stage: Stage, source: Source, seconds: float, *, flowing: bool = True) -> int:
    """How often a keyframe of a source is asked for in a while; none comes."""
    stage.sent.clear()
    for _ in range(round(seconds / 0.1)):
        if flowing:
            source.last_media, source.flowing = stage.now, True
        stage.tick(0.1, stage.a, stage.b)
    return sum(
        isinstance(packet, rtcp.KeyframeWanted) and packet.ssrc == source.ssrc
        for packet in stage.sent
    )


def test_a_recorded_picture_that_nobody_watches_gets_a_keyframe_now_and_then(
    stage: Stage,
) -> None:
    face = stage.a.sources["a-face"]
    face.recording_stream = 0
    face.seek_points = SeekPoints(chance=lambda: 0.5)
    face.seek_points.came(stage.now)
    assert requests_for(stage, face, RECORDED_KEYFRAME_S - 0.2) == 0
    assert requests_for(stage, face, 0.4) == 1
    assert requests_for(stage, face, 2.5) == 2, "again each second, since none has come"
    face.seek_points.came(stage.now)
    assert requests_for(stage, face, RECORDED_KEYFRAME_S - 0.2) == 0


def test_a_recorded_source_that_is_silent_is_not_asked(stage: Stage) -> None:
    face = stage.a.sources["a-face"]
    face.recording_stream = 0
    assert requests_for(stage, face, 2 * RECORDED_KEYFRAME_S, flowing=False) == 0
    assert requests_for(stage, face, 0.5) == 1, "as soon as it shows something"


def test_a_picture_that_is_not_recorded_is_asked_for_watchers_alone(stage: Stage) -> None:
    assert requests_for(stage, stage.a.sources["a-face"], 2 * RECORDED_KEYFRAME_S) == 0


@pytest.mark.parametrize("lost", [1, MOST_MISSING + 1])
def test_a_loss_for_good_in_a_recorded_picture_is_mended_by_a_keyframe(
    stage: Stage, lost: int
) -> None:
    face = stage.a.sources["a-face"]
    face.recording_stream = 0
    face.seek_points.came(stage.now)
    assert requests_for(stage, face, 1.0) == 0
    face.missing.received(1, stage.now)
    face.missing.received(2 + lost, stage.now)
    assert requests_for(stage, face, 6.0) >= 3, "until it comes"
    face.seek_points.came(stage.now)
    assert requests_for(stage, face, 3.0) == 0


def test_a_new_path_of_a_receiver_asks_for_a_keyframe_at_once(stage: Stage) -> None:
    face = stage.b.sources["b-face"]
    face.flowing = True
    stage.slot.waiting = False
    stage.upkeep.changed(stage.a, Change.NOMINATED)
    assert rtcp.KeyframeWanted(face.ssrc) in stage.sent
    assert stage.slot.report_due


def estimates(stage: Stage) -> list[int]:
    return [one.bits_per_second for one in stage.sent if isinstance(one, rtcp.Estimate)]


def test_a_sender_may_send_what_its_weakest_receiver_takes(stage: Stage) -> None:
    for connection in (stage.a, stage.b):
        for source in connection.sources.values():
            source.last_media, source.flowing = stage.now + 1000, True
    stage.tick(1.0, stage.a, stage.b)
    watched, unwatched = max(estimates(stage)), min(estimates(stage))
    assert watched == pytest.approx(1_550_000, rel=0.01)
    assert unwatched == pytest.approx(150_000, rel=0.01)
    stage.a.link.estimated(900_000, stage.now)
    stage.a.link.estimated(400_000, stage.now)
    stage.sent.clear()
    stage.tick(0.3, stage.a, stage.b)
    assert estimates(stage)[0] == pytest.approx(450_000, rel=0.01), "at once, since it fell"


def test_a_receiver_below_the_floor_loses_its_picture_and_pulls_nobody_down(stage: Stage) -> None:
    face = stage.b.sources["b-face"]
    stage.a.link.estimated(90_000, stage.now)
    stage.a.link.estimated(40_000, stage.now)
    for _ in range(16):
        face.last_media, face.flowing = stage.now, True
        stage.tick(0.25, stage.a, stage.b)
    assert stage.slot.patience.paused
    assert not face.keyframe_awaited
    assert not stage.a.slots["4"].patience.paused


def test_a_failed_handshake_closes_the_connection(stage: Stage) -> None:
    stage.upkeep.changed(stage.a, Change.CLOSED)
    assert stage.states("a") == ["closed"]
    assert "a" not in stage.registry.sessions["s"].connections


def test_sender_reports_tell_the_wire_what_a_slot_carries(stage: Stage) -> None:
    assert isinstance(stage.forwarder.wire.outgoing, SendBatch)
    stage.tick(1.0, stage.a, stage.b)
    assert not [one for one in stage.sent if isinstance(one, rtcp.SenderReport)], "nothing sent yet"
