"""What pages are told of a recording: facts, and its part of the snapshots of session and case."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.infrastructure.events.topics import Change, Facts, Snapshot
from server.infrastructure.work import Transaction
from server.materials.events import case_topic, session_topic
from server.recordings.facts import RecordingFacts
from server.recordings.tables import Recording


def recording_facts(recording: Recording) -> Facts:
    return RecordingFacts.of(recording).wire()


def recording_change(recording: Recording) -> Change:
    return Change("recording", str(recording.id), recording_facts(recording))


def announce(tx: Transaction, type_: str, recording: Recording, case_id: UUID | None) -> None:
    change = recording_change(recording)
    tx.publish(session_topic(recording.session_id), type_, change)
    if case_id is not None:
        tx.publish(case_topic(case_id), type_, change)


async def of_sessions(
    session: AsyncSession, session_ids: Collection[UUID]
) -> dict[UUID, Recording]:
    """The recordings of these sessions, by session."""
    query = select(Recording).where(col(Recording.session_id).in_(session_ids))
    found = (await session.execute(query)).scalars()
    return {recording.session_id: recording for recording in found}


async def snapshot(session: AsyncSession, session_ids: Collection[UUID]) -> Snapshot:
    """Entity `recording` of `session:<id>`, or of a case with these sessions."""
    found = (await of_sessions(session, session_ids)).values()
    return {"recording": {str(recording.id): recording_facts(recording) for recording in found}}
