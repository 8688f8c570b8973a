"""Erlang C against figures that stand in books and tables."""

import pytest

from benchmarks.queueing.erlang import mean_wait, probability_of_waiting


@pytest.mark.parametrize(
    ("servers", "load", "known"),
    [
        (1, 0.5, 0.5),  # one server is busy as long as it has work
        (2, 1.0, 1 / 3),
        (3, 1.5, 0.2368),
        (14, 10.0, 0.1741),  # 200 calls an hour of 3 minutes, as call centres' tables have it
    ],
)
def test_probability_of_waiting(servers: int, load: float, known: float) -> None:
    assert probability_of_waiting(servers, load) == pytest.approx(known, abs=1e-4)


def test_mean_wait_of_a_call_centre() -> None:
    assert mean_wait(14, 10.0, 180.0) == pytest.approx(7.83, abs=0.01)


def test_one_server_is_the_simplest_queue() -> None:
    """M/M/1: use / (1 - use) times the service."""
    assert mean_wait(1, 0.8, 60.0) == pytest.approx(240.0)


@pytest.mark.parametrize("load", [0.0, 3.0, 4.0])
def test_a_queue_that_never_settles_has_no_wait(load: float) -> None:
    with pytest.raises(ValueError, match="erlangs"):
        probability_of_waiting(3, load)
