"""Sealed files play in Chromium: a finite duration, seeking, sound and the right picture."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import async_playwright

from recordings.seal import seal
from tests.support import recorded_calls
from tests.support.recorded_calls import BLUE, GREEN, RED, Camera, Microphone, Sent, info

PAGE = "<!doctype html><meta charset=utf-8><title>player</title><video muted></video>"

# For each time: seek there, and give the picture's colour, in [red, green, blue].
WATCH = """async ([url, times]) => {
  const video = document.querySelector('video')
  const happened = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, {once: true})
    video.addEventListener('error', () => reject(new Error(video.error.message)), {once: true})
  })
  video.src = url
  await happened('loadeddata')
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 8
  const context = canvas.getContext('2d', {willReadFrequently: true})
  const colours = []
  for (const time of times) {
    const seeked = happened('seeked')
    video.currentTime = time
    await seeked
    context.drawImage(video, 0, 0, 8, 8)
    colours.push([...context.getImageData(4, 6, 1, 1).data].slice(0, 3))
  }
  video.currentTime = Math.max(0, video.duration - 1)
  await happened('seeked')
  const ended = happened('ended')
  video.playbackRate = 2
  await video.play()
  await ended
  return {
    duration: video.duration, colours, seekable: video.seekable.end(0),
    sound: video.webkitAudioDecodedByteCount, pictures: video.webkitDecodedFrameCount,
    size: [video.videoWidth, video.videoHeight], end: video.currentTime,
  }
}"""


async def watch(folder: Path, name: str, times: list[float]) -> dict[str, Any]:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    application = web.Application()
    application.router.add_get("/", page)
    application.router.add_static("/files", folder)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=["--autoplay-policy=no-user-gesture-required"],
            )
            tab = await browser.new_page()
            await tab.goto(address)
            seen: dict[str, Any] = await tab.evaluate(WATCH, [f"{address}/files/{name}", times])
            await browser.close()
            return seen
    finally:
        await runner.cleanup()


def sealed(tmp_path: Path, video: list[Sent], audio: list[Sent] | None) -> tuple[Path, str]:
    streams = [(info("resident", "face"), video)]
    if audio is not None:
        streams.append((info("resident", "microphone"), audio))
    recorded_calls.record(tmp_path / "log", streams)
    manifest = seal(tmp_path / "log", tmp_path / "out")
    return tmp_path / "out", manifest.files[0].name


def is_near(found: list[int], colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(found, colour, strict=True))


@pytest.mark.browser
async def test_a_person_plays_and_seeks(tmp_path: Path) -> None:
    """Red for 3 s, green for 3 s, then larger and blue for 3 s; sound stops for 2 s."""
    video: list[Sent] = []
    sequence = 60_000
    for number, colour in enumerate((RED, GREEN, BLUE)):
        camera = Camera(colour, size=(320, 240) if number < 2 else (640, 480), sequence=sequence)
        video += camera.film(3 * number, 3)
        sequence = camera.sequence
    audio = [s for s in Microphone(440).listen(0, 9) if not 4e6 <= s.at_us < 6e6]
    folder, name = sealed(tmp_path, video, audio)
    seen = await watch(folder, name, [7.5, 1.5, 4.5, 0.0, 8.5])
    assert seen["duration"] == pytest.approx(9, abs=0.15)
    assert seen["seekable"] == seen["duration"]
    expected = [BLUE, RED, GREEN, RED, BLUE]
    assert all(map(is_near, seen["colours"], expected)), seen["colours"]
    assert seen["size"] == [640, 480]
    assert seen["sound"] > 0
    assert seen["end"] == pytest.approx(seen["duration"], abs=0.2)


@pytest.mark.browser
async def test_a_camera_that_came_later_plays_after_the_sound(tmp_path: Path) -> None:
    video = Camera(BLUE).film(4, 4)
    folder, name = sealed(tmp_path, video, Microphone(440).listen(0, 8))
    seen = await watch(folder, name, [1.0, 6.0])
    assert seen["duration"] == pytest.approx(8, abs=0.15)
    assert is_near(seen["colours"][1], BLUE)
    assert seen["sound"] > 0


@pytest.mark.browser
async def test_a_document_plays_without_sound(tmp_path: Path) -> None:
    folder, name = sealed(tmp_path, Camera(GREEN, size=(640, 480)).film(0, 3, key_every=10), None)
    seen = await watch(folder, name, [2.5, 0.5])
    assert seen["duration"] == pytest.approx(3, abs=0.15)
    assert all(is_near(colour, GREEN) for colour in seen["colours"])
    assert seen["pictures"] > 0
