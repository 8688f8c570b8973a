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


class RecordedSessions(SessionLookup, Protocol):
    async def speakers(self, session: AsyncSession, session_id: UUID) -> Mapping[UUID, SpeakerName]:
        """Name by participant id; staff only (a resident has no name here)."""
        ...
