"""The audit trail: who did what to what, with the change, in the command's own transaction."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, Column, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from server.infrastructure.actors import Actor
from server.infrastructure.database import UtcDateTime
from server.infrastructure.ids import new_id


class AuditRow(SQLModel, table=True):
    """One action. `details` holds codes, states and ids; never personal data."""

    __tablename__ = "audit"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    actor_kind: str = Field(max_length=16)
    actor_id: str = Field(max_length=64, index=True)
    action: str = Field(max_length=80)
    resource_kind: str = Field(max_length=40)
    resource_id: str = Field(max_length=64, index=True)
    details: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


Entry = dict[str, Any]
"""The values of a row of the trail."""


def entry(
    actor: Actor, action: str, resource: tuple[str, str], now: dt.datetime, details: dict[str, Any]
) -> Entry:
    return {
        "id": new_id(),
        "at": now,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "action": action,
        "resource_kind": resource[0],
        "resource_id": resource[1],
        "details": details,
    }


async def write(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Add `entries` to the trail, all by one statement."""
    if entries:
        connection = await session.connection()
        await connection.execute(_INSERT, list(entries))


_INSERT: Final = insert(SQLModel.metadata.tables[AuditRow.__tablename__])
