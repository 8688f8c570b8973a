"""Where bytes lie that are too large for SQL: papers, their pictures, sealed recordings.

On this machine's disk, here, or in an S3-compatible store (`blobs_s3`), as the settings say.

A key is a path of plain names made by us (`materials/<session>/<id>/page.jpg`), never from a name
that a user gave. A blob is written once: whole or not at all.
"""

import asyncio
import os
import re
import secrets
import shutil
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

CHUNK_BYTES: Final = 256 * 1024
KEY_MAX: Final = 300
LEFTOVER_SECONDS: Final = 3600
_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
INCOMING: Final = ".incoming"


class BlobMissing(LookupError):
    """No blob lies under this key."""


class BlobKeyBad(ValueError):
    """Not a key: a fault of ours, or an attempt to leave the store."""


class BlobsAway(OSError):
    """The store does not answer, or refuses us: it may be asked again."""


class BlobStore(Protocol):
    """All calls raise BlobKeyBad for what is no key, BlobsAway or another OSError when the store
    fails."""

    @property
    def incoming(self) -> Path:
        """A folder of this machine for files that are still being written; `put` takes them."""
        ...

    async def prepare(self) -> None:
        """Make it usable, and clear what a killed process left half written."""
        ...

    async def put(self, key: str, source: bytes | Path) -> None:
        """Keep `source` under `key`, replacing what was there. A file is taken over: it is gone
        afterwards."""
        ...

    async def read(self, key: str) -> bytes:
        """The whole blob. Raises BlobMissing."""
        ...

    def open_range(self, key: str, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """`length` bytes from `start`, in pieces. Close it (`aclosing`). Raises BlobMissing."""
        ...

    async def size(self, key: str) -> int:
        """Bytes of the blob. Raises BlobMissing."""
        ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, key: str) -> None:
        """Remove it; one that is absent is gone already."""
        ...


def key_parts(key: str) -> list[str]:
    """The names that a key is made of. Raises BlobKeyBad."""
    parts = key.split("/")
    if len(key) > KEY_MAX or not all(_PART.fullmatch(part) for part in parts):
        raise BlobKeyBad(key[:KEY_MAX])
    return parts


def clear_incoming(folder: Path) -> None:
    """Make the folder of half written files, without those that a killed process left."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    oldest = time.time() - LEFTOVER_SECONDS
    for left in folder.iterdir():
        if left.stat().st_mtime < oldest:
            left.unlink(missing_ok=True)


class LocalBlobStore:
    """A folder of this machine. What is put is on the disk (fsync, then rename) when `put` ends."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def incoming(self) -> Path:
        return self._root / INCOMING

    async def prepare(self) -> None:
        await asyncio.to_thread(clear_incoming, self.incoming)

    async def put(self, key: str, source: bytes | Path) -> None:
        await asyncio.to_thread(self._put, self._path(key), source)

    async def read(self, key: str) -> bytes:
        path = self._path(key)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            raise BlobMissing(key) from None

    async def open_range(self, key: str, start: int, length: int) -> AsyncGenerator[bytes, None]:
        opening = asyncio.ensure_future(asyncio.to_thread(self._open, key, start))
        try:
            file = await asyncio.shield(opening)
        except asyncio.CancelledError:
            # Its thread goes on: what it opens is closed, though nobody waits any more.
            opening.add_done_callback(_close_opened)
            raise
        try:
            left = length
            while left > 0:
                piece = await asyncio.to_thread(file.read, min(CHUNK_BYTES, left))
                if not piece:
                    return
                left -= len(piece)
                yield piece
        finally:
            file.close()

    async def size(self, key: str) -> int:
        path = self._path(key)
        try:
            return (await asyncio.to_thread(path.stat)).st_size
        except FileNotFoundError:
            raise BlobMissing(key) from None

    async def exists(self, key: str) -> bool:
        return await asyncio.to_thread(self._path(key).is_file)

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(self._path(key).unlink, True)

    def _path(self, key: str) -> Path:
        return self._root.joinpath(*key_parts(key))

    def _open(self, key: str, start: int) -> BinaryIO:
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            raise BlobMissing(key) from None
        file.seek(start)
        return file

    def _put(self, target: Path, source: bytes | Path) -> None:
        self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.incoming / secrets.token_hex(16)
        try:
            if isinstance(source, bytes):
                draft.write_bytes(source)
            else:
                # A rename within one file system, a copy from another one.
                shutil.move(source, draft)
            draft.chmod(0o600)
            _sync(draft, os.O_RDONLY)
            draft.replace(target)
            _sync(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        finally:
            draft.unlink(missing_ok=True)


def _sync(path: Path, flags: int) -> None:
    """Make a file's bytes, or a folder's names, durable."""
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _close_opened(opening: "asyncio.Future[BinaryIO]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
