"""Sending again what a receiver has lost, and asking for what was lost on the way in."""

# mypy: no-warn-unreachable
# (it takes a property that was false for false ever after)

import pytest

from signaling.media.history import BURST_BYTES, REMEMBERED_PACKETS, History
from signaling.media.nack import MOST_MISSING, TRIES, Missing


def test_a_sent_packet_is_sent_again_but_not_at_once_again() -> None:
    history = History()
    history.keep(65_535, b"packet")
    assert history.again(65_535, 10.0, 0.05) == b"packet"
    assert history.again(65_535, 10.04, 0.05) is None
    assert history.again(65_535, 10.06, 0.05) == b"packet"


def test_forgotten_and_unknown_packets_are_not_sent() -> None:
    history = History()
    history.keep(5, b"old")
    history.keep(5 + REMEMBERED_PACKETS, b"new")
    assert history.again(5, 10.0, 0.0) is None
    assert history.again(6, 10.0, 0.0) is None
    history.clear()
    assert history.again(5 + REMEMBERED_PACKETS, 10.0, 0.0) is None


def test_resends_cost_a_burst_and_then_a_quarter_of_what_is_sent() -> None:
    history = History()
    for number in range(400):
        history.keep(number, bytes(1000))
    resent = sum(history.again(number, 10.0, 0.0) is not None for number in range(400))
    assert resent == BURST_BYTES // 1000
    for number in range(400, 440):
        history.keep(number, bytes(1000))
    resent = sum(history.again(number, 11.0, 0.0) is not None for number in range(400, 440))
    assert resent == 10


@pytest.mark.parametrize("start", [0, 65_530, 65_535, 65_536])
def test_holes_are_asked_for_at_once_and_again_until_filled(start: int) -> None:
    missing = Missing()
    assert not missing.received(start, 0.0)
    assert missing.received(start + 3, 0.0)
    hole = [(start + 1) & 0xFFFF, (start + 2) & 0xFFFF]
    assert missing.due(0.0) == hole
    assert missing.due(0.01) == []
    missing.received(start + 1, 0.02)
    assert missing.due(0.06) == hole[1:]
    missing.received(start + 2, 0.1)
    assert not missing.any


def test_a_hole_that_never_fills_is_given_up_and_told_once() -> None:
    missing = Missing()
    missing.received(0, 0.0)
    missing.received(2, 0.0)
    now, asked = 0.0, 0
    while missing.any:
        asked += len(missing.due(now))
        now += 0.5
    assert asked == TRIES
    assert missing.take_gave_up()
    assert not missing.take_gave_up()


def test_a_gap_too_wide_to_mend_is_given_up_at_once() -> None:
    missing = Missing()
    missing.received(0, 0.0)
    assert not missing.received(MOST_MISSING + 2, 0.0)
    assert not missing.any
    assert missing.pending, "it is still to be told"
    assert missing.take_gave_up()
    assert not missing.pending
    assert missing.received(MOST_MISSING + 4, 0.0)


def test_a_packet_that_comes_twice_opens_no_hole() -> None:
    missing = Missing()
    for number in (10, 11, 11, 10, 12):
        assert not missing.received(number, 0.0)
