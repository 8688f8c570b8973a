"""Knowing when a part can be used, by asking it as its users will."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final

from server.supervisor.errors import ChildFailed, PortInUse

ASK_AGAIN_SECONDS: Final = 0.05
ANSWER_SECONDS: Final = 2.0
ANY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - never bound here


async def until(name: str, probe: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
    """Ask until `probe` says yes. Raises ChildFailed when it has not after `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            while not await _asked(probe):  # noqa: ASYNC110 - another process can't set an Event
                await asyncio.sleep(ASK_AGAIN_SECONDS)
    except TimeoutError as error:
        raise ChildFailed(name, f"was not ready after {seconds:g} s") from error


async def _asked(probe: Callable[[], Awaitable[bool]]) -> bool:
    """One answer; silence is a no.

    Not by `asyncio.wait_for`: Python 3.11's swallows a cancellation that meets the answer, and a
    start that has failed would be waited for until its time is over (cpython issue 86296).
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await probe()
    except TimeoutError:
        return False


async def app_is_ready(host: str, port: int) -> bool:
    """Whether `/readyz` answers 200."""
    address = ANY_ADDRESS.get(host, host)
    try:
        reader, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    try:
        name = f"[{address}]" if ":" in address else address
        request = f"GET /readyz HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode("ascii"))
        status = (await reader.readline()).split()
        return len(status) > 1 and status[1] == b"200"
    except OSError:
        return False
    finally:
        writer.close()


def free_port(host: str, port: int) -> int:
    """`port` if one can listen on it, or any free one for 0. Raises PortInUse."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise PortInUse(host, port, (error.strerror or str(error)).lower()) from error
        return int(probe.getsockname()[1])
