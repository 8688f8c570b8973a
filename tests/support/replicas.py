"""Several real applications on one PostgreSQL, one Valkey and one media worker, as processes."""

import asyncio
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.support.caches import Valkey
from tests.support.databases import Postgresql
from tests.support.processes import DIES_WITH_TESTS
from tests.support.systems import COMMAND
from tests.support.waiting import wait_until

READY_SECONDS: Final = 60.0


@dataclass
class Application:
    """One replica of the application. url: where it answers, the same after each start."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """As `kill -9`."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """It holds what it holds, and does nothing: as a machine that has come to a halt."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@dataclass
class Replicas:
    """What runs: applications, a media worker, one Valkey, one database."""

    folder: Path
    valkey: Valkey
    environment: dict[str, str]
    applications: list[Application] = field(default_factory=list)
    _others: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        """Where each application answers."""
        return [application.url for application in self.applications]

    async def without_redis(self, seconds: float) -> None:
        """Kill Valkey, and start it again after a while, with what it had kept."""
        self.valkey.kill()
        await asyncio.sleep(seconds)
        self.valkey.start()  # from this very thread: it would die with another one

    @property
    def output(self) -> str:
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in logs)

    def run(self, *words: str) -> None:
        done = subprocess.run(
            [COMMAND, *words], env=self._environment(), capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    def start(self, name: str, *words: str) -> None:
        """Start a part that is no application."""
        self._others.append(self._spawn(name, words, {}))

    def start_application(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port = probe.getsockname()[1]
        name = f"app-{len(self.applications)}"
        self.applications.append(Application(name, port, self._application(name, port)))

    def restart(self, application: Application) -> None:
        """Start one that was killed again, at its old address; ready when this returns."""
        self.begin(application)
        self.wait_ready()

    def begin(self, application: Application) -> None:
        """As `restart`, without waiting until it is ready."""
        application.process = self._application(application.name, application.port)

    def wait_ready(self) -> None:
        wait_until(self.all_ready, seconds=READY_SECONDS, what="the replicas are ready")

    def all_ready(self) -> bool:
        """Whether each says so. Fails the test when one has ended."""
        assert all(process.poll() is None for process in self._processes), self.output
        return all(_answers(url + "/readyz") for url in self.urls)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.send_signal(signal.SIGCONT)  # one that is frozen can't end itself
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def _processes(self) -> list[subprocess.Popen[bytes]]:
        return [*self._others, *(application.process for application in self.applications)]

    def _application(self, name: str, port: int) -> subprocess.Popen[bytes]:
        own = {"VIRTUAL_WINDOW_PORT": str(port), "VIRTUAL_WINDOW_REPLICA_ID": f"test-{name}"}
        return self._spawn(name, ("app",), own)

    def _spawn(
        self, name: str, words: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [*DIES_WITH_TESTS, COMMAND, *words],
                env={**self._environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


@dataclass(frozen=True)
class House:
    """Replicas on a PostgreSQL of their own, that a test may restart."""

    cluster: Postgresql
    database_url: str
    replicas: Replicas

    def refusals(self) -> list[str]:
        """What a caller was answered that is our own fault."""
        return [line for line in self.replicas.output.splitlines() if "request failed" in line]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


@contextmanager
def running_replicas(
    folder: Path, database_url: str, count: int = 2, settings: Sequence[tuple[str, str]] = ()
) -> Iterator[Replicas]:
    """Everything ready, with demo data; ended when the block is left."""
    data = folder / "data"
    valkey = Valkey(data)
    environment = {
        "VIRTUAL_WINDOW_DATA": str(data),
        "VIRTUAL_WINDOW_DEMO": "true",
        "VIRTUAL_WINDOW_DATABASE_URL": database_url,
        "VIRTUAL_WINDOW_REDIS_URL": valkey.url,
        "VIRTUAL_WINDOW_MEDIA_PORT": "0",
        **dict(settings),
    }
    replicas = Replicas(folder, valkey, environment)
    try:
        valkey.start()
        replicas.run("demo", "seed")
        replicas.start("media-worker", "media-worker")
        for _ in range(count):
            replicas.start_application()
        replicas.wait_ready()
        yield replicas
    finally:
        replicas.stop()
        valkey.close()
