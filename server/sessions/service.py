"""How a session opens, is left, resumed and finished."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.catalogue.tables import ServiceItem
from server.identity.permissions import Action, require
from server.identity.principals import Principal, Resident, Role, Staff
from server.infrastructure.actors import System
from server.infrastructure.errors import Conflict, NotFound
from server.infrastructure.settings import Settings
from server.infrastructure.tasks import each
from server.infrastructure.work import Transaction, Work
from server.recordings.service import Recordings
from server.sessions import events
from server.sessions.media import MediaSessions
from server.sessions.moves import move_engagement, move_session, set_participant
from server.sessions.states import (
    OPEN_SESSIONS,
    EngagementEvent,
    EngagementState,
    ParticipantRole,
    ParticipantState,
    SessionEvent,
    SessionState,
)
from server.sessions.tables import Engagement, Participant, VideoSession
from server.tickets.desk import presence_of
from server.tickets.moves import move_presence, move_ticket, seconds_after
from server.tickets.states import PresenceEvent, PresenceState, TicketEvent, TicketState
from server.tickets.tables import Offer, Ticket

NOT_TOGETHER: Final = (SessionState.CONNECTING, SessionState.INTERRUPTED)


class Sessions:
    """Implements `server.tickets.ports.SessionOpener`."""

    def __init__(
        self, work: Work, settings: Settings, media: MediaSessions, recordings: Recordings
    ) -> None:
        self._work = work
        self._settings = settings
        self._media = media
        self._recordings = recordings

    async def open(
        self, tx: Transaction, ticket: Ticket, offer: Offer, agent: Staff
    ) -> tuple[UUID, UUID]:
        """A session with the resident and the agent in it: (session id, engagement id).

        Raises Conflict `ticket_without_video` for a number whose holder has no page.
        """
        if ticket.resident_id is None:
            raise Conflict("ticket_without_video", number=ticket.number)
        session = VideoSession(
            ticket_id=ticket.id,
            ticket_number=ticket.number,
            item_code=ticket.item_code,
            channel=ticket.channel,
            owner_org_id=ticket.place_id,
            owner_org_path=ticket.place_path,
            place_code=ticket.place_code,
            serving_org_path=ticket.serving_org_path,
            resident_id=ticket.resident_id,
            opened_at=tx.now,
            interrupted_at=tx.now,
        )
        tx.session.add(session)
        await tx.session.flush()
        engagement = Engagement(
            session_id=session.id,
            account_id=agent.account_id,
            window_id=offer.window_id,
            joined_at=tx.now,
        )
        people = [
            Participant(
                session_id=session.id,
                role=ParticipantRole.RESIDENT,
                resident_id=ticket.resident_id,
                org_code=ticket.place_code,
                joined_at=tx.now,
            ),
            Participant(
                session_id=session.id,
                role=role_of(agent),
                account_id=agent.account_id,
                org_code=agent.org_code,
                joined_at=tx.now,
            ),
        ]
        tx.session.add_all([engagement, *people])
        await tx.session.flush()
        events.announce_session(tx, "session.opened", session)
        for person in people:
            events.announce_participant(tx, "participant.joining", person)
        events.announce_engagement(tx, "engagement.joined", engagement, session)
        await self._recordings.start(tx, session.id)
        tx.audit("session.open", ("session", str(session.id)), ticket=str(ticket.id))
        return session.id, engagement.id

    async def live_engagement(
        self, session: AsyncSession, account_id: UUID
    ) -> dict[str, Any] | None:
        found = await events.live_engagement(session, account_id)
        return dict(events.engagement_facts(*found)) if found else None

    async def hang_up(self, principal: Principal, session_id: UUID) -> VideoSession:
        """End the call, by the resident or by the agent: done at once, undone within 30 s.

        The agent goes on to the wrap-up. Hanging up twice is hanging up once. Raises NotFound.
        """
        action = (
            Action.SESSION_HANG_UP if isinstance(principal, Resident) else Action.SESSION_CONTROL
        )
        async with self._work.write(principal) as tx:
            session = await own_session(tx.session, principal, session_id, action)
            if session.state in OPEN_SESSIONS:
                await self._end(tx, session)
            return session

    async def resume(self, principal: Principal, session_id: UUID) -> VideoSession:
        """Undo a hang-up: the same session, for everybody who was in it.

        Raises Conflict `undo_over` once the time is over or the wrap-up is done, NotFound.
        """
        async with self._work.write(principal) as tx:
            session = await own_session(tx.session, principal, session_id, Action.SESSION_JOIN)
            if session.state in OPEN_SESSIONS:
                return session
            undo_over = session.undo_until is None or session.undo_until < tx.now
            if session.state != SessionState.ENDING or undo_over:
                raise Conflict("undo_over", number=session.ticket_number)
            await move_session(
                tx, session, SessionEvent.RESUMED, undo_until=None, interrupted_at=tx.now
            )
            for engagement in await live_engagements(tx.session, session.id):
                await move_engagement(
                    tx,
                    engagement,
                    session,
                    EngagementEvent.RESUMED,
                    left_at=None,
                    wrap_up_deadline_at=None,
                )
                presence = await presence_of(tx, engagement.account_id)
                await move_presence(tx, presence, PresenceEvent.CALL_RESUMED)
            for person in await participants(tx.session, session.id):
                await set_participant(tx, person, ParticipantState.JOINING, left_at=None)
            return session

    async def end_by(self, tx: Transaction, session: VideoSession) -> None:
        """End and finish at once, without undo: nobody came back, or the visit is over."""
        if session.state in OPEN_SESSIONS:
            await self._end(tx, session)
        if session.state == SessionState.ENDING:
            await self.finish(tx, session)

    async def finish(self, tx: Transaction, session: VideoSession) -> None:
        """End for good: the ticket is done, media closes, the recording is sealed."""
        await move_session(tx, session, SessionEvent.FINISHED, ended_at=tx.now, undo_until=None)
        for engagement in await live_engagements(tx.session, session.id):
            # What can be undone is told with the engagement; now it can't any more.
            events.announce_engagement(tx, "engagement.final", engagement, session)
        ticket = await tx.session.get_one(Ticket, session.ticket_id)
        if ticket.state in (TicketState.SERVING, TicketState.HELD):
            await move_ticket(tx, ticket, TicketEvent.SERVED, closed_at=tx.now)
        await self._recordings.closing(tx, session.id)
        await self._media.close_rows(tx, session)
        tx.after_commit(lambda: self._media.close(session))

    async def finish_overdue(self) -> None:
        """Finish what nobody resumed, and what nobody came back to."""
        now = self._work.clock.now()
        kept = seconds_after(now, -self._settings.place_kept_seconds)
        query = select(VideoSession.id).where(
            (
                (col(VideoSession.state) == SessionState.ENDING)
                & (col(VideoSession.undo_until) < now)
            )
            | (
                col(VideoSession.state).in_(NOT_TOGETHER)
                & (col(VideoSession.interrupted_at) < kept)
            )
        )
        async with self._work.read() as session:
            overdue = list((await session.execute(query)).scalars())
        await each(overdue, self._finish_if_overdue, what="session")

    async def _finish_if_overdue(self, session_id: UUID) -> None:
        async with self._work.write(System("session")) as tx:
            session = await tx.session.get_one(VideoSession, session_id)
            kept = seconds_after(tx.now, -self._settings.place_kept_seconds)
            # Asked again: it may have been resumed, or connected, in the meantime.
            undo, away = session.undo_until, session.interrupted_at
            over = session.state == SessionState.ENDING and undo is not None and undo < tx.now
            left = session.state in NOT_TOGETHER and away is not None and away < kept
            if over or left:
                await self.end_by(tx, session)

    async def leave(self, tx: Transaction, resident_id: UUID) -> None:
        """The resident's visit ends: so does the session, for good."""
        query = select(VideoSession).where(
            VideoSession.resident_id == resident_id, VideoSession.state != SessionState.ENDED
        )
        for session in (await tx.session.execute(query)).scalars():
            await self.end_by(tx, session)

    async def _end(self, tx: Transaction, session: VideoSession) -> None:
        undo_until = seconds_after(tx.now, self._settings.undo_seconds)
        await move_session(
            tx, session, SessionEvent.HUNG_UP, undo_until=undo_until, interrupted_at=None
        )
        deadline = seconds_after(tx.now, await self._wrap_up_seconds(tx, session))
        for engagement in await live_engagements(tx.session, session.id):
            if engagement.state not in (EngagementState.JOINED, EngagementState.CONSULTING):
                continue
            await move_engagement(tx, engagement, session, EngagementEvent.LEFT, left_at=tx.now)
            await move_engagement(
                tx, engagement, session, EngagementEvent.WRAPS_UP, wrap_up_deadline_at=deadline
            )
            presence = await presence_of(tx, engagement.account_id)
            if presence.state == PresenceState.SERVING:
                await move_presence(tx, presence, PresenceEvent.CALL_ENDED)
        for person in await participants(tx.session, session.id):
            await set_participant(tx, person, ParticipantState.LEFT, left_at=tx.now)
        await self._media.silence(tx, session)

    async def _wrap_up_seconds(self, tx: Transaction, session: VideoSession) -> int:
        """What the session's item needs; that of the installation where the item says nothing."""
        query = select(col(ServiceItem.wrap_up_seconds)).where(
            ServiceItem.code == session.item_code
        )
        own = (await tx.session.execute(query)).scalar_one_or_none()
        return own if own is not None else self._settings.wrap_up_seconds


def role_of(agent: Staff) -> ParticipantRole:
    partner = Role.PARTNER_AGENT in agent.roles
    return ParticipantRole.PARTNER if partner else ParticipantRole.AGENT


async def own_session(
    session: AsyncSession, principal: Principal, session_id: UUID, action: Action
) -> VideoSession:
    """The session, if the principal may do `action` to it. Raises NotFound."""
    row = await session.get(VideoSession, session_id)
    if row is None:
        raise NotFound
    accounts = await events.engaged_accounts(session, session_id)
    require(principal, action, events.resource_of(row, accounts))
    return row


async def participants(session: AsyncSession, session_id: UUID) -> list[Participant]:
    query = (
        select(Participant)
        .where(Participant.session_id == session_id)
        .order_by(col(Participant.id))
    )
    return list((await session.execute(query)).scalars())


async def live_engagements(session: AsyncSession, session_id: UUID) -> list[Engagement]:
    query = select(Engagement).where(
        Engagement.session_id == session_id, Engagement.state != EngagementState.COMPLETED
    )
    return list((await session.execute(query)).scalars())
