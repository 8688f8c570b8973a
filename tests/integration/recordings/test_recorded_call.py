"""Two people in Chromium, through a real media worker, into files that are as they were."""

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.async_api import async_playwright

from recordings.manifest import Manifest, RecordedFile
from server.sessions.ports import MediaEvent, RecordingFailed, RecordingSealed
from tests.support.browser_people import BrowserPerson, browser_person, colour_name
from tests.support.media_workers import MediaStage, media_stage
from tests.support.waiting import until

pytestmark = pytest.mark.browser


def decoded(path: Path) -> tuple[set[str], np.ndarray]:
    """The colours of all pictures, and the sound as mono samples of 48 kHz."""
    colours, sound = set(), []
    with av.open(str(path)) as container:
        for packet in container.demux():
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    colours.add(colour_name(frame.to_ndarray(format="rgb24")[-20, 20]))
                elif isinstance(frame, av.AudioFrame):
                    sound.append(frame.to_ndarray().mean(axis=0))
    return colours, np.concatenate(sound)


def pitch(sound: np.ndarray) -> float:
    """Hertz of the loudest tone."""
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * 48_000 / len(sound))


async def sealed(stage: MediaStage) -> tuple[Manifest, Path]:
    async def told() -> list[MediaEvent]:
        return [e for e in stage.events if isinstance(e, RecordingSealed | RecordingFailed)]

    (event,) = await until(told, seconds=30)
    assert isinstance(event, RecordingSealed), event
    return Manifest.model_validate(event.manifest), stage.data / "blobs" / event.folder


async def frames_more(person: BrowserPerson, count: int) -> None:
    wanted = await person.frames() + count

    async def seen() -> bool:
        return await person.frames() >= wanted

    await until(seen, seconds=20)


def of(manifest: Manifest, person: BrowserPerson) -> RecordedFile:
    (file,) = [f for f in manifest.files if f.participant_id == str(person.participant_id)]
    return file


async def test_a_call_is_recorded_as_it_was(tmp_path: Path) -> None:
    """The resident's microphone has no track for a while, in the middle of it."""
    async with media_stage(tmp_path) as stage, async_playwright() as playwright:
        session = await stage.open(record=True)
        async with (
            browser_person(
                playwright, stage, session, tmp_path, colour="red", hertz=440
            ) as resident,
            browser_person(
                playwright, stage, session, tmp_path, colour="blue", hertz=1320, role="agent"
            ) as agent,
        ):
            await resident.connect()
            await agent.connect()
            await resident.watch(agent)
            await agent.watch(resident)
            await frames_more(agent, 20)
            began = asyncio.get_running_loop().time()
            await resident.page.evaluate(
                "() => { window.kept = senders.microphone.sender.track;"
                " return senders.microphone.sender.replaceTrack(null) }"
            )
            await frames_more(agent, 20)
            await resident.page.evaluate("senders.microphone.sender.replaceTrack(window.kept)")
            silent_s = asyncio.get_running_loop().time() - began
            await frames_more(agent, 20)
            await stage.client.close(session)
        manifest, folder = await sealed(stage)

    assert [f.role for f in manifest.files] == ["resident", "agent"]
    for person, colour, hertz in ((resident, "red", 440), (agent, "blue", 1320)):
        file = of(manifest, person)
        colours, sound = decoded(folder / file.name)
        assert colours == {colour}
        assert pitch(sound[:48_000]) == pytest.approx(hertz, abs=15)
        assert len(sound) / 48 == pytest.approx(file.duration_ms, abs=250)
        assert file.frames.video > 50
    (gap,) = [g for g in of(manifest, resident).gaps if g.media == "audio"]
    assert gap.reason == "paused"
    assert gap.to_ms - gap.from_ms == pytest.approx(silent_s * 1000, abs=300)
    # Sound and picture ended together, so they must lie together: the pause did not shift them.
    _, sound = decoded(folder / of(manifest, resident).name)
    assert pitch(sound[-24_000:]) == pytest.approx(440, abs=15)
