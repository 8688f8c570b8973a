"""VP8 in RTP (RFC 7741): payload descriptors, and what a frame's first bytes say (RFC 6386)."""

from typing import Final, NamedTuple

from recordings.errors import PacketMalformed

# RFC 7741, 4.2
EXTENDED: Final = 0x80
START_OF_PARTITION: Final = 0x10
PARTITION: Final = 0x07
HAS_PICTURE_ID: Final = 0x80
HAS_TL0PICIDX: Final = 0x40
HAS_TID_OR_KEYIDX: Final = 0x30
LONG_PICTURE_ID: Final = 0x80

# RFC 6386, 9.1
INTER_FRAME: Final = 0x01
KEYFRAME_HEAD_BYTES: Final = 10
START_CODE: Final = b"\x9d\x01\x2a"
DIMENSION: Final = 0x3FFF


class PictureId(NamedTuple):
    value: int
    bits: int

    def follows(self, before: "PictureId") -> bool:
        """Whether no picture lies between `before` and this one."""
        return self.bits == before.bits and self.value == (before.value + 1) % (1 << self.bits)


class Vp8Payload(NamedTuple):
    """starts_frame: this is the first packet of its frame. data: frame bytes, a view."""

    starts_frame: bool
    picture_id: PictureId | None
    data: memoryview


def parse(payload: memoryview) -> Vp8Payload:
    """Split a descriptor from the frame bytes after it. Raises PacketMalformed."""
    if not payload:
        raise PacketMalformed("empty VP8 payload")
    first = payload[0]
    starts_frame = first & (START_OF_PARTITION | PARTITION) == START_OF_PARTITION
    picture_id: PictureId | None = None
    position = 1
    try:
        if first & EXTENDED:
            present = payload[1]
            position = 2
            if present & HAS_PICTURE_ID:
                picture_id, position = _picture_id(payload, position)
            position += bool(present & HAS_TL0PICIDX) + bool(present & HAS_TID_OR_KEYIDX)
    except IndexError as error:
        raise PacketMalformed("VP8 descriptor is cut") from error
    if position >= len(payload):
        raise PacketMalformed("VP8 payload without frame bytes")
    return Vp8Payload(starts_frame, picture_id, payload[position:])


def _picture_id(payload: memoryview, position: int) -> tuple[PictureId, int]:
    value = payload[position]
    if not value & LONG_PICTURE_ID:
        return PictureId(value, 7), position + 1
    return PictureId((value & 0x7F) << 8 | payload[position + 1], 15), position + 2


def keyframe_size(frame: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels when `frame` is a keyframe, None when it is none.

    Raises PacketMalformed for a keyframe without its start code or size.
    """
    if frame[0] & INTER_FRAME:
        return None
    if len(frame) < KEYFRAME_HEAD_BYTES or frame[3:6] != START_CODE:
        raise PacketMalformed("VP8 keyframe without a start code")
    width = int.from_bytes(frame[6:8], "little") & DIMENSION
    height = int.from_bytes(frame[8:10], "little") & DIMENSION
    if not width or not height:
        raise PacketMalformed("VP8 keyframe without a size")
    return width, height
