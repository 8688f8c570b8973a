"""The VP8 payload descriptor (RFC 7741, 4.2) and its rewriting for a slot."""

from dataclasses import dataclass
from typing import Final

EXTENDED: Final = 0x80
START_OF_PARTITION: Final = 0x10
PARTITION: Final = 0x0F
HAS_PICTURE_ID: Final = 0x80
HAS_TL0PICIDX: Final = 0x40
HAS_TID: Final = 0x20
HAS_KEYIDX: Final = 0x10
LONG_PICTURE_ID: Final = 0x80
NOT_KEYFRAME: Final = 0x01
PICTURE_ID_MASK: Final = 0x7FFF
TL0_MASK: Final = 0xFF
LONGEST_DESCRIPTOR: Final = 6


class Vp8Malformed(ValueError):
    """The payload ends within its descriptor."""


@dataclass(slots=True)
class Descriptor:
    """One payload's descriptor, read. Reused from packet to packet: no object a packet.

    picture_id and tl0: None if absent. picture_bits: 7 or 15. size: bytes until the VP8 data.
    """

    first: int = 0
    flags: int = 0
    picture_id: int | None = None
    picture_bits: int = 15
    tl0: int | None = None
    layer: int = 0
    size: int = 1
    keyframe_start: bool = False

    def read(self, data: bytes | bytearray | memoryview, start: int, end: int) -> None:
        """Read the descriptor of the payload `data[start:end]`. Raises Vp8Malformed."""
        if start >= end:
            raise Vp8Malformed
        self.first = first = data[start]
        self.picture_id = None
        self.tl0 = None
        self.flags = 0
        self.layer = 0
        at = start + 1
        if first & EXTENDED:
            at = self._read_extension(data, at, end)
        self.size = at - start
        self.keyframe_start = (
            first & (START_OF_PARTITION | PARTITION) == START_OF_PARTITION
            and at < end
            and not data[at] & NOT_KEYFRAME
        )

    def _read_extension(self, data: bytes | bytearray | memoryview, at: int, end: int) -> int:
        if at + 1 > end:
            raise Vp8Malformed
        self.flags = flags = data[at]
        at += 1
        if flags & HAS_PICTURE_ID:
            if at >= end:
                raise Vp8Malformed
            if data[at] & LONG_PICTURE_ID:
                if at + 2 > end:
                    raise Vp8Malformed
                self.picture_id = (data[at] & 0x7F) << 8 | data[at + 1]
                self.picture_bits = 15
                at += 2
            else:
                self.picture_id = data[at]
                self.picture_bits = 7
                at += 1
        if flags & HAS_TL0PICIDX:
            if at >= end:
                raise Vp8Malformed
            self.tl0 = data[at]
            at += 1
        if flags & (HAS_TID | HAS_KEYIDX):
            if at >= end:
                raise Vp8Malformed
            self.layer = data[at]
            at += 1
        return at


class PictureIds:
    """A slot's own picture ids and TL0PICIDX, over all its sources.

    A decoder that sees a foreign jump of either waits for frames that never come. A source
    without picture ids gets them counted by its timestamps; 7-bit ones are widened, since one
    stream must not change its width.
    """

    __slots__ = (
        "_last_frame",
        "_picture_offset",
        "_source_picture",
        "_tl0_offset",
        "picture",
        "tl0",
    )

    def __init__(self, picture: int, tl0: int) -> None:
        self.picture = picture & PICTURE_ID_MASK
        self.tl0 = tl0 & TL0_MASK
        self._picture_offset = 0
        self._tl0_offset = 0
        self._last_frame: int | None = None
        self._source_picture: int | None = None

    def swap(self, descriptor: Descriptor, timestamp: int) -> None:
        """Go on with a new source, whose first frame `descriptor` begins."""
        self._last_frame = timestamp
        self._source_picture = descriptor.picture_id
        self.picture = (self.picture + 1) & PICTURE_ID_MASK
        if descriptor.picture_id is not None:
            self._picture_offset = self.picture - descriptor.picture_id
        if descriptor.tl0 is not None:
            self._tl0_offset = self.tl0 + 1 - descriptor.tl0

    def write(self, descriptor: Descriptor, timestamp: int, into: bytearray, at: int) -> int:
        """Write the descriptor of the slot's packet at `into[at:]`; the bytes it took (4 to 6)."""
        picture = self._picture_of(descriptor, timestamp)
        flags = descriptor.flags
        into[at] = descriptor.first | EXTENDED
        into[at + 1] = flags | HAS_PICTURE_ID
        into[at + 2] = LONG_PICTURE_ID | picture >> 8
        into[at + 3] = picture & 0xFF
        size = 4
        if descriptor.tl0 is not None:
            tl0 = (descriptor.tl0 + self._tl0_offset) & TL0_MASK
            if (tl0 - self.tl0) & TL0_MASK < 128:
                self.tl0 = tl0
            into[at + size] = tl0
            size += 1
        if flags & (HAS_TID | HAS_KEYIDX):
            into[at + size] = descriptor.layer
            size += 1
        return size

    def _picture_of(self, descriptor: Descriptor, timestamp: int) -> int:
        source = descriptor.picture_id
        if source is None:
            return self._count_frame(timestamp)
        if descriptor.picture_bits == 7:
            source = self._widen(source)
        picture = (source + self._picture_offset) & PICTURE_ID_MASK
        if (picture - self.picture) & PICTURE_ID_MASK < 1 << 14:
            self.picture = picture
        return picture

    def _count_frame(self, timestamp: int) -> int:
        last = self._last_frame
        if last is None or 0 < (timestamp - last) & 0xFFFFFFFF < 1 << 31:
            self._last_frame = timestamp
            self.picture = (self.picture + 1) & PICTURE_ID_MASK
            return self.picture
        # A late packet of an earlier frame: one before the newest is the best guess there is.
        return self.picture if timestamp == last else (self.picture - 1) & PICTURE_ID_MASK

    def _widen(self, short: int) -> int:
        last = self._source_picture
        if last is None:
            last = short
        near = last + ((short - last + 64) & 0x7F) - 64
        self._source_picture = max(last, near)
        return near
