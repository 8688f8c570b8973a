"""Keys that sign access tokens: P-256, named by their thumbprint, in files of mode 0600."""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

PREFIX: Final = "access-token-"
COORDINATE_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    private: ec.EllipticCurvePrivateKey

    def jwk(self) -> dict[str, Any]:
        """The public half as a JSON Web Key (RFC 7517)."""
        return {**_public_jwk(self.private), "kid": self.kid, "alg": "ES256", "use": "sig"}


class SigningKeys:
    """The keys in a folder. The newest signs, all verify: so a key is replaced by adding another
    one, and removed when the last token that it signed has ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: Mapping[str, SigningKey] = {}

    def load(self) -> None:
        """Read the folder, making a first key where there is none. Blocks; run it in a thread.

        Raises OSError if the folder can't be read or written, ValueError for a file that holds no
        P-256 key.
        """
        files = self._files()
        if not files:
            self._make_first()
            files = self._files()
        self._keys = {key.kid: key for key in map(_read, files)}

    @property
    def current(self) -> SigningKey:
        return list(self._keys.values())[-1]

    def find(self, kid: str) -> SigningKey | None:
        return self._keys.get(kid)

    def jwks(self) -> list[dict[str, Any]]:
        return [key.jwk() for key in self._keys.values()]

    def _files(self) -> list[Path]:
        """Oldest first."""
        found = self._folder.glob(f"{PREFIX}*.pem")
        return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name))

    def _make_first(self) -> None:
        """Of several replicas that start on an empty folder one makes the key, and all have it:
        what one signed the others could not verify otherwise."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._files():
                self._make()
        finally:
            os.close(lock)

    def _make(self) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        final = self._folder / f"{PREFIX}{_thumbprint(private)}.pem"
        # Whole under its final name or not there: another replica may be reading.
        half = self._folder / f".{secrets.token_hex(8)}.tmp"
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        half.rename(final)


def _read(file: Path) -> SigningKey:
    private = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise ValueError(f"{file.name} holds no P-256 key")
    return SigningKey(_thumbprint(private), private)


def _public_jwk(private: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    numbers = private.public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": _base64url(numbers.x.to_bytes(COORDINATE_BYTES)),
        "y": _base64url(numbers.y.to_bytes(COORDINATE_BYTES)),
    }


def _thumbprint(private: ec.EllipticCurvePrivateKey) -> str:
    """RFC 7638: SHA-256 over the required members, in lexical order, without white space."""
    members = json.dumps(_public_jwk(private), sort_keys=True, separators=(",", ":"))
    return _base64url(hashlib.sha256(members.encode()).digest())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
