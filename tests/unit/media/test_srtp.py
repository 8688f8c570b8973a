"""SRTP in place, and the private names of pylibsrtp that it stands on."""

import pylibsrtp
import pytest
from pylibsrtp import Policy
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]  # a C extension

from signaling.media.adapters import srtp
from signaling.media.adapters.srtp import PROFILES, Places, Profile, SrtpSession

PACKET = bytes.fromhex("80600001000000010000002a") + b"payload"
REPORT = bytes.fromhex("81ce0002") + (42).to_bytes(4, "big") + (43).to_bytes(4, "big")


def test_the_private_names_of_pylibsrtp_are_as_we_use_them() -> None:
    """If this fails after an update of pylibsrtp, `adapters/srtp.py` must be looked through."""
    assert pylibsrtp.__version__.split(".")[0] == "1"
    for name in ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp"):
        signature = ffi.typeof(getattr(lib, name))
        assert signature.kind == "function"
        assert [argument.cname for argument in signature.args] == [
            "struct srtp_ctx_t_ *",
            "void *",
            "int *",
        ]
    assert lib.srtp_err_status_ok == srtp.OK
    session = pylibsrtp.Session()
    assert ffi.typeof(session._srtp).cname == "struct srtp_ctx_t_ * *"


def keys(profile: Profile) -> tuple[bytes, bytes]:
    size = profile.key_bytes + profile.salt_bytes
    return bytes(range(size)), bytes(range(size, 0, -1))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_packets_and_reports_go_round_in_place(profile: Profile) -> None:
    ours, theirs = keys(profile)
    here, there = SrtpSession(profile, theirs, ours), SrtpSession(profile, ours, theirs)
    data = bytearray(4096)
    place = Places(data, 2048).pointers[1]
    for protect, unprotect, plain in (
        (here.protect, there.unprotect, PACKET),
        (here.protect_rtcp, there.unprotect_rtcp, REPORT),
    ):
        data[2048 : 2048 + len(plain)] = plain
        length = protect(place, len(plain))
        assert len(plain) < length <= len(plain) + srtp.LONGEST_TRAILER
        assert data[2048 : 2048 + len(plain)] != plain
        assert unprotect(place, length) == len(plain)
        assert data[2048 : 2048 + len(plain)] == plain
    assert not any(data[:2048])


def test_forged_and_replayed_packets_are_refused() -> None:
    profile = PROFILES[0]
    ours, theirs = keys(profile)
    here, there = SrtpSession(profile, theirs, ours), SrtpSession(profile, ours, theirs)
    data = bytearray(2048)
    place = Places(data, 2048).pointers[0]
    data[: len(PACKET)] = PACKET
    length = here.protect(place, len(PACKET))
    sealed = bytes(data[:length])
    data[length - 1] ^= 1
    assert there.unprotect(place, length) == -1
    data[:length] = sealed
    assert there.unprotect(place, length) == len(PACKET)
    data[:length] = sealed
    assert there.unprotect(place, length) == -1


def test_aiortc_negotiates_the_profiles_by_the_same_names() -> None:
    assert PROFILES[0].number == Policy.SRTP_PROFILE_AEAD_AES_128_GCM
    assert PROFILES[0].name == "SRTP_AEAD_AES_128_GCM"
