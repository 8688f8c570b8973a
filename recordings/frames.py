"""One stream's packets made into whole frames, spooled to disk in order.

Sealing needs to know all of a stream's clock before it can place the first frame, so frames go
into a spool file and only their index stays in memory: some 30 bytes a frame.
"""

from array import array
from collections.abc import Callable
from typing import BinaryIO, Final, NamedTuple

from recordings import opus, rtp, vp8
from recordings.errors import PacketMalformed
from recordings.records import Packet, StreamInfo
from recordings.reorder import Reorder

KEY: Final = 1
LOST_BEFORE: Final = 2
HALF: Final = 1 << 31
TICKS: Final = 1 << 32


class Frame(NamedTuple):
    """ticks: of the RTP clock, unwrapped. arrival_us: of its first packet to come. lost_before:
    frames between the one before and this one can't be shown. length: ticks that it sounds; 0 for a
    picture."""

    ticks: int
    arrival_us: int
    key: bool
    lost_before: bool
    data: bytes
    length: int = 0


class FrameIndex:
    """What is known of each spooled frame; all arrays are of the same length."""

    def __init__(self) -> None:
        self.ticks = array("q")
        self.arrival_us = array("q")
        self.offset = array("Q")
        self.size = array("L")
        self.flags = array("B")
        self.length = array("L")

    def __len__(self) -> int:
        return len(self.ticks)

    def append(self, frame: Frame, offset: int) -> None:
        self.ticks.append(frame.ticks)
        self.arrival_us.append(frame.arrival_us)
        self.offset.append(offset)
        self.size.append(len(frame.data))
        self.flags.append(frame.key * KEY | frame.lost_before * LOST_BEFORE)
        self.length.append(frame.length)


class Unwrapped:
    """32-bit timestamps made into growing numbers."""

    def __init__(self) -> None:
        self._last: int | None = None

    def of(self, timestamp: int) -> int:
        last = timestamp if self._last is None else self._last
        self._last = last + (timestamp - last + HALF) % TICKS - HALF
        return self._last


class StreamCount:
    """What became of a stream's packets and frames.

    undecodable: whole pictures that nothing before them lets a player show (no keyframe yet, or
    none since a loss). broken: pictures of which packets are missing. malformed: packets.
    """

    def __init__(self) -> None:
        self.packets = self.foreign = self.malformed = 0
        self.frames = self.undecodable = self.broken = 0


class StreamFrames:
    """Takes a stream's packets as they were logged; `index` and `read` give its frames.

    spool: an empty file open for reading and writing, of this stream alone.
    """

    def __init__(self, info: StreamInfo, spool: BinaryIO) -> None:
        self.info = info
        self.index = FrameIndex()
        self.count = StreamCount()
        self.first_packet_us: int | None = None
        self.last_packet_us = 0
        self.first_size = (0, 0)
        self.largest_size = (0, 0)
        self._spool = spool
        self._spooled = 0
        self._take: PictureFrames | SoundFrames = (
            PictureFrames(self._keep, self.count, self._see_size)
            if info.codec == "vp8"
            else SoundFrames(self._keep, self.count)
        )
        self._order: Reorder[tuple[rtp.RtpPacket, int]] = Reorder(self._take.packet)

    @property
    def lost_packets(self) -> int:
        return self._order.lost_packets

    @property
    def ends_broken(self) -> bool:
        """Whether what came after the last frame could not be shown."""
        return self._take.lost

    def add(self, packet: Packet) -> None:
        """Take the next packet; one that is malformed or of another payload type is counted."""
        self.count.packets += 1
        try:
            parsed = rtp.parse(packet.data)
        except PacketMalformed:
            self.count.malformed += 1
            return
        if parsed.payload_type != self.info.payload_type:
            self.count.foreign += 1
            return
        if parsed.payload:
            if self.first_packet_us is None:
                self.first_packet_us = packet.arrival_us
            self.last_packet_us = packet.arrival_us
        self._order.push(parsed.sequence, packet.arrival_us, (parsed, packet.arrival_us))

    def finish(self) -> None:
        """No more packets will come."""
        self._order.flush()
        self._take.finish()
        self._spool.flush()

    def read(self, number: int) -> bytes:
        """The bytes of frame `number`, for reading one after the other."""
        offset = self.index.offset[number]
        if self._spool.tell() != offset:
            self._spool.seek(offset)
        return self._spool.read(self.index.size[number])

    def _keep(self, frame: Frame) -> None:
        self.index.append(frame, self._spooled)
        self._spool.write(frame.data)
        self._spooled += len(frame.data)
        self.count.frames += 1

    def _see_size(self, size: tuple[int, int]) -> None:
        if not self.first_size[0]:
            self.first_size = size
        self.largest_size = max(self.largest_size, size, key=lambda s: s[0] * s[1])


class SoundFrames:
    """Opus: each packet is a frame."""

    def __init__(self, keep: Callable[[Frame], None], count: StreamCount) -> None:
        self._keep = keep
        self._count = count
        self._clock = Unwrapped()
        self.lost = False

    def packet(self, item: tuple[rtp.RtpPacket, int], lost: bool) -> None:
        packet, arrival_us = item
        self.lost |= lost
        if not packet.payload:
            return
        try:
            length = opus.ticks(packet.payload)
        except PacketMalformed:
            self._count.malformed += 1
            return
        ticks = self._clock.of(packet.timestamp)
        self._keep(Frame(ticks, arrival_us, True, self.lost, bytes(packet.payload), length))
        self.lost = False

    def finish(self) -> None:
        return


class PictureFrames:
    """VP8: joins the packets of a picture; after a loss goes on at the next keyframe."""

    def __init__(
        self,
        keep: Callable[[Frame], None],
        count: StreamCount,
        see_size: Callable[[tuple[int, int]], None],
    ) -> None:
        self._keep = keep
        self._count = count
        self._see_size = see_size
        self._clock = Unwrapped()
        self._parts: list[memoryview] = []
        self._timestamp = 0
        self._arrival_us = 0
        self._picture_id: vp8.PictureId | None = None  # of the last picture begun
        self._needs_key = True
        self._gap = False  # packets are missing before a padding packet, and so before the next
        self.lost = False

    def packet(self, item: tuple[rtp.RtpPacket, int], lost: bool) -> None:
        packet, arrival_us = item
        lost = self._gap = self._gap or lost
        if not packet.payload:
            return
        self._gap = False
        try:
            payload = vp8.parse(packet.payload)
        except PacketMalformed:
            self._count.malformed += 1
            self._lose()
            return
        if self._parts and packet.timestamp != self._timestamp and not lost:
            self._end_picture()
        if lost and not self._only_padding_lost(payload):
            self._lose()
        if not self._parts:
            if not payload.starts_frame:
                self._lose()
                return
            self._timestamp, self._arrival_us = packet.timestamp, arrival_us
            self._picture_id = payload.picture_id
        self._parts.append(payload.data)
        self._arrival_us = min(self._arrival_us, arrival_us)
        if packet.marker:
            self._end_picture()

    def finish(self) -> None:
        if self._parts:
            self._lose()

    def _only_padding_lost(self, payload: vp8.Vp8Payload) -> bool:
        """Chromium pads between pictures; that its padding is not in the log breaks none."""
        before, now = self._picture_id, payload.picture_id
        if self._parts or not payload.starts_frame or before is None or now is None:
            return False
        return now.follows(before)

    def _lose(self) -> None:
        if self._parts:
            self._count.broken += 1
            self._parts = []
        self._picture_id = None
        self._needs_key = self.lost = True

    def _end_picture(self) -> None:
        data = b"".join(self._parts)
        self._parts = []
        ticks = self._clock.of(self._timestamp)
        try:
            size = vp8.keyframe_size(data)
        except PacketMalformed:
            self._count.malformed += 1
            self._lose()
            return
        if size is not None:
            self._see_size(size)
            self._needs_key = False
        if self._needs_key:
            self._count.undecodable += 1
            self.lost = True
            return
        self._keep(Frame(ticks, self._arrival_us, size is not None, self.lost, data))
        self.lost = False
