"""Keyframe requests: repeated while somebody sees nothing, rationed otherwise."""

import pytest

from signaling.media.keyframes import KeyframeRequests


def sent(requests: KeyframeRequests, until: float, *, waiting: bool) -> list[float]:
    """When requests go out, asked every 10 ms."""
    return [at / 100 for at in range(int(until * 100)) if requests.due(at / 100, waiting)]


def test_a_waiting_slot_repeats_its_request_every_350_ms() -> None:
    times = sent(KeyframeRequests(), 1.5, waiting=True)
    assert times == pytest.approx([0.0, 0.35, 0.7, 1.05, 1.4], abs=0.015)


def test_complaints_give_one_request_a_second_at_most() -> None:
    requests = KeyframeRequests()
    times = []
    for at in range(300):
        requests.complain()
        if requests.due(at / 100, False):
            times.append(at / 100)
    assert times == [0.0, 1.0, 2.0]


def test_nothing_is_asked_for_without_need() -> None:
    requests = KeyframeRequests()
    assert sent(requests, 2.0, waiting=False) == []
    requests.complain()
    assert sent(requests, 2.0, waiting=False) == [0.0]


def test_a_new_path_need_not_wait_for_the_last_complaint() -> None:
    requests = KeyframeRequests()
    requests.complain()
    assert requests.due(0.0, False)
    requests.complain(urgent=True)
    assert not requests.due(0.2, False)
    assert requests.due(0.4, False)
