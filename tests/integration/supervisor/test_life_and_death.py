"""The supervisor with real processes: what it leaves behind, however it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.support import supervised
from tests.support.processes import kill, processes_of
from tests.support.waiting import wait_until


def _gone(data: Path) -> bool:
    return not processes_of(data)


class Supervised:
    """A supervisor in a process of its own, over parts that only tell their process id."""

    def __init__(self, data: Path, port: int = 0, **environment: str) -> None:
        self.data = data
        self._output = data.parent / f"{data.name}-{time.monotonic_ns()}.log"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, supervised.__file__, str(data), str(port)],
                stdout=output,
                stderr=output,
                env={**os.environ, **environment},
            )

    @property
    def output(self) -> str:
        return self._output.read_text(encoding="utf-8")

    def wait_ready(self) -> None:
        wait_until(lambda: "is ready" in self.output, what=self.output)

    def pids(self, part: str) -> list[int]:
        return [int(pid) for pid in re.findall(rf"^part {part} (\d+)", self.output, re.MULTILINE)]

    def has_started(self, part: str, times: int) -> bool:
        return len(self.pids(part)) == times

    def valkey(self) -> int:
        (found,) = [one for one in processes_of(self.data) if "valkey-server" in one.command]
        return found.pid

    def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Send the signal; gives the seconds until it was gone."""
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(10)
        return time.monotonic() - started


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


Start = Callable[..., Supervised]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts supervisors; whatever a failed test leaves of them is killed."""
    started: list[Supervised] = []

    def begin(data: Path, port: int = 0, **environment: str) -> Supervised:
        started.append(Supervised(data, port, **environment))
        return started[-1]

    yield begin
    for supervisor in started:
        supervisor.process.kill()
        supervisor.process.wait()
        wait_until(partial(_gone, supervisor.data))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(start: Start, data: Path, number: signal.Signals) -> None:
    supervisor = start(data)
    supervisor.wait_ready()
    assert len(processes_of(data)) == 4  # Valkey, two workers, the app

    assert supervisor.end(number) < 5
    assert supervisor.process.returncode == 0
    assert processes_of(data) == []


@pytest.mark.parametrize("reached", ["lock", "run/valkey.conf", "run/valkey.sock"])
def test_a_signal_ends_a_start_wherever_it_is(start: Start, data: Path, reached: str) -> None:
    supervisor = start(data)
    wait_until((data / reached).exists, what=reached)

    assert supervisor.end(signal.SIGTERM) < 5
    assert "Traceback" not in supervisor.output
    assert processes_of(data) == []


def test_parts_that_do_not_listen_are_ended_within_five_seconds(start: Start, data: Path) -> None:
    supervisor = start(data, STUBBORN="1")
    supervisor.wait_ready()

    assert supervisor.end(signal.SIGINT) < 5
    assert processes_of(data) == []


def test_a_second_signal_ends_at_once(start: Start, data: Path) -> None:
    supervisor = start(data, STUBBORN="1")
    supervisor.wait_ready()

    supervisor.process.send_signal(signal.SIGINT)
    time.sleep(0.2)  # the kernel would merge two signals of one number
    assert supervisor.end(signal.SIGINT) < 1


def test_kill_9_leaves_no_process_and_the_next_start_works(start: Start, data: Path) -> None:
    first = start(data)
    first.wait_ready()
    first.end(signal.SIGKILL)
    second = start(data)  # at once: the first one's children may be dying still

    second.wait_ready()
    mine = {*second.pids("app"), *second.pids("media-worker"), second.valkey()}
    assert {process.pid for process in processes_of(data)} == mine
    second.end()


def test_a_part_that_dies_is_started_again(start: Start, data: Path) -> None:
    supervisor = start(data)
    supervisor.wait_ready()

    for part, count in (("app", 1), ("media-worker", 2)):
        kill(supervisor.pids(part)[0])
        wait_until(partial(supervisor.has_started, part, count + 1))
    valkey = supervisor.valkey()
    kill(valkey)
    wait_until(lambda: any("valkey" in one.command for one in processes_of(data)))
    wait_until(lambda: "Valkey was ended by SIGKILL; it starts again" in supervisor.output)
    assert supervisor.process.poll() is None
    supervisor.end()


def test_data_folder_in_use_is_said_with_its_holder(start: Start, data: Path) -> None:
    first = start(data)
    first.wait_ready()

    second = start(data)
    assert second.process.wait(5) == 1
    assert f"{data} is in use by process {first.process.pid}" in second.output
    assert first.process.poll() is None
    assert len(processes_of(data)) == 4
    first.end()


def test_port_in_use_is_said_before_anything_starts(start: Start, data: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        supervisor = start(data, port)
        assert supervisor.process.wait(5) == 1
        assert f"port {port}: address already in use" in supervisor.output
        assert "--port PORT" in supervisor.output
    assert processes_of(data) == []


@pytest.mark.parametrize("part", ["demo", "media-worker", "app"])
def test_a_part_that_never_comes_up_ends_the_start(start: Start, data: Path, part: str) -> None:
    supervisor = start(data, FAIL=part)

    assert supervisor.process.wait(10) == 1
    assert "ended with exit code 7" in supervisor.output.splitlines()[-1]
    assert processes_of(data) == []


def test_a_long_data_path_gets_a_socket_elsewhere(start: Start, tmp_path: Path) -> None:
    data = tmp_path / ("deep-" * 20) / "data"
    data.parent.mkdir()
    supervisor = start(data)
    supervisor.wait_ready()

    (url,) = set(re.findall(r"unix://(\S+)", supervisor.output))
    assert len(url) < 108
    assert Path(url).parent.stat().st_mode & 0o777 == 0o700
    supervisor.end()
    assert not Path(url).parent.exists()
    assert processes_of(data) == []


def test_only_the_owner_may_look_into_the_data_folder(start: Start, data: Path) -> None:
    data.mkdir(mode=0o755)
    supervisor = start(data)
    supervisor.wait_ready()
    supervisor.end()

    for path in (data, *data.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
