"""One process that the supervisor answers for: started, started again when it dies, ended."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from server.supervisor.death import dies_with_parent
from server.supervisor.errors import ChildFailed

FIRST_BACKOFF_SECONDS: Final = 0.2
LONGEST_BACKOFF_SECONDS: Final = 10.0
STEADY_SECONDS: Final = 30.0  # one that lived so long starts again without waiting
TRIES_BEFORE_READY: Final = 3
REAP_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Program:
    """What to start. `stop_seconds`: how long it may take to end itself after SIGTERM."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    stop_seconds: float
    keep_descriptors: tuple[int, ...] = ()


async def spawn(program: Program) -> asyncio.subprocess.Process:
    """Start it in a session of its own: a terminal's Ctrl-C reaches the supervisor alone.

    Its output goes to the supervisor's standard error. Raises ChildFailed.
    """
    try:
        return await asyncio.create_subprocess_exec(
            *program.arguments,
            env=program.environment,
            stdin=subprocess.DEVNULL,
            stdout=2,
            stderr=2,
            start_new_session=True,
            pass_fds=program.keep_descriptors,
            preexec_fn=dies_with_parent(),
        )
    except OSError as error:
        raise ChildFailed(program.name, f"can't be started: {error.strerror}") from error


def kill_group(process: asyncio.subprocess.Process) -> None:
    """Kill the process and whatever it has started; gone already is as good."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def ending(code: int) -> str:
    """An exit code in words: `ended with exit code 1`, `was ended by SIGKILL`."""
    if code >= 0:
        return f"ended with exit code {code}"
    return f"was ended by {signal.Signals(-code).name}"


class Child:
    """A program that is kept running until `stop`.

    One that dies is started again, after a pause that doubles while it does not live long. Before
    `ready()` was called it gets a few tries only, then `failed` holds ChildFailed.
    """

    def __init__(self, program: Program, *, say: Callable[[str], None]) -> None:
        self.program = program
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._is_ready = False
        self._keeper: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def start(self, on_failure: Callable[[ChildFailed], None]) -> None:
        """Begin to keep it. `on_failure` is called once, when it does not come up."""
        self._keeper = asyncio.create_task(self._keep(on_failure), name=f"keep {self.name}")

    def ready(self) -> None:
        """It has been seen to serve: from now on it is started again without end."""
        self._is_ready = True

    def kill(self) -> None:
        """End it at once, with all that it has started."""
        self._stopping.set()
        if self._process is not None and self._process.returncode is None:
            kill_group(self._process)

    async def stop(self) -> None:
        """Ask it to end, kill it once its time is over; it is gone when this returns."""
        self._stopping.set()
        process = self._process
        if process is not None and process.returncode is None:
            process.terminate()
        if self._keeper is None:
            return
        _done, running = await asyncio.wait({self._keeper}, timeout=self.program.stop_seconds)
        if running:
            self._say(f"{self.name} did not end in {self.program.stop_seconds} s and is killed")
            self.kill()
            await asyncio.wait({self._keeper}, timeout=REAP_SECONDS)

    async def _keep(self, on_failure: Callable[[ChildFailed], None]) -> None:
        try:
            await self._run_again_and_again()
        except ChildFailed as failure:
            on_failure(failure)

    async def _run_again_and_again(self) -> None:
        deaths = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._run_once()
            if self._stopping.is_set():
                return
            deaths = 1 if time.monotonic() - started > STEADY_SECONDS else deaths + 1
            if not self._is_ready and code == os.EX_CONFIG:  # it said why; more tries won't help
                raise ChildFailed(self.name, ending(code))
            if not self._is_ready and deaths >= TRIES_BEFORE_READY:
                raise ChildFailed(self.name, f"{ending(code)}, {deaths} times in a row")
            pause = min(FIRST_BACKOFF_SECONDS * 2 ** (deaths - 1), LONGEST_BACKOFF_SECONDS)
            self._say(f"{self.name} {ending(code)}; it starts again in {pause:g} s")
            await self._pause(pause)

    async def _run_once(self) -> int:
        process = await spawn(self.program)
        self._process = process
        if self._stopping.is_set():  # stop() came while it was being started
            kill_group(process)
        code = await process.wait()
        kill_group(process)  # what a dead child left behind, such as a sealing process
        return code

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
