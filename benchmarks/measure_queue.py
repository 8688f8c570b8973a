"""What the queue can bear, and what its days are like.

`queue.cycles_per_s` is whole visits through the product's services on PostgreSQL, each step
committed with its audit rows and events, and `queue.cycles_ratio` that over bare cycles: four
transactions of two rows by the driver alone, as many at the same time, on the same server in the
same run. `queue.dispatch_*` is the line-up alone on Valkey, `queue.event_*` and `queue.broadcast_*`
are open pages at one replica. The simulated days go through the line-up as well.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvloop

from benchmarks.queueing import dispatch, grounds, plot
from benchmarks.queueing.bare import BareCycles
from benchmarks.queueing.days import (
    HEADING,
    Known,
    against_erlang,
    calm_again,
    estimate_error,
    outcome,
)
from benchmarks.queueing.dispatch import percentile
from benchmarks.queueing.durable import durable_cycles
from benchmarks.queueing.sockets import OpenPages, open_pages
from benchmarks.queueing.strategies import Strategy, strategies
from benchmarks.queueing.town import Size
from benchmarks.queueing.virtual_day import live, open_line
from benchmarks.results import LATEST, Figure, figure
from server.infrastructure.redis import connect_redis
from server.queueing.lineup import LineUp

RUNS: Final = 3
LANES: Final = 8
CYCLE_SECONDS: Final = 10.0
PAGES: Final = 5_000
EVENTS_A_SECOND: Final = 500
EVENT_SECONDS: Final = 5.0
CUT_SECONDS: Final = 60.0
LENGTHS: Final = (100, 1_000, 10_000, 100_000)
DISPATCHES: Final = 400
DISPATCH_SECONDS: Final = 3.0
LONG_LINE: Final = Size()
SHORT_LINE: Final = Size(waiting=0, agents=40)
KNOWN: Final = Known()
STRATEGIES: Final = LATEST.with_name("queue-strategies.txt")
PLOT: Final = LATEST.with_name("queue-dispatch.svg")


def measure() -> list[Figure]:
    """All on servers of its own, which have ended and are removed when it is over."""
    figures: list[Figure] = []
    parts: list[Callable[[], list[Figure]]] = [
        durable, durable_in_a_short_line, pages, dispatching, simulated,
    ]  # fmt: skip
    for part in parts:
        started = time.monotonic()
        figures += part()
        print(f"queue: {part.__name__} took {time.monotonic() - started:.0f} s", flush=True)
    return figures


# --- whole visits


def durable(
    size: Size = LONG_LINE, seconds: float = CYCLE_SECONDS, runs: int = RUNS
) -> list[Figure]:
    with (
        grounds.postgresql() as url,
        grounds.valkey() as redis,
        tempfile.TemporaryDirectory() as at,
    ):
        return uvloop.run(_durable(url, redis, Path(at), size, seconds, runs))


def durable_in_a_short_line() -> list[Figure]:
    return durable(SHORT_LINE)


async def _durable(
    url: str, redis: str, folder: Path, size: Size, seconds: float, runs: int
) -> list[Figure]:
    whole: list[float] = []
    bare: list[float] = []
    cpu: list[float] = []
    bare_cycles = BareCycles(url, LANES)
    async with durable_cycles(url, redis, folder, size, LANES) as visits:
        await bare_cycles.make_tables()
        await visits.per_second(seconds / 4)
        for _ in range(runs):
            bare.append(await bare_cycles.per_second(seconds / 4))
            busy, before = time.process_time(), visits.done
            whole.append(await visits.per_second(seconds))
            cpu.append(1e3 * (time.process_time() - busy) / (visits.done - before))
        rows = await visits.count()
    ratios = [one / other for one, other in zip(whole, bare, strict=True)]
    shape = f"{LANES} at a time, {size.waiting} waiting, {size.agents} agents"
    counted = f"{rows.audit:.0f} audit rows and {rows.events:.0f} events each, all found"
    end = f".{size.waiting}"
    return [
        figure(
            f"queue.cycles_per_s{end if size != LONG_LINE else ''}", whole, "1/s", better="higher",
            note=f"{shape}; {counted}",
        ),
        figure(f"queue.bare_cycles_per_s{end}", bare, "1/s", better="higher", note="driver alone"),
        figure(
            f"queue.cycles_ratio{end}", ratios, "", better="higher", target=0.6,
            note="whole over bare ones, at the same time",
        ),
        figure(
            f"queue.cycle_cpu_ms{end}", cpu, "ms", better="lower",
            note="of the replica's process for each cycle, all its loops in it",
        ),
    ]  # fmt: skip


# --- open pages


def pages(count: int = PAGES, a_second: int = EVENTS_A_SECOND) -> list[Figure]:
    with grounds.postgresql() as url, tempfile.TemporaryDirectory() as at:
        return uvloop.run(_pages(url, Path(at), count, a_second))


async def _pages(url: str, folder: Path, count: int, a_second: int) -> list[Figure]:
    async with open_pages(url, folder, count) as opened:
        usual = [
            percentile((await opened.announce(a_second, EVENT_SECONDS)).latencies_ms, 99)
            for _ in range(RUNS)
        ]
        broadcasts = [max((await opened.broadcast()).latencies_ms) for _ in range(RUNS)]
        beside, cut = await _beside_one_that_hangs(opened, a_second)
        open_for = f"{count} pages, {a_second} events/s to 3 each"
        return [
            figure(
                f"queue.event_p99_ms.{count}", usual, "ms", better="lower", target=100,
                note=f"{open_for}; with its commit",
            ),
            figure(
                f"queue.event_p99_beside_hanging_ms.{count}", [beside], "ms", better="lower",
                target=100, note="while one page does not read what it is flooded with",
            ),
            figure(
                "queue.hanging_page_cut_s", [cut], "s", better="lower", target=CUT_SECONDS,
                note="until it is cut off",
            ),
            figure(
                f"queue.broadcast_ms.{count}", broadcasts, "ms", better="lower", target=1_000,
                note="one event, until the last page has it",
            ),
            figure(
                f"queue.page_kb.{count}", [opened.page_kb], "kB", better="lower",
                note="memory of the replica for each page, two topics",
            ),
        ]  # fmt: skip


async def _beside_one_that_hangs(opened: OpenPages, a_second: int) -> tuple[float, float]:
    """p99 of the others in ms, and seconds until the one is cut off."""
    await opened.hang()
    started = time.monotonic()
    heard = await opened.announce(a_second, 2 * EVENT_SECONDS, flood=True)
    while not await opened.hanging_is_gone():
        await asyncio.sleep(0.5)
        if time.monotonic() - started > 2 * CUT_SECONDS:
            break
    return percentile(heard.latencies_ms, 99), time.monotonic() - started


# --- the line-up alone


def dispatching(lengths: tuple[int, ...] = LENGTHS, times: int = DISPATCHES) -> list[Figure]:
    with dispatch.on_one_core(), grounds.valkey() as url:
        per_second = [
            uvloop.run(dispatch.cycles_per_second(url, dispatch.Office(), DISPATCH_SECONDS))
            for _ in range(RUNS)
        ]
    figures = [
        figure(
            "queue.dispatch_cycles_per_s", per_second, "1/s", better="higher", target=1_000,
            note="this process and Valkey on one core; 10000 waiting, 2000 agents, 200 skills",
        )
    ]  # fmt: skip
    medians: dict[int, float] = {}
    bare: dict[int, float] = {}
    with grounds.valkey() as url:
        for waiting in lengths:
            office = dispatch.Office(waiting=waiting)
            found = uvloop.run(dispatch.rounds(url, office, times, RUNS))
            medians[waiting] = 1e3 * statistics.median(one for f in found for one in f.offers)
            bare[waiting] = 1e3 * statistics.median(one for f in found for one in f.bare)
            figures.append(
                figure(
                    f"queue.dispatch_p99_ratio.{waiting}", [one.p99_ratio for one in found], "",
                    better="lower", target=20,
                    note=f"over a bare round trip; median {medians[waiting]:.2f} ms, bare "
                    f"{bare[waiting]:.2f} ms",
                )
            )  # fmt: skip
    title = "An agent becomes free until the pair is there, median"
    series = {"offer": medians, "bare round trip": bare}
    plot.write(plot.growth_svg(series, title=title, unit="ms"), PLOT)
    grown = dispatch.growth(medians)
    note = f"of the median, over that of the logarithm; {PLOT.name}"
    growth = figure("queue.dispatch_growth", [grown], "", better="lower", target=1, note=note)
    return [*figures, growth]


# --- simulated days


def simulated(known: Known = KNOWN) -> list[Figure]:
    with grounds.valkey() as url:
        return uvloop.run(_simulated(url, known))


async def _simulated(url: str, known: Known) -> list[Figure]:
    redis = connect_redis(url)
    try:
        lineup = LineUp(redis)
        await open_line(lineup)
        return [await _erlang(lineup, known), *await _ordinary_days(lineup)]
    finally:
        await redis.aclose()


async def _erlang(lineup: LineUp, known: Known) -> Figure:
    found = await against_erlang(lineup, known)
    return figure(
        "queue.erlang_c_error_percent",
        [found.error_percent],
        "%",
        better="lower",
        target=5,
        note=f"{known.servers} agents, use {known.use:g}, {known.days} x {known.callers}: wait "
        f"{found.wait:.1f} +- {found.wait_within:.1f} s (known {found.known_wait:.1f}), waiting "
        f"{found.waiting:.3f} +- {found.waiting_within:.3f} (known {found.known_waiting:.3f}); "
        f"{found.ideal_percent:.2g} % off an ideal queue of the same people",
    )


async def _ordinary_days(lineup: LineUp) -> list[Figure]:
    lines, figures = [HEADING], []
    for strategy in strategies():
        await live(lineup, strategy.days)
        whole = outcome(strategy.days)
        lines.append(whole.line(strategy.name))
        lines += [outcome(strategy.days, one).line(f"  {one}") for one in strategy.groups]
        figures.append(
            figure(
                f"queue.level_60s_percent.{strategy.key}", [100 * whole.level], "%",
                better="higher",
                note=f"mean {whole.mean_wait:.0f} s, p90 {whole.p90_wait:.0f} s",
            )
        )  # fmt: skip
        if strategy.tells:
            figures += _estimates(strategy)
        if strategy.surges:
            minutes = calm_again(strategy.days)
            lines.append(f"  calm again {minutes:.0f} min after the surge, at the median")
    STRATEGIES.parent.mkdir(exist_ok=True)
    STRATEGIES.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines), flush=True)
    return figures


def _estimates(strategy: Strategy) -> list[Figure]:
    """How wrong what callers were told turned out to be, of those who waited over a minute."""
    error = estimate_error(strategy.days)
    told = f"{strategy.name}: {error.told} told"
    ending = "" if strategy.key == "fifo" else f".{strategy.key}"
    return [
        figure(
            f"queue.estimate_median_error_percent{ending}", [error.median_percent], "%",
            better="lower", note=f"{told}; {error.bias_percent:+.0f} % too much in all",
        ),
        figure(
            f"queue.estimate_median_error_s{ending}", [error.median_seconds], "s", better="lower",
            note=told,
        ),
    ]  # fmt: skip
