"""Has uploads decoded, each in a confined process that sees this one image and then ends."""

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import server
from server.materials.errors import DecoderBusy, DecoderUnavailable, ImageUnreadable
from server.materials.limits import EXIT_NOT_CONFINED, PAGE_SIDE

AT_ONCE: Final = 2
WAITING_MAX: Final = 20
DECODE_SECONDS: Final = 20.0
ANSWER_MAX: Final = 40_000_000
CHUNK_BYTES: Final = 256 * 1024
_JPEG: Final = b"\xff\xd8\xff"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The decoder's answer. page, thumbnail: JPEG. width, height: pixels of the page."""

    width: int
    height: int
    page: bytes
    thumbnail: bytes


class Decoder:
    """`async with`: one process is kept started ahead, since loading OpenCV takes longest."""

    def __init__(self, *, pixels: int) -> None:
        self._pixels = pixels
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._spare: Process | None = None

    async def __aenter__(self) -> Self:
        self._spare = await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._spare is not None:
            spare, self._spare = self._spare, None
            await _end(spare)

    async def decode(self, upload: Path) -> Pictures:
        """The page and thumbnail of the image in the file `upload`.

        Raises ImageUnreadable (broken, or beyond the limits of memory and time), DecoderBusy,
        DecoderUnavailable.
        """
        if self._waiting >= WAITING_MAX:
            raise DecoderBusy
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._decode(upload)
        finally:
            self._places.release()

    async def _decode(self, upload: Path) -> Pictures:
        process = await self._take()
        try:
            async with asyncio.timeout(DECODE_SECONDS):
                answer = await _exchange(process, upload)
                code = await process.wait()
        except TimeoutError:
            _log.warning("decoding took too long")
            raise ImageUnreadable from None
        finally:
            await _end(process)
        if code == EXIT_NOT_CONFINED:
            _log.error("the decoder can't be confined on this machine: uploads are refused")
            raise DecoderUnavailable
        if code != 0:
            raise ImageUnreadable
        return parse(answer)

    async def _take(self) -> Process:
        """The spare process, or a new one if that has ended; and another one started ahead."""
        process, self._spare = self._spare, None
        if process is None or process.returncode is not None:
            process = await self._start()
        self._spare = await self._start()
        return process

    async def _start(self) -> Process:
        environment = {
            "PYTHONPATH": str(Path(server.__file__).parent.parent),
            "OPENCV_IO_MAX_IMAGE_PIXELS": str(self._pixels),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        try:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-s", "-P", "-m", "server.materials.decode"),
                stdin=PIPE,
                stdout=PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment,
                cwd=os.sep,
                start_new_session=True,
                limit=CHUNK_BYTES,
            )
        except OSError as error:
            _log.exception("the decoder could not be started")
            raise DecoderUnavailable from error


def parse(answer: bytes) -> Pictures:
    """The pictures of a decoder's answer, which is believed no more than the upload itself.

    Raises ImageUnreadable for anything but two JPEGs of possible sizes.
    """
    head, found, body = answer.partition(b"\n")
    try:
        sizes = json.loads(head)
        width, height, page, thumbnail = (
            sizes[name] for name in ("width", "height", "page", "thumbnail")
        )
    except (ValueError, KeyError, TypeError):
        raise ImageUnreadable from None
    if not found or not all(type(value) is int for value in (width, height, page, thumbnail)):
        raise ImageUnreadable
    possible = 0 < width <= PAGE_SIDE and 0 < height <= PAGE_SIDE
    if not possible or page <= 0 or thumbnail <= 0 or page + thumbnail != len(body):
        raise ImageUnreadable
    pictures = Pictures(width, height, body[:page], body[page:])
    if not (pictures.page.startswith(_JPEG) and pictures.thumbnail.startswith(_JPEG)):
        raise ImageUnreadable
    return pictures


async def _exchange(process: Process, upload: Path) -> bytes:
    """Give the file and take the answer at the same time, so that no pipe blocks the other."""
    feeding = asyncio.create_task(_feed(process, upload), name="decoder-feed")
    try:
        answer = await _collect(process)
        await feeding
    finally:
        feeding.cancel()
        await asyncio.wait([feeding])
    return answer


async def _feed(process: Process, upload: Path) -> None:
    """Give the file to the process. It may end before it has read all: its answer counts."""
    if process.stdin is None:
        raise DecoderUnavailable
    with await asyncio.to_thread(upload.open, "rb") as file, suppress(ConnectionError):
        while piece := await asyncio.to_thread(file.read, CHUNK_BYTES):
            process.stdin.write(piece)
            await process.stdin.drain()
    with suppress(ConnectionError):
        process.stdin.close()
        await process.stdin.wait_closed()


async def _collect(process: Process) -> bytes:
    if process.stdout is None:
        raise DecoderUnavailable
    answer = bytearray()
    while piece := await process.stdout.read(CHUNK_BYTES):
        answer += piece
        if len(answer) > ANSWER_MAX:
            raise ImageUnreadable
    return bytes(answer)


async def _end(process: Process) -> None:
    """Nothing of the process is left when this returns."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    if process.stdin is not None:
        process.stdin.close()
        with suppress(ConnectionError):
            await process.stdin.wait_closed()
    await process.wait()
