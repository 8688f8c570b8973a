"""A participant's page connects: offer in, answer out, sources known, slots filled."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from server.identity.permissions import Action
from server.identity.principals import Principal
from server.infrastructure.errors import Conflict, NotFound, TooMany
from server.infrastructure.ids import new_id
from server.infrastructure.work import Transaction, Work
from server.sessions import events
from server.sessions.media import MediaSessions, open_connections, told
from server.sessions.placement import Placements, placed
from server.sessions.ports import (
    ConnectionOffer,
    MediaPlane,
    MediaSession,
    MediaUnavailable,
    OfferedSlot,
    OfferedSource,
    SourceKind,
)
from server.sessions.recount import give_up_place
from server.sessions.schemas import ConnectionIn
from server.sessions.service import own_session, participants
from server.sessions.states import OPEN_SESSIONS, ConnectionState, ParticipantState
from server.sessions.tables import Connection, Participant, Source, VideoSession

CONNECTIONS_A_MINUTE: Final = 30
MINUTE: Final = dt.timedelta(minutes=1)
ON_FROM_THE_START = (SourceKind.MICROPHONE, SourceKind.FACE)


class Connections:
    def __init__(
        self,
        work: Work,
        media: MediaPlane,
        placements: Placements,
        media_sessions: MediaSessions,
    ) -> None:
        self._work = work
        self._media = media
        self._placements = placements
        self._media_sessions = media_sessions

    async def connect(
        self, principal: Principal, session_id: UUID, asked: ConnectionIn
    ) -> tuple[UUID, str]:
        """A new connection: (connection id, SDP answer). It takes the place of the participant's
        earlier one, which a reload or a lost network has left behind.

        Nothing is changed by an offer that can't be answered. Raises SdpUnusable,
        MediaUnavailable, Conflict `session_over`, TooMany `too_many_connections`, NotFound.
        """
        person = await self._participant(principal, session_id)
        await self._check_rate(person)
        offered = [OfferedSource(new_id(), source.mid, source.kind) for source in asked.sources]
        offer = _offer(new_id(), person, asked, offered)
        place, answer = await self._answer(session_id, offer)
        connection = Connection(
            id=offer.connection_id,
            session_id=session_id,
            participant_id=person.id,
            media_epoch=place.epoch,
            slots=[slot.model_dump() for slot in asked.slots],
            fills=dict.fromkeys((slot.mid for slot in asked.slots), None),
            opened_at=self._work.clock.now(),
        )
        try:
            await self._keep(principal, connection, offered)
        except Exception:
            # Somebody has hung up meanwhile, say: nothing more may be heard or recorded of them.
            await told(self._media.disconnect(place, offer.connection_id), "disconnect")
            raise
        return offer.connection_id, answer

    async def _keep(
        self, principal: Principal, connection: Connection, offered: Sequence[OfferedSource]
    ) -> None:
        """Let `connection` take the place of the participant's earlier ones."""
        async with self._work.write(principal) as tx:
            session = await _open_session(tx, connection.session_id)
            for old in await open_connections(tx.session, session.id):
                if old.participant_id == connection.participant_id:
                    await self._media_sessions.close_connection(tx, old)
            tx.session.add(connection)
            await tx.session.flush()
            self._add_sources(tx, connection, offered)
            await tx.session.flush()
            await self._media_sessions.reroute(tx, session)

    async def renegotiate(
        self, principal: Principal, session_id: UUID, connection_id: UUID, asked: ConnectionIn
    ) -> str:
        """The answer to another offer of the same connection: an ICE restart, or more sections.

        Raises Conflict `connection_gone` when only a new connection helps; else as `connect`.
        """
        person = await self._participant(principal, session_id)
        async with self._work.read() as session:
            connection = await _own_connection(session, person, connection_id)
            row = await session.get_one(VideoSession, session_id)
            known = {source.mid: source for source in await _sources_of(session, connection_id)}
        place = placed(row)
        if place is None or place.epoch != connection.media_epoch:
            raise Conflict("connection_gone")
        offered = [
            OfferedSource(
                known[source.mid].id if source.mid in known else new_id(), source.mid, source.kind
            )
            for source in asked.sources
        ]
        answer = await self._answer_at(place, _offer(connection_id, person, asked, offered))
        async with self._work.write(principal) as tx:
            session_row = await _open_session(tx, session_id)
            connection = await tx.session.get_one(Connection, connection_id)
            connection.slots = [slot.model_dump() for slot in asked.slots]
            self._add_sources(tx, connection, [s for s in offered if s.mid not in known])
            await tx.session.flush()
            await self._media_sessions.reroute(tx, session_row)
        return answer

    async def disconnect(self, principal: Principal, session_id: UUID, connection_id: UUID) -> None:
        """End a connection. Ending one that is over changes nothing. Raises NotFound."""
        person = await self._participant(principal, session_id)
        async with self._work.write(principal) as tx:
            await _own_connection(tx.session, person, connection_id, closed_too=True)
            connection = await tx.session.get_one(Connection, connection_id)
            session = await tx.session.get_one(VideoSession, session_id)
            await self._media_sessions.close_connection(tx, connection)
            await self._media_sessions.reroute(tx, session)

    async def set_source(
        self,
        principal: Principal,
        session_id: UUID,
        connection_id: UUID,
        kind: SourceKind,
        *,
        active: bool,
    ) -> None:
        """Say that a source is on or off: muted, camera off, a screen shown. Raises NotFound."""
        person = await self._participant(principal, session_id)
        async with self._work.write(principal) as tx:
            await _own_connection(tx.session, person, connection_id)
            query = select(Source).where(Source.connection_id == connection_id, Source.kind == kind)
            source = (await tx.session.execute(query)).scalars().first()
            if source is None:
                raise NotFound("source_unknown", kind=kind)
            if source.active != active:
                source.active = active
                await tx.session.flush()
                events.announce_sources(tx, "source.changed", session_id, source)
                session = await tx.session.get_one(VideoSession, session_id)
                await self._media_sessions.reroute(tx, session)

    async def _participant(self, principal: Principal, session_id: UUID) -> Participant:
        """Who the principal is in the session. Raises NotFound, Conflict `session_over`."""
        async with self._work.read() as session:
            row = await own_session(session, principal, session_id, Action.SESSION_JOIN)
            if row.state not in OPEN_SESSIONS:
                raise Conflict("session_over", state=row.state)
            for person in await participants(session, session_id):
                mine = principal.id in (str(person.account_id), str(person.resident_id))
                if mine and person.state != ParticipantState.LEFT:
                    return person
        raise NotFound

    async def _check_rate(self, person: Participant) -> None:
        """Each connection costs a handshake, rows, and files of the recording. Raises TooMany."""
        since = self._work.clock.now() - MINUTE
        query = select(func.count()).where(
            Connection.participant_id == person.id, Connection.opened_at > since
        )
        async with self._work.read() as session:
            opened = (await session.execute(query)).scalar_one()
        if opened >= CONNECTIONS_A_MINUTE:
            raise TooMany("too_many_connections", limit=CONNECTIONS_A_MINUTE)

    async def _answer(self, session_id: UUID, offer: ConnectionOffer) -> tuple[MediaSession, str]:
        place = await self._placements.ensure(session_id)
        try:
            return place, await self._media.answer(place, offer)
        except MediaUnavailable as lost:
            if lost.params["reason"] != "session_unknown":
                raise
            # The worker is gone, or was started anew: open the session elsewhere, and ask again.
            await give_up_place(self._work, self._placements, self._media_sessions, place)
        place = await self._placements.ensure(session_id)
        return place, await self._media.answer(place, offer)

    async def _answer_at(self, place: MediaSession, offer: ConnectionOffer) -> str:
        try:
            return await self._media.answer(place, offer)
        except MediaUnavailable as lost:
            if lost.params["reason"] in ("session_unknown", "connection_unknown"):
                raise Conflict("connection_gone") from lost
            raise

    @staticmethod
    def _add_sources(
        tx: Transaction, connection: Connection, offered: Sequence[OfferedSource]
    ) -> None:
        rows = [
            Source(
                id=source.source_id,
                session_id=connection.session_id,
                connection_id=connection.id,
                participant_id=connection.participant_id,
                kind=source.kind,
                mid=source.mid,
                active=source.kind in ON_FROM_THE_START,
            )
            for source in offered
        ]
        tx.session.add_all(rows)
        if rows:
            events.announce_sources(tx, "source.added", connection.session_id, *rows)


def _offer(
    connection_id: UUID,
    person: Participant,
    asked: ConnectionIn,
    sources: Sequence[OfferedSource],
) -> ConnectionOffer:
    return ConnectionOffer(
        connection_id=connection_id,
        participant_id=person.id,
        role=person.role,
        sdp=asked.offer,
        sources=sources,
        slots=[OfferedSlot(slot.mid, slot.media, slot.index) for slot in asked.slots],
    )


async def _open_session(tx: Transaction, session_id: UUID) -> VideoSession:
    session = await tx.session.get_one(VideoSession, session_id, with_for_update=True)
    if session.state not in OPEN_SESSIONS:
        raise Conflict("session_over", state=session.state)
    return session


async def _own_connection(
    session: AsyncSession, person: Participant, connection_id: UUID, *, closed_too: bool = False
) -> Connection:
    connection = await session.get(Connection, connection_id)
    if connection is None or connection.participant_id != person.id:
        raise NotFound
    if connection.state == ConnectionState.CLOSED and not closed_too:
        raise Conflict("connection_gone")
    return connection


async def _sources_of(session: AsyncSession, connection_id: UUID) -> list[Source]:
    query = select(Source).where(Source.connection_id == connection_id)
    return list((await session.execute(query)).scalars())
