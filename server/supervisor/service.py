"""The order of things: who is started after whom, and ended before whom."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final

from server.infrastructure.settings import CHILD_ENVIRONMENT_PREFIX, Settings
from server.supervisor import banner, folder, readiness, valkey
from server.supervisor.child import Child, Program, ending, kill_group, spawn
from server.supervisor.errors import ChildFailed

# Together under 5 s, the promise of Ctrl-C: app, then workers, then Valkey, each killed when late.
APP_STOP_SECONDS: Final = 1.8
WORKER_STOP_SECONDS: Final = 1.4
VALKEY_STOP_SECONDS: Final = 0.7

VALKEY: Final = "Valkey"
VALKEY_START_SECONDS: Final = 30.0  # a large log is read at a start
APP_START_SECONDS: Final = 60.0
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def own_command(*words: str) -> tuple[str, ...]:
    """`virtual-window WORDS` in this interpreter; -P: the current folder has no say in it."""
    return (sys.executable, "-P", "-m", "server.command", *words)


def serve(
    settings: Settings,
    *,
    say: Callable[[str], None],
    note: Callable[[str], None],
    command: Callable[..., Sequence[str]] = own_command,
) -> None:
    """Run everything on this machine until a signal ends it.

    say: takes what a person at the terminal waits for. note: takes what happened on the way.
    command: what runs a subcommand of ours. Raises SupervisorError when it can't serve; no child
    is left then.
    """
    os.umask(0o077)
    settings = settings.model_copy(update={"data": settings.data.absolute()})
    with folder.owned(settings) as lock, valkey.socket_path(settings) as socket:
        port = readiness.free_port(settings.host, settings.port)
        settings = settings.model_copy(update={"port": port})
        supervisor = Supervisor(settings, socket, lock, say=say, note=note, command=command)
        asyncio.run(supervisor.run())


class Supervisor:
    """Everything of one machine. `run` returns after a signal, with all children ended."""

    def __init__(
        self,
        settings: Settings,
        socket: Path,
        lock: int,
        *,
        say: Callable[[str], None],
        note: Callable[[str], None],
        command: Callable[..., Sequence[str]],
    ) -> None:
        self._command = command
        self._settings = settings
        self._socket = socket
        self._lock = lock
        self._say = say
        self._note = note
        self._children: list[Child] = []
        self._failure: ChildFailed | None = None
        self._serving: asyncio.Task[None] | None = None
        self._ending = False

    async def run(self) -> None:
        """Start in order, serve until a signal, end in reverse order. Raises ChildFailed."""
        loop = asyncio.get_running_loop()
        self._serving = asyncio.create_task(self._serve(), name="serve")
        for number in SIGNALS:
            loop.add_signal_handler(number, self._end)
        try:
            with suppress(asyncio.CancelledError):
                await self._serving
            if self._failure is not None:
                raise self._failure
        except ChildFailed as failure:
            if failure.name == VALKEY:
                self._note(valkey.last_words(self._settings))
            raise
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    def _end(self) -> None:
        """The first signal ends in order, the second at once."""
        if self._ending:
            for child in self._children:
                child.kill()
        elif self._serving is not None:
            self._ending = True
            self._serving.cancel()

    def _fail(self, failure: ChildFailed) -> None:
        if self._failure is None:
            self._failure = failure
        if not self._ending:
            self._end()

    async def _serve(self) -> None:
        async with AsyncExitStack() as stack:
            if self._settings.redis_url is None:
                await self._start_valkey(stack)
            workers = [self._worker(index) for index in range(self._settings.media_workers)]
            await self._start(stack, *workers)
            await self._prepare_data()  # the workers, that know no database, load meanwhile
            app = self._child("app", APP_STOP_SECONDS, "app")
            await self._start(stack, app)
            await readiness.until("app", self._app_is_ready, seconds=APP_START_SECONDS)
            for child in self._children:
                child.ready()
            self._greet()
            await asyncio.Event().wait()  # until _end cancels

    def _greet(self) -> None:
        self._say(banner.addresses(self._settings))
        if self._settings.demo:
            self._say(banner.accounts())
        self._say("Ctrl-C ends everything.")

    async def _start_valkey(self, stack: AsyncExitStack) -> None:
        configuration = valkey.write_configuration(self._settings, self._socket)
        program = self._program(
            VALKEY, VALKEY_STOP_SECONDS, str(valkey.server_binary()), str(configuration)
        )
        child = Child(program, say=self._note)
        await self._start(stack, child)
        await readiness.until(
            VALKEY, lambda: valkey.answers(self._socket), seconds=VALKEY_START_SECONDS
        )
        child.ready()

    async def _prepare_data(self) -> None:
        """Bring the database to this version, with demo data where it is asked for."""
        words = ("demo", "seed") if self._settings.demo else ("migrate",)
        program = self._program("The database's preparation", 0.0, *self._command(*words))
        process = await spawn(program)
        try:
            code = await process.wait()
        finally:
            kill_group(process)
            await process.wait()
        if code != 0:
            raise ChildFailed(program.name, ending(code))

    async def _start(self, stack: AsyncExitStack, *children: Child) -> None:
        """Start children of one rank; the stack ends them together."""
        for child in children:
            self._children.append(child)
            child.start(self._fail)

        async def stop() -> None:
            await asyncio.gather(*(child.stop() for child in children))

        stack.push_async_callback(stop)

    def _worker(self, index: int) -> Child:
        name = f"media worker {index}"
        return self._child(name, WORKER_STOP_SECONDS, "media-worker", "--index", str(index))

    def _child(self, name: str, stop_seconds: float, *words: str) -> Child:
        return Child(self._program(name, stop_seconds, *self._command(*words)), say=self._note)

    def _program(self, name: str, stop_seconds: float, *arguments: str) -> Program:
        return Program(
            name=name,
            arguments=arguments,
            environment=self._environment(),
            stop_seconds=stop_seconds,
            keep_descriptors=(self._lock,),
        )

    def _environment(self) -> dict[str, str]:
        ours = {
            "data": str(self._settings.data),
            "host": self._settings.host,
            "port": str(self._settings.port),
            "demo": str(self._settings.demo).lower(),
            "media_host": self._settings.media_host,
            "media_port": str(self._settings.media_port),
            "media_workers": str(self._settings.media_workers),
        }
        if self._settings.redis_url is None:
            ours["redis_url"] = valkey.redis_url(self._socket)
        named = {CHILD_ENVIRONMENT_PREFIX + key.upper(): value for key, value in ours.items()}
        return {**os.environ, **named}

    async def _app_is_ready(self) -> bool:
        return await readiness.app_is_ready(self._settings.host, self._settings.port)
