"""Keyframe requests: repeated while somebody sees nothing, rationed otherwise."""

import pytest

from signaling.media.keyframes import JITTER, KeyframeRequests, SeekPoints


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


def test_a_recording_wants_a_keyframe_at_once_and_then_now_and_then() -> None:
    points = SeekPoints(chance=lambda: 0.5)
    assert points.due(0.0, 10.0)
    points.came(1.0)
    assert not points.due(10.9, 10.0)
    assert points.due(11.0, 10.0)
    assert points.due(12.0, 10.0), "until one comes"
    points.came(12.0)
    assert not points.due(21.9, 10.0)


@pytest.mark.parametrize(("chance", "share"), [(0.0, 1 - JITTER), (1.0, 1 + JITTER)])
def test_sources_that_begin_together_ask_apart(chance: float, share: float) -> None:
    points = SeekPoints(chance=lambda: chance)
    points.came(0.0)
    assert not points.due(10 * share - 0.01, 10.0)
    assert points.due(10 * share + 0.01, 10.0)


def test_after_a_loss_for_good_a_recording_wants_one_until_it_comes() -> None:
    points = SeekPoints()
    points.came(0.0)
    points.lost()
    assert points.due(0.1, 10.0)
    assert points.due(2.0, 10.0)
    points.came(2.1)
    assert not points.due(2.2, 10.0)
