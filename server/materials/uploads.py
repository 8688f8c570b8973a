"""Takes a multipart upload from the line into a file, bounded, before anybody looks into it."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web

from server.infrastructure.errors import Unprocessable, UnsupportedMedia
from server.materials.errors import ImageTooLarge
from server.materials.schemas import UploadFields

RECEIVE_SECONDS: Final = 120.0
CHUNK_BYTES: Final = 64 * 1024
FIELD_BYTES: Final = 400
PARTS_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Upload:
    """A received file. path: ours to read until the block ends. sha256: of its bytes."""

    path: Path
    size: int
    sha256: bytes
    fields: UploadFields


@asynccontextmanager
async def received(request: web.Request, folder: Path, *, limit: int) -> AsyncIterator[Upload]:
    """The upload in `request`, in a file of `folder` that is gone after the block.

    Raises UnsupportedMedia `body_not_multipart` or `body_encoded`, ImageTooLarge, Unprocessable
    `upload_broken` or `upload_slow`, pydantic's ValidationError for the fields beside the file.
    """
    if request.content_type != "multipart/form-data":
        raise UnsupportedMedia("body_not_multipart")
    if request.headers.get("Content-Encoding"):
        raise UnsupportedMedia("body_encoded")
    if (request.content_length or 0) > limit + FIELD_BYTES * 10:
        raise ImageTooLarge(limit=limit, unit="bytes")
    path = folder / f"upload-{secrets.token_hex(16)}"
    try:
        try:
            async with asyncio.timeout(RECEIVE_SECONDS):
                size, digest, fields = await _parts(await request.multipart(), path, limit)
        except TimeoutError:
            raise Unprocessable("upload_slow", seconds=RECEIVE_SECONDS) from None
        except ValueError as error:
            # What aiohttp's reader makes of a body that does not keep its own boundary.
            raise Unprocessable("upload_broken") from error
        yield Upload(path, size, digest, UploadFields.model_validate(fields))
    finally:
        await asyncio.to_thread(path.unlink, True)


async def _parts(
    reader: MultipartReader, path: Path, limit: int
) -> tuple[int, bytes, dict[str, str]]:
    """Size and SHA-256 of the file, now at `path`, and the fields beside it."""
    digest, size, fields = hashlib.sha256(), -1, dict[str, str]()
    for _ in range(PARTS_MAX):
        part = await reader.next()
        if part is None:
            break
        if not isinstance(part, BodyPartReader) or part.name is None or part.name in fields:
            raise Unprocessable("upload_broken")
        if part.name != "file":
            fields[part.name] = await _text(part)
        elif size >= 0:
            raise Unprocessable("upload_broken")
        else:
            size = await _save(part, path, digest, limit)
    else:
        raise Unprocessable("upload_broken")
    if size <= 0:
        raise Unprocessable("upload_without_file")
    return size, digest.digest(), fields


async def _text(part: BodyPartReader) -> str:
    data = bytearray()
    while piece := await part.read_chunk(FIELD_BYTES):
        data += piece
        if len(data) > FIELD_BYTES:
            raise Unprocessable("upload_broken")
    return data.decode("utf-8")


async def _save(part: BodyPartReader, path: Path, digest: "hashlib._Hash", limit: int) -> int:
    """Write the part's bytes to `path`; how many."""
    size = 0
    with await asyncio.to_thread(path.open, "xb") as file:
        while piece := await part.read_chunk(CHUNK_BYTES):
            size += len(piece)
            if size > limit:
                raise ImageTooLarge(limit=limit, unit="bytes")
            digest.update(piece)
            await asyncio.to_thread(file.write, piece)
    return size
