"""A folder and an S3-compatible bucket keep blobs alike, as the settings choose."""

import os
import socket
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from recordings.object_store import BucketMissing
from server.infrastructure.blobs import (
    BlobKeyBad,
    BlobMissing,
    BlobsAway,
    BlobStore,
    LocalBlobStore,
)
from server.infrastructure.blobs_s3 import PIECE_BYTES, S3BlobStore, blob_store
from server.infrastructure.settings import Settings
from tests.support.object_stores import ACCESS_KEY, SECRET_KEY, ObjectStore


def settings(tmp_path: Path, url: str | None, **more: Any) -> Settings:
    keys = {"blob_access_key": ACCESS_KEY, "blob_secret_key": SECRET_KEY}
    return Settings(data=tmp_path, blob_url=url, **{**keys, **more})


@pytest.fixture(params=["folder", "bucket"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    url = None
    if request.param == "bucket":
        url = request.getfixturevalue("object_store").new_bucket()
    store = blob_store(settings(tmp_path, url))
    assert isinstance(store, LocalBlobStore if url is None else S3BlobStore)
    await store.prepare()
    return store


async def ranged(store: BlobStore, key: str, start: int, length: int) -> bytes:
    async with aclosing(store.open_range(key, start, length)) as content:
        return b"".join([piece async for piece in content])


async def test_what_is_put_is_read_back(store: BlobStore) -> None:
    await store.put("a/b/c.jpg", b"first")
    await store.put("a/b/c.jpg", b"second one")
    assert await store.read("a/b/c.jpg") == b"second one"
    assert await store.size("a/b/c.jpg") == 10
    assert await store.exists("a/b/c.jpg")
    await store.delete("a/b/c.jpg")
    assert not await store.exists("a/b/c.jpg")


async def test_file_is_taken_over(store: BlobStore) -> None:
    source = store.incoming / "source"
    content = os.urandom(11_000_000)  # so long that a bucket takes it in parts
    source.write_bytes(content)
    await store.put("a/b", source)
    assert await store.read("a/b") == content
    assert not source.exists()


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 5, b"01234"), (7, 100, b"789"), (3, 0, b""), (10, 1, b""), (50, 5, b"")],
)
async def test_range(store: BlobStore, start: int, length: int, expected: bytes) -> None:
    await store.put("k", b"0123456789")
    assert await ranged(store, "k", start, length) == expected


async def test_range_of_many_pieces(store: BlobStore) -> None:
    data = os.urandom(3 * PIECE_BYTES + 17)
    await store.put("k", data)
    assert await ranged(store, "k", 100, 2 * PIECE_BYTES) == data[100 : 100 + 2 * PIECE_BYTES]
    assert await ranged(store, "k", 0, len(data)) == data


async def test_absent_blob(store: BlobStore) -> None:
    assert not await store.exists("k")
    await store.delete("k")
    for step in (store.read("k"), store.size("k"), ranged(store, "k", 0, 1)):
        with pytest.raises(BlobMissing):
            await step


@pytest.mark.parametrize(
    "key",
    ["", "/", "a//b", "../a", "a/../b", "a/.", ".incoming/x", "a\0b", "a b", "ü", "a\n", "x" * 400],
)
async def test_what_is_no_key_is_refused(store: BlobStore, key: str) -> None:
    for step in (store.put(key, b""), store.read(key), store.exists(key), store.delete(key)):
        with pytest.raises(BlobKeyBad):
            await step


async def test_prefixes_keep_installations_apart(object_store: ObjectStore, tmp_path: Path) -> None:
    url = object_store.new_bucket()
    one = blob_store(settings(tmp_path, url))
    other = blob_store(settings(tmp_path, url.replace("/putuo/window", "/putuo/training")))
    await one.put("k", b"one")
    assert not await other.exists("k")


async def test_a_bucket_that_is_not_there_is_told_at_the_start(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    url = object_store.new_bucket().replace("s3://tests-", "s3://tests-absent-")
    store = blob_store(settings(tmp_path, url))
    with pytest.raises(BucketMissing):
        await store.prepare()
    for step in (store.put("k", b""), store.read("k")):
        with pytest.raises(BlobsAway):
            await step


async def test_a_store_that_is_away_is_waited_for_by_the_start_and_refuses_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recordings.object_store.RETRIES", 1)
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    store = blob_store(settings(tmp_path, f"s3://papers?endpoint=http://127.0.0.1:{port}"))
    await store.prepare()
    source = store.incoming / "source"
    source.write_bytes(b"kept")
    for step in (store.put("k", source), store.read("k"), store.size("k"), store.delete("k")):
        with pytest.raises(BlobsAway) as told:
            await step
        assert str(port) not in str(told.value)
    assert source.read_bytes() == b"kept"


@pytest.mark.parametrize(
    "wrong",
    [
        {"blob_url": "https://example.org/papers"},
        {"blob_url": "s3://key:secret@papers"},
        {"blob_url": None, "blob_secret_key": None},
    ],
)
def test_settings_that_name_no_place_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, wrong.pop("blob_url"), **wrong)
