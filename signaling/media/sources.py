"""A send section of a client: what comes in by it, counted, mended, asked about."""

from typing import TYPE_CHECKING, Final

from signaling.media.clocks import MediaClock
from signaling.media.keyframes import KeyframeRequests, SeekPoints
from signaling.media.nack import Missing
from signaling.media.police import POLICED_BPS, Police
from signaling.media.reception import Reception
from signaling.media.sequence import Unwrapper
from signaling.media.slots import CLOCK_RATES, Media, Slot

if TYPE_CHECKING:
    from signaling.media.connections import Connection

STILL_S: Final = 3.0


class Source:
    """One source for its life. A new SSRC in a later offer begins its stream anew."""

    def __init__(
        self, connection: "Connection", *, source_id: str, mid: str, kind: str, media: Media
    ) -> None:
        self.connection = connection
        self.source_id = source_id
        self.mid = mid
        self.kind = kind
        self.media = media
        self.slots: list[Slot] = []
        self.payload_type = -1
        self.ssrc = 0
        self.flowing = False
        self.last_media = float("-inf")
        self.police = Police(POLICED_BPS[kind])
        self.recording_stream: int | None = None
        self.stray_packets = 0
        self._begin()

    def _begin(self) -> None:
        self.numbers = Unwrapper()
        self.missing = Missing()
        self.reception = Reception()
        self.requests = KeyframeRequests()
        self.seek_points = SeekPoints()
        self.clock = MediaClock(CLOCK_RATES[self.media], self.connection.sender_clock)

    def listen(self, ssrc: int, payload_type: int) -> bool:
        """Note what the newest offer says of its section; whether a new stream begins by it."""
        self.payload_type = payload_type
        if ssrc == self.ssrc:
            return False
        if self.ssrc:
            self._begin()
            for slot in self.slots:
                slot.begin_anew()
        self.ssrc = ssrc
        return True

    @property
    def filmed(self) -> bool:
        """Whether its pictures are recorded."""
        return self.media == "video" and self.recording_stream is not None

    @property
    def keyframe_awaited(self) -> bool:
        """Whether a slot shows nothing until one comes; its receiver must be there to see it."""
        return any(
            slot.waiting and not slot.patience.paused and slot.connection.peer.connected
            for slot in self.slots
        )

    def still(self, now: float) -> bool:
        """Whether it was flowing and has stopped; told once."""
        if self.flowing and now - self.last_media > STILL_S:
            self.flowing = False
            return True
        return False
