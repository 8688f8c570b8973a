"""Tokens of the worker's RPC: ES256, for one worker and one call, at most 30 s old."""

import secrets
import threading
import time
from pathlib import Path
from typing import Any, Final

import jwt

ALGORITHM: Final = "ES256"
AUDIENCE: Final = "media-worker"
ISSUER: Final = "virtual-window-app"
TYPE: Final = "rpc+jwt"
LIFE_S: Final = 20
LONGEST_LIFE_S: Final = 30
LEEWAY_S: Final = 5


class TokenRefused(Exception):
    """Missing, forged, too old, for another worker, or used before."""


def sign(private_key: str, worker: str) -> str:
    """A token for one call of `worker`. private_key: PEM."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": worker,
        "iat": now,
        "exp": now + LIFE_S,
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode(claims, private_key, ALGORITHM, headers={"typ": TYPE})


class Verifier:
    """Checks tokens against the application's public key, which may come after the worker does."""

    def __init__(self, public_key: Path, worker: str) -> None:
        self._path = public_key
        self._worker = worker
        self._using = threading.Lock()
        self._used: dict[str, int] = {}  # jti -> until when it could come again

    def verify(self, token: str) -> None:
        """Count the token as used. Reads a file, from any thread. Raises TokenRefused."""
        try:
            key = self._path.read_text()
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "jti", "sub", "aud", "iss"]},
            )
        except (OSError, ValueError, jwt.PyJWTError) as error:
            raise TokenRefused from error
        expires, issued, identity = claims["exp"], claims["iat"], claims["jti"]
        if header.get("typ") != TYPE or claims["sub"] != self._worker:
            raise TokenRefused
        if expires - issued > LONGEST_LIFE_S or not isinstance(identity, str):
            raise TokenRefused
        self._use(identity, expires)

    def _use(self, identity: str, expires: int) -> None:
        now = time.time()
        with self._using:
            for old in [one for one, until in self._used.items() if until < now]:
                del self._used[old]
            if identity in self._used:
                raise TokenRefused
            self._used[identity] = expires + LEEWAY_S
