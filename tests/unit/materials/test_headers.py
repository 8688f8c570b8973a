"""What a file says of itself, read without decoding it."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.materials.errors import ImageTypeUnknown, ImageUnreadable
from server.materials.headers import ImageHeader, read_header
from tests.support import papers

JPEG, PNG = papers.jpeg(), papers.png()


def header(data: bytes) -> ImageHeader:
    return read_header(io.BytesIO(data))


def test_type_and_size_are_told_by_content() -> None:
    assert header(JPEG) == ImageHeader("image/jpeg", 300, 400)
    assert header(PNG) == ImageHeader("image/png", 300, 400)


def test_size_behind_long_metadata_is_found() -> None:
    data = papers.with_exif(JPEG, 6, artist=b"x" * 60_000)
    for _ in range(20):
        data = papers.with_exif(data, 6, artist=b"x" * 60_000)
    assert header(data).pixels == 120_000


def test_claimed_size_is_told_whatever_follows() -> None:
    assert header(papers.png_claiming(60_000, 60_000)).pixels == 3_600_000_000
    assert header(papers.jpeg_claiming(JPEG, 65_000, 65_000)).pixels == 65_000**2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(40),
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00\xff\xd8\xff",
    ],
)
def test_other_types_are_unknown(data: bytes) -> None:
    with pytest.raises(ImageTypeUnknown):
        header(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x02",
        b"\xff\xd8\xff\xe0\x00\x01",
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xd8" + b"\xff" * 10_000,
        b"\xff\xd8" + b"\xff\xd0" * 10_000,
        b"\xff\xd8\x00\x00",
        PNG[:20],
        PNG[:8] + bytes(30),
        papers.png_claiming(0, 10),
        papers.jpeg_claiming(JPEG, 0, 10),
    ],
)
def test_broken_header_is_unreadable(data: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        header(data)


@given(st.sampled_from([JPEG, PNG]), st.integers(0, 700))
def test_cut_file_gives_its_size_or_the_typed_error(data: bytes, length: int) -> None:
    try:
        found = header(data[:length])
    except (ImageUnreadable, ImageTypeUnknown):
        return
    assert (found.width, found.height) == (300, 400)


@given(st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"]), st.binary(max_size=200))
def test_random_bytes_give_nothing_but_the_typed_errors(start: bytes, rest: bytes) -> None:
    with contextlib.suppress(ImageUnreadable, ImageTypeUnknown):
        assert header(start + rest).pixels > 0
