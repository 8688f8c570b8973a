"""What pages are told of a case: facts, topics, snapshots."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.cases.access import resource_of
from server.cases.facts import CaseFacts, NoteFacts
from server.cases.ports import CaseSessions
from server.cases.tables import Case, CaseNote
from server.identity.permissions import Action, require
from server.infrastructure.errors import NotFound
from server.infrastructure.events.topics import Change, Facts, Snapshot, TopicKind
from server.infrastructure.ids import parse_id
from server.infrastructure.work import Transaction
from server.materials import events as materials
from server.materials.events import case_topic, session_topic
from server.materials.facts import MaterialFacts
from server.recordings import events as recordings
from server.recordings.facts import RecordingFacts


def case_facts(case: Case) -> Facts:
    return CaseFacts.of(case).wire()


def note_facts(note: CaseNote) -> Facts:
    return NoteFacts.of(note).wire()


def case_change(case: Case) -> Change:
    return Change("case", str(case.id), case_facts(case))


def note_change(note: CaseNote) -> Change:
    return Change("note", str(note.id), note_facts(note))


def announce(
    tx: Transaction, type_: str, case_id: UUID, session_ids: Iterable[UUID], *changes: Change
) -> None:
    """Tell who has the case open, and who is in one of its sessions."""
    tx.publish(case_topic(case_id), type_, *changes)
    for session_id in session_ids:
        tx.publish(session_topic(session_id), type_, *changes)


async def notes_of(
    session: AsyncSession, *, session_id: UUID | None = None, case_id: UUID | None = None
) -> Sequence[CaseNote]:
    """The notes of a session, of a case, or of either, oldest first."""
    clauses = [
        column == value
        for column, value in (
            (col(CaseNote.session_id), session_id),
            (col(CaseNote.case_id), case_id),
        )
        if value is not None
    ]
    query = select(CaseNote).where(or_(*clauses)).order_by(col(CaseNote.id))
    return (await session.execute(query)).scalars().all()


async def session_snapshot(
    session: AsyncSession, session_id: UUID, case_id: UUID | None
) -> Snapshot:
    """Entities `case` and `note` of `session:<id>`, whose case is `case_id`."""
    notes = await notes_of(session, session_id=session_id, case_id=case_id)
    case = await session.get(Case, case_id) if case_id is not None else None
    return {
        "case": {str(case.id): case_facts(case)} if case is not None else {},
        "note": {str(note.id): note_facts(note) for note in notes},
    }


async def case_snapshot(session: AsyncSession, sessions: CaseSessions, case_id: UUID) -> Snapshot:
    """All of `case:<id>`."""
    case = await session.get(Case, case_id)
    notes = await notes_of(session, case_id=case_id)
    session_ids = await sessions.ids_of_case(session, case_id)
    return {
        "case": {str(case.id): case_facts(case)} if case is not None else {},
        "note": {str(note.id): note_facts(note) for note in notes},
        **await materials.case_snapshot(session, case_id),
        **await recordings.snapshot(session, session_ids),
    }


def topic_kind(sessions: CaseSessions) -> TopicKind:
    """`case:<id>`, for those who may read the case."""

    async def authorise(session: AsyncSession, principal: Any, key: str) -> None:
        case_id = parse_id(key)
        case = await session.get(Case, case_id) if case_id is not None else None
        if case is None:
            raise NotFound
        require(principal, Action.CASE_READ, await resource_of(session, case))

    async def snapshot(session: AsyncSession, key: str) -> Snapshot:
        case_id = parse_id(key)
        if case_id is None:
            raise NotFound
        return await case_snapshot(session, sessions, case_id)

    return TopicKind(
        "case",
        authorise,
        snapshot,
        about="A case, for those who may read it",
        key="{case_id}",
        entities={
            "case": CaseFacts,
            "note": NoteFacts,
            "material": MaterialFacts,
            "recording": RecordingFacts,
        },
    )
