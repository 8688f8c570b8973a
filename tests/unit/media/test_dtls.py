"""The DTLS handshake with an OpenSSL client, over datagrams that may be lost."""

import contextlib
import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from signaling.media.adapters import dtls
from signaling.media.adapters.dtls import DtlsTransport, HandshakeState, Identity, datagrams_of
from signaling.media.adapters.srtp import Places, SrtpSession


class Client:
    """A WebRTC client's half, as far as the handshake goes."""

    def __init__(self, identity: Identity, srtp: bytes = b"SRTP_AEAD_AES_128_GCM") -> None:
        context = SSL.Context(SSL.DTLS_METHOD)
        certificate = SSL.Connection(identity.context)
        del certificate
        own = ec.generate_private_key(ec.SECP256R1())
        self.certificate = dtls._certificate(own)
        context.use_certificate(self.certificate)
        context.use_privatekey(own)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        if srtp:
            context.set_tlsext_use_srtp(srtp)
        self.connection = SSL.Connection(context)
        self.connection.set_connect_state()
        self.fingerprint = self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    def step(self) -> bytes:
        with contextlib.suppress(SSL.WantReadError):
            self.connection.do_handshake()
        return self.output()

    def output(self) -> bytes:
        try:
            return self.connection.bio_read(16_384)
        except SSL.WantReadError:
            return b""


def shake(
    server: DtlsTransport, client: Client, lose: Callable[[int], bool] = lambda _: False
) -> None:
    """Carry datagrams to and fro until the server has come to an end; `lose` by their number."""
    number = 0
    give_up = time.monotonic() + 10
    while server.state is HandshakeState.RUNNING and time.monotonic() < give_up:
        moved = False
        for datagram in datagrams_of(client.step()):
            number += 1
            moved = True
            if not lose(number):
                server.receive(datagram)
        for datagram in server.take():
            number += 1
            moved = True
            if not lose(number):
                client.connection.bio_write(datagram)
        if not moved:
            time.sleep(0.02)
            server.repeat()
            if (client.connection.DTLSv1_get_timeout() or 1) <= 0:
                client.connection.DTLSv1_handle_timeout()
    for datagram in server.take():
        client.connection.bio_write(datagram)
    client.step()


def test_both_sides_get_keys_that_fit() -> None:
    identity = Identity()
    client = Client(identity)
    server = DtlsTransport(identity, client.fingerprint)
    shake(server, client)
    assert server.state is HandshakeState.CONNECTED
    assert server.srtp is not None
    assert server.srtp.profile.name == "SRTP_AEAD_AES_128_GCM"
    exported = client.connection.export_keying_material(dtls.EXPORTER, 2 * 28)
    client_key = exported[:16] + exported[32:44]
    server_key = exported[16:32] + exported[44:]
    theirs = SrtpSession(server.srtp.profile, receive_key=server_key, send_key=client_key)
    packet = bytes.fromhex("80600001000000010000002a") + b"payload"
    data = bytearray(2048)
    place = Places(data, 2048).pointers[0]
    data[: len(packet)] = packet
    assert server.srtp.unprotect(place, theirs.protect(place, len(packet))) == len(packet)


def test_lost_flights_are_sent_again() -> None:
    identity = Identity()
    client = Client(identity)
    server = DtlsTransport(identity, client.fingerprint)
    shake(server, client, lose=lambda number: number in (2, 4))
    assert server.state is HandshakeState.CONNECTED


def test_another_certificate_than_the_offers_fails() -> None:
    identity = Identity()
    server = DtlsTransport(identity, "AB:" * 31 + "CD")
    shake(server, Client(identity))
    assert server.state is HandshakeState.FAILED
    assert server.srtp is None


def test_a_client_without_srtp_fails() -> None:
    identity = Identity()
    client = Client(identity, srtp=b"")
    server = DtlsTransport(identity, client.fingerprint)
    shake(server, client)
    assert server.state is HandshakeState.FAILED


def test_a_goodbye_closes() -> None:
    identity = Identity()
    client = Client(identity)
    server = DtlsTransport(identity, client.fingerprint)
    shake(server, client)
    client.connection.shutdown()
    server.receive(client.output())
    assert server.state is HandshakeState.CLOSED


@pytest.mark.parametrize("junk", [b"\x16", b"\x16\xfe\xfd" + bytes(10), b"\x14" * 300])
def test_junk_does_not_end_a_connection(junk: bytes) -> None:
    identity = Identity()
    client = Client(identity)
    server = DtlsTransport(identity, client.fingerprint)
    server.receive(junk)
    shake(server, client)
    assert server.state is HandshakeState.CONNECTED
    server.receive(junk)
    assert server.state is HandshakeState.CONNECTED


def test_flights_are_cut_between_records() -> None:
    record = bytes([22, 254, 253]) + bytes(8) + (700).to_bytes(2, "big") + bytes(700)
    assert [len(one) for one in datagrams_of(record * 3)] == [713, 713, 713]
    small = bytes([22, 254, 253]) + bytes(8) + (100).to_bytes(2, "big") + bytes(100)
    assert [len(one) for one in datagrams_of(small * 12)] == [113 * 10, 113 * 2]


def test_every_worker_has_a_certificate_of_its_own() -> None:
    assert Identity().fingerprint != Identity().fingerprint
