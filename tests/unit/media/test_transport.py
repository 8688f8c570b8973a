"""ICE-lite paths: who may be sent what, where media goes, and what a restart leaves."""

import os
from collections.abc import Iterator

import pytest

from signaling.media import stun
from signaling.media.adapters.datagrams import SendBatch, open_socket
from signaling.media.adapters.dtls import Identity
from signaling.media.checks import Credentials
from signaling.media.stun import Attribute, MessageType
from signaling.media.transport import (
    AMPLIFICATION,
    MEDIA_STOPS_S,
    MOST_PATHS,
    TAKEN_S,
    Change,
    Directory,
    Peer,
)

IDENTITY = Identity()
FINGERPRINT = "AB:" * 31 + "AB"


def address(port: int) -> bytes:
    return b"\x02\x00" + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)


class Stage:
    """A peer, its directory, and what it sends."""

    def __init__(self, out: SendBatch) -> None:
        self.out = out
        self.directory = Directory()
        self.peer = self.make_peer("first")

    def make_peer(self, name: str) -> Peer:
        credentials = Credentials.against(name, "q" * 22)
        return Peer(IDENTITY, self.directory, FINGERPRINT, credentials)

    def check(
        self,
        port: int,
        now: float,
        *,
        nominate: bool = True,
        peer: Peer | None = None,
        credentials: Credentials | None = None,
    ) -> Change:
        peer = peer or self.peer
        known = credentials or peer.credentials
        attributes: list[tuple[int, bytes]] = [
            (Attribute.USERNAME, f"{known.local_ufrag}:{known.remote_ufrag}".encode()),
            (Attribute.ICE_CONTROLLING, bytes(8)),
            (Attribute.PRIORITY, bytes(4)),
        ]
        if nominate:
            attributes.append((Attribute.USE_CANDIDATE, b""))
        raw = stun.build(
            MessageType.REQUEST, os.urandom(12), attributes, known.local_password.encode()
        )
        return peer.check(stun.parse(raw), address(port), now, self.out)

    def answer_probe(self, port: int) -> Change:
        path = self.directory.by_address[address(port)]
        password = path.peer.credentials.remote_password.encode()
        raw = stun.build(MessageType.SUCCESS, path.probe, [], password)
        return path.peer.probe_answered(stun.parse(raw), path)

    def selected(self) -> bytes | None:
        return None if self.peer.selected is None else self.peer.selected.address


@pytest.fixture
def stage() -> Iterator[Stage]:
    owned = open_socket("127.0.0.1", 0)
    yield Stage(SendBatch(owned))
    owned.close()


def test_a_check_proves_an_address_and_a_nomination_sends_media_there(stage: Stage) -> None:
    assert stage.check(1, 0.0, nominate=False) is Change.NOTHING
    assert address(1) in stage.directory.by_address
    assert stage.selected() is None
    assert stage.check(1, 0.1) is Change.NOMINATED
    assert stage.check(1, 0.2) is Change.NOTHING
    assert stage.selected() == address(1)


def test_media_leaves_a_living_path_only_for_a_proven_one(stage: Stage) -> None:
    stage.check(1, 0.0)
    stage.answer_probe(1)
    assert stage.check(2, 1.0) is Change.NOTHING
    assert stage.selected() == address(1)
    assert stage.answer_probe(2) is Change.NOMINATED
    assert stage.selected() == address(2)


def test_media_leaves_a_dead_path_at_once(stage: Stage) -> None:
    stage.check(1, 0.0)
    assert stage.check(2, TAKEN_S + 1) is Change.NOMINATED


def test_an_unproven_address_gets_three_times_what_it_sent(stage: Stage) -> None:
    stage.check(1, 0.0)
    path = stage.directory.by_address[address(1)]
    path.heard(1000)
    sent = 0
    while path.allows(100):
        sent += 100
    assert 0 < sent <= AMPLIFICATION * 1200
    stage.answer_probe(1)
    assert all(path.allows(1400) for _ in range(100))


def test_an_address_of_a_living_peer_is_not_taken_over(stage: Stage) -> None:
    other = stage.make_peer("second")
    stage.check(1, 0.0)
    count = stage.out.count
    assert stage.check(1, 1.0, peer=other) is Change.NOTHING
    assert stage.out.count == count
    assert stage.directory.by_address[address(1)].peer is stage.peer
    assert stage.check(1, TAKEN_S + 1, peer=other) is Change.NOMINATED
    assert stage.directory.by_address[address(1)].peer is other
    assert stage.selected() is None


def test_the_old_generation_lives_until_the_new_one_nominates(stage: Stage) -> None:
    old = stage.peer.credentials
    stage.check(1, 0.0)
    new = Credentials.against("newer", "r" * 22)
    stage.peer.restart(new)
    stage.check(1, 1.0, credentials=old)
    assert stage.peer.last_check == 1.0
    stage.check(1, 2.0, nominate=False, credentials=new)
    assert stage.peer.generation_of(old.local_ufrag) is not None
    stage.answer_probe(1)
    stage.check(1, 3.0, credentials=new)
    assert stage.peer.generation_of(old.local_ufrag) is None
    assert set(stage.directory.by_ufrag) == {new.local_ufrag}
    stage.check(1, 4.0, credentials=old)
    assert stage.peer.last_check == 3.0


def test_many_restarts_in_a_row_keep_two_generations(stage: Stage) -> None:
    for number in range(5):
        stage.peer.restart(Credentials.against(f"n{number}", "r" * 22))
    assert len(stage.peer.generations) == len(stage.directory.by_ufrag) == 2


def test_paths_are_bounded_and_the_selected_one_is_kept(stage: Stage) -> None:
    stage.check(1, 0.0)
    stage.answer_probe(1)
    for port in range(2, 40):
        stage.check(port, float(port), nominate=False)
    assert len(stage.peer.paths) == len(stage.directory.by_address) == MOST_PATHS
    assert stage.selected() == address(1)


def test_without_checks_media_stops(stage: Stage) -> None:
    stage.check(1, 100.0)
    assert stage.peer.may_send(100.0 + MEDIA_STOPS_S - 1)
    assert not stage.peer.may_send(100.0 + MEDIA_STOPS_S)


def test_a_closed_peer_leaves_nothing_behind(stage: Stage) -> None:
    stage.check(1, 0.0)
    stage.peer.restart(Credentials.against("newer", "r" * 22))
    stage.peer.close(stage.out)
    assert not stage.directory.by_ufrag
    assert not stage.directory.by_address
    assert stage.peer.closed
