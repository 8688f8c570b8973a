"""What sessions need from the media plane, as a Protocol that the application owns.

`signaling.media.control.client` implements it over the workers' RPC; `server.app` wires the two.
All calls are idempotent: what failed with MediaUnavailable may be called again as it was.
"""

import datetime as dt
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeAlias
from uuid import UUID

from server.infrastructure.errors import Conflict, Unavailable, Unprocessable


class MediaUnavailable(Unavailable):
    """No worker could do it. `params["reason"]` says why, and with it what helps:

    `no_worker`: none is registered, or all are draining. `unreachable`: the session's worker does
    not answer now. `session_unknown`: it answers, but does not have the session, or it is gone for
    good: open the session again under a higher epoch. `connection_unknown`: the client must
    connect anew. `refused`: the worker did not take the call (a fault on our side; logged there).
    """

    def __init__(self, reason: str) -> None:
        super().__init__("media_unavailable", reason=reason)


class SdpUnusable(Unprocessable):
    """The client's offer can't be answered; `params["reason"]` is a stable lower snake word."""

    def __init__(self, reason: str) -> None:
        super().__init__("sdp_unusable", reason=reason)


class StaleEpoch(Conflict):
    """The worker has seen a newer epoch of this session: somebody else owns it now."""

    def __init__(self, newest: int) -> None:
        super().__init__("stale_epoch", newest=newest)


class SourceKind(StrEnum):
    """What a source shows; `microphone` alone is sound."""

    MICROPHONE = "microphone"
    FACE = "face"
    DOCUMENT = "document"
    SCREEN = "screen"


class ConnectionMedia(StrEnum):
    """How a connection's media path is, as the worker sees it."""

    CONNECTED = "connected"
    INTERRUPTED = "interrupted"  # no authenticated check for some seconds; may come back
    CLOSED = "closed"  # gone for good; only a new connection helps


@dataclass(frozen=True, slots=True)
class MediaSession:
    """A session as it lies on one worker. Store `worker` and `epoch` beside the session.

    worker: names one start of a worker's process; it is another one after each start.
    """

    session_id: UUID
    epoch: int
    worker: str


@dataclass(frozen=True, slots=True)
class OfferedSource:
    """A send section of the offer: the source that the application made of it."""

    source_id: UUID
    mid: str
    kind: SourceKind


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A receive section of the offer. Audio and video slots of equal index share lips."""

    mid: str
    media: Literal["audio", "video"]
    index: int


@dataclass(frozen=True, slots=True)
class ConnectionOffer:
    """A client's offer. The same connection_id again is an ICE restart, or more sections."""

    connection_id: UUID
    participant_id: UUID
    role: str
    sdp: str
    sources: Sequence[OfferedSource]
    slots: Sequence[OfferedSlot]


@dataclass(frozen=True, slots=True)
class SlotFill:
    """What a slot carries; None empties it."""

    mid: str
    source_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerEvent:
    """Numbered from 1 within one worker's life.

    After a start of the application, or a broken line, events may come a second time: act on what
    they say, not on their number of times.
    """

    worker: str
    incarnation: str
    number: int
    session_id: UUID
    epoch: int
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStateChanged(WorkerEvent):
    connection_id: UUID
    state: ConnectionMedia


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFlowChanged(WorkerEvent):
    """A source has begun to send media, or has sent none for some seconds."""

    source_id: UUID
    flowing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSealed(WorkerEvent):
    """The recording lies in the blob store at `folder`. Save it, then call `forget_log`."""

    folder: str
    manifest: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFailed(WorkerEvent):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingAlarm(WorkerEvent):
    """Recording falls behind or can't write (`on`), or does well again; media goes on."""

    on: bool
    reason: str


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """A worker's RPC fails, and its heartbeat is gone or another was started in its place.

    Its sessions have no media any more: open them again under a higher epoch.
    """

    worker: str
    incarnation: str


MediaEvent: TypeAlias = (
    ConnectionStateChanged
    | SourceFlowChanged
    | RecordingSealed
    | RecordingFailed
    | RecordingAlarm
    | WorkerLost
)


class MediaPlane(Protocol):
    """Media sessions on whichever worker has room. Denies by default: nothing flows unrouted."""

    async def open(
        self, session_id: UUID, *, epoch: int, record: bool, labels: Mapping[str, str]
    ) -> MediaSession:
        """Give the session a place on the worker with the fewest sessions.

        epoch: higher than any used for this session before. labels: kept with the recording
        (codes and ids, no personal data). Raises MediaUnavailable, StaleEpoch.
        """
        ...

    async def answer(self, session: MediaSession, offer: ConnectionOffer) -> str:
        """The SDP answer to a client's offer. Raises SdpUnusable, MediaUnavailable, StaleEpoch."""
        ...

    async def route(
        self,
        session: MediaSession,
        connection_id: UUID,
        *,
        generation: int,
        slots: Sequence[SlotFill],
    ) -> None:
        """Fill the connection's slots: the full map, a slot that is not named gets nothing.

        generation: grows with each map of this connection; an older one changes nothing. Raises
        MediaUnavailable, StaleEpoch.
        """
        ...

    async def disconnect(self, session: MediaSession, connection_id: UUID) -> None:
        """End a connection, its sources and slots; an unknown one is gone already."""
        ...

    async def close(self, session: MediaSession) -> None:
        """End the session's media. A recording is sealed after it, and told by event."""
        ...

    async def forget_log(self, session: MediaSession) -> None:
        """Let the worker delete the recording's log: the sealed files are known to be safe."""
        ...

    async def unknown(self, workers: Collection[str]) -> set[str]:
        """Which of `workers` are neither registered nor listened to; none while that can't be told.

        Of those that are listened to `WorkerLost` tells.
        """
        ...

    def events(self) -> AsyncIterator[MediaEvent]:
        """The events of all workers, until cancelled; broken lines are mended and replayed."""
        ...
