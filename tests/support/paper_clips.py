"""Clips in which a person holds a paper into the camera, and how to know that paper again."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.clips import FRAMES_PER_SECOND

Image = NDArray[np.uint8]

# BGR; what is around the paper, and at the left edge of every frame.
BACKGROUNDS: Final = {
    "red": (30, 30, 200),
    "green": (30, 170, 30),
    "blue": (200, 40, 30),
    "yellow": (20, 210, 220),
}
FRAMES: Final = 10
LINES: Final = ("APPLICATION FORM", "Name: ZHANG SAN", "No. 310107 2024", "Date: 2024-05-20")


def make_paper_video(path: Path, colour: str, *, width: int = 320, height: int = 240) -> Path:
    """A Y4M clip: a page with text before a wall of one colour; a dot moves below the page."""
    with path.open("wb") as file:
        rate = f"F{FRAMES_PER_SECOND}:1 Ip A1:1 C420"
        file.write(f"YUV4MPEG2 W{width} H{height} {rate}\n".encode())
        for number in range(FRAMES):
            frame = paper_frame(colour, width, height)
            x = width * (number + 1) // (FRAMES + 1)
            cv2.circle(frame, (x, height - height // 24), height // 40, (0, 0, 0), -1)
            file.write(b"FRAME\n")
            file.write(cv2.cvtColor(frame, cv2.COLOR_BGR2YUV_I420).tobytes())
    return path


def paper_frame(colour: str, width: int, height: int) -> Image:
    """One frame, BGR: the page takes the middle three fifths of the width."""
    frame = np.empty((height, width, 3), np.uint8)
    frame[:] = BACKGROUNDS[colour]
    left, right = width // 5, width * 4 // 5
    top, bottom = height // 12, height * 10 // 12
    cv2.rectangle(frame, (left, top), (right, bottom), (245, 245, 245), -1)
    size = width / 320 * 0.42
    step = (bottom - top) // (len(LINES) + 1)
    for row, text in enumerate(LINES, start=1):
        at = (left + width // 32, top + row * step)
        cv2.putText(frame, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (20, 20, 20), 1, cv2.LINE_AA)
    return frame


def paper_likeness(stored: bytes, colour: str) -> float:
    """How well a stored image shows the clip's frame: correlation of its grey values, up to 1.

    Above 0.9 it is that paper; another one, or none, stays far below.
    """
    image = cv2.imdecode(np.frombuffer(stored, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert image is not None, "the stored bytes are no image"
    height, width = image.shape
    wanted = cv2.cvtColor(paper_frame(colour, width, height), cv2.COLOR_BGR2GRAY)
    a = image.astype(np.float64).ravel() - image.mean()
    b = wanted.astype(np.float64).ravel() - wanted.mean()
    scale = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / scale if scale else 0.0
