"""Real servers of a benchmark's own on loopback, ended and removed when it is over."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.caches import Valkey
from tests.support.databases import Postgresql

# PostgreSQL's own defaults: a commit has been written to the disk when it is answered.
DURABLE: Final = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


@contextmanager
def postgresql() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database whose commits survive a crash."""
    with tempfile.TemporaryDirectory(prefix="virtual-window-bench-") as name:
        cluster = Postgresql(Path(name), DURABLE)
        try:
            cluster.start()
            yield cluster.new_database()
        finally:
            cluster.stop()


@contextmanager
def valkey() -> Iterator[str]:
    """The redis-py URL of a Valkey as the supervisor runs it."""
    with tempfile.TemporaryDirectory(prefix="virtual-window-bench-") as name:
        server = Valkey(Path(name) / "data")
        try:
            server.start()
            yield server.url
        finally:
            server.close()
