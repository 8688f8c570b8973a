"""DTLS 1.2 as the passive side, on memory, for its SRTP keys (RFC 5763, RFC 5764).

One context and one certificate a worker. Bytes in by `receive`, datagrams out by `take`.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from enum import Enum
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from signaling.media.adapters.srtp import PROFILES, Profile, SrtpSession

DTLS_1_2: Final = 0xFEFD
OP_NO_QUERY_MTU: Final = 0x1000
CIPHERS: Final = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
    b"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA"
)
EXPORTER: Final = b"EXTRACTOR-dtls_srtp"
DATAGRAM_BYTES: Final = 1200
RECORD_HEADER_BYTES: Final = 13
CERTIFICATE_DAYS: Final = 365
READ_BYTES: Final = 16_384


class HandshakeState(Enum):
    RUNNING = "running"
    CONNECTED = "connected"
    FAILED = "failed"  # broken, or the certificate is not the one that the offer names
    CLOSED = "closed"  # the other side has said goodbye


class Identity:
    """A worker's certificate and the DTLS context that all its peers share."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(key)
        self.fingerprint = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_options(SSL.OP_NO_TICKET | OP_NO_QUERY_MTU)
        context.set_max_proto_version(DTLS_1_2)
        context.set_min_proto_version(DTLS_1_2)
        # Any certificate is taken here: what it must be stands in the offer, and is compared.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        context.set_cipher_list(CIPHERS)
        context.set_tlsext_use_srtp(b":".join(profile.name.encode() for profile in PROFILES))
        self.context = context


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, secrets.token_hex(8))])
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=CERTIFICATE_DAYS))
        .sign(key, hashes.SHA256())
    )


class DtlsTransport:
    """One peer's handshake. fingerprint: sha-256 of its certificate, as upper hex with colons."""

    def __init__(self, identity: Identity, fingerprint: str) -> None:
        self.state = HandshakeState.RUNNING
        self.srtp: SrtpSession | None = None
        self._expected = fingerprint
        self._connection = SSL.Connection(identity.context)
        self._connection.set_accept_state()
        self._connection.set_ciphertext_mtu(DATAGRAM_BYTES)

    def receive(self, datagram: bytes) -> None:
        """Take one datagram of the peer's; changes `state`, fills `srtp` once it is connected."""
        if self.state in (HandshakeState.FAILED, HandshakeState.CLOSED):
            return
        self._connection.bio_write(datagram)
        if self.state is HandshakeState.RUNNING:
            self._attempt(self._handshake)
        if self.state is HandshakeState.CONNECTED:
            self._attempt(self._read)

    def timeout_s(self) -> float | None:
        """Seconds until a flight is to be sent again, None if none is under way."""
        if self.state is not HandshakeState.RUNNING:
            return None
        timeout: float | None = self._connection.DTLSv1_get_timeout()
        return timeout

    def repeat(self) -> None:
        """Send the last flight again if its time has come."""
        if self.state is HandshakeState.RUNNING:
            self._attempt(self._connection.DTLSv1_handle_timeout)

    def close(self) -> None:
        """Say goodbye; `take` gives the datagram for it."""
        if self.state is HandshakeState.CONNECTED:
            self._attempt(self._connection.shutdown)
        self.state = HandshakeState.CLOSED

    def take(self) -> list[bytes]:
        """The datagrams to send now."""
        written = bytearray()
        while True:
            try:
                written += self._connection.bio_read(READ_BYTES)
            except SSL.WantReadError:
                return datagrams_of(bytes(written))

    def _attempt(self, step: Callable[[], object]) -> None:
        try:
            step()
        except SSL.WantReadError:
            return
        except SSL.ZeroReturnError:
            self.state = HandshakeState.CLOSED
        except SSL.Error:
            # After the handshake OpenSSL drops forged records by itself; what comes here is an
            # alert of a peer that knows the keys, or a handshake that can't be finished.
            self.state = HandshakeState.FAILED

    def _handshake(self) -> None:
        self._connection.do_handshake()
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        found = None
        if certificate is not None:
            found = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
        negotiated = self._connection.get_selected_srtp_profile().decode()
        profile = next((known for known in PROFILES if known.name == negotiated), None)
        if found != self._expected or profile is None:
            self.state = HandshakeState.FAILED
            return
        self.srtp = self._keys(profile)
        self.state = HandshakeState.CONNECTED

    def _keys(self, profile: Profile) -> SrtpSession:
        """Client key, server key, client salt, server salt (RFC 5764, 4.2); we are the server."""
        key, salt = profile.key_bytes, profile.salt_bytes
        exported = self._connection.export_keying_material(EXPORTER, 2 * (key + salt))
        salts = 2 * key
        client = exported[:key] + exported[salts : salts + salt]
        server = exported[key:salts] + exported[salts + salt :]
        return SrtpSession(profile, receive_key=client, send_key=server)

    def _read(self) -> None:
        # There is no data to come (no data channels); alerts and late flights are handled here.
        self._connection.recv(READ_BYTES)


def datagrams_of(records: bytes) -> list[bytes]:
    """Cut a row of DTLS records, which OpenSSL's memory runs together, into datagrams."""
    datagrams: list[bytes] = []
    current = b""
    at = 0
    while at + RECORD_HEADER_BYTES <= len(records):
        size = RECORD_HEADER_BYTES + int.from_bytes(records[at + 11 : at + 13], "big")
        record = records[at : at + size]
        if current and len(current) + len(record) > DATAGRAM_BYTES:
            datagrams.append(current)
            current = b""
        current += record
        at += size
    if current:
        datagrams.append(current)
    return datagrams
