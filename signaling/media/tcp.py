"""Passive ICE-TCP (RFC 6544): the way in for whom UDP is blocked, on the same port number.

Runs on the media thread, in a poller of its own. What comes is handed on like a datagram, under
the connection's own address; what is sent there waits in a bounded queue. It is the rare way: an
object a packet is allowed here.
"""

import errno
import select
import socket
from collections.abc import Callable
from typing import Final

from signaling.media.addresses import stream_address
from signaling.media.framing import Deframer, FrameTooLong, frame
from signaling.media.transport import Directory, Path

UNPROVEN_S: Final = 5.0  # to the first valid check
MOST_UNPROVEN: Final = 200
MOST_A_PEER: Final = 4
STALLED_S: Final = 15.0  # nothing could be written for so long
QUEUE_BYTES: Final = 128 * 1024
# What lies in the kernel is late already: at most about as much again.
KERNEL_BYTES: Final = 64 * 1024
READ_BYTES: Final = 64 * 1024
BACKLOG: Final = 128
MOST_ACCEPTED: Final = 64  # in one go
# A peer may be gone before it is accepted; without descriptors the next one waits for its turn.
ACCEPT_LATER: Final = (errno.EAGAIN, errno.ECONNABORTED, errno.EINTR)

Take = Callable[[bytes, bytes], None]
"""A packet that has come: its sender's address, and itself."""


class TcpConnection:
    """One accepted connection."""

    __slots__ = ("address", "deframer", "opened_at", "proven", "queue", "socket", "stalled_at")

    def __init__(self, accepted: socket.socket, address: bytes, now: float) -> None:
        self.socket = accepted
        self.address = address
        self.opened_at = now
        self.proven = False
        self.deframer = Deframer()
        self.queue = bytearray()
        self.stalled_at: float | None = None


class TcpConnections:
    """All TCP connections of a worker. `take` and `now` are called on its thread.

    Whoever leaves a path of the directory ends the connection behind it, and the other way round.
    """

    def __init__(
        self,
        listener: socket.socket,
        directory: Directory,
        take: Take,
        now: Callable[[], float],
    ) -> None:
        self.refused = 0  # more unproven than may be
        self.expired = 0  # no valid check in time
        self.dropped = 0  # packets that found no room
        self._listener = listener
        self._directory = directory
        self._take = take
        self._now = now
        self._serial = 0
        self._by_descriptor: dict[int, TcpConnection] = {}
        self._by_address: dict[bytes, TcpConnection] = {}
        self._unproven: dict[bytes, TcpConnection] = {}  # the oldest first
        self._waiting: set[TcpConnection] = set()  # something in the queue, not tried yet
        self._poller = select.epoll()
        self._poller.register(listener, select.EPOLLIN)
        self._listening = True
        directory.on_left = self._left

    def __len__(self) -> int:
        return len(self._by_descriptor)

    def fileno(self) -> int:
        """Readable when `step` has something to do."""
        return self._poller.fileno()

    def step(self) -> int:
        """Accept, read and write what is ready; how many packets have come."""
        count = 0
        for descriptor, event in self._poller.poll(0):
            if descriptor == self._listener.fileno():
                self._accept()
                continue
            connection = self._by_descriptor.get(descriptor)
            if connection is not None and event & select.EPOLLOUT:
                self._write(connection)
            if descriptor in self._by_descriptor and event & ~select.EPOLLOUT:
                count += self._read(self._by_descriptor[descriptor])
        return count

    def _listen(self, on: bool) -> None:
        self._listening = on
        self._poller.modify(self._listener, select.EPOLLIN if on else 0)

    def _accept(self) -> None:
        for _ in range(MOST_ACCEPTED):
            try:
                accepted, name = self._listener.accept()
            except OSError as error:
                if error.errno not in ACCEPT_LATER:
                    # No descriptor left: look again with the next `expire`, not all the time.
                    self._listen(False)
                return
            if len(self._unproven) >= MOST_UNPROVEN:
                self.refused += 1
                accepted.close()
                continue
            self._serial += 1
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
            address = stream_address(self._listener.family, name, self._serial)
            connection = TcpConnection(accepted, address, self._now())
            self._by_descriptor[accepted.fileno()] = connection
            self._by_address[address] = self._unproven[address] = connection
            self._poller.register(accepted, select.EPOLLIN)

    def _read(self, connection: TcpConnection) -> int:
        try:
            data = connection.socket.recv(READ_BYTES)
            packets = connection.deframer.feed(data)
        except BlockingIOError:
            return 0
        except (OSError, FrameTooLong):
            data, packets = b"", []
        if not data:
            self._gone(connection)
            return 0
        for packet in packets:
            if connection.address not in self._by_address:
                break  # what came before has ended it
            self._take(connection.address, packet)
            if not connection.proven:
                self._prove(connection)
        return len(packets)

    def _prove(self, connection: TcpConnection) -> None:
        path = self._directory.by_address.get(connection.address)
        if path is None:
            return
        connection.proven = True
        self._unproven.pop(connection.address, None)
        peer = path.peer
        own = [one for one in peer.paths.values() if one.address in self._by_address]
        if len(own) > MOST_A_PEER:
            spare = [one for one in own if one is not peer.selected and one is not path]
            peer.leave(min(spare, key=_last_check))

    def send(self, address: bytes, packet: bytes) -> None:
        """Queue a packet; one that has no room is dropped whole, as a datagram may be."""
        connection = self._by_address.get(address)
        if connection is None:
            return
        if len(connection.queue) + len(packet) > QUEUE_BYTES:
            self.dropped += 1
            return
        connection.queue += frame(packet)
        if connection.stalled_at is None:
            self._waiting.add(connection)

    def flush(self) -> None:
        """Write what was queued since the last time."""
        while self._waiting:
            self._write(self._waiting.pop())

    def _write(self, connection: TcpConnection) -> None:
        try:
            sent = connection.socket.send(connection.queue) if connection.queue else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self._gone(connection)
            return
        del connection.queue[:sent]
        stalled = bool(connection.queue)
        if stalled != (connection.stalled_at is not None):
            events = select.EPOLLIN | (select.EPOLLOUT if stalled else 0)
            self._poller.modify(connection.socket, events)
        if not stalled:
            connection.stalled_at = None
        elif sent or connection.stalled_at is None:
            connection.stalled_at = self._now()

    def expire(self) -> None:
        """End what has not proven itself in time, or takes nothing any more."""
        now = self._now()
        if not self._listening:
            self._listen(True)
        for connection in list(self._unproven.values()):
            if now - connection.opened_at < UNPROVEN_S:
                break
            self.expired += 1
            self._gone(connection)
        for connection in list(self._by_descriptor.values()):
            if connection.stalled_at is not None and now - connection.stalled_at > STALLED_S:
                self._gone(connection)

    def _gone(self, connection: TcpConnection) -> None:
        """End a connection, and leave the path that it was."""
        self._close(connection)
        path = self._directory.by_address.get(connection.address)
        if path is not None:
            path.peer.leave(path)

    def _left(self, address: bytes) -> None:
        """A path was left; what was queued for it, a goodbye perhaps, is still written."""
        connection = self._by_address.get(address)
        if connection is None:
            return
        if connection.queue and connection.stalled_at is None:
            self._write(connection)
        if address in self._by_address:
            self._close(connection)

    def _close(self, connection: TcpConnection) -> None:
        self._by_address.pop(connection.address, None)
        self._unproven.pop(connection.address, None)
        self._waiting.discard(connection)
        if self._by_descriptor.pop(connection.socket.fileno(), None) is not None:
            self._poller.unregister(connection.socket)
            connection.socket.close()

    def close(self) -> None:
        """End all, the listener too."""
        for connection in list(self._by_descriptor.values()):
            self._close(connection)
        self._poller.close()
        self._listener.close()


def _last_check(path: Path) -> float:
    return path.last_check


def open_listener(datagrams: socket.socket) -> socket.socket:
    """Listen on the address and port number of a UDP socket. Raises OSError if it is taken."""
    listener = socket.socket(datagrams.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(datagrams.getsockname())
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener
