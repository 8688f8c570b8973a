"""Where a peer is, as one key: a socket address of the kernel's, or that of a TCP connection.

A TCP connection's key has its own number behind the address, so that it is never taken for
another connection of the same port, or for a datagram's sender; it can be told by its length.
"""

import socket
import sys
from typing import Any, Final

IPV4_BYTES: Final = 16  # sockaddr_in
IPV6_BYTES: Final = 28  # sockaddr_in6
SERIAL_BYTES: Final = 8


def host_and_port(address: bytes) -> tuple[bytes, int]:
    """(4 or 16 bytes, port) of either kind."""
    port = int.from_bytes(address[2:4], "big")
    family = int.from_bytes(address[:2], sys.byteorder)
    return (address[4:8] if family == socket.AF_INET else address[8:24]), port


def is_stream(address: bytes) -> bool:
    return len(address) not in (IPV4_BYTES, IPV6_BYTES)


def stream_address(family: int, name: tuple[Any, ...], serial: int) -> bytes:
    """The key of a TCP connection. name: its other end, as `accept` gives it."""
    head = family.to_bytes(2, sys.byteorder) + int(name[1]).to_bytes(2, "big")
    host = socket.inet_pton(family, str(name[0]).partition("%")[0])
    if family == socket.AF_INET:
        place = host + bytes(8)
    else:
        place = bytes(4) + host + int(name[3]).to_bytes(4, sys.byteorder)
    return head + place + serial.to_bytes(SERIAL_BYTES, "big")
