"""A session as one of its people sees it: with names, papers, case and notes."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.cases.schemas import PlaceOut
from server.cases.service import Cases
from server.identity.permissions import Action
from server.identity.principals import Principal, Staff
from server.identity.tables import Account
from server.infrastructure.http.schemas import Text
from server.infrastructure.work import Work
from server.materials import events as papers
from server.materials.schemas import capture_out, material_out
from server.organisations.tables import OrgUnit
from server.recordings.service import recording_of
from server.sessions.lookup import SessionDirectory
from server.sessions.schemas import (
    EngagementOut,
    ParticipantOut,
    RecordingStateOut,
    SessionOut,
)
from server.sessions.service import own_session, participants
from server.sessions.states import ParticipantState
from server.sessions.tables import Engagement, Participant, VideoSession


class SessionViews:
    def __init__(self, work: Work, cases: Cases, directory: SessionDirectory) -> None:
        self._work = work
        self._cases = cases
        self._directory = directory

    async def view(self, principal: Principal, session_id: UUID) -> SessionOut:
        """The session. Raises NotFound for one that is not the reader's to see."""
        async with self._work.read() as session:
            row = await own_session(session, principal, session_id, Action.SESSION_READ)
            context = await self._directory.context(session, session_id)
            people = await participants(session, session_id)
            staff = isinstance(principal, Staff)
            recording = await recording_of(session, session_id)
            names = await _org_names(session, {row.place_code, *(p.org_code for p in people)})
            return SessionOut(
                id=row.id,
                state=row.state,
                item_code=row.item_code,
                channel=row.channel,
                ticket_number=row.ticket_number,
                place=PlaceOut(code=row.place_code, name=names[row.place_code]),
                opened_at=row.opened_at,
                ended_at=row.ended_at,
                undo_until=row.undo_until,
                version=row.version,
                me=_own_id(principal, people),
                participants=await _people(session, people, names),
                materials=[
                    material_out(paper)
                    for paper in await papers.kept_in_session(session, session_id)
                ],
                capture_requests=[
                    capture_out(request)
                    for request in await papers.requests_in_session(session, session_id)
                ],
                case=await self._cases.of_session(session, context, principal),
                notes=(
                    await self._cases.notes_of_session(session, context, principal)
                    if isinstance(principal, Staff)
                    else None
                ),
                recording=RecordingStateOut.model_validate(recording) if recording else None,
                engagement=await _engagement(session, principal, row) if staff else None,
            )


def _own_id(principal: Principal, people: list[Participant]) -> UUID | None:
    mine = [
        person
        for person in people
        if principal.id in (str(person.account_id), str(person.resident_id))
    ]
    present = [person for person in mine if person.state != ParticipantState.LEFT]
    chosen = present or mine
    return chosen[-1].id if chosen else None


async def _people(
    session: AsyncSession, people: list[Participant], org_names: dict[str, Text]
) -> list[ParticipantOut]:
    ids = [person.account_id for person in people if person.account_id is not None]
    accounts = await session.execute(select(Account).where(col(Account.id).in_(ids)))
    names = {
        account.id: Text(zh_cn=account.display_name_zh, en=account.display_name_en)
        for account in accounts.scalars()
    }
    return [
        ParticipantOut(
            id=person.id,
            role=person.role,
            state=person.state,
            display_name=names.get(person.account_id) if person.account_id else None,
            org_code=person.org_code,
            org_name=org_names.get(person.org_code),
        )
        for person in people
    ]


async def _org_names(session: AsyncSession, codes: set[str]) -> dict[str, Text]:
    rows = await session.execute(select(OrgUnit).where(col(OrgUnit.code).in_(codes)))
    return {org.code: Text(zh_cn=org.name_zh, en=org.name_en) for org in rows.scalars()}


async def _engagement(
    session: AsyncSession, principal: Principal, row: VideoSession
) -> EngagementOut | None:
    if not isinstance(principal, Staff):
        return None
    query = (
        select(Engagement)
        .where(Engagement.session_id == row.id, Engagement.account_id == principal.account_id)
        .order_by(col(Engagement.id).desc())
        .limit(1)
    )
    engagement = (await session.execute(query)).scalar_one_or_none()
    if engagement is None:
        return None
    return EngagementOut.model_validate(engagement.model_dump() | {"undo_until": row.undo_until})
