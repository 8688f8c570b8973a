"""A seeded database, the subjects over it, a Valkey and HTTP."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.supervisor.valkey import answers, redis_url, server_binary
from tests.support.subjects import Browser, Subjects, browser, seeded_settings, served, subjects
from tests.support.waiting import until


@pytest.fixture
def socket_folder() -> Iterator[Path]:
    """Short enough for a Unix socket, whatever the tests' own folder is called."""
    folder = Path(tempfile.mkdtemp(prefix="vw"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def valkey(socket_folder: Path) -> AsyncIterator[str]:
    """The address of a Valkey of its own, empty."""
    socket = socket_folder / "valkey.sock"
    words = ("--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(socket_folder))
    process = await asyncio.create_subprocess_exec(
        str(server_binary()), *words, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await until(lambda: answers(socket), what="Valkey answers")
        yield redis_url(socket)
    finally:
        process.kill()
        await process.wait()


@pytest.fixture
async def parts(tmp_path: Path, valkey: str) -> AsyncIterator[Subjects]:
    settings = await seeded_settings(tmp_path, redis_url=valkey)
    async with subjects(settings) as made:
        yield made


@pytest.fixture
async def base(parts: Subjects) -> AsyncIterator[str]:
    """The address of a server with the subjects' routes."""
    async with served(parts) as address:
        yield address


@pytest.fixture
async def person(base: str) -> AsyncIterator[Browser]:
    async with browser(base) as made:
        yield made


@pytest.fixture
async def stranger(base: str) -> AsyncIterator[Browser]:
    """Another person's browser."""
    async with browser(base) as made:
        yield made
