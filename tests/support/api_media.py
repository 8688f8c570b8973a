"""A person's page with a call in it: WebRTC by aiortc, told to the server by its API."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import AudioStreamTrack

from tests.support.aiortc_people import ColourTrack, Sink
from tests.support.api_people import ApiPerson


@dataclass
class CallPage:
    """One connection of `person` in `session_id`: microphone and face, and one pair of slots."""

    person: ApiPerson
    session_id: str
    connection_id: str = ""
    sinks: list[Sink] = field(default_factory=list)

    def __post_init__(self) -> None:
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self.pc = RTCPeerConnection(configuration)
        self._receivers: list[RTCRtpReceiver] = []
        self._reading: list[asyncio.Task[None]] = []

    @property
    def path(self) -> str:
        return f"/sessions/{self.session_id}/connections/{self.connection_id}"

    async def offer(self, colour: str = "red") -> dict[str, Any]:
        """The body that asks for the connection."""
        sound = self.pc.addTransceiver(AudioStreamTrack(), direction="sendonly")
        picture = self.pc.addTransceiver(ColourTrack(colour), direction="sendonly")
        slots = [
            (media, self.pc.addTransceiver(media, direction="recvonly"))
            for media in ("audio", "video")
        ]
        await self.pc.setLocalDescription(await self.pc.createOffer())
        self._receivers = [transceiver.receiver for _, transceiver in slots]
        return {
            "offer": self.pc.localDescription.sdp,
            "sources": [
                {"mid": sound.mid, "kind": "microphone"},
                {"mid": picture.mid, "kind": "face"},
            ],
            "slots": [
                {"mid": transceiver.mid, "media": media, "index": 0} for media, transceiver in slots
            ],
        }

    async def connect(self, colour: str = "red") -> None:
        body = await self.offer(colour)
        answer = await self.person.ok("POST", f"/sessions/{self.session_id}/connections", body)
        await self.take(answer)

    async def take(self, answer: dict[str, Any]) -> None:
        """Begin to send and to read, as the server's answer says."""
        self.connection_id = answer["connection_id"]
        await self.pc.setRemoteDescription(RTCSessionDescription(answer["answer"], "answer"))
        # aiortc gives a receiver its track with the answer.
        self.sinks = [Sink(receiver.track) for receiver in self._receivers]
        self._reading = [
            asyncio.create_task(sink.run(), name=f"sink-{place}")
            for place, sink in enumerate(self.sinks)
        ]

    async def close(self) -> None:
        await self.pc.close()
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)


@contextlib.asynccontextmanager
async def call_page(person: ApiPerson, session_id: str) -> AsyncIterator[CallPage]:
    page = CallPage(person, session_id)
    try:
        yield page
    finally:
        await page.close()
