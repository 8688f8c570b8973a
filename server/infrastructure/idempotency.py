"""A command that is sent twice is done once: its answer is kept with its Idempotency-Key.

The row is written in the command's own transaction, so that either both stand or neither. A twin
that runs at the same time on another replica waits for the row and then gets the same answer.
"""

import datetime as dt
import hashlib

from sqlalchemy import LargeBinary
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col, delete

from server.infrastructure.database import UtcDateTime

KEPT = dt.timedelta(hours=24)
KEY_MAX = 128


class CommandRow(SQLModel, table=True):
    """The answer to one command. `request_sha256` tells a repeat from another use of the key."""

    __tablename__ = "command"

    principal: str = Field(primary_key=True, max_length=80)
    route: str = Field(primary_key=True, max_length=160)
    key: str = Field(primary_key=True, max_length=KEY_MAX)
    request_sha256: bytes = Field(sa_type=LargeBinary)
    at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    status: int | None = Field(default=None)
    answer: bytes | None = Field(default=None, sa_type=LargeBinary)


def usable(key: str) -> bool:
    """Whether a header's value can be a key: text that every database keeps."""
    return 0 < len(key) <= KEY_MAX and key.isprintable()


def digest(path: str, body: bytes) -> bytes:
    return hashlib.sha256(path.encode() + b"\0" + body).digest()


async def find(session: AsyncSession, principal: str, route: str, key: str) -> CommandRow | None:
    return await session.get(CommandRow, (principal, route, key))


async def forget_before(session: AsyncSession, moment: dt.datetime) -> None:
    await session.execute(delete(CommandRow).where(col(CommandRow.at) < moment))
