"""Several real applications on one PostgreSQL, one Valkey and one media worker, as processes."""

import asyncio
import os
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.support.caches import Valkey
from tests.support.processes import DIES_WITH_TESTS
from tests.support.systems import COMMAND
from tests.support.waiting import wait_until

READY_SECONDS: Final = 60.0


@dataclass
class Replicas:
    """urls: where each application answers."""

    folder: Path
    valkey: Valkey
    environment: dict[str, str]
    urls: list[str] = field(default_factory=list)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

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

    def start(self, name: str, *words: str, **environment: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*DIES_WITH_TESTS, COMMAND, *words],
                env=self._environment() | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._running.append(process)

    def start_application(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port = probe.getsockname()[1]
        name = f"app-{len(self.urls)}"
        self.start(
            name, "app", VIRTUAL_WINDOW_PORT=str(port), VIRTUAL_WINDOW_REPLICA_ID=f"test-{name}"
        )
        self.urls.append(f"http://127.0.0.1:{port}")

    def wait_ready(self) -> None:
        def ready() -> bool:
            assert all(process.poll() is None for process in self._running), self.output
            return all(_answers(url + "/readyz") for url in self.urls)

        wait_until(ready, seconds=READY_SECONDS, what="the replicas are ready")

    def stop(self) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


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
