"""How long agents have been busy with each item of late; implements what the queue asks for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.sessions.states import EngagementState
from server.sessions.tables import Engagement, VideoSession

LAST: Final = 2_000
"""Engagements that are looked at, by their ids, which are in the order of time."""


class EngagementTimes:
    """Implements `server.tickets.ports.HandlingTimes`, by the engagements that have ended."""

    async def recent(self, session: AsyncSession) -> Mapping[str, Sequence[float]]:
        query = (
            select(
                col(VideoSession.item_code), col(Engagement.joined_at), col(Engagement.completed_at)
            )
            .join(VideoSession, col(VideoSession.id) == col(Engagement.session_id))
            .where(Engagement.state == EngagementState.COMPLETED)
            .order_by(col(Engagement.id).desc())
            .limit(LAST)
        )
        found: defaultdict[str, list[float]] = defaultdict(list)
        for item_code, joined, completed in await session.execute(query):
            if joined is not None and completed is not None:
                found[item_code].append((completed - joined).total_seconds())
        return found
