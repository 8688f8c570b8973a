"""Calls made on the spot: real VP8 and Opus, in RTP, as a media worker would log them."""

import datetime as dt
import fractions
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from av import AudioFrame, VideoFrame

from recordings.log import LogHeader, LogSummary, RecordingLog
from recordings.records import StreamInfo

ORIGIN_US = 5_000_000_000
STARTED_AT = dt.datetime(2024, 5, 6, 1, 2, 3, 456000, tzinfo=dt.UTC)
VIDEO_RATE, AUDIO_RATE = 90_000, 48_000
VIDEO_TYPE, AUDIO_TYPE = 96, 111
FRAMES_PER_SECOND = 10

RED, GREEN, BLUE = (220, 30, 30), (30, 200, 30), (30, 30, 220)


@dataclass(slots=True)
class Sent:
    """A packet on its way. at_us: sent, on the session's clock; delay_us: spent on the way."""

    at_us: int
    data: bytes
    delay_us: int = 20_000
    key: bool = False

    @property
    def arrival_us(self) -> int:
        return ORIGIN_US + self.at_us + self.delay_us


def rtp(sequence: int, timestamp: int, marker: bool, payload_type: int, payload: bytes) -> bytes:
    return (
        struct.pack(
            ">BBHLL",
            0x80,
            marker << 7 | payload_type,
            sequence % 2**16,
            timestamp % 2**32,
            0x1234,
        )
        + payload
    )


@dataclass(slots=True)
class Camera:
    """A source of one colour with a bar that moves."""

    colour: tuple[int, int, int]
    size: tuple[int, int] = (320, 240)
    sequence: int = 100
    timestamp: int = 9000
    encoder: Vp8Encoder = field(default_factory=Vp8Encoder)

    def film(self, from_s: float, seconds: float, key_every: int = 10**6) -> list[Sent]:
        packets = []
        for number in range(round(seconds * FRAMES_PER_SECOND)):
            at_us = round((from_s + number / FRAMES_PER_SECOND) * 1e6)
            key = number % key_every == 0
            frame = VideoFrame.from_ndarray(self._picture(number), format="rgb24").reformat(
                format="yuv420p"
            )
            frame.pts = number * VIDEO_RATE // FRAMES_PER_SECOND
            frame.time_base = fractions.Fraction(1, VIDEO_RATE)
            payloads, _ = self.encoder.encode(frame, force_keyframe=key)
            timestamp = self.timestamp + at_us * VIDEO_RATE // 10**6
            for payload in payloads:
                last = payload is payloads[-1]
                data = rtp(self.sequence, timestamp, last, VIDEO_TYPE, payload)
                packets.append(Sent(at_us, data, key=key))
                self.sequence += 1
        return packets

    def _picture(self, number: int) -> np.ndarray:
        width, height = self.size
        picture = np.full((height, width, 3), self.colour, np.uint8)
        left = number * 7 % (width - 16)
        picture[:20, left : left + 16] = 255
        return picture


@dataclass(slots=True)
class Microphone:
    hertz: int
    sequence: int = 7
    timestamp: int = 4800
    encoder: OpusEncoder = field(default_factory=OpusEncoder)

    def listen(self, from_s: float, seconds: float) -> list[Sent]:
        packets = []
        for number in range(round(seconds * 50)):
            at_us = round(from_s * 1e6) + number * 20_000
            moment = (np.arange(960) + number * 960) / AUDIO_RATE
            samples = (np.sin(2 * np.pi * self.hertz * moment) * 8000).astype(np.int16)
            frame = AudioFrame.from_ndarray(
                np.repeat(samples, 2).reshape(1, -1), format="s16", layout="stereo"
            )
            frame.sample_rate = AUDIO_RATE
            frame.pts = number * 960
            frame.time_base = fractions.Fraction(1, AUDIO_RATE)
            payloads, _ = self.encoder.encode(frame)
            for payload in payloads:
                timestamp = self.timestamp + at_us * AUDIO_RATE // 10**6
                data = rtp(self.sequence, timestamp, False, AUDIO_TYPE, payload)
                packets.append(Sent(at_us, data))
                self.sequence += 1
        return packets


def info(person: str, kind: str, connection: str = "c1", audience: str = "all") -> StreamInfo:
    sound = kind == "microphone"
    return StreamInfo(
        source_id=f"{person}-{kind}",
        participant_id=person,
        connection_id=f"{person}-{connection}",
        role="resident" if person == "resident" else "agent",
        kind=kind,  # type: ignore[arg-type]
        codec="opus" if sound else "vp8",
        payload_type=AUDIO_TYPE if sound else VIDEO_TYPE,
        clock_rate=AUDIO_RATE if sound else VIDEO_RATE,
        ssrc=0x1234,
        audience=audience,
    )


Stream = tuple[StreamInfo, list[Sent]]


def new_log(folder: Path) -> RecordingLog:
    header = LogHeader("a-session", 3, STARTED_AT, ORIGIN_US, {"kiosk": "caoyang-1"})
    return RecordingLog(folder, header, clock_us=lambda: ORIGIN_US)


def record(folder: Path, streams: Iterable[Stream]) -> LogSummary:
    """Log streams in the order in which their packets arrive."""
    log = new_log(folder)
    arrivals = []
    for stream, packets in streams:
        number = log.open_stream(stream)
        arrivals += [(packet.arrival_us, number, packet.data) for packet in packets]
    for arrival_us, number, data in sorted(arrivals, key=lambda arrival: arrival[0]):
        log.packet(number, arrival_us, data)
    return log.close()
