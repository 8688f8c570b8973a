"""People as aiortc peers: lighter than a browser, with the same shape of offer."""

import asyncio
import contextlib
import fractions
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError

from server.sessions.ports import (
    ConnectionOffer,
    MediaSession,
    OfferedSlot,
    OfferedSource,
    SlotFill,
    SourceKind,
)
from tests.support.media_workers import MediaStage
from tests.support.waiting import until

RGB = {"red": (220, 20, 20), "green": (20, 220, 20), "blue": (20, 20, 220)}


class ColourTrack(VideoStreamTrack):
    """Ten frames a second of one colour, with a square that moves."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._frame = np.zeros((120, 160, 3), np.uint8)
        self._frame[:] = RGB[colour]
        self._count = 0
        self._began = time.monotonic()

    async def recv(self) -> av.VideoFrame:
        self._count += 1
        delay = self._began + self._count * 0.1 - time.monotonic()
        if delay > 0:
            await asyncio.sleep(delay)
        image = self._frame.copy()
        image[:8, self._count % 150 : self._count % 150 + 8] = 255
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts = self._count * 9000
        frame.time_base = fractions.Fraction(1, 90_000)
        return frame


class Sink:
    """Reads a received track; keeps the last picture's colour and counts frames."""

    def __init__(self, track: MediaStreamTrack) -> None:
        self.track = track
        self.frames = 0
        self.colours: list[str] = []

    async def run(self) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await self.track.recv()
                self.frames += 1
                if isinstance(frame, av.VideoFrame):
                    middle = frame.to_ndarray(format="rgb24")[60, 80]
                    self.colours.append(_name(middle.tolist()))


def _name(rgb: Sequence[int]) -> str:
    bright = [value > 110 for value in rgb]
    return next((name for name, of in RGB.items() if [one > 110 for one in of] == bright), "other")


def _mid(transceiver: RTCRtpTransceiver) -> str:
    """Once the offer is made, it has one."""
    assert transceiver.mid is not None
    return transceiver.mid


@dataclass
class AiortcPerson:
    """One person with one connection: microphone, face, and one pair of slots or more."""

    stage: MediaStage
    session: MediaSession
    colour: str
    role: str = "helper"
    connection_id: UUID = field(default_factory=uuid4)
    participant_id: UUID = field(default_factory=uuid4)
    microphone: UUID = field(default_factory=uuid4)
    face: UUID = field(default_factory=uuid4)
    sinks: dict[tuple[str, int], Sink] = field(default_factory=dict)
    slots: dict[tuple[str, int], str] = field(default_factory=dict)
    generation: int = 0

    def __post_init__(self) -> None:
        # The balanced policy leaves the second section of a kind on a transport that is stopped.
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self.pc = RTCPeerConnection(configuration)
        self._reading: list[asyncio.Task[None]] = []

    async def connect(self, *, pairs: int = 1) -> None:
        sound = self.pc.addTransceiver(AudioStreamTrack(), direction="sendonly")
        picture = self.pc.addTransceiver(ColourTrack(self.colour), direction="sendonly")
        receivers = {}
        for index in range(pairs):
            for media in ("audio", "video"):
                receivers[media, index] = self.pc.addTransceiver(media, direction="recvonly")
        await self.pc.setLocalDescription(await self.pc.createOffer())
        self.slots = {key: _mid(transceiver) for key, transceiver in receivers.items()}
        answer = await self.stage.client.answer(
            self.session,
            ConnectionOffer(
                connection_id=self.connection_id,
                participant_id=self.participant_id,
                role=self.role,
                sdp=self.pc.localDescription.sdp,
                sources=[
                    OfferedSource(self.microphone, _mid(sound), SourceKind.MICROPHONE),
                    OfferedSource(self.face, _mid(picture), SourceKind.FACE),
                ],
                slots=[
                    OfferedSlot(mid, "audio" if media == "audio" else "video", index)
                    for (media, index), mid in self.slots.items()
                ],
            ),
        )
        await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        for key, transceiver in receivers.items():
            sink = self.sinks[key] = Sink(transceiver.receiver.track)
            self._reading.append(asyncio.create_task(sink.run(), name=f"sink-{key}"))

    async def watch(self, *others: "AiortcPerson") -> None:
        """Each of the others' microphone and face into slots of one index."""
        self.generation += 1
        fills = []
        for index, other in enumerate(others):
            fills.append(SlotFill(self.slots["audio", index], other.microphone))
            fills.append(SlotFill(self.slots["video", index], other.face))
        await self.stage.client.route(
            self.session, self.connection_id, generation=self.generation, slots=fills
        )

    async def leave(self) -> None:
        await self.pc.close()
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)


@contextlib.asynccontextmanager
async def aiortc_people(
    stage: MediaStage, session: MediaSession, *colours: str
) -> AsyncIterator[list[AiortcPerson]]:
    people = [AiortcPerson(stage, session, colour) for colour in colours]
    try:
        yield people
    finally:
        for person in people:
            await person.leave()


async def talk(stage: MediaStage, session: MediaSession, seconds: float) -> None:
    """Two people in the session for a while; the second one watched by nobody."""
    async with aiortc_people(stage, session, "red", "green") as (red, green):
        await red.connect()
        await green.connect()
        await green.watch(red)

        async def seen() -> bool:
            return green.sinks["video", 0].frames > 5

        await until(seen, seconds=20)
        await asyncio.sleep(seconds)
