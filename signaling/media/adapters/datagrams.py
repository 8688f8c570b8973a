"""Many datagrams a system call: recvmmsg and sendmmsg of Linux through cffi in ABI mode.

Buffers are made once. A received datagram lies in `ReceiveBatch.data` until the next call, where it
may be decrypted in place; one to be sent is written into `SendBatch.data` and waits for `flush`.
"""

import errno
import select
import socket
from collections.abc import Callable
from typing import Any, Final

import cffi  # type: ignore[import-untyped]  # it has no types of its own

from signaling.media.addresses import IPV4_BYTES, IPV6_BYTES

DATAGRAM_BYTES: Final = 2048
RECEIVE_COUNT: Final = 128
SEND_COUNT: Final = 256
ADDRESS_BYTES: Final = IPV6_BYTES  # the longer one
SOCKET_BUFFER_BYTES: Final = 4 << 20
FULL_WAIT_MS: Final = 5
SO_SNDBUFFORCE: Final = 32  # asm-generic/socket.h; the socket module has no names for them
SO_RCVBUFFORCE: Final = 33

_ffi = cffi.FFI()
_ffi.cdef(
    """
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr {
        void *msg_name; unsigned int msg_namelen;
        struct iovec *msg_iov; size_t msg_iovlen;
        void *msg_control; size_t msg_controllen;
        int msg_flags;
    };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
    int sendmmsg(int, struct mmsghdr *, unsigned int, int);
    """
)
_libc: Any = _ffi.dlopen(None)


class _Buffers:
    """`count` places for a datagram and its address, with the kernel's headers over them."""

    def __init__(self, count: int, address_bytes: int) -> None:
        self.data = bytearray(count * DATAGRAM_BYTES)
        self.names = bytearray(count * ADDRESS_BYTES)
        self._data: Any = _ffi.from_buffer(self.data)
        self._names: Any = _ffi.from_buffer(self.names)
        self._vectors: Any = _ffi.new("struct iovec[]", count)
        self.headers: Any = _ffi.new("struct mmsghdr[]", count)
        self.vectors: list[Any] = [self._vectors[index] for index in range(count)]
        self.messages: list[Any] = [self.headers[index] for index in range(count)]
        for index in range(count):
            self.vectors[index].iov_base = self._data + index * DATAGRAM_BYTES
            self.vectors[index].iov_len = DATAGRAM_BYTES
            header = self.messages[index].msg_hdr
            header.msg_name = self._names + index * ADDRESS_BYTES
            header.msg_namelen = address_bytes
            header.msg_iov = self._vectors + index
            header.msg_iovlen = 1


class ReceiveBatch:
    """What one call has brought: datagram i at `data[i * DATAGRAM_BYTES:]`, `lengths[i]` long."""

    def __init__(self, owned: socket.socket) -> None:
        self.address_bytes = _address_bytes(owned)
        self._buffers = _Buffers(RECEIVE_COUNT, self.address_bytes)
        self._descriptor = owned.fileno()
        self.data = self._buffers.data
        self.lengths: list[int] = [0] * RECEIVE_COUNT

    def receive(self) -> int:
        """Take what waits, at most RECEIVE_COUNT; their number, 0 if none. One cut is 0 long."""
        count: int = _libc.recvmmsg(
            self._descriptor, self._buffers.headers, RECEIVE_COUNT, socket.MSG_DONTWAIT, _ffi.NULL
        )
        if count <= 0:
            return 0
        messages = self._buffers.messages
        for index in range(count):
            message = messages[index]
            cut = message.msg_hdr.msg_flags & socket.MSG_TRUNC
            self.lengths[index] = 0 if cut else message.msg_len
        return count

    def address(self, index: int) -> bytes:
        """The sender's socket address, as a key and to answer to."""
        start = index * ADDRESS_BYTES
        return bytes(self._buffers.names[start : start + self.address_bytes])


class SendBatch:
    """Datagrams written one after the other and sent together.

    Write at `data[at:]` with `at = room()`, then `add`; what is not added is overwritten.
    on_stream: given (address, packet) for an address that is no datagram's (`addresses`).
    """

    def __init__(self, owned: socket.socket) -> None:
        self._address_bytes = _address_bytes(owned)
        self._buffers = _Buffers(SEND_COUNT, self._address_bytes)
        self._socket = owned
        self.data = self._buffers.data
        self.count = 0
        self.sent = 0
        self.dropped = 0
        self.on_stream: Callable[[bytes, bytes], None] | None = None

    def room(self) -> int:
        """Where the next datagram may be written; flushes when there is no place left."""
        if self.count == SEND_COUNT:
            self.flush()
        return self.count * DATAGRAM_BYTES

    def add(self, length: int, address: bytes) -> None:
        """The datagram at the last `room()` is `length` long and goes to `address`."""
        index = self.count
        if len(address) != self._address_bytes:
            self._to_stream(index * DATAGRAM_BYTES, length, address)
            return
        self._buffers.vectors[index].iov_len = length
        start = index * ADDRESS_BYTES
        self._buffers.names[start : start + self._address_bytes] = address
        self.count = index + 1

    def _to_stream(self, at: int, length: int, address: bytes) -> None:
        if self.on_stream is None:
            self.dropped += 1
        else:
            self.on_stream(address, bytes(self.data[at : at + length]))

    def send(self, datagram: bytes, address: bytes) -> None:
        """Queue a datagram that was made elsewhere; one that has no room counts as dropped."""
        if len(datagram) > DATAGRAM_BYTES:
            self.dropped += 1
            return
        at = self.room()
        self.data[at : at + len(datagram)] = datagram
        self.add(len(datagram), address)

    def flush(self) -> None:
        """Hand everything to the kernel. What it refuses is dropped and counted, as UDP may be."""
        done = 0
        waited = False
        while done < self.count:
            count: int = _libc.sendmmsg(
                self._socket.fileno(),
                self._buffers.headers + done,
                self.count - done,
                socket.MSG_DONTWAIT,
            )
            if count > 0:
                done += count
                self.sent += count
                continue
            if _ffi.errno in (errno.EAGAIN, errno.ENOBUFS) and not waited:
                waited = True
                select.select([], [self._socket], [], FULL_WAIT_MS / 1000)
                continue
            if _ffi.errno != errno.EINTR:
                # One address may be out of reach; the others must not suffer for it.
                done += 1
                self.dropped += 1
        self.count = 0


def open_socket(host: str, port: int) -> socket.socket:
    """The one UDP socket of a worker. port: 0 takes a free one.

    A host that is not an address of this machine (it is behind a translating router) is only
    what clients are told: then every address is bound. Raises OSError.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    opened = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        _enlarge(opened, SO_RCVBUFFORCE, socket.SO_RCVBUF)
        _enlarge(opened, SO_SNDBUFFORCE, socket.SO_SNDBUF)
        try:
            opened.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            opened.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", port))  # noqa: S104
    except BaseException:
        opened.close()
        raise
    return opened


def _enlarge(owned: socket.socket, forced: int, option: int) -> None:
    """Room for what gathers while the thread rests or waits for a core.

    Some 180 packets fit in what Debian allows anybody (net.core.rmem_max, 208 KB): one busy
    moment of 15 ms at 12,000 packets a second. Only a privileged worker may go beyond it.
    """
    try:
        owned.setsockopt(socket.SOL_SOCKET, forced, SOCKET_BUFFER_BYTES)
    except PermissionError:
        owned.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER_BYTES)


def _address_bytes(owned: socket.socket) -> int:
    return IPV4_BYTES if owned.family == socket.AF_INET else ADDRESS_BYTES
