"""A page's socket with as little as possible around it: WebSocket and Engine.IO framing by hand.

So that some thousands of pages cost their machine less than the server that they measure. It asks
for compression as browsers do. Sources: RFC 6455, 5.2; the Engine.IO protocol, version 4.
"""

import asyncio
import base64
import json
import os
import struct
from collections.abc import Callable
from typing import Any, Final

PATH: Final = "/socket.io/?EIO=4&transport=websocket"
TEXT: Final = 0x81  # the last frame of a message of text
CLOSE: Final = 0x8
CLIENT_MASK: Final = bytes(4)  # a mask that changes nothing is one, too


class HandshakeRefused(Exception):
    """The server took no WebSocket; its first line says why."""


def frame(text: bytes) -> bytes:
    """A client's frame of a whole message of text."""
    size = len(text)
    if size < 126:
        head = bytes((TEXT, 0x80 | size))
    else:
        head = bytes((TEXT, 0x80 | 126)) + struct.pack("!H", size)
    return head + CLIENT_MASK + text


def messages(buffer: bytearray) -> list[tuple[int, bytes]]:
    """(opcode, payload) of each whole frame in `buffer`, which is left with the rest.

    Frames of a server have no mask (5.1). Each is taken for a whole message: ours are.
    """
    found, at = [], 0
    while len(buffer) - at >= 2:
        size, head = buffer[at + 1] & 0x7F, 2
        if size == 126:
            head = 4
        elif size == 127:
            head = 10
        if len(buffer) - at < head:
            break
        if head > 2:
            size = int.from_bytes(buffer[at + 2 : at + head], "big")
        if len(buffer) - at < head + size:
            break
        payload = bytes(buffer[at + head : at + head + size])
        found.append((buffer[at] & 0x0F, payload))
        at += head + size
    del buffer[:at]
    return found


class PageSocket(asyncio.Protocol):
    """Opens, says who it is, listens to topics, answers pings and hands events over.

    heard: called with the text of each event. ready: set once all topics are heard. gone: set when
    the connection has ended, by whomever.
    """

    def __init__(self, cookie: str, topics: list[str], heard: Callable[[bytes], None]) -> None:
        self._cookie = cookie
        self._topics = topics
        self._heard = heard
        self._buffer = bytearray()
        self._open = False
        self._answers = 0
        self._transport: Any = None
        self.compressed = False
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.gone: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        host, port = transport.get_extra_info("peername")[:2]
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {PATH} HTTP/1.1",
            f"Host: {host}:{port}",
            f"Origin: http://{host}:{port}",
            f"Cookie: {self._cookie}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        ]
        transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open and not self._take_handshake():
            return
        for opcode, payload in messages(self._buffer):
            if opcode == CLOSE:
                self._transport.close()
            else:
                self._take(payload)

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.gone.done():
            self.gone.set_result(None)
        if not self.ready.done():
            self.ready.set_exception(ConnectionResetError("closed before all topics were heard"))

    def stop_reading(self) -> None:
        """Be a page that hangs: nothing is read any more, and no ping answered."""
        self._transport.pause_reading()

    def close(self) -> None:
        self._transport.abort()

    def _take_handshake(self) -> bool:
        head, end, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not end:
            return False
        if b" 101 " not in head.split(b"\r\n")[0]:
            self.ready.set_exception(HandshakeRefused(head.split(b"\r\n")[0].decode()))
            self._transport.close()
            return False
        self.compressed = b"permessage-deflate" in head.lower()
        self._open = True
        self._buffer[:] = rest
        return True

    def _take(self, payload: bytes) -> None:
        if payload.startswith(b"42"):
            self._heard(payload)
        elif payload == b"2":
            self._say(b"3")
        elif payload.startswith(b"43"):
            self._take_answer(payload)
        elif payload.startswith(b"40"):
            for number, topic in enumerate(self._topics):
                self._say(b"42%d" % number + json.dumps(["subscribe", {"topic": topic}]).encode())
        elif payload.startswith(b"44"):
            self.ready.set_exception(HandshakeRefused(payload.decode()))
        elif payload.startswith(b"0"):
            self._say(b"40" + json.dumps({"page": "console"}).encode())

    def _take_answer(self, payload: bytes) -> None:
        if b'"ok":true' not in payload:
            if not self.ready.done():
                self.ready.set_exception(HandshakeRefused(payload.decode()))
            return
        self._answers += 1
        if self._answers == len(self._topics) and not self.ready.done():
            self.ready.set_result(None)

    def _say(self, text: bytes) -> None:
        self._transport.write(frame(text))
