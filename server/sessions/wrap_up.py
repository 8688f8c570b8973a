"""The agent's end of a session: outcome, summary, and back to the queue."""

from uuid import UUID

from sqlmodel import col, select

from server.identity.principals import Staff
from server.infrastructure.actors import System
from server.infrastructure.errors import Conflict, NotFound
from server.infrastructure.settings import Settings
from server.infrastructure.tasks import each
from server.infrastructure.work import Transaction, Work
from server.sessions import events
from server.sessions.moves import move_engagement
from server.sessions.service import Sessions
from server.sessions.states import EngagementEvent, EngagementState, Outcome, SessionState
from server.sessions.tables import Engagement, VideoSession
from server.tickets.desk import presence_of
from server.tickets.moves import move_presence, seconds_after
from server.tickets.states import PresenceEvent, PresenceState


class WrapUps:
    def __init__(self, work: Work, settings: Settings, sessions: Sessions) -> None:
        self._work = work
        self._settings = settings
        self._sessions = sessions

    async def set_outcome(
        self, agent: Staff, engagement_id: UUID, outcome: Outcome
    ) -> tuple[Engagement, VideoSession]:
        """Say how it went; can be said again until the wrap-up is done. Raises NotFound."""
        async with self._work.write(agent) as tx:
            engagement, session = await _own(tx, agent, engagement_id)
            if engagement.state == EngagementState.COMPLETED:
                raise Conflict("wrap_up_done")
            engagement.outcome = outcome
            await self._changed(tx, engagement, session, "engagement.outcome")
            return engagement, session

    async def extend(self, agent: Staff, engagement_id: UUID) -> tuple[Engagement, VideoSession]:
        """Two more minutes. Raises NotFound, Conflict `wrap_up_not_running`."""
        async with self._work.write(agent) as tx:
            engagement, session = await _own(tx, agent, engagement_id)
            if engagement.state != EngagementState.WRAPPING_UP:
                raise Conflict("wrap_up_not_running")
            deadline = max(engagement.wrap_up_deadline_at or tx.now, tx.now)
            engagement.wrap_up_deadline_at = seconds_after(
                deadline, self._settings.wrap_up_extension_seconds
            )
            await self._changed(tx, engagement, session, "engagement.extended")
            return engagement, session

    async def complete(
        self, agent: Staff, engagement_id: UUID, outcome: Outcome | None, summary: str | None
    ) -> tuple[Engagement, VideoSession]:
        """Done, next: the session is final, the agent takes offers again.

        Completing twice is completing once. Raises Conflict `outcome_missing`,
        `wrap_up_not_running` while the call goes on, NotFound.
        """
        async with self._work.write(agent) as tx:
            engagement, session = await _own(tx, agent, engagement_id)
            if engagement.state == EngagementState.COMPLETED:
                return engagement, session
            if engagement.state != EngagementState.WRAPPING_UP:
                raise Conflict("wrap_up_not_running")
            chosen = outcome or engagement.outcome
            if chosen is None:
                raise Conflict("outcome_missing")
            await self._complete(tx, engagement, session, chosen, summary)
            return engagement, session

    async def complete_overdue(self) -> None:
        """Finish wrap-ups whose time is over: an agent who left must not stay in one for ever.

        Where nobody said how it went, somebody has to look: the outcome is a follow-up.
        """
        query = select(Engagement.id).where(
            Engagement.state == EngagementState.WRAPPING_UP,
            col(Engagement.wrap_up_deadline_at) < self._work.clock.now(),
        )
        async with self._work.read() as reading:
            overdue = list((await reading.execute(query)).scalars())
        await each(overdue, self._complete_if_overdue, what="wrap-up")

    async def _complete_if_overdue(self, engagement_id: UUID) -> None:
        async with self._work.write(System("wrap-up")) as tx:
            engagement = await tx.session.get_one(Engagement, engagement_id)
            deadline = engagement.wrap_up_deadline_at
            # Asked again: it may have been extended, or the call resumed, in the meantime.
            if engagement.state != EngagementState.WRAPPING_UP or deadline is None:
                return
            if deadline < tx.now:
                session = await tx.session.get_one(VideoSession, engagement.session_id)
                chosen = engagement.outcome or Outcome.FOLLOW_UP
                await self._complete(tx, engagement, session, chosen, engagement.summary)

    async def _complete(
        self,
        tx: Transaction,
        engagement: Engagement,
        session: VideoSession,
        outcome: str,
        summary: str | None,
    ) -> None:
        await move_engagement(
            tx,
            engagement,
            session,
            EngagementEvent.COMPLETED,
            outcome=outcome,
            summary=summary,
            completed_at=tx.now,
        )
        presence = await presence_of(tx, engagement.account_id)
        if presence.state == PresenceState.WRAPPING_UP:
            await move_presence(
                tx, presence, PresenceEvent.WRAPPED_UP, session_id=None, engagement_id=None
            )
        if session.state == SessionState.ENDING:
            await self._sessions.finish(tx, session)

    async def _changed(
        self, tx: Transaction, engagement: Engagement, session: VideoSession, type_: str
    ) -> None:
        engagement.version += 1
        await tx.session.flush()
        events.announce_engagement(tx, type_, engagement, session)
        tx.audit(type_, ("engagement", str(engagement.id)), outcome=engagement.outcome)


async def _own(
    tx: Transaction, agent: Staff, engagement_id: UUID
) -> tuple[Engagement, VideoSession]:
    engagement = await tx.session.get(Engagement, engagement_id)
    if engagement is None or engagement.account_id != agent.account_id:
        raise NotFound("engagement_unknown")
    return engagement, await tx.session.get_one(VideoSession, engagement.session_id)
