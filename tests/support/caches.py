"""A Valkey of a test's own, that the test may kill and start again."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.infrastructure.settings import Settings
from server.supervisor import valkey as embedded
from tests.support.processes import DIES_WITH_TESTS
from tests.support.waiting import wait_until


class Valkey:
    """The embedded server as the supervisor configures it, on a socket below `data`."""

    def __init__(self, data: Path) -> None:
        self._settings = Settings(data=data)
        self._settings.run.mkdir(parents=True)
        self._paths = embedded.socket_path(self._settings)
        self.socket = self._paths.__enter__()
        self.url = embedded.redis_url(self.socket)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server; what an earlier one kept is there again."""
        configuration = embedded.write_configuration(self._settings, self.socket)
        self._server = subprocess.Popen([*DIES_WITH_TESTS, embedded.server_binary(), configuration])
        wait_until(self._answers, what="Valkey answers")

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(self.socket))
            except OSError:
                return False
            line.sendall(b"PING\r\n")
            return line.recv(64) == b"+PONG\r\n"

    def kill(self) -> None:
        """As `kill -9`."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def close(self) -> None:
        """End it, and remove its socket."""
        self.kill()
        self._paths.__exit__(None, None, None)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A running Valkey; `.url` is its address."""
    server = Valkey(tmp_path / "valkey-data")
    try:
        server.start()
        yield server
    finally:
        server.close()
