"""Reads who stands behind a stored credential, as long as it is good."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.principals import Grant, Resident, Role, Staff
from server.identity.tables import (
    Account,
    AccountGrant,
    AccountWindow,
    ResidentSession,
    StaffSession,
)
from server.organisations.tables import OrgUnit


async def staff_by_secret(
    session: AsyncSession, secret_hash: bytes, now: dt.datetime
) -> Staff | None:
    return await _staff(session, col(StaffSession.secret_hash) == secret_hash, now)


async def staff_by_login(
    session: AsyncSession, login_session_id: UUID, now: dt.datetime
) -> Staff | None:
    return await _staff(session, col(StaffSession.id) == login_session_id, now)


async def resident_by_secret(
    session: AsyncSession, secret_hash: bytes, now: dt.datetime
) -> Resident | None:
    return await _resident(session, col(ResidentSession.secret_hash) == secret_hash, now)


async def resident_by_id(
    session: AsyncSession, resident_id: UUID, now: dt.datetime
) -> Resident | None:
    return await _resident(session, col(ResidentSession.id) == resident_id, now)


async def live_logins(
    session: AsyncSession, login_ids: Collection[UUID], now: dt.datetime
) -> set[UUID]:
    """Those of the log-ins that are good."""
    query = (
        select(StaffSession.id)
        .join(Account, col(Account.id) == col(StaffSession.account_id))
        .where(
            col(StaffSession.id).in_(login_ids),
            col(StaffSession.revoked_at).is_(None),
            col(StaffSession.expires_at) > now,
            col(Account.disabled_at).is_(None),
        )
    )
    return set((await session.execute(query)).scalars())


async def live_visits(
    session: AsyncSession, resident_ids: Collection[UUID], now: dt.datetime
) -> set[UUID]:
    """Those of the visits that are good."""
    query = select(ResidentSession.id).where(
        col(ResidentSession.id).in_(resident_ids),
        col(ResidentSession.ended_at).is_(None),
        col(ResidentSession.expires_at) > now,
    )
    return set((await session.execute(query)).scalars())


async def _staff(
    session: AsyncSession, which: ColumnElement[bool], now: dt.datetime
) -> Staff | None:
    """None when the log-in is unknown, revoked or over, or its account disabled."""
    query = (
        select(StaffSession.id, Account, OrgUnit)
        .join(Account, col(Account.id) == col(StaffSession.account_id))
        .join(OrgUnit, col(OrgUnit.id) == col(Account.org_id))
        .where(
            which,
            col(StaffSession.revoked_at).is_(None),
            col(StaffSession.expires_at) > now,
            col(Account.disabled_at).is_(None),
        )
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    login_session_id, account, org = row
    return Staff(
        account_id=account.id,
        login_session_id=login_session_id,
        username=account.username,
        org_id=org.id,
        org_code=org.code,
        org_path=org.path,
        grants=await _grants(session, account.id),
        window_ids=await _window_ids(session, account.id),
    )


async def _grants(session: AsyncSession, account_id: UUID) -> tuple[Grant, ...]:
    query = (
        select(AccountGrant.role, OrgUnit.path)
        .join(OrgUnit, col(OrgUnit.id) == col(AccountGrant.org_id))
        .where(AccountGrant.account_id == account_id)
        .order_by(col(AccountGrant.role), col(OrgUnit.path))
    )
    return tuple(Grant(Role(role), path) for role, path in await session.execute(query))


async def _window_ids(session: AsyncSession, account_id: UUID) -> tuple[UUID, ...]:
    query = (
        select(AccountWindow.window_id)
        .where(AccountWindow.account_id == account_id)
        .order_by(col(AccountWindow.window_id))
    )
    return tuple((await session.execute(query)).scalars())


async def _resident(
    session: AsyncSession, which: ColumnElement[bool], now: dt.datetime
) -> Resident | None:
    """None when the visit is unknown, ended or over."""
    query = (
        select(ResidentSession, OrgUnit)
        .join(OrgUnit, col(OrgUnit.id) == col(ResidentSession.org_id))
        .where(
            which,
            col(ResidentSession.ended_at).is_(None),
            col(ResidentSession.expires_at) > now,
        )
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    visit, org = row
    return Resident(
        resident_id=visit.id,
        org_id=org.id,
        org_code=org.code,
        org_path=org.path,
        language=visit.language,
        consent_version=visit.consent_version,
    )
