"""People at the real pages: each has a Chromium process of their own, a fake camera and a voice."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest_asyncio
from playwright.async_api import ConsoleMessage, Locator, Page, Playwright, async_playwright

from tests.support.clips import make_sound, make_video
from tests.support.paper_clips import make_paper_video
from tests.support.waiting import until

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",  # tests run as root in CI
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
Viewport = tuple[int, int]
CONSOLE: Final[Viewport] = (1920, 1080)
KIOSK: Final[Viewport] = (1080, 1920)
PHONE: Final[Viewport] = (390, 844)

# The left edge alone: a paper may be in the middle of the picture.
EDGE: Final = """video => {
  if (!video.videoWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, video.videoWidth / 10, video.videoHeight, 0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""
FRAMES: Final = "video => video.getVideoPlaybackQuality().totalVideoFrames"
# Every tone that the page plays aloud: [hertz, decibels] of each element with live sound.
TONES: Final = """async () => {
  const playing = [...document.querySelectorAll('video, audio')].filter(element =>
    element.srcObject && !element.muted && !element.paused
      && element.srcObject.getAudioTracks().some(track => track.readyState === 'live'));
  const context = new AudioContext();
  const ears = playing.map(element => {
    const ear = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0});
    context.createMediaStreamSource(element.srcObject).connect(ear);
    return ear;
  });
  await new Promise(resolve => setTimeout(resolve, 500));
  const found = ears.map(ear => {
    const levels = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    return [loudest * context.sampleRate / ear.fftSize, levels[loudest]];
  });
  await context.close();
  return found.filter(([, level]) => Number.isFinite(level));
}"""
AUDIBLE_DECIBELS: Final = -60.0


@dataclass
class Person:
    """One person before one page. `errors`: what the page's console complained of."""

    name: str
    page: Page
    colour: str
    hertz: int
    errors: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    def element(self, test_id: str) -> Locator:
        """By data-testid."""
        return self.page.get_by_test_id(test_id)

    async def click(self, test_id: str) -> None:
        """Click the first such element once it can be clicked."""
        await self.element(test_id).first.click()

    def remote_video(self, role: str) -> Locator:
        """The remote video of a participant of that role."""
        return self.page.locator(f'[data-testid="remote-video"][data-role="{role}"]').first

    async def colour_of(self, video: Locator) -> str | None:
        """The name of the colour at a video's left edge; None while there is no picture."""
        rgb = await video.evaluate(EDGE)
        return None if rgb is None else colour_name(rgb)

    async def sees(self, role: str, colour: str, *, seconds: float = 20.0) -> None:
        """Wait until the video of that role plays in that colour, and its frames go on."""
        video = self.remote_video(role)
        await video.wait_for(state="visible", timeout=seconds * 1000)

        async def right_colour() -> bool:
            return await self.colour_of(video) == colour

        await until(right_colour, seconds=seconds, what=f"{self.name} sees {role} in {colour}")
        before = await self.frames_of(video)

        async def goes_on() -> bool:
            return await self.frames_of(video) > before + 5

        await until(goes_on, seconds=seconds, what=f"{self.name}'s picture of {role} moves")

    async def frames_of(self, video: Locator) -> int:
        """Frames shown so far by a video."""
        return int(await video.evaluate(FRAMES))

    async def tones(self) -> list[float]:
        """Hertz of what the page plays aloud now; silence is not among them."""
        found: list[tuple[float, float]] = await self.page.evaluate(TONES)
        return [hertz for hertz, level in found if level > AUDIBLE_DECIBELS]

    async def hears(self, hertz: int, *, seconds: float = 20.0) -> None:
        """Wait until the page plays a tone of that height, within 2 %."""

        async def heard() -> bool:
            return any(abs(one - hertz) < hertz * 0.02 for one in await self.tones())

        await until(heard, seconds=seconds, what=f"{self.name} hears {hertz} Hz")

    def expect_error(self, pattern: str) -> None:
        """A test of bad input says which complaint is right, as a regular expression."""
        self._expected.append(re.compile(pattern))

    def unexpected_errors(self) -> list[str]:
        """Complaints of the console that no `expect_error` covers."""
        return [
            error for error in self.errors if not any(one.search(error) for one in self._expected)
        ]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def listen(self) -> None:
        """Keep what goes wrong on the page from now on."""
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))


def colour_name(rgb: Sequence[int]) -> str:
    """red, green, blue, yellow, or `other (...)`."""
    names = {
        (True, False, False): "red",
        (False, True, False): "green",
        (False, False, True): "blue",
        (True, True, False): "yellow",
    }
    red, green, blue = (value > 100 for value in rgb)
    return names.get((red, green, blue), f"other {tuple(rgb)}")


class People:
    """Lets people come to the pages; all of them leave at the end of the test."""

    def __init__(self, playwright: Playwright, folder: Path, stack: AsyncExitStack) -> None:
        self._playwright = playwright
        self._folder = folder
        self._stack = stack
        self.all: list[Person] = []

    async def come(
        self,
        name: str,
        *,
        colour: str,
        hertz: int,
        viewport: Viewport = CONSOLE,
        paper: bool = False,
        language: str = "zh-CN",
        flags: Sequence[str] = (),
    ) -> Person:
        """A person with a browser, before an empty page.

        colour: of what their camera shows (red, green, blue, yellow). hertz: of the tone that their
        microphone hears. paper: whether they hold a page with text into the camera.
        """
        make = make_paper_video if paper else make_video
        video = make(self._folder / f"{name}.y4m", colour)
        sound = make_sound(self._folder / f"{name}.wav", hertz)
        browser = await self._playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *FLAGS,
                f"--use-file-for-fake-video-capture={video}",
                f"--use-file-for-fake-audio-capture={sound}",
                *flags,
            ],
        )
        self._stack.push_async_callback(browser.close)
        width, height = viewport
        context = await browser.new_context(
            viewport={"width": width, "height": height}, locale=language
        )
        person = Person(name, await context.new_page(), colour, hertz)
        person.listen()
        self.all.append(person)
        return person


@pytest_asyncio.fixture
async def people(tmp_path: Path) -> AsyncIterator[People]:
    """`await people.come(...)`. Fails the test when a page's console complained."""
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        here = People(playwright, tmp_path, stack)
        yield here
        complaints: dict[str, Any] = {
            person.name: person.unexpected_errors()
            for person in here.all
            if person.unexpected_errors()
        }
    assert not complaints, f"errors in the pages' consoles: {complaints}"
