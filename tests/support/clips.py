"""Clips for fake cameras and microphones: a colour to see, a tone to hear."""

import math
import struct
import wave
from pathlib import Path

WIDTH, HEIGHT, FRAMES_PER_SECOND = 320, 240, 10

# (Y, Cb, Cr): far apart, so that a decoded picture can be told from any other.
COLOURS = {
    "red": (82, 90, 240),
    "green": (145, 54, 34),
    "blue": (41, 240, 110),
    "yellow": (210, 16, 146),
}


def make_video(path: Path, colour: str) -> Path:
    """A Y4M clip of one colour in which a bar moves, so that every frame differs."""
    y, cb, cr = COLOURS[colour]
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420\n".encode())
        for frame in range(10):
            luma = bytearray(bytes([y]) * (WIDTH * HEIGHT))
            for row in range(frame * 20, frame * 20 + 10):
                luma[row * WIDTH : (row + 1) * WIDTH] = bytes([y ^ 0x20]) * WIDTH
            file.write(b"FRAME\n")
            file.write(luma)
            file.write(bytes([cb]) * (WIDTH * HEIGHT // 4))
            file.write(bytes([cr]) * (WIDTH * HEIGHT // 4))
    return path


def make_sound(path: Path, hertz: int) -> Path:
    """A WAV clip of two seconds of one tone."""
    rate = 48_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (
            int(12_000 * math.sin(2 * math.pi * hertz * at / rate)) for at in range(2 * rate)
        )
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path
