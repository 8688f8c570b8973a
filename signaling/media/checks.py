"""What an ICE-lite agent does with a connectivity check (RFC 8445, 7.3; RFC 8489, 9.1)."""

import secrets
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from signaling.media import stun
from signaling.media.stun import Attribute, MessageType

UNKNOWN_ATTRIBUTE: Final = 420
ROLE_CONFLICT: Final = 487
REMEMBERED_TRANSACTIONS: Final = 64
TRANSACTION_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Credentials:
    """Both sides' ufrag and password for one generation of ICE (RFC 8839, 5.4)."""

    local_ufrag: str
    local_password: str
    remote_ufrag: str
    remote_password: str

    @classmethod
    def against(cls, remote_ufrag: str, remote_password: str) -> "Credentials":
        """New random ones of ours: 48 and 144 bits (at least 24 and 128 are asked for)."""
        return cls(
            secrets.token_urlsafe(6).replace("-", "+").replace("_", "/"),
            secrets.token_urlsafe(18).replace("-", "+").replace("_", "/"),
            remote_ufrag,
            remote_password,
        )


class Transactions:
    """Which address each check came from: a check that is replayed from elsewhere moves nothing."""

    __slots__ = ("_addresses",)

    def __init__(self) -> None:
        self._addresses: OrderedDict[bytes, bytes] = OrderedDict()

    def counts(self, transaction: bytes, address: bytes) -> bool:
        """Whether it is the first address for this transaction, or the same again."""
        known = self._addresses.setdefault(transaction, address)
        if len(self._addresses) > REMEMBERED_TRANSACTIONS:
            self._addresses.popitem(last=False)
        return known == address


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a proven check leads to. answer: to be sent back. accepted: the address is proven
    to know the password, so its datagrams may be read. nominated: media goes there from now on.
    """

    answer: bytes
    accepted: bool
    nominated: bool


def judge(
    message: stun.Message,
    credentials: Credentials,
    transactions: Transactions,
    address: bytes,
    host: bytes,
    port: int,
) -> Verdict | None:
    """Answer a Binding request that came for our ufrag; None: not proven, so no answer at all.

    address: the sender as one key; host (4 or 16 bytes) and port: the same, taken apart.
    """
    if message.type != MessageType.REQUEST or not message.fingerprint:
        return None
    if message.username != (credentials.local_ufrag, credentials.remote_ufrag):
        return None
    password = credentials.local_password.encode()
    if not message.proves(password) or not transactions.counts(message.transaction, address):
        return None
    if unknown := message.unknown:
        return _refuse(message, password, UNKNOWN_ATTRIBUTE, "Unknown Attribute", unknown)
    if Attribute.ICE_CONTROLLED in message.attributes:
        # A lite agent is always the controlled one.
        return _refuse(message, password, ROLE_CONFLICT, "Role Conflict", [])
    answer = stun.build(
        MessageType.SUCCESS,
        message.transaction,
        [(Attribute.XOR_MAPPED_ADDRESS, stun.xor_address(host, port, message.transaction))],
        password,
    )
    return Verdict(answer, accepted=True, nominated=Attribute.USE_CANDIDATE in message.attributes)


def _refuse(
    message: stun.Message, password: bytes, code: int, reason: str, unknown: list[int]
) -> Verdict:
    attributes: list[tuple[int, bytes]] = [(Attribute.ERROR_CODE, stun.error_code(code, reason))]
    if unknown:
        listed = struct.pack(f">{len(unknown)}H", *unknown)
        attributes.append((Attribute.UNKNOWN_ATTRIBUTES, listed))
    answer = stun.build(MessageType.ERROR, message.transaction, attributes, password)
    return Verdict(answer, accepted=False, nominated=False)


def probe(credentials: Credentials, transaction: bytes) -> bytes:
    """A request of our own to a new address: whoever answers it receives what is sent there."""
    username = f"{credentials.remote_ufrag}:{credentials.local_ufrag}".encode()
    return stun.build(
        MessageType.REQUEST,
        transaction,
        [
            (Attribute.USERNAME, username),
            (Attribute.ICE_CONTROLLED, secrets.token_bytes(8)),
            (Attribute.PRIORITY, (0x6E7F1EFF).to_bytes(4, "big")),
        ],
        credentials.remote_password.encode(),
    )


def answers_probe(message: stun.Message, credentials: Credentials, transaction: bytes) -> bool:
    """Whether a message is the other side's proof that it got `probe` of this transaction."""
    return (
        message.type == MessageType.SUCCESS
        and message.transaction == transaction
        and message.proves(credentials.remote_password.encode())
    )
