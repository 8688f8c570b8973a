"""A peer's way in and out: ICE-lite paths, DTLS, SRTP keys (RFC 8445, 2.5; RFC 5764).

Used by the media thread alone. It sends through the batch that it is given; what it has to tell
comes as `Change`s, which the caller acts on.
"""

import secrets
from collections.abc import Callable
from enum import Flag, auto
from typing import Final

from signaling.media import checks, stun
from signaling.media.adapters.datagrams import SendBatch
from signaling.media.adapters.dtls import DtlsTransport, HandshakeState, Identity
from signaling.media.adapters.srtp import SrtpSession
from signaling.media.addresses import host_and_port, is_stream
from signaling.media.checks import Credentials, Transactions

MEDIA_STOPS_S: Final = 30.0  # after the last authenticated check (consent, RFC 7675)
INTERRUPTED_S: Final = 6.0
GIVEN_UP_S: Final = 180.0
MOST_PATHS: Final = 8
AMPLIFICATION: Final = 3
PROBE_EVERY_S: Final = 0.5
MOST_PROBES: Final = 10
TAKEN_S: Final = 5.0


class Change(Flag):
    """What a datagram or the passing of time has changed."""

    NOTHING = 0
    NOMINATED = auto()  # media goes to another path than before
    CONNECTED = auto()  # keys are there
    CLOSED = auto()  # no more will come of it


class Path:
    """One remote address that has proven to know a peer's password.

    Until it has returned what only it was sent (a probe's answer, or the end of the handshake) it
    gets three times what it sent at most: else a forged sender address would be flooded.
    """

    __slots__ = (
        "_received",
        "_sent",
        "address",
        "checked_by",
        "last_check",
        "nominated_by",
        "peer",
        "probe",
        "probed_at",
        "probes",
        "proven",
    )

    def __init__(self, peer: "Peer", address: bytes, now: float) -> None:
        self.peer = peer
        self.address = address
        self.last_check = now
        self.checked_by: Credentials | None = None  # the newest generation that it was checked by
        self.nominated_by: Credentials | None = None
        self.proven = False
        self.probe = secrets.token_bytes(checks.TRANSACTION_BYTES)
        self.probed_at = float("-inf")
        self.probes = 0
        self._received = 0
        self._sent = 0

    def heard(self, octets: int) -> None:
        if not self.proven:
            self._received += octets

    def allows(self, octets: int) -> bool:
        """Whether a datagram may be sent; it then counts as sent."""
        if self.proven:
            return True
        if self._sent + octets > AMPLIFICATION * self._received:
            return False
        self._sent += octets
        return True


class Directory:
    """Who is meant by a local ufrag, and who has proven to be at an address.

    on_left: told each address that is not its peer's any more.
    """

    __slots__ = ("by_address", "by_ufrag", "on_left")

    def __init__(self) -> None:
        self.by_ufrag: dict[str, Peer] = {}
        self.by_address: dict[bytes, Path] = {}
        self.on_left: Callable[[bytes], None] = lambda _address: None


class Peer:
    """One client's transport, over all its addresses and ICE restarts."""

    def __init__(
        self,
        identity: Identity,
        directory: Directory,
        fingerprint: str,
        credentials: Credentials,
    ) -> None:
        self.fingerprint = fingerprint
        self.generations = [credentials]  # the newest last; the one before until it has nominated
        self._directory = directory
        directory.by_ufrag[credentials.local_ufrag] = self
        self.paths: dict[bytes, Path] = {}
        self.selected: Path | None = None
        self.srtp: SrtpSession | None = None
        self.last_check = float("-inf")
        self.last_heard = float("-inf")
        self.closed = False
        self.rejected_checks = 0
        self._transactions = Transactions()
        self._dtls = DtlsTransport(identity, fingerprint)
        self._dtls_due: float | None = None

    @property
    def credentials(self) -> Credentials:
        """The newest generation's."""
        return self.generations[-1]

    @property
    def connected(self) -> bool:
        return self.srtp is not None and self.selected is not None and not self.closed

    def restart(self, credentials: Credentials) -> None:
        """Begin a new generation. The one before stays until this one has nominated a path."""
        self._forget(self.generations[:-1])
        self.generations = [self.generations[-1], credentials]
        self._directory.by_ufrag[credentials.local_ufrag] = self

    def generation_of(self, ufrag: str) -> Credentials | None:
        return next((one for one in self.generations if one.local_ufrag == ufrag), None)

    def check(self, message: stun.Message, address: bytes, now: float, out: SendBatch) -> Change:
        """Answer a connectivity check that names one of our ufrags."""
        username = message.username
        credentials = self.generation_of(username[0]) if username else None
        if credentials is None:
            return Change.NOTHING
        host, port = host_and_port(address)
        verdict = checks.judge(message, credentials, self._transactions, address, host, port)
        if verdict is None:
            self.rejected_checks += 1
            return Change.NOTHING
        taken = self._directory.by_address.get(address)
        if (
            taken is not None
            and taken.peer is not self
            and (is_stream(address) or now - taken.last_check < TAKEN_S)
        ):
            # Sender addresses can be forged: a living peer is not displaced from its own. A TCP
            # connection is its first peer's to its end.
            return Change.NOTHING
        if not verdict.accepted:
            out.send(verdict.answer, address)
            return Change.NOTHING
        path = self._path(address, now)
        path.heard(len(message.raw))
        if path.allows(len(verdict.answer)):
            out.send(verdict.answer, address)
        self._probe(path, credentials, now, out)
        before = self.selected
        living = before is not None and now - before.last_check < TAKEN_S
        path.last_check = self.last_check = self.last_heard = now
        if path.checked_by is not self.credentials:
            path.checked_by = credentials
        if not verdict.nominated:
            return Change.NOTHING
        path.nominated_by = credentials
        # A path that lives is not left for one that is not proven: its check may be a stolen one.
        return self._nominate(path) if path.proven or not living else Change.NOTHING

    def _path(self, address: bytes, now: float) -> Path:
        path = self.paths.get(address)
        if path is None:
            if len(self.paths) >= MOST_PATHS:
                idle = min(
                    (one for one in self.paths.values() if one is not self.selected),
                    key=lambda one: one.last_check,
                )
                self.leave(idle)
            path = self.paths[address] = Path(self, address, now)
            taken = self._directory.by_address.get(address)
            if taken is not None:
                taken.peer.leave(taken)
            self._directory.by_address[address] = path
        return path

    def leave(self, path: Path) -> None:
        """Forget a path; if media went there, it stops until another one is nominated."""
        self.paths.pop(path.address, None)
        self._directory.by_address.pop(path.address, None)
        if self.selected is path:
            self.selected = None
        self._directory.on_left(path.address)

    def _nominate(self, path: Path) -> Change:
        change = Change.NOTHING if self.selected is path else Change.NOMINATED
        self.selected = path
        if path.nominated_by is self.credentials and len(self.generations) > 1:
            self._forget(self.generations[:-1])
            self.generations = self.generations[-1:]
            self._leave_old_streams()
        return change

    def _leave_old_streams(self) -> None:
        """End the TCP connections that only earlier generations used: nobody else would."""
        for path in list(self.paths.values()):
            if is_stream(path.address) and path.checked_by is not self.credentials:
                self.leave(path)

    def _forget(self, generations: list[Credentials]) -> None:
        for one in generations:
            self._directory.by_ufrag.pop(one.local_ufrag, None)

    def _probe(self, path: Path, credentials: Credentials, now: float, out: SendBatch) -> None:
        if path.proven or path.probes >= MOST_PROBES or now - path.probed_at < PROBE_EVERY_S:
            return
        request = checks.probe(credentials, path.probe)
        if path.allows(len(request)):
            path.probes += 1
            path.probed_at = now
            out.send(request, path.address)

    def probe_answered(self, message: stun.Message, path: Path) -> Change:
        """A Binding answer came from a path of ours."""
        if not any(checks.answers_probe(message, one, path.probe) for one in self.generations):
            return Change.NOTHING
        path.proven = True
        return Change.NOTHING if path.nominated_by is None else self._nominate(path)

    def handshake(self, datagram: bytes, path: Path, now: float, out: SendBatch) -> Change:
        """Read a DTLS datagram from a path of ours; the answers go back on it."""
        path.heard(len(datagram))
        before = self._dtls.state
        self._dtls.receive(datagram)
        change = self._follow(before)
        if Change.CONNECTED in change:
            path.proven = True
        self._send_handshake(path, now, out)
        return change

    def repeat_handshake(self, now: float, out: SendBatch) -> Change:
        """Called now and then: sends a lost flight again."""
        if self._dtls_due is None or now < self._dtls_due or not self.paths:
            return Change.NOTHING
        path = self.selected or max(self.paths.values(), key=lambda one: one.last_check)
        before = self._dtls.state
        self._dtls.repeat()
        self._send_handshake(path, now, out)
        return self._follow(before)

    def _follow(self, before: HandshakeState) -> Change:
        state = self._dtls.state
        if state is before:
            return Change.NOTHING
        if state is HandshakeState.CONNECTED:
            self.srtp = self._dtls.srtp
            return Change.CONNECTED
        self.closed = True
        return Change.CLOSED

    def _send_handshake(self, path: Path, now: float, out: SendBatch) -> None:
        for datagram in self._dtls.take():
            if path.allows(len(datagram)):
                out.send(datagram, path.address)
        timeout = self._dtls.timeout_s()
        self._dtls_due = None if timeout is None else now + timeout

    def may_send(self, now: float) -> bool:
        """Whether consent is fresh: without checks media stops."""
        return now - self.last_check < MEDIA_STOPS_S

    def close(self, out: SendBatch) -> None:
        """Say goodbye where media went last."""
        self._dtls.close()
        for datagram in self._dtls.take():
            if self.selected is not None and self.selected.allows(len(datagram)):
                out.send(datagram, self.selected.address)
        self.closed = True
        for path in list(self.paths.values()):
            self.leave(path)
        self._forget(self.generations)
