"""The key that the application signs its RPC calls with, made when there is none."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

PRIVATE_NAME: Final = "rpc.pem"
PUBLIC_NAME: Final = "rpc.pub.pem"


def load_or_make(folder: Path) -> str:
    """The private key as PEM; the public one beside it for the workers.

    Of several processes that make one at the same time all get the same. Raises OSError, or
    ValueError for a file that is no private key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / PRIVATE_NAME
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        draft = _draft(folder, made)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    private = path.read_bytes()
    key = serialization.load_pem_private_key(private, password=None)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    published = folder / PUBLIC_NAME
    if not published.exists() or published.read_bytes() != public:
        _draft(folder, public).replace(published)
    return private.decode()


def _draft(folder: Path, content: bytes) -> Path:
    path = folder / f".{secrets.token_hex(8)}"
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return path
