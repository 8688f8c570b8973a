"""What the case library needs of sessions. `server.sessions` implements it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server.infrastructure.work import Transaction
from server.materials.ports import SessionLookup


@dataclass(frozen=True, slots=True)
class AgentName:
    account_id: UUID
    zh_cn: str
    en: str


@dataclass(frozen=True, slots=True)
class CaseSession:
    """A session in which a case was worked on. outcome: of the latest engagement that has one."""

    id: UUID
    state: str
    opened_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: str | None
    agents: tuple[AgentName, ...]


class CaseSessions(SessionLookup, Protocol):
    async def attach_case(self, tx: Transaction, session_id: UUID, case_id: UUID) -> None:
        """Let `case_id` be the session's case, and announce the session's new facts.

        The caller holds the session by `context(..., lock=True)` and has seen that it has none.
        """
        ...

    async def of_case(self, session: AsyncSession, case_id: UUID) -> Sequence[CaseSession]:
        """The sessions whose case it is or was, oldest first."""
        ...

    async def ids_of_case(self, session: AsyncSession, case_id: UUID) -> Sequence[UUID]:
        """The ids of the same sessions, for announcing: one query."""
        ...
