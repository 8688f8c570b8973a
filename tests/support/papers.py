"""Pictures of papers, made on the spot, and files that only look like them."""

import struct
import zlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

RED = (0, 0, 255)
BLUE = (255, 0, 0)

Image = NDArray[Any]


def paper(width: int = 300, height: int = 400) -> Image:
    """Blue, with a red strip along its top fifth: which way is up can be seen."""
    image = np.full((height, width, 3), BLUE, np.uint8)
    image[: height // 5] = RED
    return image


def jpeg(image: Image | None = None) -> bytes:
    return cv2.imencode(".jpg", paper() if image is None else image)[1].tobytes()


def png(image: Image | None = None) -> bytes:
    return cv2.imencode(".png", paper() if image is None else image)[1].tobytes()


def picture(data: bytes) -> Image:
    image = cv2.imdecode(
        np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    )
    assert image is not None
    return image


def with_exif(data: bytes, orientation: int, *, artist: bytes = b"SECRET-ARTIST") -> bytes:
    """A JPEG with an orientation mark and an author's name in its metadata (EXIF 2.3, 4.6)."""
    text = artist + b"\0"
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    entries += struct.pack("<HHII", 0x013B, 2, len(text), 8 + 2 + 24 + 4)
    tiff = b"II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 0) + text
    segment = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def stored_as(upright: Image, orientation: int) -> Image:
    """How a camera held that way stores a scene that is `upright` (EXIF 2.3, table 6)."""
    turns: dict[int, Any] = {
        1: lambda image: image,
        2: lambda image: image[:, ::-1],
        3: lambda image: image[::-1, ::-1],
        4: lambda image: image[::-1],
        5: lambda image: image.transpose(1, 0, 2),
        6: lambda image: np.rot90(image, 1),
        7: lambda image: image[::-1, ::-1].transpose(1, 0, 2),
        8: lambda image: np.rot90(image, -1),
    }
    return np.ascontiguousarray(turns[orientation](upright))


def png_claiming(width: int, height: int, *, rows: int = 1) -> bytes:
    """A PNG whose header names a size that its few bytes of content do not have, or that unfold to
    very much: a bomb."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = zlib.compress(bytes(rows * (1 + 3 * width)), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", content)
        + chunk(b"IEND", b"")
    )


def jpeg_claiming(data: bytes, width: int, height: int) -> bytes:
    """`data` with another size in its frame header."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]
