"""What papers, cases and recordings may know of a session; implements the ports they own."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.cases.ports import AgentName, CaseSession
from server.identity.tables import Account
from server.infrastructure.errors import NotFound
from server.infrastructure.work import Transaction
from server.materials.ports import SessionContext, SessionParticipant
from server.recordings.ports import RecordedSession, SpeakerName
from server.sessions import events
from server.sessions.states import EngagementState, SessionState
from server.sessions.tables import Engagement, Participant, VideoSession


class SessionDirectory:
    """Implements `SessionLookup`, `CaseSessions` and `RecordedSessions`."""

    async def context(
        self, session: AsyncSession, session_id: UUID, *, lock: bool = False
    ) -> SessionContext:
        """The session's context. Raises NotFound for an unknown one. Asks nobody's permission."""
        row = await session.get(VideoSession, session_id, with_for_update=lock or None)
        if row is None:
            raise NotFound
        engagements = await session.execute(
            select(Engagement.account_id, Engagement.state).where(
                Engagement.session_id == session_id
            )
        )
        engaged = [(account_id, state) for account_id, state in engagements]
        people = await session.execute(
            select(Participant)
            .where(Participant.session_id == session_id)
            .order_by(col(Participant.id))
        )
        return SessionContext(
            id=row.id,
            state=row.state,
            open=row.state != SessionState.ENDED,
            item_code=row.item_code,
            owner_org_id=row.owner_org_id,
            owner_org_path=row.owner_org_path,
            serving_org_path=row.serving_org_path,
            resident_id=row.resident_id,
            account_ids=frozenset(account_id for account_id, _ in engaged),
            active_account_ids=frozenset(
                account_id for account_id, state in engaged if state != EngagementState.COMPLETED
            ),
            participants=tuple(_participant(person) for person in people.scalars()),
            case_id=row.case_id,
        )

    async def recorded(self, session: AsyncSession, session_id: UUID) -> RecordedSession:
        """What a recording has to know of it. Raises NotFound for an unknown one."""
        row = await session.get(VideoSession, session_id)
        if row is None:
            raise NotFound
        return RecordedSession(row.state != SessionState.ENDED, row.case_id)

    async def attach_case(self, tx: Transaction, session_id: UUID, case_id: UUID) -> None:
        """Let `case_id` be the session's case, and announce the session's new facts."""
        row = await tx.session.get_one(VideoSession, session_id)
        row.case_id = case_id
        row.version += 1
        await tx.session.flush()
        events.announce_session(tx, "session.case", row)

    async def of_case(self, session: AsyncSession, case_id: UUID) -> Sequence[CaseSession]:
        """The sessions whose case it is, oldest first, with their agents."""
        sessions = await session.execute(
            select(VideoSession)
            .where(VideoSession.case_id == case_id)
            .order_by(col(VideoSession.id))
        )
        rows = list(sessions.scalars())
        query = (
            select(Engagement, Account)
            .join(Account, col(Account.id) == col(Engagement.account_id))
            .where(col(Engagement.session_id).in_([row.id for row in rows]))
            .order_by(col(Engagement.id))
        )
        engaged: dict[UUID, list[tuple[Engagement, Account]]] = {row.id: [] for row in rows}
        for engagement, account in await session.execute(query):
            engaged[engagement.session_id].append((engagement, account))
        return [_case_session(row, engaged[row.id]) for row in rows]

    async def ids_of_case(self, session: AsyncSession, case_id: UUID) -> Sequence[UUID]:
        query = select(VideoSession.id).where(VideoSession.case_id == case_id)
        return list((await session.execute(query)).scalars())

    async def speakers(self, session: AsyncSession, session_id: UUID) -> Mapping[UUID, SpeakerName]:
        """Name by participant id; staff only: a resident has no name here."""
        query = (
            select(Participant.id, Account)
            .join(Account, col(Account.id) == col(Participant.account_id))
            .where(Participant.session_id == session_id)
        )
        return {
            participant_id: SpeakerName(account.display_name_zh, account.display_name_en)
            for participant_id, account in await session.execute(query)
        }


def _participant(person: Participant) -> SessionParticipant:
    if person.account_id is not None:
        return SessionParticipant(person.id, person.role, "staff", str(person.account_id))
    return SessionParticipant(person.id, person.role, "resident", str(person.resident_id))


def _case_session(row: VideoSession, engaged: list[tuple[Engagement, Account]]) -> CaseSession:
    outcomes = [engagement.outcome for engagement, _ in engaged if engagement.outcome]
    return CaseSession(
        id=row.id,
        state=row.state,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        outcome=outcomes[-1] if outcomes else None,
        agents=tuple(
            AgentName(account.id, account.display_name_zh, account.display_name_en)
            for _, account in engaged
        ),
    )
