"""What one page may ask of the media plane is bounded."""

import time

import pytest
from pydantic import ValidationError

from server.infrastructure.errors import TooMany
from server.sessions import connections
from server.sessions.schemas import ConnectionIn
from signaling.media.sdp.offer import LARGEST_BYTES, MOST_SSRCS, parse_offer
from tests.integration.attacks.conftest import Line

PLAIN = ConnectionIn(offer="v=0", sources=[], slots=[])


def test_a_kind_of_source_is_sent_once() -> None:
    """Each is recorded: 24 faces would fill the disk at 24 times what a call may."""
    both = [{"mid": "0", "kind": "face"}, {"mid": "1", "kind": "document"}]
    ConnectionIn.model_validate({"offer": "v=0", "sources": both, "slots": []})
    twice = [*both, {"mid": "2", "kind": "face"}]
    with pytest.raises(ValidationError):
        ConnectionIn.model_validate({"offer": "v=0", "sources": twice, "slots": []})


async def test_connections_come_so_often_and_no_more(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "CONNECTIONS_A_MINUTE", 3)
    resident, agent, session = await line.call()
    for _ in range(3):
        await line.connections.connect(resident, session.id, PLAIN)
    line.plane.told.clear()
    with pytest.raises(TooMany) as refused:
        await line.connections.connect(resident, session.id, PLAIN)
    assert refused.value.code == "too_many_connections"
    assert not line.plane.told, "the worker is not even asked"
    await line.connections.connect(agent, session.id, PLAIN)


def test_thousands_of_streams_are_not_compared_with_each_other() -> None:
    head = (
        "v=0\r\na=group:BUNDLE 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:" + "p" * 24 + "\r\n"
        "a=fingerprint:sha-256 " + "AB:" * 31 + "AB\r\na=setup:actpass\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    )
    room = (LARGEST_BYTES - len(head)) // len("a=ssrc:10000\r\n")
    text = head + "".join(f"a=ssrc:{number}\r\n" for number in range(10_000, 10_000 + room))
    started = time.process_time()
    offer = parse_offer(text)
    assert time.process_time() - started < 0.2
    assert len(offer.sections[0].ssrcs) == MOST_SSRCS
