"""Passwords: argon2id, in threads, with the same work for a name that nobody bears."""

import asyncio
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_MAX: Final = 200
AT_ONCE: Final = 2  # each takes 64 MiB and all cores that it gets


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def prepare(self) -> None:
        """Make the hash that stands in for an unknown name's, so that no log-in waits for it."""
        if self._nobodys is None:
            self._nobodys = await self.hash(secrets.token_urlsafe())

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether `password` is the one of the hash `kept`; always False, after equal work, for
        None."""
        await self.prepare()
        async with self._places:
            right = await asyncio.to_thread(self._verify, kept or self._nobodys or "", password)
        return right and kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether the hash was made with other costs than are used now."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
