"""SSRCs of our own: random for life, and none twice in a worker (RFC 3550, 8.1)."""

import secrets

_given: set[int] = set()


def new_ssrc() -> int:
    """31 random bits, not 0; never one that this process has given before."""
    while True:
        ssrc = secrets.randbits(31)
        if ssrc and ssrc not in _given:
            _given.add(ssrc)
            return ssrc
