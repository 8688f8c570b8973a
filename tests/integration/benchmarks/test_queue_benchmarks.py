"""The queue's benchmarks still run: each in its smallest form, with the checks that are in it."""

from pathlib import Path

import pytest

from benchmarks import measure_queue
from benchmarks.queueing.days import Known
from benchmarks.queueing.town import Size
from benchmarks.results import Figure


@pytest.fixture(autouse=True)
def _results_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("STRATEGIES", "PLOT"):
        monkeypatch.setattr(measure_queue, name, tmp_path / name.lower())


def by_name(figures: list[Figure]) -> dict[str, Figure]:
    return {one.name: one for one in figures}


@pytest.mark.postgresql
def test_whole_visits_are_counted_row_by_row() -> None:
    size = Size(waiting=20, agents=12, skills=20, windows=2, desks=8)
    found = by_name(measure_queue.durable(size, seconds=0.5, runs=1))
    assert found["queue.cycles_per_s.20"].value > 0
    assert "all found" in found["queue.cycles_per_s.20"].note
    assert found["queue.cycles_ratio.20"].target == 0.6


@pytest.mark.postgresql
@pytest.mark.timeout(240)
def test_pages_hear_every_event_and_one_that_hangs_is_cut_off() -> None:
    found = by_name(measure_queue.pages(12, a_second=20))
    assert found["queue.event_p99_ms.12"].value > 0
    assert found["queue.broadcast_ms.12"].value > 0
    # Pings that are not answered are noticed after 20 s at the latest.
    assert found["queue.hanging_page_cut_s"].value < measure_queue.CUT_SECONDS


def test_the_line_up_gives_a_pair_for_each_agent_at_any_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measure_queue, "DISPATCH_SECONDS", 0.1)
    monkeypatch.setattr(measure_queue, "RUNS", 1)
    found = by_name(measure_queue.dispatching((100, 400), times=20))
    assert found["queue.dispatch_cycles_per_s"].value > 0
    assert {"queue.dispatch_p99_ratio.100", "queue.dispatch_p99_ratio.400"} <= set(found)
    assert measure_queue.PLOT.read_text(encoding="utf-8").startswith("<svg")


def test_the_line_up_serves_as_an_ideal_queue_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure_queue, "strategies", list)
    found = by_name(measure_queue.simulated(Known(days=4, callers=100, settling=10)))
    assert "0 % off an ideal queue" in found["queue.erlang_c_error_percent"].note
