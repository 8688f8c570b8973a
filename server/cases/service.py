"""Use cases that change a case: save its form, add a note, submit, accept."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.cases import events, forms, masking
from server.cases.access import add_handlers, resource_of
from server.cases.errors import CaseChanged, CaseIncomplete, CaseNotEditable
from server.cases.forms import Fields, Schema
from server.cases.moves import make_case, move_case, save_fields
from server.cases.ports import CaseSessions
from server.cases.schemas import AuthorOut, CaseOut, NoteOut
from server.cases.states import EDITABLE, CaseEvent
from server.cases.tables import Case, CaseNote
from server.catalogue.tables import ServiceItem
from server.identity.permissions import Action, can, require
from server.identity.principals import Principal, Staff
from server.identity.tables import Account
from server.infrastructure.errors import NotFound, Raced
from server.infrastructure.http.schemas import Text
from server.infrastructure.work import Transaction, Work
from server.materials.errors import SessionClosed
from server.materials.events import session_topic
from server.materials.ports import SessionContext


class Cases:
    def __init__(self, work: Work, sessions: CaseSessions) -> None:
        self._work = work
        self._sessions = sessions

    async def save(
        self, agent: Staff, session_id: UUID, fields: Fields, version: int | None
    ) -> CaseOut:
        """Keep the form as it is filled so far. The first save makes the case and its number.

        Problems of single values are told, not refused. Raises NotFound, SessionClosed,
        CaseChanged, CaseNotEditable, FieldsUnknown, FieldsTooLarge.
        """
        async with self._work.write(agent) as tx:
            context = await self._sessions.context(tx.session, session_id, lock=True)
            require(agent, Action.CASE_WRITE, context.resource)
            if not context.in_hand_of(agent):
                raise SessionClosed
            if context.case_id is None:
                return await self._first_save(tx, context, fields, version)
            case = await case_row(tx.session, context.case_id)
            schema = await schema_of(tx.session, case.item_code)
            kept = forms.clean(schema, fields)
            if case.version != version:
                raise CaseChanged(_wire(case, schema))
            if case.state not in EDITABLE:
                raise CaseNotEditable(case.state)
            await add_handlers(tx, case.id, context.account_ids)
            await self._guarded(
                tx, case, schema, save_fields(tx, self._sessions, case, schema, kept)
            )
            return case_out(case, schema, full=True)

    async def submit(self, agent: Staff, case_id: UUID, version: int) -> CaseOut:
        """Hand the form in. Raises NotFound, CaseChanged, CaseIncomplete, TransitionRefused."""
        return await self._move(agent, case_id, version, CaseEvent.SUBMITTED)

    async def accept(self, agent: Staff, case_id: UUID, version: int) -> CaseOut:
        """Accept what was submitted. Raises NotFound, CaseChanged, TransitionRefused."""
        return await self._move(agent, case_id, version, CaseEvent.ACCEPTED)

    async def note_in_session(self, agent: Staff, session_id: UUID, text: str) -> NoteOut:
        """Add a note to a session, and to its case if it has one. Raises NotFound."""
        async with self._work.write(agent) as tx:
            context = await self._sessions.context(tx.session, session_id, lock=True)
            require(agent, Action.NOTE_WRITE, context.resource)
            return await self._note(tx, agent, text, session_id=session_id, case_id=context.case_id)

    async def note_in_case(self, agent: Staff, case_id: UUID, text: str) -> NoteOut:
        """Add a note to a case. Raises NotFound."""
        async with self._work.write(agent) as tx:
            case = await case_row(tx.session, case_id)
            require(agent, Action.NOTE_WRITE, await resource_of(tx.session, case))
            return await self._note(tx, agent, text, session_id=None, case_id=case_id)

    async def of_session(
        self, session: AsyncSession, context: SessionContext, principal: Principal
    ) -> CaseOut | None:
        """The session's case as `principal` sees it; None if there is none, or not for them."""
        if context.case_id is None or not can(principal, Action.CASE_READ, context.resource):
            return None
        case = await case_row(session, context.case_id)
        schema = await schema_of(session, case.item_code)
        return case_out(case, schema, full=context.in_hand_of(principal))

    async def notes_of_session(
        self, session: AsyncSession, context: SessionContext, principal: Principal
    ) -> list[NoteOut]:
        """The notes beside a session; none for those who may not read them, as residents."""
        if not can(principal, Action.NOTE_READ, context.resource):
            return []
        found = await events.notes_of(session, session_id=context.id, case_id=context.case_id)
        return await notes_out(session, found)

    async def _first_save(
        self, tx: Transaction, context: SessionContext, fields: Fields, version: int | None
    ) -> CaseOut:
        if version is not None:
            raise CaseChanged(None)
        schema = await schema_of(tx.session, context.item_code)
        kept = forms.clean(schema, fields)
        case = await make_case(tx, self._sessions, context, schema, kept)
        return case_out(case, schema, full=True)

    async def _move(self, agent: Staff, case_id: UUID, version: int, event: CaseEvent) -> CaseOut:
        async with self._work.write(agent) as tx:
            case = await case_row(tx.session, case_id)
            require(agent, Action.CASE_WRITE, await resource_of(tx.session, case))
            schema = await schema_of(tx.session, case.item_code)
            if case.version != version:
                raise CaseChanged(_wire(case, schema))
            found = forms.problems(schema, case.fields)
            if event is CaseEvent.SUBMITTED and found:
                raise CaseIncomplete([problem.model_dump() for problem in found])
            await self._guarded(tx, case, schema, move_case(tx, self._sessions, case, event))
            return case_out(case, schema, full=True)

    @staticmethod
    async def _guarded(
        tx: Transaction, case: Case, schema: Schema, step: Awaitable[object]
    ) -> None:
        """Do `step`; who was overtaken is shown what stands now."""
        try:
            await step
        except Raced:
            await tx.session.refresh(case)
            raise CaseChanged(_wire(case, schema)) from None

    async def _note(
        self,
        tx: Transaction,
        agent: Staff,
        text: str,
        *,
        session_id: UUID | None,
        case_id: UUID | None,
    ) -> NoteOut:
        note = CaseNote(
            session_id=session_id,
            case_id=case_id,
            text=text,
            author_id=agent.account_id,
            at=tx.now,
        )
        tx.session.add(note)
        await tx.session.flush()
        change = events.note_change(note)
        if case_id is not None:
            session_ids = set(await self._sessions.ids_of_case(tx.session, case_id))
            events.announce(tx, "note.added", case_id, sorted(session_ids), change)
        elif session_id is not None:
            tx.publish(session_topic(session_id), "note.added", change)
        tx.audit(
            "note.add",
            ("note", str(note.id)),
            session=str(session_id) if session_id else None,
            case=str(case_id) if case_id else None,
        )
        return (await notes_out(tx.session, [note]))[0]


async def schema_of(session: AsyncSession, item_code: str) -> Schema:
    """The schema of the item's form. Raises NotFound.

    On the caller's session: who asks for a second connection while holding one can wait for ever.
    """
    item = await session.get(ServiceItem, item_code)
    if item is None:
        raise NotFound("item_unknown", item=item_code)
    schema: Schema = item.document["form"]["schema"]
    return schema


async def case_row(session: AsyncSession, case_id: UUID) -> Case:
    case = await session.get(Case, case_id)
    if case is None:
        raise NotFound
    return case


def case_out(case: Case, schema: Schema, *, full: bool) -> CaseOut:
    """The case over HTTP; not `full`: with sensitive fields masked."""
    return CaseOut(
        id=case.id,
        number=case.number,
        state=case.state,
        item_code=case.item_code,
        fields=case.fields if full else masking.masked(schema, case.fields),
        problems=forms.problems(schema, case.fields),
        masked=not full,
        version=case.version,
        created_at=case.created_at,
        updated_at=case.updated_at,
    )


async def notes_out(session: AsyncSession, notes: Sequence[CaseNote]) -> list[NoteOut]:
    """Notes with their authors' names: one query more, however many."""
    authors = await _names(session, {note.author_id for note in notes})
    return [
        NoteOut(id=note.id, text=note.text, author=authors[note.author_id], at=note.at)
        for note in notes
    ]


async def _names(session: AsyncSession, account_ids: set[UUID]) -> Mapping[UUID, AuthorOut]:
    query = select(Account).where(col(Account.id).in_(account_ids))
    return {
        account.id: AuthorOut(
            id=account.id,
            name=Text(zh_cn=account.display_name_zh, en=account.display_name_en),
        )
        for account in (await session.execute(query)).scalars()
    }


def _wire(case: Case, schema: Schema) -> dict[str, Any]:
    return case_out(case, schema, full=True).model_dump(mode="json")
