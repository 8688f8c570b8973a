"""Writing a case: made once with its number, saved by version, moved along its states."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from server.cases import events, forms, masking
from server.cases.access import add_handlers
from server.cases.forms import Fields, Schema
from server.cases.numbers import next_number
from server.cases.ports import CaseSessions
from server.cases.states import CaseEvent, CaseState, next_state
from server.cases.tables import Case, CaseNote
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.work import Transaction
from server.materials.events import material_change
from server.materials.moves import attach_to_case
from server.materials.ports import SessionContext
from server.recordings import events as recordings


async def make_case(
    tx: Transaction,
    sessions: CaseSessions,
    context: SessionContext,
    schema: Schema,
    fields: Fields,
) -> Case:
    """The session's case, with its number, papers, notes and recording. The session is locked."""
    number = await next_number(tx, context.owner_org_path)
    case = Case(
        number=number,
        item_code=context.item_code,
        owner_org_id=context.owner_org_id,
        owner_org_path=context.owner_org_path,
        serving_org_path=context.serving_org_path,
        resident_id=context.resident_id,
        created_at=tx.now,
        updated_at=tx.now,
        **_form(schema, number, fields),
    )
    tx.session.add(case)
    await tx.session.flush()
    await add_handlers(tx, case.id, context.account_ids)
    await sessions.attach_case(tx, context.id, case.id)
    changes = [material_change(paper) for paper in await attach_to_case(tx, context.id, case.id)]
    changes += [events.note_change(note) for note in await _attach_notes(tx, context.id, case.id)]
    found = (await recordings.of_sessions(tx.session, [context.id])).values()
    changes += [recordings.recording_change(recording) for recording in found]
    events.announce(tx, "case.created", case.id, [context.id], events.case_change(case), *changes)
    tx.audit(
        "case.create",
        ("case", str(case.id)),
        number=number,
        session=str(context.id),
        fields=sorted(fields),
    )
    return case


async def save_fields(
    tx: Transaction, sessions: CaseSessions, case: Case, schema: Schema, fields: Fields
) -> None:
    """Replace the form's values. Raises Raced if somebody saved since `case` was read."""
    changed = sorted(
        name
        for name in case.fields.keys() | fields.keys()
        if case.fields.get(name) != fields.get(name)
    )
    await save_if_unchanged(tx, case, **_form(schema, case.number, fields), updated_at=tx.now)
    session_ids = await sessions.ids_of_case(tx.session, case.id)
    events.announce(tx, "case.saved", case.id, session_ids, events.case_change(case))
    tx.audit("case.save", ("case", str(case.id)), fields=changed, version=case.version)


async def move_case(
    tx: Transaction, sessions: CaseSessions, case: Case, event: CaseEvent
) -> CaseState:
    """Take `case` along `event`, announced and audited. Raises TransitionRefused, Raced."""
    state = next_state(CaseState(case.state), event)
    await save_if_unchanged(tx, case, state=state, updated_at=tx.now)
    session_ids = await sessions.ids_of_case(tx.session, case.id)
    events.announce(tx, f"case.{event}", case.id, session_ids, events.case_change(case))
    tx.audit(f"case.{event}", ("case", str(case.id)), state=state)
    return state


def _form(schema: Schema, number: str, fields: Fields) -> dict[str, Any]:
    """The columns that follow from the form's values."""
    name = forms.applicant_field(schema)
    applicant = masking.masked(schema, fields).get(name) if name is not None else None
    return {
        "fields": fields,
        "applicant": applicant[:200] if isinstance(applicant, str) else None,
        "search_text": forms.search_text(number, fields),
    }


async def _attach_notes(tx: Transaction, session_id: UUID, case_id: UUID) -> list[CaseNote]:
    query = select(CaseNote).where(
        CaseNote.session_id == session_id, col(CaseNote.case_id).is_(None)
    )
    notes = list((await tx.session.execute(query.order_by(col(CaseNote.id)))).scalars())
    for note in notes:
        note.case_id = case_id
    await tx.session.flush()
    return notes
