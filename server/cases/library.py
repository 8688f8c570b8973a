"""Reading the case library: lists, search, one case with all that belongs to it."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.cases import events
from server.cases.access import resource_columns, resource_of
from server.cases.ports import CaseSession, CaseSessions
from server.cases.schemas import (
    AuthorOut,
    CaseDetail,
    CaseList,
    CaseSessionOut,
    CaseSummary,
    ListQuery,
    PlaceOut,
)
from server.cases.service import case_out, case_row, notes_out, schema_of
from server.cases.tables import Case
from server.identity.permissions import Action, can, require, visible
from server.identity.principals import Staff
from server.infrastructure.errors import Unprocessable
from server.infrastructure.http.schemas import Text
from server.infrastructure.work import Work
from server.materials.events import kept_in_case
from server.materials.schemas import material_out
from server.organisations.tables import OrgUnit
from server.recordings import events as recordings
from server.recordings.schemas import RecordingBrief


class Library:
    def __init__(self, work: Work, sessions: CaseSessions) -> None:
        self._work = work
        self._sessions = sessions

    async def list(self, reader: Staff, query: ListQuery) -> CaseList:
        """The cases that `reader` may read, newest change first, a page at a time: one query.

        A search is audited without what was searched for. Raises Unprocessable `cursor_bad`.
        """
        statement = (
            select(Case, OrgUnit)
            .join(OrgUnit, col(OrgUnit.id) == col(Case.owner_org_id))
            .where(visible(reader, Action.CASE_READ, resource_columns()), *_filters(query))
            .order_by(col(Case.updated_at).desc(), col(Case.id).desc())
            .limit(query.limit + 1)
        )
        async with self._work.read() as session:
            rows = (await session.execute(statement)).all()
        if query.q is not None:
            async with self._work.write(reader) as tx:
                tx.audit("case.search", ("case", "*"), found=min(len(rows), query.limit))
        page = rows[: query.limit]
        more = len(rows) > query.limit
        return CaseList(
            items=[_summary(case, org) for case, org in page],
            next=_cursor(page[-1][0]) if more else None,
        )

    async def read(self, reader: Staff, case_id: UUID) -> CaseDetail:
        """A case with its sessions, papers and notes. Sensitive fields are masked unless `reader`
        works on it now. Audited. Raises NotFound."""
        async with self._work.read() as session:
            case = await case_row(session, case_id)
            require(reader, Action.CASE_READ, await resource_of(session, case))
            full = await self._in_hand(session, reader, case_id)
            detail = await self._detail(session, reader, case, full=full)
        async with self._work.write(reader) as tx:
            tx.audit("case.read", ("case", str(case_id)), masked=not full)
        return detail

    async def reveal(self, reader: Staff, case_id: UUID, reason: str) -> CaseDetail:
        """The same, unmasked, for a reason that is kept in the audit trail. Raises NotFound."""
        async with self._work.write(reader) as tx:
            case = await case_row(tx.session, case_id)
            require(reader, Action.CASE_READ, await resource_of(tx.session, case))
            tx.audit("case.reveal", ("case", str(case_id)), reason=reason)
            return await self._detail(tx.session, reader, case, full=True)

    async def _detail(
        self, session: AsyncSession, reader: Staff, case: Case, *, full: bool
    ) -> CaseDetail:
        schema = await schema_of(session, case.item_code)
        org = await session.get_one(OrgUnit, case.owner_org_id)
        sessions = await self._sessions.of_case(session, case.id)
        materials = await kept_in_case(session, case.id)
        may_read_notes = can(reader, Action.NOTE_READ, await resource_of(session, case))
        notes = await events.notes_of(session, case_id=case.id) if may_read_notes else []
        return CaseDetail(
            **case_out(case, schema, full=full).model_dump(),
            place=_place(org),
            sessions=await _sessions_out(session, sessions),
            materials=[material_out(material) for material in materials],
            notes=await notes_out(session, notes),
        )

    async def _in_hand(self, session: AsyncSession, reader: Staff, case_id: UUID) -> bool:
        """Whether `reader` is at work in a session of the case."""
        for session_id in await self._sessions.ids_of_case(session, case_id):
            context = await self._sessions.context(session, session_id)
            if context.in_hand_of(reader):
                return True
        return False


def _filters(query: ListQuery) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if query.state is not None:
        clauses.append(col(Case.state) == query.state)
    if query.item is not None:
        clauses.append(col(Case.item_code) == query.item)
    if query.place is not None:
        clauses.append(col(OrgUnit.code) == query.place)
    if query.q is not None:
        clauses.append(col(Case.search_text).contains(query.q.lower(), autoescape=True))
    if query.cursor is not None:
        at, last = _after(query.cursor)
        same = and_(col(Case.updated_at) == at, col(Case.id) < last)
        clauses.append(or_(col(Case.updated_at) < at, same))
    return clauses


def _cursor(case: Case) -> str:
    """Names the place after `case` in the list's order."""
    place = json.dumps([case.updated_at.isoformat(), str(case.id)])
    return base64.urlsafe_b64encode(place.encode()).decode()


def _after(cursor: str) -> tuple[dt.datetime, UUID]:
    try:
        at, last = json.loads(base64.urlsafe_b64decode(cursor))
        # Written in UTC; one without a zone is not ours, and then means UTC too.
        return dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC), UUID(last)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise Unprocessable("cursor_bad") from None


def _summary(case: Case, org: OrgUnit) -> CaseSummary:
    return CaseSummary(
        id=case.id,
        number=case.number,
        state=case.state,
        item_code=case.item_code,
        applicant=case.applicant,
        place=_place(org),
        version=case.version,
        created_at=case.created_at,
        updated_at=case.updated_at,
    )


def _place(org: OrgUnit) -> PlaceOut:
    return PlaceOut(code=org.code, name=Text(zh_cn=org.name_zh, en=org.name_en))


async def _sessions_out(
    session: AsyncSession, sessions: Sequence[CaseSession]
) -> list[CaseSessionOut]:
    found = await recordings.of_sessions(session, [visit.id for visit in sessions])
    return [
        CaseSessionOut(
            id=visit.id,
            state=visit.state,
            opened_at=visit.opened_at,
            ended_at=visit.ended_at,
            outcome=visit.outcome,
            agents=[
                AuthorOut(id=agent.account_id, name=Text(zh_cn=agent.zh_cn, en=agent.en))
                for agent in visit.agents
            ],
            recording=(
                RecordingBrief.model_validate(found[visit.id]) if visit.id in found else None
            ),
        )
        for visit in sessions
    ]
