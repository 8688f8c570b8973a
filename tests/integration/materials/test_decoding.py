"""Images are decoded in a process that can do nothing else."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.materials import decoder as decoding
from server.materials.decoder import Decoder, Pictures, parse
from server.materials.errors import DecoderBusy, ImageUnreadable
from tests.support import papers


@pytest.fixture
async def decoder() -> AsyncIterator[Decoder]:
    async with Decoder(pixels=50_000_000) as decoder:
        yield decoder


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(data)
    return path


async def test_page_and_thumbnail_are_made(decoder: Decoder, tmp_path: Path) -> None:
    made = await decoder.decode(saved(tmp_path, papers.png(papers.paper(600, 1200))))
    assert (made.width, made.height) == (600, 1200)
    assert papers.picture(made.page).shape == (1200, 600, 3)
    assert papers.picture(made.thumbnail).shape == (480, 240, 3)


async def test_large_page_is_made_smaller_and_a_small_one_not_larger(
    decoder: Decoder, tmp_path: Path
) -> None:
    large = await decoder.decode(saved(tmp_path, papers.jpeg(papers.paper(6000, 4000))))
    small = await decoder.decode(saved(tmp_path, papers.jpeg(papers.paper(40, 30))))
    assert (large.width, large.height) == (3000, 2000)
    assert papers.picture(small.thumbnail).shape == (30, 40, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_page_is_upright_and_without_metadata(
    decoder: Decoder, tmp_path: Path, orientation: int
) -> None:
    stored = papers.jpeg(papers.stored_as(papers.paper(), orientation))
    made = await decoder.decode(saved(tmp_path, papers.with_exif(stored, orientation)))
    assert (made.width, made.height) == (300, 400)
    page = papers.picture(made.page).astype(int)
    assert np.abs(page[20, 150] - papers.RED).max() < 40
    assert np.abs(page[380, 150] - papers.BLUE).max() < 40
    assert b"SECRET-ARTIST" not in made.page + made.thumbnail
    assert b"Exif" not in made.page + made.thumbnail


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe0 not an image",
        papers.png()[:60],
        papers.png_claiming(4_000, 4_000)[:-20],
        papers.png_claiming(60_000, 60_000),
        papers.jpeg_claiming(papers.jpeg(), 65_000, 65_000),
    ],
)
async def test_broken_image_is_told_and_the_next_one_is_decoded(
    decoder: Decoder, tmp_path: Path, data: bytes
) -> None:
    with pytest.raises(ImageUnreadable):
        await decoder.decode(saved(tmp_path, data))
    assert (await decoder.decode(saved(tmp_path, papers.jpeg()))).width == 300


async def test_many_wait_for_their_turn(decoder: Decoder, tmp_path: Path) -> None:
    path = saved(tmp_path, papers.jpeg())
    made = await asyncio.gather(*(decoder.decode(path) for _ in range(6)))
    assert [pictures.width for pictures in made] == [300] * 6


async def test_too_many_are_sent_away(
    decoder: Decoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "WAITING_MAX", 1)
    path = saved(tmp_path, papers.jpeg())
    results = await asyncio.gather(
        *(decoder.decode(path) for _ in range(6)), return_exceptions=True
    )
    assert any(isinstance(result, DecoderBusy) for result in results)
    assert any(isinstance(result, Pictures) for result in results)


async def test_decoder_that_was_killed_gives_a_clear_error(
    decoder: Decoder, tmp_path: Path
) -> None:
    spare = decoder._spare
    assert spare is not None
    decoding_one = asyncio.create_task(decoder.decode(saved(tmp_path, papers.jpeg())))
    await asyncio.sleep(0)
    if spare.returncode is None:
        spare.kill()
    with pytest.raises(ImageUnreadable):
        await decoding_one


async def test_decoder_that_takes_too_long_is_ended(
    decoder: Decoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "DECODE_SECONDS", 0.01)
    with pytest.raises(ImageUnreadable):
        await decoder.decode(saved(tmp_path, papers.jpeg(papers.paper(4000, 4000))))


async def test_no_process_is_left_when_the_decoder_closes(tmp_path: Path) -> None:
    async with Decoder(pixels=1_000_000) as decoder:
        await decoder.decode(saved(tmp_path, papers.jpeg()))
        spare = decoder._spare
        assert spare is not None
    assert spare.returncode is not None


CONFINED = """
import errno, os, socket, subprocess, sys
from server.materials.confine import confine
if len(sys.argv) > 1:
    os.setuid(int(sys.argv[1]))
confine()
def tried(step):
    try:
        step()
    except OSError as error:
        return errno.errorcode[error.errno]
    except MemoryError:
        return "MEMORY"
    return "DONE"
print(
    tried(lambda: socket.socket()),
    tried(lambda: os.open("/etc/passwd", os.O_RDONLY)),
    tried(lambda: os.execv("/bin/true", ["true"])),
    tried(lambda: os.kill(os.getppid(), 0)),
    tried(lambda: bytearray(2_000_000_000)),
    flush=True,
)
"""


@pytest.mark.parametrize("user", [[], ["65534"]])
def test_confined_process_can_open_run_and_reach_nothing(user: list[str]) -> None:
    other = user if os.geteuid() == 0 else []
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, *other],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout.split() == ["EPERM", "EPERM", "EPERM", "EPERM", "MEMORY"], done.stderr


def test_spare_ends_by_itself_when_its_application_is_gone() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "server.materials.decode"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    out, _ = process.communicate(b"", timeout=30)
    assert (process.returncode, out) == (0, b"")


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_answer_that_is_none_is_never_believed(answer: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        parse(answer)


@pytest.mark.parametrize(
    "head",
    [
        b'{"width": 3001, "height": 1, "page": 3, "thumbnail": 3}',
        b'{"width": 1, "height": 0, "page": 3, "thumbnail": 3}',
        b'{"width": 1, "height": 1, "page": 4, "thumbnail": 3}',
        b'{"width": 1, "height": 1, "page": 9, "thumbnail": -3}',
        b'{"width": true, "height": 1, "page": 3, "thumbnail": 3}',
        b"[1]",
    ],
)
def test_answer_with_impossible_sizes_is_not_believed(head: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        parse(head + b"\n" + b"\xff\xd8\xff" * 2)


async def test_loop_goes_on_while_an_image_is_decoded(decoder: Decoder, tmp_path: Path) -> None:
    path = saved(tmp_path, papers.jpeg(papers.paper(6000, 6000)))
    task = asyncio.create_task(decoder.decode(path))
    longest, last = 0.0, time.monotonic()
    while not task.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    await task
    assert longest < 0.5
