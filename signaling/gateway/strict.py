"""The one place that touches python-socketio's and engineio's private names.

python-socketio 5.18 keeps the attachments that a client announces with a binary packet in memory,
without limit (24 MB for one client were measured), so a binary packet closes the socket here. What
is sent to a client that does not read is queued without limit too: `reads` says whether it does.
And it leaves the WebSocket open when it lets a client go, or refuses one: here it is closed.

engineio lets every browser compress, which costs some hundred kilobytes for each open page; our
messages are short, so here nothing is compressed.
"""

import asyncio
import struct
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, Final

import socketio
from aiohttp.web import WebSocketResponse
from engineio import packet as engineio_packet
from engineio.async_drivers.aiohttp import WebSocket
from socketio import packet as socketio_packet

BINARY_TYPES: Final = ("5", "6")
CONNECT_TYPE: Final = "0"
AUTHENTICATE_SECONDS: Final = 5.0
GOODBYE_SECONDS: Final = 5.0
BACKLOG_PACKETS: Final = 500


class PlainWebSocket(WebSocket):  # type: ignore[misc]
    """engineio's socket, which agrees to no compression."""

    async def __call__(self, environ: Any) -> WebSocketResponse:
        limit = self.server.max_http_buffer_size
        self._sock = WebSocketResponse(max_msg_size=limit, compress=False)
        await self._sock.prepare(environ["aiohttp.request"])
        self.environ = environ
        await self.handler(self)
        return self._sock


class StrictServer(socketio.AsyncServer):  # type: ignore[misc]
    """A server that takes text events alone and closes the socket of whoever sends other things,
    or does not say in time who they are."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.eio._async = {**self.eio._async, "websocket": PlainWebSocket}
        self._told: tuple[str, Any, Any] = ("", None, None)

    async def tell(self, sid: str, message: str, payload: dict[str, Any]) -> None:
        """Queue a message for one client. One that goes to many is encoded once: to be told to one
        after the other, and not changed meanwhile."""
        known, same, packet = self._told
        if known != message or same is not payload:
            text = socketio_packet.Packet(socketio_packet.EVENT, data=[message, payload]).encode()
            packet = engineio_packet.Packet(engineio_packet.MESSAGE, text)
            self._told = (message, payload, packet)
        socket = self._socket(self.manager.eio_sid_from_sid(sid, "/"))
        if socket is not None:
            await socket.send(packet)

    async def part(self, sid: str) -> None:
        """Let a client go: what is queued is still sent, then its WebSocket is closed."""
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        await self.disconnect(sid)
        self._close_when_sent(eio_sid)

    def cut(self, sid: str) -> None:
        """Close a client's connection at once: what is queued is lost."""
        self._cut(self.manager.eio_sid_from_sid(sid, "/"))

    def reads(self, sid: str) -> bool:
        """Whether the client takes what it is sent, as far as can be seen."""
        return self._backlog(self.manager.eio_sid_from_sid(sid, "/")) <= BACKLOG_PACKETS

    async def _handle_eio_connect(self, eio_sid: str, environ: Any) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        loop = asyncio.get_running_loop()
        loop.call_later(AUTHENTICATE_SECONDS, self._cut_unless_known, eio_sid)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str | None = None) -> None:
        transport = self._transport(eio_sid)
        await super()._handle_eio_disconnect(eio_sid, reason)
        # engineio waits for its writer, which for one who does not read has no end.
        asyncio.get_running_loop().call_later(GOODBYE_SECONDS, _end, transport)

    async def _handle_eio_message(self, eio_sid: str, data: str | bytes) -> None:
        known = self.manager.sid_from_eio_sid(eio_sid, "/") is not None
        binary = not isinstance(data, str) or data.startswith(BINARY_TYPES)
        # Nothing but the greeting before it, and only one greeting.
        rude = binary or known == data.startswith(CONNECT_TYPE)  # type: ignore[arg-type]
        # Answers are queued, too: who asks on without reading them is let go.
        if rude or self._backlog(eio_sid) > BACKLOG_PACKETS:
            self._cut(eio_sid)
            return
        try:
            await super()._handle_eio_message(eio_sid, data)
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            # What the library's parser says to a packet that is none.
            self._cut(eio_sid)
        if self.manager.sid_from_eio_sid(eio_sid, "/") is None:
            self._close_when_sent(eio_sid)

    def _cut_unless_known(self, eio_sid: str) -> None:
        if self.manager.sid_from_eio_sid(eio_sid, "/") is None:
            self._cut(eio_sid)

    def _cut(self, eio_sid: str | None) -> None:
        _end(self._transport(eio_sid))

    def _transport(self, eio_sid: str | None) -> Any:
        environ = self.environ.get(eio_sid)
        return environ["aiohttp.request"].transport if environ is not None else None

    def _close_when_sent(self, eio_sid: str | None) -> None:
        socket = self._socket(eio_sid)
        if socket is not None:
            # engineio's writer takes None for the end of the queue, and closes the WebSocket.
            socket.queue.put_nowait(None)

    def _backlog(self, eio_sid: str | None) -> int:
        """How many packets wait to be sent; 0 for one that has gone."""
        socket = self._socket(eio_sid)
        return int(socket.queue.qsize()) if socket is not None else 0

    def _socket(self, eio_sid: str | None) -> Any:
        return self.eio.sockets.get(eio_sid)


def _end(transport: Any) -> None:
    """End a connection at once. Unless told not to linger, the system would keep trying to send
    what is queued to one who does not read."""
    if transport is None or transport.is_closing():
        return
    socket = transport.get_extra_info("socket")
    if socket is not None:
        socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
