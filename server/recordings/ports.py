"""What recordings need of sessions. `server.sessions` implements it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server.materials.ports import SessionLookup


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """How the player names whose picture it shows."""

    zh_cn: str
    en: str


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """open: somebody may still come back to it. case_id: the case that the session is about."""

    open: bool
    case_id: UUID | None


class RecordedSessions(SessionLookup, Protocol):
    async def recorded(self, session: AsyncSession, session_id: UUID) -> RecordedSession:
        """What the recording has to know of its session. Raises NotFound for an unknown one."""
        ...

    async def speakers(self, session: AsyncSession, session_id: UUID) -> Mapping[UUID, SpeakerName]:
        """Name by participant id; staff only (a resident has no name here)."""
        ...
