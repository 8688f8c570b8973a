"""The one place that touches python-socketio's and engineio's private names.

python-socketio 5.18 keeps the attachments that a client announces with a binary packet in memory,
without limit (24 MB for one client were measured), so a binary packet closes the socket here. What
is sent to a client that does not read is queued without limit too: `backlog` says how much.
"""

from typing import Any, Final

import socketio

BINARY_TYPES: Final = ("5", "6")


class StrictServer(socketio.AsyncServer):  # type: ignore[misc]
    """A server that takes text events alone and closes the socket of whoever sends other things."""

    async def _handle_eio_message(self, eio_sid: str, data: str | bytes) -> None:
        if not isinstance(data, str) or data.startswith(BINARY_TYPES):
            await self.eio.disconnect(eio_sid)
            return
        try:
            await super()._handle_eio_message(eio_sid, data)
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            # What the library's parser says to a packet that is none.
            await self.eio.disconnect(eio_sid)

    def backlog(self, sid: str) -> int:
        """How many packets wait to be read by the client; 0 for one that has gone."""
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        socket: Any = self.eio.sockets.get(eio_sid)
        return int(socket.queue.qsize()) if socket is not None else 0
