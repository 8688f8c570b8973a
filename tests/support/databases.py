"""Databases of a test's own: SQLite files, and a private PostgreSQL cluster."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from tests.support.processes import DIES_WITH_TESTS
from tests.support.waiting import wait_until

USER: Final = "tester"
# A crash of the machine may lose it all: it is a test's.
FAST: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgresql:
    """A cluster in UTF-8 with C.UTF-8, on a free port of loopback, as an unprivileged user."""

    def __init__(self, folder: Path, settings: Sequence[str] = FAST) -> None:
        self._settings = settings
        self._programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
        self._folder = folder
        self._owner = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.port = 0
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster and start its server."""
        self._folder.chmod(0o755)
        cluster = self._folder / "cluster"
        cluster.mkdir(0o700)
        shutil.chown(cluster, self._owner)
        self._run(
            "initdb", "-D", cluster, "-U", USER, "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            self.port = probe.getsockname()[1]
        self._launch()

    def restart(self) -> None:
        """End it and start it again at its port, as `pg_ctl restart`: connections are cut."""
        assert self._server is not None
        self._server.send_signal(signal.SIGINT)
        self._server.wait(20)
        self._launch()

    def _launch(self) -> None:
        cluster = self._folder / "cluster"
        options = [word for option in FAST for word in ("-c", option)]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [
                    *DIES_WITH_TESTS, self._programs / "postgres", "-D", cluster, "-k", cluster,
                    "-h", "127.0.0.1", "-p", str(self.port), *options,
                ],
                user=self._owner, cwd="/", stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(self._answers, seconds=20, what="PostgreSQL answers")

    def new_database(self) -> str:
        """The SQLAlchemy URL of an empty database."""
        name = f"test_{uuid4().hex}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, name)
        return f"postgresql+asyncpg://{USER}@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """End the server; open connections are cut."""
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(5)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) != 0:
                return False
        ask: list[str | Path] = [
            self._programs / "pg_isready",
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
        ]
        return subprocess.run(ask, check=False).returncode == 0

    def _run(self, program: str, *arguments: str | Path) -> None:
        command: list[str | Path] = [self._programs / program, *arguments]
        done = subprocess.run(
            command, user=self._owner, cwd="/", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def _version(programs: Path) -> float:
    return float(programs.parent.name)


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Postgresql]:
    """One cluster for all tests of a worker."""
    # Not below pytest's own folder: that is closed to the cluster's user.
    with tempfile.TemporaryDirectory(prefix="virtual-window-postgresql-") as folder:
        cluster = Postgresql(Path(folder))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture
def postgresql(postgresql_cluster: Postgresql) -> str:
    """The URL of an empty PostgreSQL database."""
    return postgresql_cluster.new_database()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}"
    url: str = request.getfixturevalue("postgresql")
    return url
