"""STUN Binding messages for ICE: read, proved, written (RFC 8489; RFC 8445, 7).

Bytes in, a message or StunMalformed out; no I/O.
"""

import hashlib
import hmac
import struct
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

MAGIC_COOKIE: Final = 0x2112A442
HEADER: Final = struct.Struct(">HHI12s")
ATTRIBUTE: Final = struct.Struct(">HH")
INTEGRITY_BYTES: Final = 20
FINGERPRINT_BYTES: Final = 4
FINGERPRINT_XOR: Final = 0x5354554E
LONGEST_MESSAGE: Final = 1280


class MessageType(IntEnum):
    """Method Binding with each of the four classes."""

    REQUEST = 0x0001
    INDICATION = 0x0011
    SUCCESS = 0x0101
    ERROR = 0x0111


class Attribute(IntEnum):
    USERNAME = 0x0006
    MESSAGE_INTEGRITY = 0x0008
    ERROR_CODE = 0x0009
    UNKNOWN_ATTRIBUTES = 0x000A
    XOR_MAPPED_ADDRESS = 0x0020
    PRIORITY = 0x0024
    USE_CANDIDATE = 0x0025
    FINGERPRINT = 0x8028
    ICE_CONTROLLED = 0x8029
    ICE_CONTROLLING = 0x802A


MUST_BE_UNDERSTOOD: Final = 0x8000  # types below it
KNOWN: Final = frozenset(Attribute)
FAMILY_IPV4: Final = 1
FAMILY_IPV6: Final = 2


class StunMalformed(ValueError):
    """Not a STUN message, or one cut, or with a wrong FINGERPRINT."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as received. attributes: the first of each type, in order, without padding.

    integrity_at: where MESSAGE-INTEGRITY begins, None without. fingerprint: present and right.
    """

    type: int
    transaction: bytes
    attributes: dict[int, bytes]
    integrity_at: int | None
    fingerprint: bool
    raw: bytes = field(repr=False)

    @property
    def username(self) -> tuple[str, str] | None:
        """(receiver's ufrag, sender's ufrag), or None."""
        value = self.attributes.get(Attribute.USERNAME)
        if value is None:
            return None
        ours, colon, theirs = value.decode("utf-8", "replace").partition(":")
        return (ours, theirs) if colon else None

    @property
    def unknown(self) -> list[int]:
        """Types that must be understood and are not."""
        return [kind for kind in self.attributes if kind < MUST_BE_UNDERSTOOD and kind not in KNOWN]

    def proves(self, password: bytes) -> bool:
        """Whether MESSAGE-INTEGRITY is there and was made with `password` (short-term)."""
        if self.integrity_at is None:
            return False
        claimed = self.attributes[Attribute.MESSAGE_INTEGRITY]
        made = _integrity(self.raw[: self.integrity_at], password)
        return hmac.compare_digest(claimed, made)


def parse(raw: bytes) -> Message:
    """Read one whole datagram. Raises StunMalformed."""
    if not HEADER.size <= len(raw) <= LONGEST_MESSAGE:
        raise StunMalformed
    kind, length, cookie, transaction = HEADER.unpack_from(raw)
    if cookie != MAGIC_COOKIE or kind >> 14 or length % 4 or length != len(raw) - HEADER.size:
        raise StunMalformed
    attributes: dict[int, bytes] = {}
    integrity_at: int | None = None
    fingerprint = False
    at = HEADER.size
    while at < len(raw):
        attribute, size = ATTRIBUTE.unpack_from(raw, at)
        end = at + ATTRIBUTE.size + size
        if end > len(raw):
            raise StunMalformed
        value = raw[at + ATTRIBUTE.size : end]
        if attribute == Attribute.FINGERPRINT:
            _check_fingerprint(raw, at, end, value)
            fingerprint = True
        elif integrity_at is None:  # what follows the integrity is not protected by it
            if attribute == Attribute.MESSAGE_INTEGRITY:
                if size != INTEGRITY_BYTES:
                    raise StunMalformed
                integrity_at = at
            attributes.setdefault(attribute, value)
        at = end + (-size % 4)
    return Message(kind, transaction, attributes, integrity_at, fingerprint, raw)


def _check_fingerprint(raw: bytes, at: int, end: int, value: bytes) -> None:
    if len(value) != FINGERPRINT_BYTES or end != len(raw):
        raise StunMalformed
    if int.from_bytes(value, "big") != zlib.crc32(raw[:at]) ^ FINGERPRINT_XOR:
        raise StunMalformed


def _integrity(before: bytes, password: bytes) -> bytes:
    """HMAC over the message up to the attribute, its length as if it ended with it."""
    length = len(before) - HEADER.size + ATTRIBUTE.size + INTEGRITY_BYTES
    protected = before[:2] + length.to_bytes(2, "big") + before[4:]
    return hmac.new(password, protected, hashlib.sha1).digest()


def build(
    kind: MessageType, transaction: bytes, attributes: list[tuple[int, bytes]], password: bytes
) -> bytes:
    """A message with MESSAGE-INTEGRITY and FINGERPRINT. transaction: 12 bytes."""
    body = b"".join(
        ATTRIBUTE.pack(attribute, len(value)) + value + bytes(-len(value) % 4)
        for attribute, value in attributes
    )
    message = HEADER.pack(kind, len(body), MAGIC_COOKIE, transaction) + body
    message += ATTRIBUTE.pack(Attribute.MESSAGE_INTEGRITY, INTEGRITY_BYTES) + _integrity(
        message, password
    )
    length = len(message) - HEADER.size + ATTRIBUTE.size + FINGERPRINT_BYTES
    message = message[:2] + length.to_bytes(2, "big") + message[4:]
    checksum = zlib.crc32(message) ^ FINGERPRINT_XOR
    return (
        message
        + ATTRIBUTE.pack(Attribute.FINGERPRINT, FINGERPRINT_BYTES)
        + checksum.to_bytes(4, "big")
    )


def xor_address(host: bytes, port: int, transaction: bytes) -> bytes:
    """The value of XOR-MAPPED-ADDRESS. host: 4 or 16 bytes, network order."""
    mask = MAGIC_COOKIE.to_bytes(4, "big") + transaction
    family = FAMILY_IPV4 if len(host) == 4 else FAMILY_IPV6
    hidden = bytes(byte ^ key for byte, key in zip(host, mask, strict=False))
    return struct.pack(">BBH", 0, family, port ^ MAGIC_COOKIE >> 16) + hidden


def error_code(code: int, reason: str) -> bytes:
    """The value of ERROR-CODE. code: 300 to 699."""
    return bytes((0, 0, code // 100, code % 100)) + reason.encode()
