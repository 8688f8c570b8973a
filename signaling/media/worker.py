"""The media worker's process: makes the parts, joins them, and ends them in reverse order."""

import asyncio
import contextlib
import gc
import logging
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from typing import Any, Final

from aiohttp import web
from redis.asyncio import Redis

from signaling.media.adapters.datagrams import open_socket
from signaling.media.adapters.dtls import Identity
from signaling.media.clocks import ServerClock
from signaling.media.control.server import RpcServer
from signaling.media.control.tokens import Verifier
from signaling.media.events import EventLog
from signaling.media.feedback import Feedback
from signaling.media.forwarder import Forwarder
from signaling.media.notices import Notice
from signaling.media.recording import Recordings
from signaling.media.registration import keep_registered, unregister
from signaling.media.registry import Registry
from signaling.media.settings import Installation, WorkerSettings
from signaling.media.tcp import TcpConnections, open_listener
from signaling.media.thread import MediaThread
from signaling.media.upkeep import Upkeep
from signaling.media.wire import Wire

logger = logging.getLogger(__name__)

# The control side must not hold the interpreter against the media thread for long.
SWITCH_INTERVAL_S: Final = 0.001
# The supervisor kills a worker 1.4 s after SIGTERM: with redis (GOODBYE_S) and a sealing process
# (END_S) at one time, these are all the waits of an end.
RPC_END_S: Final = 0.3
CLOSE_S: Final = 0.6
FREE_PORT_TRIES: Final = 20


def run(installation: Installation, *, index: int = 0) -> None:
    """Run the machine's worker of that number until SIGTERM or SIGINT.

    Raises OSError if its port is taken, SystemExit(1) if the media thread has ended by an error.
    """
    asyncio.run(serve(WorkerSettings.of(installation, index)))


async def serve(settings: WorkerSettings) -> None:
    """Run a worker until SIGTERM or SIGINT, in a process of its own."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    worker = Worker(settings)
    # What is there now is there to the end. To look all of it through for garbage would hold up the
    # media thread now and then, and the process's end: by 0.5 to 3 s on a machine under load.
    gc.collect()
    gc.freeze()
    async with worker.running():
        waiting = [
            asyncio.create_task(stop.wait(), name="stop"),
            asyncio.create_task(worker.died.wait(), name="death"),
        ]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
    if worker.died.is_set():
        raise SystemExit(1)


class Worker:
    """All parts of a worker. `died`: the media thread has ended by an error."""

    def __init__(self, settings: WorkerSettings) -> None:
        self.settings = settings
        self.incarnation = secrets.token_hex(8)
        # Another one after every start: what was placed on a dead worker is never taken for its
        # successor's.
        self.worker_id = f"{settings.name}-{self.incarnation}"
        self.started_at = time.time()
        self.died = asyncio.Event()
        self.events = EventLog()
        self.draining = False
        self.rpc = ""
        self._loop = asyncio.get_running_loop()
        self._identity = Identity()
        self._socket, listener = _open_port(settings.media_host, settings.media_port)
        self.media_address = (_numeric(settings.media_host), int(self._socket.getsockname()[1]))
        clock = ServerClock()
        self.forwarder = Forwarder(Wire(self._socket), clock)
        self.tcp = TcpConnections(
            listener, self.forwarder.directory, self.forwarder.take_framed, clock.now
        )
        self.forwarder.wire.outgoing.on_stream = self.tcp.send
        self.registry = Registry(self.forwarder, self._identity)
        feedback = Feedback(self.forwarder, clock)
        upkeep = Upkeep(
            self.forwarder,
            feedback,
            self.registry,
            self._notify,
            recorded_keyframe_s=settings.recorded_keyframe_s,
        )
        self.forwarder.on_rtcp = feedback.hear
        self.forwarder.on_change = upkeep.changed
        self.forwarder.on_flow = upkeep.flowing
        self.thread = MediaThread(self.forwarder, self.tcp, upkeep, self._on_death)
        self.recordings = Recordings(settings, self.events)

    def _notify(self, notice: Notice) -> None:
        """From the media thread."""
        self._loop.call_soon_threadsafe(
            self.events.add, notice.kind, notice.session_id, notice.epoch, notice.details
        )

    def _on_death(self) -> None:
        """From the media thread."""
        self._loop.call_soon_threadsafe(self.died.set)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve for as long as the block lasts."""
        async with contextlib.AsyncExitStack() as parts:
            parts.callback(self._socket.close)
            parts.callback(self.tcp.close)
            self.thread.start()
            parts.push_async_callback(self._close_sessions)
            await parts.enter_async_context(self._serving())
            redis: Redis = Redis.from_url(self.settings.redis_url, decode_responses=True)
            parts.push_async_callback(redis.aclose)
            async with asyncio.TaskGroup() as tasks:
                owned = [
                    tasks.create_task(self.recordings.run(), name="recordings"),
                    tasks.create_task(
                        keep_registered(redis, self.worker_id, self.describe),
                        name="registration",
                    ),
                ]
                logger.info("media worker serves at %s", self.rpc)
                try:
                    yield
                finally:
                    self.draining = True
                    for task in owned:
                        task.cancel()
                    await unregister(redis, self.worker_id)

    @contextlib.asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        server = RpcServer(
            thread=self.thread,
            registry=self.registry,
            recordings=self.recordings,
            events=self.events,
            verifier=Verifier(self.settings.public_key, self.worker_id),
            identity=self._identity,
            address=self.media_address,
            stats=self.stats,
        )
        runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=RPC_END_S)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self.settings.rpc_host, self.settings.rpc_port)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.rpc = f"http://{f'[{host}]' if ':' in host else host}:{port}"
            yield
        finally:
            self.events.close()
            await runner.cleanup()

    async def _close_sessions(self) -> None:
        """Say goodbye to all peers, end the media thread, close the logs."""
        async with asyncio.timeout(CLOSE_S):
            if not self.died.is_set():
                await self.thread.call(self.registry.close_all)
            await asyncio.to_thread(self.thread.stop)
            await self.recordings.close()

    def describe(self) -> dict[str, Any]:
        """What the registration says."""
        host, port = self.media_address
        return {
            "worker_id": self.worker_id,
            "incarnation": self.incarnation,
            "name": self.settings.name,
            "started_at": self.started_at,
            "rpc": self.rpc,
            "media": {"host": host, "port": port},
            "load": {
                "sessions": len(self.registry.sessions),
                "packets_per_s": round(self.thread.packets_per_s),
            },
            "draining": self.draining,
        }

    def stats(self) -> dict[str, Any]:
        """On the media thread: figures alone, nothing of anybody."""
        outgoing = self.forwarder.wire.outgoing
        return {
            **self.describe(),
            "connections": len(self.forwarder.connections),
            "tcp_connections": len(self.tcp),
            "counters": {
                **vars(self.forwarder.counters),
                "sent_datagrams": outgoing.sent,
                "dropped_datagrams": outgoing.dropped,
                "tcp_refused": self.tcp.refused,
                "tcp_expired": self.tcp.expired,
                "tcp_dropped": self.tcp.dropped,
            },
        }


def _open_port(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """The UDP socket and the TCP listener, of one number. Raises OSError if it is taken."""
    for tries_left in reversed(range(1 if port else FREE_PORT_TRIES)):
        datagrams = open_socket(host, port)
        try:
            return datagrams, open_listener(datagrams)
        except OSError:
            # A number that is free for UDP may not be free for TCP.
            datagrams.close()
            if not tries_left:
                raise
    raise AssertionError


def _numeric(host: str) -> str:
    """The address of a host name: a candidate must be one."""
    return str(socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)[0][4][0])
