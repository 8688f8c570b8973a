"""An S3-compatible server of the tests' own: moto, as a process."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote
from uuid import uuid4

import obstore
import pytest

from recordings.bucket import parse
from recordings.object_store import open_bucket
from tests.support.processes import DIES_WITH_TESTS
from tests.support.waiting import wait_until

ACCESS_KEY: Final = "tests"
SECRET_KEY: Final = "not-a-secret"
SERVER: Final = """
import logging, sys
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=int(sys.argv[1]), verbose=False)
server.start()
server._thread.join()
"""


@dataclass
class ObjectStore:
    """endpoint: http://127.0.0.1:PORT. bucket: a name that is free, of a bucket to be made."""

    port: int
    bucket: str = field(default_factory=lambda: f"tests-{uuid4().hex}")
    process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*DIES_WITH_TESTS, sys.executable, "-c", SERVER, str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers, seconds=60, what="the S3 server answers")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def new_bucket(self) -> str:
        """The settings' URL of a place in an empty bucket."""
        name = f"tests-{uuid4().hex}"
        self.make_bucket(name)
        return f"s3://{name}/putuo/window?endpoint={quote(self.endpoint)}"

    def make_bucket(self, name: str) -> None:
        # This server does not ask who does it.
        request = urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - ours
            assert answer.status == 200

    def environment(self, url: str) -> dict[str, str]:
        """The settings of processes that keep their blobs at `url`."""
        return {
            "VIRTUAL_WINDOW_BLOB_URL": url,
            "VIRTUAL_WINDOW_BLOB_ACCESS_KEY": ACCESS_KEY,
            "VIRTUAL_WINDOW_BLOB_SECRET_KEY": SECRET_KEY,
        }

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


async def kept_at(url: str) -> list[str]:
    """The keys of all that lies at a settings' URL."""
    store = open_bucket(parse(url), access_key=ACCESS_KEY, secret_key=SECRET_KEY)
    return [found["path"] async for part in obstore.list(store) for found in part]


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """One server for all tests of a worker."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    server = ObjectStore(port)
    try:
        server.start()
        yield server
    finally:
        server.stop()
