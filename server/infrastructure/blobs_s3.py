"""Blobs in an S3-compatible store, and which store the settings ask for."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import obstore
from obstore.store import S3Store

from recordings import bucket
from recordings.object_store import ObjectStoreAway, failures_told, open_bucket
from server.infrastructure.blobs import (
    INCOMING,
    BlobMissing,
    BlobsAway,
    BlobStore,
    LocalBlobStore,
    clear_incoming,
    key_parts,
)
from server.infrastructure.settings import Settings

PIECE_BYTES: Final = 1024 * 1024

_log = logging.getLogger(__name__)


def blob_store(settings: Settings) -> BlobStore:
    """The store that the settings name: a bucket, or the folder of this machine."""
    if settings.blob_url is None:
        return LocalBlobStore(settings.blobs)
    access, secret = settings.blob_access_key, settings.blob_secret_key
    client = open_bucket(
        bucket.parse(settings.blob_url),
        access_key=None if access is None else access.get_secret_value(),
        secret_key=None if secret is None else secret.get_secret_value(),
    )
    return S3BlobStore(client, settings.blobs / INCOMING)


class S3BlobStore:
    """A bucket's prefix. What is put is the store's when `put` ends: whole, or not at all."""

    def __init__(self, client: S3Store, incoming: Path) -> None:
        self._client = client
        self._incoming = incoming

    @property
    def incoming(self) -> Path:
        return self._incoming

    async def prepare(self) -> None:
        """Raises ObjectStoreRefuses, BucketMissing.

        A store that is away for now is waited for by those who need it, not by the start.
        """
        await asyncio.to_thread(clear_incoming, self._incoming)
        try:
            with failures_told():
                await obstore.list_with_delimiter_async(self._client)
        except ObjectStoreAway:
            _log.warning("the object store does not answer")

    async def put(self, key: str, source: bytes | Path) -> None:
        path = _path(key)
        with _failures():
            await obstore.put_async(self._client, path, source)
        if isinstance(source, Path):
            await asyncio.to_thread(source.unlink, True)

    async def read(self, key: str) -> bytes:
        path = _path(key)
        try:
            with _failures():
                found = await obstore.get_async(self._client, path)
                return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise BlobMissing(key) from None

    async def open_range(self, key: str, start: int, length: int) -> AsyncGenerator[bytes, None]:
        # Each piece is a request of its own: who reads slowly, or goes, holds no line to the store.
        end = min(start + length, await self.size(key))
        while start < end:
            piece = await self._piece(key, start, min(PIECE_BYTES, end - start))
            start += len(piece)
            yield piece

    async def size(self, key: str) -> int:
        path = _path(key)
        try:
            with _failures():
                return int((await obstore.head_async(self._client, path))["size"])
        except FileNotFoundError:
            raise BlobMissing(key) from None

    async def exists(self, key: str) -> bool:
        try:
            await self.size(key)
        except BlobMissing:
            return False
        return True

    async def delete(self, key: str) -> None:
        path = _path(key)
        try:
            with _failures():
                await obstore.delete_async(self._client, path)
        except FileNotFoundError:
            return

    async def _piece(self, key: str, start: int, length: int) -> bytes:
        options: obstore.GetOptions = {"range": (start, start + length)}
        try:
            with _failures():
                found = await obstore.get_async(self._client, _path(key), options=options)
                return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise BlobMissing(key) from None


@contextmanager
def _failures() -> Iterator[None]:
    try:
        with failures_told():
            yield
    except FileNotFoundError:
        raise
    except OSError as failure:
        raise BlobsAway(str(failure)) from failure


def _path(key: str) -> str:
    return "/".join(key_parts(key))
