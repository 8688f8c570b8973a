"""Who may change what: fencing by epoch and generation, and nothing flows unless routed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from signaling.media.adapters.datagrams import open_socket
from signaling.media.adapters.dtls import Identity
from signaling.media.clocks import ServerClock
from signaling.media.connections import Connection, Person
from signaling.media.forwarder import Forwarder
from signaling.media.plans import ConnectionPlan, WantedSlot, WantedSource, plan_connection
from signaling.media.registry import (
    Connected,
    ConnectionUnknown,
    Registry,
    SessionUnknown,
    StaleEpoch,
)
from signaling.media.sdp.errors import Reason, SdpUnusable
from signaling.media.sdp.offer import parse_offer
from signaling.media.wire import Wire

OFFER = (Path(__file__).parent / "fixtures" / "chromium-offer.sdp").read_bytes().decode()
AGENT = Person("p", "agent")
SLOTS = [WantedSlot("4", "audio", 0), WantedSlot("5", "video", 0), WantedSlot("6", "video", 100)]


@pytest.fixture
def registry() -> Iterator[Registry]:
    owned = open_socket("127.0.0.1", 0)
    forwarder = Forwarder(Wire(owned), ServerClock())
    yield Registry(forwarder, Identity())
    owned.close()


def plan(owner: str, text: str = OFFER) -> ConnectionPlan:
    sources = [
        WantedSource(f"{owner}-microphone", "0", "microphone"),
        WantedSource(f"{owner}-face", "1", "face"),
    ]
    return plan_connection(parse_offer(text), sources, SLOTS)


def connect(registry: Registry, session: str, name: str, text: str = OFFER) -> Connected:
    return registry.connect(registry.session(session, 1), name, AGENT, plan(name, text))


def connection(registry: Registry, session: str, name: str) -> Connection:
    return registry.sessions[session].connections[name]


def filled(registry: Registry, session: str, name: str) -> dict[str, str]:
    slots = connection(registry, session, name).slots.values()
    return {slot.mid: slot.source.source_id for slot in slots if slot.source is not None}


def two_people(registry: Registry) -> None:
    registry.open("one", 1, None)
    connect(registry, "one", "a")
    connect(registry, "one", "b")


def test_nothing_flows_that_is_not_routed(registry: Registry) -> None:
    two_people(registry)
    assert filled(registry, "one", "a") == {}
    assert all(not source.slots for source in connection(registry, "one", "b").sources.values())


def test_a_route_is_the_full_map(registry: Registry) -> None:
    two_people(registry)
    session = registry.session("one", 1)
    assert registry.route(session, "a", 1, {"4": "b-microphone", "5": "b-face"})
    assert filled(registry, "one", "a") == {"4": "b-microphone", "5": "b-face"}
    assert registry.route(session, "a", 2, {"6": "b-face"})
    assert filled(registry, "one", "a") == {"6": "b-face"}


def test_an_older_generation_changes_nothing(registry: Registry) -> None:
    two_people(registry)
    session = registry.session("one", 1)
    registry.route(session, "a", 5, {"5": "b-face"})
    assert not registry.route(session, "a", 4, {})
    assert filled(registry, "one", "a") == {"5": "b-face"}


def test_sources_of_another_session_and_of_other_media_are_not_there(registry: Registry) -> None:
    two_people(registry)
    registry.open("two", 1, None)
    connect(registry, "two", "stranger")
    session = registry.session("one", 1)
    registry.route(
        session, "a", 1, {"4": "b-face", "5": "stranger-face", "6": "nobody", "77": "b-face"}
    )
    assert filled(registry, "one", "a") == {}


def test_an_old_epoch_is_fenced_off(registry: Registry) -> None:
    two_people(registry)
    registry.open("one", 3, None)
    assert registry.sessions["one"].connections == {}
    for attempt in (
        lambda: registry.open("one", 2, None),
        lambda: registry.session("one", 2),
        lambda: registry.close("one", 2),
    ):
        with pytest.raises(StaleEpoch) as caught:
            attempt()
        assert caught.value.newest == 3
    assert registry.sessions["one"].epoch == 3


def test_an_epoch_stays_fenced_after_its_session_has_ended(registry: Registry) -> None:
    registry.open("one", 3, None)
    assert registry.close("one", 3)
    assert not registry.close("one", 3)
    with pytest.raises(StaleEpoch):
        registry.open("one", 2, None)


def test_opening_again_keeps_what_is_there(registry: Registry) -> None:
    two_people(registry)
    registry.open("one", 1, None)
    assert set(registry.sessions["one"].connections) == {"a", "b"}


def test_unknown_sessions_and_connections_are_told_apart(registry: Registry) -> None:
    with pytest.raises(SessionUnknown):
        registry.session("nowhere", 1)
    registry.open("one", 1, None)
    with pytest.raises(ConnectionUnknown):
        registry.route(registry.session("one", 1), "nobody", 1, {})


def test_who_leaves_leaves_every_slot(registry: Registry) -> None:
    two_people(registry)
    session = registry.session("one", 1)
    registry.route(session, "a", 1, {"5": "b-face"})
    peer = connection(registry, "one", "b").peer
    registry.disconnect(session, "b")
    assert filled(registry, "one", "a") == {}
    assert peer.closed
    registry.disconnect(session, "b")


def test_the_same_offer_again_keeps_credentials_and_ssrcs(registry: Registry) -> None:
    registry.open("one", 1, None)
    first = connect(registry, "one", "a")
    second = connect(registry, "one", "a")
    assert second.credentials == first.credentials
    assert second.slots == first.slots
    assert second.version == first.version + 1


def test_new_credentials_are_a_restart_that_keeps_the_old_ones_for_now(registry: Registry) -> None:
    registry.open("one", 1, None)
    first = connect(registry, "one", "a")
    ufrag = parse_offer(OFFER).ufrag
    restarted = OFFER.replace(f"a=ice-ufrag:{ufrag}", "a=ice-ufrag:newer")
    second = connect(registry, "one", "a", restarted)
    assert second.credentials.local_ufrag != first.credentials.local_ufrag
    assert second.slots == first.slots
    peer = connection(registry, "one", "a").peer
    assert peer.generation_of(first.credentials.local_ufrag) is not None
    third = connect(registry, "one", "a", OFFER.replace(ufrag, "newest"))
    assert peer.generation_of(first.credentials.local_ufrag) is None
    assert peer.generation_of(third.credentials.local_ufrag) is not None


def test_another_certificate_or_other_sections_are_no_restart(registry: Registry) -> None:
    registry.open("one", 1, None)
    connect(registry, "one", "a")
    fingerprint = parse_offer(OFFER).fingerprint
    with pytest.raises(SdpUnusable) as caught:
        connect(registry, "one", "a", OFFER.replace(fingerprint, "00:" * 31 + "00"))
    assert caught.value.reason is Reason.FINGERPRINT_CHANGED
    with pytest.raises(SdpUnusable) as caught:
        connect(registry, "one", "a", OFFER.replace("mid:3", "mid:9").replace("2 3 4", "2 9 4"))
    assert caught.value.reason is Reason.SECTIONS_REORDERED


def test_a_slot_keeps_its_ssrc_and_no_two_are_equal(registry: Registry) -> None:
    two_people(registry)
    ssrcs = [
        slot.ssrc
        for name in ("a", "b")
        for slot in connection(registry, "one", name).slots.values()
    ]
    assert len(set(ssrcs)) == len(ssrcs) == 6
