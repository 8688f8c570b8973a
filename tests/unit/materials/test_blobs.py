"""The local blob store: whole or not at all, and never outside its folder."""

import asyncio
import threading
from contextlib import aclosing
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.infrastructure.blobs import BlobKeyBad, BlobMissing, LocalBlobStore
from tests.support.waiting import until


@pytest.fixture
async def store(tmp_path: Path) -> LocalBlobStore:
    store = LocalBlobStore(tmp_path / "blobs")
    await store.prepare()
    return store


async def ranged(store: LocalBlobStore, key: str, start: int, length: int) -> bytes:
    async with aclosing(store.open_range(key, start, length)) as content:
        return b"".join([piece async for piece in content])


async def test_what_is_put_is_read_back(store: LocalBlobStore) -> None:
    await store.put("a/b/c.jpg", b"first")
    await store.put("a/b/c.jpg", b"second one")
    assert await store.read("a/b/c.jpg") == b"second one"
    assert await store.size("a/b/c.jpg") == 10
    assert await store.exists("a/b/c.jpg")


async def test_file_is_taken_over(store: LocalBlobStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"content")
    await store.put("a/b", source)
    assert await store.read("a/b") == b"content"
    assert not source.exists()


@pytest.mark.parametrize(
    ("start", "length", "expected"), [(0, 5, b"01234"), (7, 100, b"789"), (3, 0, b""), (50, 5, b"")]
)
async def test_range(store: LocalBlobStore, start: int, length: int, expected: bytes) -> None:
    await store.put("k", b"0123456789")
    assert await ranged(store, "k", start, length) == expected


async def test_range_of_many_pieces(store: LocalBlobStore) -> None:
    data = bytes(range(256)) * 3_000
    await store.put("k", data)
    assert await ranged(store, "k", 100, 700_000) == data[100:700_100]


async def test_absent_blob(store: LocalBlobStore) -> None:
    assert not await store.exists("k")
    await store.delete("k")
    for step in (store.read("k"), store.size("k"), ranged(store, "k", 0, 1)):
        with pytest.raises(BlobMissing):
            await step


async def test_failed_put_leaves_what_was_there(store: LocalBlobStore, tmp_path: Path) -> None:
    await store.put("k", b"old")
    with pytest.raises(OSError):  # noqa: PT011 - whatever the disk says
        await store.put("k", tmp_path / "absent")
    assert await store.read("k") == b"old"
    assert list(store.incoming.iterdir()) == []


@pytest.mark.parametrize(
    "key",
    ["", "/", "a//b", "../a", "a/../b", "a/.", ".incoming/x", "a\0b", "a b", "ü", "a\n", "x" * 400],
)
async def test_what_is_no_key_is_refused(store: LocalBlobStore, key: str) -> None:
    for step in (store.put(key, b""), store.read(key), store.exists(key), store.delete(key)):
        with pytest.raises(BlobKeyBad):
            await step


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
