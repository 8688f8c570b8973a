"""The local blob store: whole or not at all, and never outside its folder."""

import asyncio
import threading
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.infrastructure.blobs import BlobKeyBad, LocalBlobStore
from tests.support.waiting import until


@pytest.fixture
async def store(tmp_path: Path) -> LocalBlobStore:
    store = LocalBlobStore(tmp_path / "blobs")
    await store.prepare()
    return store


async def test_failed_put_leaves_what_was_there(store: LocalBlobStore, tmp_path: Path) -> None:
    await store.put("k", b"old")
    with pytest.raises(OSError):  # noqa: PT011 - whatever the disk says
        await store.put("k", tmp_path / "absent")
    assert await store.read("k") == b"old"
    assert list(store.incoming.iterdir()) == []


@given(st.text(max_size=30))
def test_no_key_leads_out_of_the_folder(key: str) -> None:
    root = Path("/blobs")
    try:
        path = LocalBlobStore(root)._path(key)
    except BlobKeyBad:
        return
    assert path.resolve().is_relative_to(root)
    assert path != root


async def test_reader_that_goes_while_its_file_is_opened_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalBlobStore(tmp_path)
    await store.put("a/b", b"content")
    opened: list[BinaryIO] = []
    go_on = threading.Event()
    really_open = store._open

    def slowly(key: str, start: int) -> BinaryIO:
        go_on.wait(10)
        opened.append(really_open(key, start))
        return opened[0]

    monkeypatch.setattr(store, "_open", slowly)
    reading = asyncio.create_task(anext(store.open_range("a/b", 0, 7)))
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    go_on.set()

    async def closed() -> bool:
        return bool(opened) and opened[0].closed

    await until(closed, what="the file that nobody waits for is closed")
