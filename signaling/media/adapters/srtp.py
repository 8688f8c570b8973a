"""SRTP in place (RFC 3711, RFC 7714), through the C functions that pylibsrtp holds.

pylibsrtp's own methods copy every packet twice; its `_binding` and a Session's `_srtp` are private,
so nothing else may touch them, and `tests/unit/media/test_srtp.py` fails when they change.
"""

from dataclasses import dataclass
from typing import Any, Final

import pylibsrtp
from pylibsrtp import Policy
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]  # a C extension

REPLAY_WINDOW: Final = 1024
LONGEST_TRAILER: Final = 4 + 16 + 4  # SRTCP: index, GCM tag, and room for a key identifier
OK: Final = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """A protection profile. name: as DTLS negotiates it (RFC 5764, 4.1.2; RFC 7714, 14.2)."""

    name: str
    number: int
    key_bytes: int
    salt_bytes: int


PROFILES: Final = (
    Profile("SRTP_AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    Profile("SRTP_AEAD_AES_256_GCM", Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 32, 12),
    Profile("SRTP_AES128_CM_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
)


class Places:
    """Pointers into a buffer of equal places, made once: their arithmetic costs on the hot path."""

    def __init__(self, data: bytearray, place_bytes: int) -> None:
        self._base: Any = ffi.from_buffer("char[]", data)
        self.pointers: list[Any] = [
            self._base + start for start in range(0, len(data), place_bytes)
        ]


class SrtpSession:
    """Both directions of one peer. Used by one thread alone.

    Lengths are returned; -1 says that the packet was not taken (forged, replayed, too old).
    """

    def __init__(self, profile: Profile, receive_key: bytes, send_key: bytes) -> None:
        """receive_key, send_key: master key and salt, one after the other."""
        self.profile = profile
        self._receive = _session(profile, receive_key, Policy.SSRC_ANY_INBOUND)
        self._send = _session(profile, send_key, Policy.SSRC_ANY_OUTBOUND)
        self._receiver: Any = self._receive._srtp[0]
        self._sender: Any = self._send._srtp[0]
        self._length: Any = ffi.new("int *")

    def unprotect(self, pointer: Any, length: int) -> int:
        self._length[0] = length
        if lib.srtp_unprotect(self._receiver, pointer, self._length) != OK:
            return -1
        size: int = self._length[0]
        return size

    def protect(self, pointer: Any, length: int) -> int:
        """There must be LONGEST_TRAILER bytes of room behind the packet."""
        self._length[0] = length
        if lib.srtp_protect(self._sender, pointer, self._length) != OK:
            return -1
        size: int = self._length[0]
        return size

    def unprotect_rtcp(self, pointer: Any, length: int) -> int:
        self._length[0] = length
        if lib.srtp_unprotect_rtcp(self._receiver, pointer, self._length) != OK:
            return -1
        size: int = self._length[0]
        return size

    def protect_rtcp(self, pointer: Any, length: int) -> int:
        self._length[0] = length
        if lib.srtp_protect_rtcp(self._sender, pointer, self._length) != OK:
            return -1
        size: int = self._length[0]
        return size


def _session(profile: Profile, key: bytes, direction: int) -> pylibsrtp.Session:
    policy = Policy(key=key, ssrc_type=direction, srtp_profile=profile.number)
    policy.window_size = REPLAY_WINDOW
    return pylibsrtp.Session(policy)
