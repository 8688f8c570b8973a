"""What an image file says of itself in its first bytes, read before anything decodes it.

Sources: ISO/IEC 10918-1 (JPEG) annex B; PNG third edition, 5.2 and 11.2.1.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

from server.materials.errors import ImageTypeUnknown, ImageUnreadable

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PNG_IHDR: Final = b"\x00\x00\x00\x0dIHDR"
JPEG_SOI: Final = b"\xff\xd8"
# Frame headers; C4, C8 and CC are tables and an extension (B.1.1.3).
JPEG_SOF: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
JPEG_ENDS: Final = frozenset({0xD9, 0xDA})
SEGMENTS_MAX: Final = 2_000
FILL_MAX: Final = 4_096


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """media_type: by content. width, height: pixels as stored, before any orientation mark."""

    media_type: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read_header(file: BinaryIO) -> ImageHeader:
    """The header of an image that `file` begins with.

    Raises ImageTypeUnknown unless it begins like JPEG or PNG, ImageUnreadable if the header is
    cut, or names no size.
    """
    file.seek(0)
    start = file.read(len(PNG_SIGNATURE))
    if start == PNG_SIGNATURE:
        return _png(file)
    if start[:2] == JPEG_SOI:
        file.seek(len(JPEG_SOI))
        return _jpeg(file)
    raise ImageTypeUnknown


def _png(file: BinaryIO) -> ImageHeader:
    if _exactly(file, len(PNG_IHDR)) != PNG_IHDR:
        raise ImageUnreadable
    width, height = struct.unpack(">II", _exactly(file, 8))
    return _sized("image/png", width, height)


def _jpeg(file: BinaryIO) -> ImageHeader:
    for _ in range(SEGMENTS_MAX):
        marker = _marker(file)
        if marker in JPEG_ALONE:
            continue
        if marker in JPEG_ENDS:
            break
        (length,) = struct.unpack(">H", _exactly(file, 2))
        if length < 2:
            break
        if marker in JPEG_SOF:
            _precision, height, width = struct.unpack(">BHH", _exactly(file, 5))
            return _sized("image/jpeg", width, height)
        file.seek(length - 2, 1)
    raise ImageUnreadable


def _marker(file: BinaryIO) -> int:
    """The code of the next marker; any number of fill bytes may come before it (B.1.1.2)."""
    if _exactly(file, 1) != b"\xff":
        raise ImageUnreadable
    for _ in range(FILL_MAX):
        code = _exactly(file, 1)[0]
        if code != 0xFF:
            return code
    raise ImageUnreadable


def _sized(media_type: str, width: int, height: int) -> ImageHeader:
    if width == 0 or height == 0:
        raise ImageUnreadable
    return ImageHeader(media_type, width, height)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise ImageUnreadable
    return data
