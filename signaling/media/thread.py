"""The media thread: waits, takes batches, does what is due, and runs what the control side asks."""

import asyncio
import logging
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from signaling.media.forwarder import Forwarder
from signaling.media.tcp import TcpConnections
from signaling.media.upkeep import TICK_S, Upkeep

logger = logging.getLogger(__name__)

T = TypeVar("T")

BUSY_PACKETS_S: Final = 500
# On a virtual machine a wake-up costs more than a packet: under load packets are left to gather.
BUSY_REST_S: Final = 0.004
RATE_WINDOW_S: Final = 0.5
STOP_S: Final = 0.5


class MediaThread:
    """Owns everything of the media path while it runs. `on_death`: it ended by an error."""

    def __init__(
        self,
        forwarder: Forwarder,
        tcp: TcpConnections,
        upkeep: Upkeep,
        on_death: Callable[[], None],
    ) -> None:
        self._forwarder = forwarder
        self._tcp = tcp
        self._upkeep = upkeep
        self._on_death = on_death
        self._calls: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="media", daemon=True)
        self.packets_per_s = 0.0

    def start(self) -> None:
        self._thread.start()

    async def call(self, action: Callable[[], T]) -> T:
        """Run `action` on the media thread, between two batches; its result or its error."""
        if self._stopping:
            raise asyncio.CancelledError
        future: Future[T] = Future()
        self._calls.append((action, future))
        os.eventfd_write(self._wake, 1)
        return await asyncio.wrap_future(future)

    def stop(self) -> None:
        """End the thread after what was asked before; blocks for STOP_S at most."""
        self._stopping = True
        os.eventfd_write(self._wake, 1)
        self._thread.join(STOP_S)

    def _run(self) -> None:
        try:
            self._loop()
        except Exception:
            logger.exception("media thread has ended")
            self._on_death()

    def _loop(self) -> None:
        poller = select.poll()
        poller.register(self._forwarder.wire.socket, select.POLLIN)
        poller.register(self._wake, select.POLLIN)
        poller.register(self._tcp, select.POLLIN)
        window_at, window_packets = time.monotonic(), 0
        tick_at = window_at
        while True:
            ready = poller.poll(self._wait_ms(tick_at))
            while (count := self._forwarder.take_batch()) > 0:
                window_packets += count
                self._ask_missing()
                self._flush()
            if (self._tcp.fileno(), select.POLLIN) in ready:
                window_packets += self._tcp.step()
                self._ask_missing()
            self._run_calls()
            now = time.monotonic()
            if now >= tick_at:
                tick_at = now + TICK_S
                self._upkeep.tick(now)
                self._tcp.expire()
            self._flush()
            if now - window_at >= RATE_WINDOW_S:
                self.packets_per_s = window_packets / (now - window_at)
                window_at, window_packets = now, 0
            if self._stopping and not self._calls:
                return
            if self.packets_per_s > BUSY_PACKETS_S:
                time.sleep(BUSY_REST_S)

    def _wait_ms(self, tick_at: float) -> int | None:
        if self._stopping or self._calls:
            return 0
        if not self._forwarder.connections and not len(self._tcp):
            self.packets_per_s = 0.0
            return None
        return max(0, int((tick_at - time.monotonic()) * 1000) + 1)

    def _flush(self) -> None:
        self._forwarder.wire.outgoing.flush()
        self._tcp.flush()

    def _ask_missing(self) -> None:
        holed = self._forwarder.holed
        if holed:
            now = time.monotonic()
            for source in holed:
                self._upkeep.mend(source, now)
            holed.clear()

    def _run_calls(self) -> None:
        try:
            os.eventfd_read(self._wake)
        except BlockingIOError:
            return
        while self._calls:
            action, future = self._calls.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = action()
            except Exception as error:  # noqa: BLE001 (it is the asker's)
                future.set_exception(error)
            else:
                future.set_result(result)
