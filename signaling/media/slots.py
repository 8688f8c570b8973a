"""A receive section of a client, and how whatever fills it is made one unbroken stream of its own.

The client knows one SSRC, one row of sequence numbers, timestamps and picture ids for life, whoever
is in it (design, 5, "Slots").
"""

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from signaling.media import rtp, vp8
from signaling.media.history import History
from signaling.media.links import Patience
from signaling.media.sequence import MASK, Renumbering

if TYPE_CHECKING:
    from signaling.media.connections import Connection
    from signaling.media.sources import Source

Media = Literal["audio", "video"]
CLOCK_RATES: Final[dict[str, int]] = {"audio": 48_000, "video": 90_000}
# A gap that is no whole number of Opus frames is heard as a concealment.
AUDIO_STEP: Final = 960
FIRST_ROUND_TRIP_S: Final = 0.05


@dataclass(slots=True)
class Received:
    """The packet in hand, read once for all slots. One object, used again and again.

    number: unwrapped. marker: 0 or 0x80. payload: behind header and, for video, `descriptor`.
    send_time: 24 bits of abs-send-time.
    """

    number: int = 0
    timestamp: int = 0
    marker: int = 0
    payload: memoryview = field(default_factory=lambda: memoryview(b""))
    descriptor: vp8.Descriptor = field(default_factory=vp8.Descriptor)
    now: float = 0.0
    send_time: int = 0


class Slot:
    """See the module. A video slot `waiting` shows nothing new until a keyframe begins."""

    def __init__(
        self,
        connection: "Connection",
        *,
        mid: str,
        media: Media,
        index: int,
        ssrc: int,
    ) -> None:
        self.connection = connection
        self.mid = mid
        self.media = media
        self.index = index
        self.payload_type = 0  # these two as the newest offer says
        self.send_time_id = 0
        self.ssrc = ssrc
        self.rate = CLOCK_RATES[media]
        self.source: Source | None = None
        self.waiting = False
        self.packets = 0
        self.octets = 0
        self.round_trip_s = FIRST_ROUND_TRIP_S
        self.fraction_lost = 0
        self.report_due = False
        self.patience = Patience()
        self.history = History() if media == "video" else None
        self._pictures = vp8.PictureIds(secrets.randbits(15), secrets.randbits(8))
        self._numbering: Renumbering | None = None
        # Below the middle, so that no wrap comes with the first packets (RFC 3711, 3.3.1).
        self.number = secrets.randbits(15)  # of the newest packet sent, unwrapped
        self._timestamp = secrets.randbits(32)
        self._offset = 0
        self._sent_at: float | None = None
        self.sequence = 0  # of the packet written last, for the history

    def fill(self, source: "Source | None") -> None:
        """Take another source, or none; nothing of the one before is sent any more."""
        if self.source is source:
            return
        if self.source is not None:
            self.source.slots.remove(self)
        self.source = source
        self.begin_anew()
        if source is not None:
            source.slots.append(self)

    def begin_anew(self) -> None:
        """Join the source's stream afresh: video from its next keyframe, sound at once."""
        self._numbering = None
        self.waiting = self.media == "video" and self.source is not None
        if self.history is not None:
            # What an earlier source sent must not come again by a NACK: rights may have changed.
            self.history.clear()

    def write(self, packet: Received, into: bytearray, at: int) -> int:
        """Write the slot's own form of the packet at `into[at:]`; its length, 0: not sent."""
        numbering = self._numbering
        marker = packet.marker
        if numbering is None:
            if self.waiting and not packet.descriptor.keyframe_start:
                return 0
            numbering = self._begin(packet)
            if self.media == "audio":
                marker = rtp.MARKER  # a talkspurt begins (RFC 7587, 4.3)
        number = numbering.place(packet.number)
        if number is None:
            return 0
        timestamp = (packet.timestamp + self._offset) & rtp.TIMESTAMP_MASK
        size = rtp.write_header(
            into,
            at,
            marker=marker,
            payload_type=self.payload_type,
            sequence=number & MASK,
            timestamp=timestamp,
            ssrc=self.ssrc,
            send_time_id=self.send_time_id,
            send_time=packet.send_time,
        )
        if self.media == "video":
            size += self._pictures.write(packet.descriptor, packet.timestamp, into, at + size)
        payload = packet.payload
        self.octets += len(payload)
        end = size + len(payload)
        into[at + size : at + end] = payload
        if number > self.number:
            self.number = number
            self._timestamp = timestamp
            self._sent_at = packet.now
        self.packets += 1
        self.sequence = number & MASK
        return end

    def skip(self, packet: Received, into: bytearray, at: int) -> int:
        """A packet of padding alone: left out, or, if too late for that, sent on as such."""
        numbering = self._numbering
        if numbering is None or numbering.skip(packet.number):
            return 0
        number = numbering.place(packet.number)
        if number is None:
            return 0
        size = rtp.write_header(
            into,
            at,
            marker=0,
            payload_type=self.payload_type,
            sequence=number & MASK,
            timestamp=(packet.timestamp + self._offset) & rtp.TIMESTAMP_MASK,
            ssrc=self.ssrc,
            send_time_id=self.send_time_id,
            send_time=packet.send_time,
        )
        into[at] |= rtp.PADDING
        into[at + size] = 1
        self.sequence = number & MASK
        return size + 1

    def timestamp_at(self, now: float) -> int | None:
        """The slot's media time at server time `now`, for a sender report; None: nothing yet."""
        source = self.source
        if source is None or self._numbering is None or not source.clock.known:
            return None
        return (source.clock.timestamp_at(now) + self._offset) & rtp.TIMESTAMP_MASK

    def _begin(self, packet: Received) -> Renumbering:
        """Go on from what was sent last with the source's packet in hand."""
        if self._sent_at is None:
            ticks = 0
        else:
            elapsed = (packet.now - self._sent_at) * self.rate
            if self.media == "audio":
                ticks = max(1, round(elapsed / AUDIO_STEP)) * AUDIO_STEP
            else:
                ticks = max(1, round(elapsed))
        timestamp = (self._timestamp + ticks) & rtp.TIMESTAMP_MASK
        self._offset = timestamp - packet.timestamp
        self._numbering = Renumbering(packet.number, self.number + 1)
        if self.media == "video":
            self._pictures.swap(packet.descriptor, packet.timestamp)
        self.waiting = False
        self.report_due = True
        return self._numbering
