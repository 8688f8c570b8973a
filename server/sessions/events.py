"""What pages are told of sessions: facts, topics, snapshots."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.permissions import Action, Resource, require
from server.infrastructure.errors import NotFound
from server.infrastructure.events.topics import Change, Facts, Snapshot
from server.infrastructure.ids import parse_id
from server.infrastructure.work import Transaction
from server.sessions.facts import (
    EngagementFacts,
    ParticipantFacts,
    SessionBrief,
    SessionFacts,
    SlotFacts,
    SourceFacts,
)
from server.sessions.states import LIVE_ENGAGEMENTS, ConnectionState, SessionState
from server.sessions.tables import Connection, Engagement, Participant, Source, VideoSession
from server.tickets.events import desk_topic, resident_topic


def session_topic(session_id: UUID) -> str:
    return f"session:{session_id}"


def connection_topic(connection_id: UUID) -> str:
    return f"connection:{connection_id}"


def session_facts(session: VideoSession) -> Facts:
    return SessionFacts.of(session).wire()


def participant_facts(participant: Participant) -> Facts:
    return ParticipantFacts.of(participant).wire()


def source_facts(source: Source) -> Facts:
    return SourceFacts.of(source).wire()


def engagement_facts(engagement: Engagement, session: VideoSession) -> Facts:
    return EngagementFacts.of(engagement.model_dump() | {"undo_until": session.undo_until}).wire()


def announce_session(tx: Transaction, type_: str, session: VideoSession) -> None:
    key = str(session.id)
    tx.publish(session_topic(session.id), type_, Change("session", key, session_facts(session)))
    ended = session.state == SessionState.ENDED
    brief = None if ended else SessionBrief.of(session).wire()
    tx.publish(resident_topic(session.resident_id), type_, Change("session", key, brief))


def announce_participant(tx: Transaction, type_: str, participant: Participant) -> None:
    tx.publish(
        session_topic(participant.session_id),
        type_,
        Change("participant", str(participant.id), participant_facts(participant)),
    )


def announce_sources(tx: Transaction, type_: str, session_id: UUID, *sources: Source) -> None:
    changes = [Change("source", str(source.id), source_facts(source)) for source in sources]
    tx.publish(session_topic(session_id), type_, *changes)


def announce_sources_gone(tx: Transaction, session_id: UUID, *sources: Source) -> None:
    changes = [Change("source", str(source.id), None) for source in sources]
    if changes:
        tx.publish(session_topic(session_id), "source.gone", *changes)


def announce_engagement(
    tx: Transaction, type_: str, engagement: Engagement, session: VideoSession
) -> None:
    live = engagement.state in LIVE_ENGAGEMENTS
    facts = engagement_facts(engagement, session) if live else None
    tx.publish(
        desk_topic(engagement.account_id), type_, Change("engagement", str(engagement.id), facts)
    )


async def session_snapshot(session: AsyncSession, key: str) -> Snapshot:
    """Session, participants and sources; papers, case and recording are added by their own."""
    row = await session.get(VideoSession, UUID(key))
    if row is None:
        raise NotFound
    people = await session.execute(
        select(Participant).where(Participant.session_id == row.id).order_by(col(Participant.id))
    )
    sources = await session.execute(
        select(Source)
        .join(Connection, col(Connection.id) == col(Source.connection_id))
        .where(Source.session_id == row.id, Connection.state != ConnectionState.CLOSED)
    )
    snapshot: Snapshot = {
        "session": {key: dict(session_facts(row))},
        "participant": {str(p.id): dict(participant_facts(p)) for p in people.scalars()},
        "source": {str(s.id): dict(source_facts(s)) for s in sources.scalars()},
    }
    return {entity: rows for entity, rows in snapshot.items() if rows}


async def resident_session_snapshot(session: AsyncSession, key: str) -> Snapshot:
    query = select(VideoSession).where(
        VideoSession.resident_id == UUID(key), VideoSession.state != SessionState.ENDED
    )
    rows = (await session.execute(query)).scalars()
    found = {str(row.id): SessionBrief.of(row).wire() for row in rows}
    return {"session": found} if found else {}


async def live_engagement(
    session: AsyncSession, account_id: UUID
) -> tuple[Engagement, VideoSession] | None:
    query = (
        select(Engagement, VideoSession)
        .join(VideoSession, col(VideoSession.id) == col(Engagement.session_id))
        .where(Engagement.account_id == account_id, col(Engagement.state).in_(LIVE_ENGAGEMENTS))
    )
    row = (await session.execute(query)).first()
    return (row[0], row[1]) if row else None


async def desk_engagement_snapshot(session: AsyncSession, key: str) -> Snapshot:
    found = await live_engagement(session, UUID(key))
    if found is None:
        return {}
    engagement, video_session = found
    facts = engagement_facts(engagement, video_session)
    return {"engagement": {str(engagement.id): dict(facts)}}


def resource_of(session: VideoSession, account_ids: frozenset[UUID]) -> Resource:
    return Resource(
        kind="session",
        owner_org_path=session.owner_org_path,
        serving_org_path=session.serving_org_path,
        resident_id=session.resident_id,
        account_ids=account_ids,
    )


async def engaged_accounts(session: AsyncSession, session_id: UUID) -> frozenset[UUID]:
    query = select(Engagement.account_id).where(Engagement.session_id == session_id)
    return frozenset((await session.execute(query)).scalars())


async def may_hear_session(session: AsyncSession, principal: Any, key: str) -> None:
    """Raises NotFound unless the principal may read the session."""
    session_id = parse_id(key)
    row = await session.get(VideoSession, session_id) if session_id else None
    if row is None:
        raise NotFound
    accounts = await engaged_accounts(session, row.id)
    require(principal, Action.SESSION_READ, resource_of(row, accounts))


async def may_hear_connection(session: AsyncSession, principal: Any, key: str) -> None:
    """Raises NotFound unless the connection is the principal's own."""
    connection_id = parse_id(key)
    connection = await session.get(Connection, connection_id) if connection_id else None
    if connection is None:
        raise NotFound
    owner = await session.get(Participant, connection.participant_id)
    mine = {str(owner.account_id), str(owner.resident_id)} if owner else set()
    if principal.id not in mine:
        raise NotFound


async def connection_snapshot(session: AsyncSession, key: str) -> Snapshot:
    connection = await session.get(Connection, UUID(key))
    if connection is None or not connection.slots:
        return {}
    return {"slot": {c.id: dict(c.value or {}) for c in await slot_changes(session, connection)}}


async def slot_changes(session: AsyncSession, connection: Connection) -> list[Change]:
    """The facts of every slot of `connection`, as its fills say."""
    ids = [UUID(value) for value in connection.fills.values() if value]
    query = (
        select(Source, Participant)
        .join(Participant, col(Participant.id) == col(Source.participant_id))
        .where(col(Source.id).in_(ids))
    )
    found = {str(source.id): (source, person) for source, person in await session.execute(query)}
    changes = []
    for slot in connection.slots:
        source, person = found.get(connection.fills.get(slot["mid"]) or "", (None, None))
        facts = {
            "id": slot["mid"],
            "media": slot["media"],
            "index": slot["index"],
            "source_id": source.id if source else None,
            "participant_id": person.id if person else None,
            "kind": source.kind if source else None,
            "role": person.role if person else None,
        }
        changes.append(Change("slot", slot["mid"], SlotFacts.of(facts).wire()))
    return changes
