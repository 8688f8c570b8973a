"""People in Chromium, each in a browser of their own with a fake camera and microphone.

The page is the least that speaks the worker's shape of an offer: send sections first, then slots.
"""

import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web
from playwright.async_api import Browser, Page, Playwright

from server.sessions.ports import (
    ConnectionOffer,
    MediaSession,
    OfferedSlot,
    OfferedSource,
    SlotFill,
    SourceKind,
)
from tests.support.clips import make_sound, make_video
from tests.support.media_workers import MediaStage

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]

PAGE = """<!doctype html><meta charset="utf-8"><title>person</title><script>
const kinds = ['microphone', 'face', 'document', 'screen'];
let pc, media, senders = {}, receivers = [];
async function begin(pairs, extras) {
  media = await navigator.mediaDevices.getUserMedia(
    {audio: true, video: {width: 320, height: 240, frameRate: 10}});
  pc = new RTCPeerConnection({iceServers: []});
  for (const kind of kinds) {
    const track = kind === 'microphone' ? media.getAudioTracks()[0]
      : kind === 'face' ? media.getVideoTracks()[0] : null;
    senders[kind] = pc.addTransceiver(
      track ?? (kind === 'microphone' ? 'audio' : 'video'), {direction: 'sendonly'});
  }
  addSlots(pairs, extras);
}
function addSlots(pairs, extras) {
  const taken = receivers.filter(one => one.media === 'video' && one.index < 100).length;
  for (let index = taken; index < taken + pairs; index++) {
    addSlot('audio', index); addSlot('video', index);
  }
  for (let extra = 0; extra < extras; extra++) addSlot('video', 100 + extra);
}
function addSlot(media, index) {
  const transceiver = pc.addTransceiver(media, {direction: 'recvonly'});
  const element = document.createElement(media);
  element.autoplay = true; element.muted = media === 'video'; element.playsInline = true;
  element.srcObject = new MediaStream([transceiver.receiver.track]);
  document.body.append(element);
  receivers.push({transceiver, media, index, element});
}
async function offer(restart) {
  await pc.setLocalDescription(await pc.createOffer({iceRestart: restart}));
  return {
    sdp: pc.localDescription.sdp,
    sources: kinds.map(kind => ({kind, mid: senders[kind].mid})),
    slots: receivers.map(({transceiver, media, index}) => ({mid: transceiver.mid, media, index})),
  };
}
const answer = sdp => pc.setRemoteDescription({type: 'answer', sdp});
async function stats() {
  const all = [...(await pc.getStats()).values()];
  const transport = all.find(one => one.type === 'transport') ?? {};
  const inbound = {};
  for (const one of all.filter(one => one.type === 'inbound-rtp')) inbound[one.mid] = one;
  const outbound = {};
  for (const one of all.filter(one => one.type === 'outbound-rtp')) outbound[one.mid] = one;
  const named = id => all.find(one => one.id === id);
  const pair = named(transport.selectedCandidatePairId);
  const candidates = pair ? [named(pair.localCandidateId), named(pair.remoteCandidateId)] : [];
  return {connection: pc.connectionState, ice: pc.iceConnectionState, transport, candidates,
    inbound, outbound};
}
function picture(mid) {
  const {element} = receivers.find(one => one.transceiver.mid === mid);
  if (!element.videoWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  context.drawImage(element, 0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}
async function pitch(mid) {
  const {element} = receivers.find(one => one.transceiver.mid === mid);
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, {fftSize: 8192});
  context.createMediaStreamSource(element.srcObject).connect(analyser);
  await new Promise(resolve => setTimeout(resolve, 700));
  const levels = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(levels);
  const loudest = levels.indexOf(Math.max(...levels));
  await context.close();
  return [loudest * context.sampleRate / 8192, levels[loudest]];
}
async function show(kind, colour) {
  const canvas = document.createElement('canvas');
  canvas.width = 320; canvas.height = 240;
  const context = canvas.getContext('2d');
  let count = 0;
  setInterval(() => {
    context.fillStyle = colour; context.fillRect(0, 0, 320, 240);
    context.fillStyle = 'black'; context.fillRect(count++ % 300, 200, 10, 10);
  }, 100);
  await senders[kind].sender.replaceTrack(canvas.captureStream(10).getVideoTracks()[0]);
}
</script>"""


@dataclass
class BrowserPerson:
    """One person with one connection; slot mids by (media, index). udp: it is not blocked."""

    page: Page
    stage: MediaStage
    session: MediaSession
    role: str
    connection_id: UUID = field(default_factory=uuid4)
    participant_id: UUID = field(default_factory=uuid4)
    sources: dict[SourceKind, UUID] = field(default_factory=dict)
    slots: dict[tuple[str, int], str] = field(default_factory=dict)
    generation: int = 0
    errors: list[str] = field(default_factory=list)
    last_offer: str = ""
    last_answer: str = ""
    udp: bool = True

    async def connect(self, *, pairs: int = 2, extras: int = 2) -> None:
        await self.page.evaluate("([pairs, extras]) => begin(pairs, extras)", [pairs, extras])
        await self.negotiate()

    async def negotiate(self, *, restart: bool = False) -> None:
        offered = await self.page.evaluate("restart => offer(restart)", restart)
        self.slots = {(one["media"], one["index"]): one["mid"] for one in offered["slots"]}
        for one in offered["sources"]:
            self.sources.setdefault(SourceKind(one["kind"]), uuid4())
        self.last_offer = offered["sdp"]
        self.last_answer = await self.stage.client.answer(
            self.session,
            ConnectionOffer(
                connection_id=self.connection_id,
                participant_id=self.participant_id,
                role=self.role,
                sdp=offered["sdp"],
                sources=[
                    OfferedSource(
                        self.sources[SourceKind(one["kind"])], one["mid"], SourceKind(one["kind"])
                    )
                    for one in offered["sources"]
                ],
                slots=[
                    OfferedSlot(one["mid"], one["media"], one["index"]) for one in offered["slots"]
                ],
            ),
        )
        answer = self.last_answer
        if not self.udp:
            # As good as a firewall: the browser has nowhere to send a datagram to.
            lines = answer.splitlines(keepends=True)
            answer = "".join(line for line in lines if not re.match(r"a=candidate:\d+ 1 udp", line))
        await self.page.evaluate("sdp => answer(sdp)", answer)

    async def route(self, fills: dict[tuple[str, int], UUID | None]) -> None:
        """The whole map: a slot that is not named is emptied."""
        self.generation += 1
        await self.stage.client.route(
            self.session,
            self.connection_id,
            generation=self.generation,
            slots=[SlotFill(self.slots[key], source) for key, source in fills.items()],
        )

    async def watch(self, *others: "BrowserPerson") -> None:
        """Each of the others' microphone and face into slots of one index."""
        fills: dict[tuple[str, int], UUID | None] = {}
        for index, other in enumerate(others):
            fills["audio", index] = other.sources[SourceKind.MICROPHONE]
            fills["video", index] = other.sources[SourceKind.FACE]
        await self.route(fills)

    async def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.page.evaluate("stats()")
        return found

    async def frames(self, index: int = 0) -> int:
        """Frames decoded so far in a video slot."""
        inbound = (await self.stats())["inbound"].get(self.slots["video", index], {})
        return int(inbound.get("framesDecoded", 0))

    async def colour(self, index: int = 0) -> str | None:
        """The name of what a video slot shows."""
        rgb = await self.page.evaluate("mid => picture(mid)", self.slots["video", index])
        return None if rgb is None else colour_name(rgb)

    async def pitch(self, index: int = 0) -> tuple[float, float]:
        """(hertz, decibels) of the loudest tone in an audio slot."""
        hertz, level = await self.page.evaluate("mid => pitch(mid)", self.slots["audio", index])
        return hertz, level


def colour_name(rgb: Sequence[int]) -> str:
    """red, green, blue, yellow, or dark."""
    red, green, blue = (value > 100 for value in rgb)
    names = {
        (True, False, False): "red",
        (False, True, False): "green",
        (False, False, True): "blue",
        (True, True, False): "yellow",
    }
    return names.get((red, green, blue), f"other {tuple(rgb)}")


@contextlib.asynccontextmanager
async def page_server() -> AsyncIterator[str]:
    """The address of the page: localhost, so that cameras are allowed."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    application = web.Application()
    application.add_routes([web.get("/", page)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "localhost", 0).start()
        yield f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def browser_person(
    playwright: Playwright,
    stage: MediaStage,
    session: MediaSession,
    folder: Path,
    *,
    colour: str,
    hertz: int,
    role: str = "resident",
) -> AsyncIterator[BrowserPerson]:
    video = make_video(folder / f"{colour}.y4m", colour)
    sound = make_sound(folder / f"{hertz}.wav", hertz)
    browser: Browser = await playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=[
            *FLAGS,
            f"--use-file-for-fake-video-capture={video}",
            f"--use-file-for-fake-audio-capture={sound}",
        ],
    )
    try:
        async with page_server() as address:
            page = await browser.new_page()
            person = BrowserPerson(page, stage, session, role)
            page.on("pageerror", lambda error: person.errors.append(str(error)))
            await page.goto(address)
            yield person
    finally:
        await browser.close()
