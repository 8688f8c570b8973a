"""A WebRTC client made by hand, by TCP or UDP: checks, handshake and keys in the test's hand.

Nothing of it waits: what has come is acted on when `read` is called.
"""

import contextlib
import os
import socket
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from signaling.media import stun
from signaling.media.adapters import dtls
from signaling.media.adapters.dtls import datagrams_of
from signaling.media.adapters.srtp import PROFILES, Places, SrtpSession
from signaling.media.framing import Deframer, frame
from signaling.media.stun import Attribute, MessageType

PROFILE = PROFILES[0]


@dataclass
class Way:
    """A socket of the client's. ended: the other side has closed it (TCP)."""

    socket: socket.socket
    tcp: bool
    ended: bool = False
    answers: int = 0
    deframer: Deframer = field(default_factory=Deframer)

    def send(self, packet: bytes) -> None:
        self.socket.send(frame(packet) if self.tcp else packet)

    def packets(self) -> list[bytes]:
        found: list[bytes] = []
        with contextlib.suppress(BlockingIOError):
            while True:
                data = self.socket.recv(65_536)
                if not data:
                    self.ended = True
                    return found
                found += self.deframer.feed(data) if self.tcp else [data]
        return found


class HandmadePeer:
    """ours: our (ufrag, password), as the offer says; theirs: as the answer does."""

    def __init__(self) -> None:
        context = SSL.Context(SSL.DTLS_METHOD)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = dtls._certificate(key)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        context.set_tlsext_use_srtp(PROFILE.name.encode())
        self.fingerprint = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
        self.ours = ("", "")
        self.theirs = ("", "")
        self.srtp: SrtpSession | None = None
        self.received: list[tuple[Way, bytes]] = []  # RTP, decrypted
        self.ways: list[Way] = []
        self._connection = SSL.Connection(context)
        self._connection.set_connect_state()
        self._data = bytearray(4096)
        self._place = Places(self._data, 4096).pointers[0]

    def open(self, port: int, *, tcp: bool = True) -> Way:
        kind = socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
        opened = socket.socket(socket.AF_INET, kind)
        opened.connect(("127.0.0.1", port))
        if tcp:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.setblocking(False)
        way = Way(opened, tcp)
        self.ways.append(way)
        return way

    def close(self) -> None:
        for way in self.ways:
            way.socket.close()

    def request(self, *, nominate: bool = True) -> bytes:
        """A connectivity check."""
        attributes: list[tuple[int, bytes]] = [
            (Attribute.USERNAME, f"{self.theirs[0]}:{self.ours[0]}".encode()),
            (Attribute.ICE_CONTROLLING, bytes(8)),
            (Attribute.PRIORITY, bytes(4)),
        ]
        if nominate:
            attributes.append((Attribute.USE_CANDIDATE, b""))
        password = self.theirs[1].encode()
        return stun.build(MessageType.REQUEST, os.urandom(12), attributes, password)

    def shake(self, way: Way) -> None:
        """Send what the handshake has to say now."""
        with contextlib.suppress(SSL.WantReadError):
            self._connection.do_handshake()
        with contextlib.suppress(SSL.WantReadError):
            for datagram in datagrams_of(self._connection.bio_read(16_384)):
                way.send(datagram)

    def send_media(self, way: Way, packet: bytes) -> None:
        assert self.srtp is not None
        self._data[: len(packet)] = packet
        length = self.srtp.protect(self._place, len(packet))
        way.send(bytes(self._data[:length]))

    def read(self) -> None:
        """Act on all that has come."""
        for way in self.ways:
            if not way.ended:
                for packet in way.packets():
                    self._take(way, packet)

    def _take(self, way: Way, packet: bytes) -> None:
        if packet[0] <= 3:
            self._take_stun(way, stun.parse(packet))
        elif packet[0] < 64:
            self._connection.bio_write(packet)
            self.shake(way)
            self._take_keys()
        elif packet[1] not in range(192, 224):
            self._data[: len(packet)] = packet
            assert self.srtp is not None
            length = self.srtp.unprotect(self._place, len(packet))
            if length > 0:
                self.received.append((way, bytes(self._data[:length])))

    def _take_stun(self, way: Way, message: stun.Message) -> None:
        if message.type == MessageType.SUCCESS:
            assert message.proves(self.theirs[1].encode())
            way.answers += 1
        elif message.type == MessageType.REQUEST:
            assert message.proves(self.ours[1].encode())
            password = self.ours[1].encode()
            way.send(stun.build(MessageType.SUCCESS, message.transaction, [], password))

    def _take_keys(self) -> None:
        if self.srtp is not None:
            return
        with contextlib.suppress(SSL.Error):
            exported = self._connection.export_keying_material(dtls.EXPORTER, 2 * 28)
            client_key = exported[:16] + exported[32:44]
            server_key = exported[16:32] + exported[44:]
            self.srtp = SrtpSession(PROFILE, receive_key=server_key, send_key=client_key)
