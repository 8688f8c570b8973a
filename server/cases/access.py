"""Cases as the permission table sees them: one by one, and as columns of a list."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.cases.tables import Case, CaseHandler
from server.identity.permissions import Resource, ResourceColumns
from server.infrastructure.work import Transaction


async def handlers_of(session: AsyncSession, case_id: UUID) -> frozenset[UUID]:
    found = await session.execute(
        select(CaseHandler.account_id).where(CaseHandler.case_id == case_id)
    )
    return frozenset(found.scalars())


async def resource_of(session: AsyncSession, case: Case) -> Resource:
    return Resource(
        kind="case",
        owner_org_path=case.owner_org_path,
        serving_org_path=case.serving_org_path,
        resident_id=case.resident_id,
        account_ids=await handlers_of(session, case.id),
    )


def resource_columns() -> ResourceColumns:
    return ResourceColumns(
        owner_org_path=col(Case.owner_org_path),  # type: ignore[arg-type]
        serving_org_path=col(Case.serving_org_path),  # type: ignore[arg-type]
        resident_id=col(Case.resident_id),  # type: ignore[arg-type]
        engaged=_engaged,
    )


async def add_handlers(tx: Transaction, case_id: UUID, account_ids: Iterable[UUID]) -> None:
    """These accounts handle the case, too. To be told when staff joins a session with a case."""
    known = await handlers_of(tx.session, case_id)
    for account_id in sorted(set(account_ids) - known):
        tx.session.add(CaseHandler(case_id=case_id, account_id=account_id))
    await tx.session.flush()


def _engaged(account_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        col(CaseHandler.case_id) == col(Case.id), col(CaseHandler.account_id) == account_id
    )
