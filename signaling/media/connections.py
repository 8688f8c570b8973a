"""One page or device of a participant, and the session that it belongs to, on this worker."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from signaling.media.clocks import SenderClock
from signaling.media.links import LinkLimit
from signaling.media.streams import new_ssrc

if TYPE_CHECKING:
    from signaling.media.slots import Slot
    from signaling.media.sources import Source
    from signaling.media.transport import Peer

MOST_REPORTERS: Final = 64


class Recorder(Protocol):
    """Where a recorded session's packets go. Called on the media thread; nothing here may block."""

    def begin(self, source: "Source") -> int | None:
        """The number of the source's stream, a new one for each SSRC; None: recording is over."""
        ...

    def packet(self, stream: int, arrival_us: int, packet: memoryview) -> None:
        """A decrypted RTP packet, to be copied. arrival_us: monotonic clock."""
        ...

    def sender_report(self, stream: int, ntp: int, timestamp: int) -> None: ...

    def interrupted(self, connection: "Connection", begins: bool) -> None:
        """A connection's media path is gone, or is back."""
        ...

    def finished(self, stream: int) -> None:
        """The source is gone for good."""
        ...

    def end(self) -> None:
        """Nothing more comes; what is to follow is done elsewhere."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """Whose connection it is, as the recording tells it. role: resident, agent, ..."""

    participant_id: str
    role: str


class Connection:
    """A peer with its sources and slots. `state`: what was last told of it."""

    def __init__(
        self,
        session: "Session",
        connection_id: str,
        person: Person,
        peer: "Peer",
        now: float,
    ) -> None:
        self.session = session
        self.connection_id = connection_id
        self.person = person
        self.peer = peer
        self.made_at = now
        self.mids: tuple[str, ...] = ()
        self.answers = 0
        self.ssrc = new_ssrc()  # ours, in reports and requests to it
        self.sender_clock = SenderClock()
        self.sources: dict[str, Source] = {}  # by source id
        self.by_ssrc: dict[int, Source] = {}
        self.slots: dict[str, Slot] = {}  # by mid
        self.slots_by_ssrc: dict[int, Slot] = {}
        self.generation = -1  # of the newest route
        self.state = ""
        self.link = LinkLimit()  # towards it
        self.told_estimate = 0
        self.told_estimate_at = float("-inf")
        self.report_at = float("-inf")
        self.silenced = False  # no media to it: its consent is too old
        self._reporters: set[int] = set()

    def may_report(self, ssrc: int) -> bool:
        """Whether RTCP of the sender `ssrc` is read: libsrtp keeps a state for each one."""
        return ssrc in self._reporters or len(self._reporters) < MOST_REPORTERS

    def reported(self, ssrc: int) -> None:
        """RTCP of that sender has proven to be the peer's."""
        self._reporters.add(ssrc)

    def filled(self, media: str) -> list["Slot"]:
        return [
            slot for slot in self.slots.values() if slot.media == media and slot.source is not None
        ]


@dataclass
class Session:
    """A session under one epoch. Sources are known in it alone: nothing crosses to another."""

    session_id: str
    epoch: int
    recorder: Recorder | None
    connections: dict[str, Connection] = field(default_factory=dict)

    def source(self, source_id: str) -> "Source | None":
        for connection in self.connections.values():
            if (source := connection.sources.get(source_id)) is not None:
                return source
        return None
