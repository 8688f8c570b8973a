"""Opus packets: how long they sound, and one of silence."""

from typing import Final

from recordings.errors import PacketMalformed

CLOCK_RATE: Final = 48_000
SILENCE: Final = b"\xf8\xff\xfe"  # CELT, full band, mono, 20 ms: decodes to nothing
SILENCE_TICKS: Final = 960
LONGEST_TICKS: Final = 5760  # 120 ms (RFC 6716, 3.2.5)

# RFC 6716, table 2: frame size in ticks of 48 kHz by the configuration number.
_SILK: Final = (480, 960, 1920, 2880)
_HYBRID: Final = (480, 960)
_CELT: Final = (120, 240, 480, 960)
_FRAME_TICKS: Final = _SILK * 3 + _HYBRID * 2 + _CELT * 4
_CONFIGURATION_SHIFT: Final = 3
_FRAMES_CODE: Final = 0x03
_FRAMES_COUNT: Final = 0x3F
_ARBITRARY_FRAMES: Final = 3


def ticks(packet: bytes | memoryview) -> int:
    """How long `packet` sounds, in ticks of 48 kHz. Raises PacketMalformed.

    Source: RFC 6716, 3.1 and 3.2.
    """
    if not packet:
        raise PacketMalformed("empty Opus packet")
    code = packet[0] & _FRAMES_CODE
    frames = 1 if code == 0 else 2
    if code == _ARBITRARY_FRAMES:
        if len(packet) < 2:
            raise PacketMalformed("Opus packet without its frame count")
        frames = packet[1] & _FRAMES_COUNT
    total = frames * _FRAME_TICKS[packet[0] >> _CONFIGURATION_SHIFT]
    if not 0 < total <= LONGEST_TICKS:
        raise PacketMalformed("Opus packet of no, or too long a duration")
    return total
