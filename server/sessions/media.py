"""Connections of a session's people, what they send, and who gets it."""

import logging
from collections.abc import Awaitable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.infrastructure.errors import Problem
from server.infrastructure.work import Transaction
from server.sessions import events
from server.sessions.audience import Seen, Slot, fill_slots
from server.sessions.placement import placed
from server.sessions.ports import MediaPlane, MediaSession, SlotFill, SourceKind
from server.sessions.states import ConnectionState
from server.sessions.tables import Connection, Source, VideoSession

_log = logging.getLogger(__name__)


class MediaSessions:
    """What sessions do to the media plane: rows first, the worker after the commit.

    The worker is told again by the next change if a call is lost, and by a new connection of the
    page if the worker has died; so a failed call is logged, and undoes nothing.
    """

    def __init__(self, media: MediaPlane) -> None:
        self._media = media

    async def reroute(self, tx: Transaction, session: VideoSession) -> None:
        """Work out anew who is in whose slot; tell pages and worker what has changed."""
        # Of two changes of one session the second must see the first: hold its row.
        await tx.session.refresh(session, with_for_update=True)
        place = placed(session)
        connections = await open_connections(tx.session, session.id)
        sources = await _sources(tx.session, [connection.id for connection in connections])
        for connection in connections:
            others = [
                Seen(source.id, source.participant_id, SourceKind(source.kind), source.active)
                for source in sources
                if source.participant_id != connection.participant_id
            ]
            slots = [Slot(**slot) for slot in connection.slots]
            present = {
                mid: UUID(value) if value else None for mid, value in connection.fills.items()
            }
            fills = fill_slots(slots, present, others)
            if fills == present:
                continue
            connection.fills = {mid: str(value) if value else None for mid, value in fills.items()}
            connection.generation += 1
            await tx.session.flush()
            changes = await events.slot_changes(tx.session, connection)
            tx.publish(events.connection_topic(connection.id), "slots.changed", *changes)
            if place is not None:
                self._route_after(tx, place, connection)

    async def close_connection(self, tx: Transaction, connection: Connection) -> None:
        """End a connection's row and sources; the worker is told after the commit."""
        if connection.state == ConnectionState.CLOSED:
            return
        connection.state = ConnectionState.CLOSED
        connection.closed_at = tx.now
        await tx.session.flush()
        events.announce_sources_gone(
            tx, connection.session_id, *await _sources(tx.session, [connection.id])
        )
        session = await tx.session.get_one(VideoSession, connection.session_id)
        place = placed(session)
        if place is not None and place.epoch == connection.media_epoch:
            connection_id = connection.id
            tx.after_commit(
                lambda: told(self._media.disconnect(place, connection_id), "disconnect")
            )

    async def silence(self, tx: Transaction, session: VideoSession) -> None:
        """End every connection; the recording's log stays open, for whoever resumes."""
        for connection in await open_connections(tx.session, session.id):
            await self.close_connection(tx, connection)

    async def close_rows(
        self, tx: Transaction, session: VideoSession, *, upto_epoch: int | None = None
    ) -> None:
        """End the rows of every connection, or of those that an older epoch had."""
        for connection in await open_connections(tx.session, session.id):
            if upto_epoch is not None and connection.media_epoch > upto_epoch:
                continue
            connection.state = ConnectionState.CLOSED
            connection.closed_at = tx.now
            events.announce_sources_gone(
                tx, session.id, *await _sources(tx.session, [connection.id])
            )

    async def close(self, session: VideoSession) -> None:
        """End the session's media; its recording is sealed after this."""
        place = placed(session)
        if place is not None:
            await told(self._media.close(place), "close")

    def _route_after(self, tx: Transaction, place: MediaSession, connection: Connection) -> None:
        connection_id, generation = connection.id, connection.generation
        fills = [
            SlotFill(mid, UUID(value) if value else None) for mid, value in connection.fills.items()
        ]
        tx.after_commit(
            lambda: told(
                self._media.route(place, connection_id, generation=generation, slots=fills),
                "route",
            )
        )


async def told(call: Awaitable[None], what: str) -> None:
    try:
        await call
    except Problem as refused:
        _log.warning(
            "media worker not told", extra={"call": what, "reason": refused.params.get("reason")}
        )


async def open_connections(session: AsyncSession, session_id: UUID) -> list[Connection]:
    query = (
        select(Connection)
        .where(Connection.session_id == session_id, Connection.state != ConnectionState.CLOSED)
        .order_by(col(Connection.id))
    )
    return list((await session.execute(query)).scalars())


async def _sources(session: AsyncSession, connection_ids: list[UUID]) -> list[Source]:
    query = (
        select(Source).where(col(Source.connection_id).in_(connection_ids)).order_by(col(Source.id))
    )
    return list((await session.execute(query)).scalars())
