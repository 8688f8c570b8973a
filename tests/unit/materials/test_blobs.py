"""The local blob store: whole or not at all, and never outside its folder."""

from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.infrastructure.blobs import BlobKeyBad, BlobMissing, LocalBlobStore


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
