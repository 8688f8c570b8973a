"""Decodes one image in a process of its own: bytes on stdin, two JPEGs on stdout, then the end.

    python -m server.materials.decode < upload > answer

Answer: a JSON line {"width", "height", "page", "thumbnail"} (pixels of the page, bytes of the two
pictures), then the page, then the thumbnail. The orientation mark is applied; nothing of the
original's metadata is left. Exit code 2: unreadable, 4: not confined. `decoder.py` starts it, with
the most pixels to decode in OPENCV_IO_MAX_IMAGE_PIXELS, which OpenCV reads when it is loaded.
"""

import json
import sys
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from server.materials.confine import NotConfined, confine
from server.materials.limits import (
    EXIT_NOT_CONFINED,
    EXIT_UNREADABLE,
    PAGE_QUALITY,
    PAGE_SIDE,
    THUMBNAIL_QUALITY,
    THUMBNAIL_SIDE,
)

# Markers that never occur within a scan's coded bytes (ISO/IEC 10918-1, B.1.1.5).
JPEG_START: Final = b"\xff\xd8"
JPEG_SCAN: Final = b"\xff\xda"
JPEG_END: Final = b"\xff\xd9"

Image = NDArray[Any]


class Unreadable(ValueError):
    """OpenCV makes no picture of it."""


def decode(data: bytes) -> Image:
    """(height, width, 3) uint8, BGR, upright. Raises Unreadable."""
    if data.startswith(JPEG_START) and data.rfind(JPEG_END) < data.rfind(JPEG_SCAN):
        # Cut off: libjpeg would fill the rest of the page with grey and only warn.
        raise Unreadable
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except (cv2.error, MemoryError) as error:
        raise Unreadable from error
    if image is None or image.size == 0:
        raise Unreadable
    return image


def fit(image: Image, side: int) -> Image:
    """`image`, its longer side at most `side` pixels; never enlarged."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def jpeg(image: Image, quality: int) -> bytes:
    good, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not good:
        raise Unreadable
    return data.tobytes()


def answer(data: bytes) -> bytes:
    """What goes to stdout for an upload of `data`. Raises Unreadable."""
    page = fit(decode(data), PAGE_SIDE)
    height, width = page.shape[:2]
    page_jpeg = jpeg(page, PAGE_QUALITY)
    thumbnail_jpeg = jpeg(fit(page, THUMBNAIL_SIDE), THUMBNAIL_QUALITY)
    head = {
        "width": width,
        "height": height,
        "page": len(page_jpeg),
        "thumbnail": len(thumbnail_jpeg),
    }
    return json.dumps(head).encode() + b"\n" + page_jpeg + thumbnail_jpeg


def main() -> int:
    cv2.setNumThreads(1)
    try:
        confine()
    except NotConfined:
        return EXIT_NOT_CONFINED
    data = sys.stdin.buffer.read()
    if not data:
        # A spare whose application has ended.
        return 0
    try:
        result = answer(data)
    except (Unreadable, cv2.error, MemoryError):
        return EXIT_UNREADABLE
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
