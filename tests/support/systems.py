"""The whole system as a user starts it: `virtual-window serve`, with real processes."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.support.processes import kill, processes_of
from tests.support.waiting import wait_until

COMMAND: Final = Path(sys.executable).with_name("virtual-window")
READY_SECONDS: Final = 60.0
END_SECONDS: Final = 15.0  # it takes 5 on a machine that is not overloaded
LOG_LINES: Final = 200
# To the last line: what a test reads of the greeting has all been written by then.
GREETING: Final = re.compile(
    r"http://localhost:(\d+)/kiosk/.*^Ctrl-C ends everything\.$", re.DOTALL | re.MULTILINE
)


@dataclass
class System:
    """A supervisor with all that it has started, on a data folder of its own.

    environment: settings (VIRTUAL_WINDOW_...) beside those of the harness.
    """

    data: Path
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    demo: bool = True
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its pages are: http://localhost:PORT."""
        return f"http://localhost:{self.port}"

    @property
    def output(self) -> str:
        """All that the supervisor and its children have written."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def start(self, *, wait: bool = True) -> None:
        """Start it, on the port that it had before if it had one."""
        already = len(self.output) if self.log.exists() else 0
        demo = "--demo" if self.demo else "--no-demo"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [COMMAND, "serve", demo, "--data", self.data, "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "VIRTUAL_WINDOW_MEDIA_PORT": "0", **self.environment},
            )
        if wait:
            self.wait_ready(already)

    def wait_ready(self, already: int = 0) -> None:
        """Wait for the whole of its greeting, which it prints once /readyz says 200."""

        def port() -> str | None:
            if self.process is not None and self.process.poll() is not None:
                pytest.fail(f"the system ended while it was started:\n{self.output[already:]}")
            found = GREETING.search(self.output[already:])
            return found and found[1]

        found = wait_until(port, seconds=READY_SECONDS, what="the system is ready")
        self.port = int(found or 0)

    def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """End it by a signal; gives the seconds until it was gone."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(END_SECONDS)
        return time.monotonic() - started

    def pids(self, words: str) -> list[int]:
        """Processes of this system whose command line has `words`: "command app", "valkey"."""
        return [one.pid for one in processes_of(self.data) if words in one.command]

    def close(self) -> None:
        """End it if it runs. Fails the test when it leaves a process behind."""
        if self.process is not None and self.process.poll() is None:
            try:
                self.end()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                pytest.fail("the system did not end in time")
        left = processes_of(self.data)
        for process in left:
            kill(process.pid)
        assert not left, "the system left processes behind"


StartSystem = Callable[..., System]
_STARTED: Final = pytest.StashKey[list[System]]()


@pytest.fixture
def start_system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StartSystem]:
    """Starts systems, each on its own data: `start_system(VIRTUAL_WINDOW_UNDO_SECONDS="2")`."""
    started = request.node.stash.setdefault(_STARTED, [])

    def start(*, demo: bool = True, **environment: str) -> System:
        name = f"system-{len(started)}"
        system = System(tmp_path / name, tmp_path / f"{name}.log", environment, demo)
        started.append(system)
        system.start()
        return system

    yield start
    for system in reversed(started):
        system.close()


@pytest.fixture
def system(start_system: StartSystem) -> System:
    """A system with demo data, ready to serve."""
    return start_system()


def shown_when_failed(node: pytest.Item, system: System) -> None:
    """Let `node`'s report, should it fail, show what `system` wrote; for one that tests share."""
    node.stash.setdefault(_STARTED, []).append(system)


@contextmanager
def shared_system(folder: Path, **environment: str) -> Iterator[System]:
    """A system with demo data for several tests of a module, in a folder that is empty."""
    system = System(folder / "system", folder / "system.log", environment)
    try:
        system.start()
        yield system
    finally:
        system.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the systems of a failed test wrote."""
    report = yield
    if report.failed:
        for system in item.stash.get(_STARTED, []):
            lines = system.output.splitlines()[-LOG_LINES:]
            report.sections.append((f"log of {system.data.name}", "\n".join(lines)))
    return report
