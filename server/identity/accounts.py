"""Accounts: making them, and reading them as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.principals import Role
from server.identity.schemas import AccountOut, AccountWindowOut, Language, OrgOut
from server.identity.tables import Account, AccountGrant, AccountWindow
from server.infrastructure.http.schemas import Text
from server.infrastructure.work import Transaction
from server.organisations.tables import Channel, OrgUnit, Window


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be. Its roles are granted at its own organisation. speaks: languages."""

    username: str
    password_hash: str
    display_name_zh: str
    display_name_en: str
    org: OrgUnit
    roles: Sequence[Role]
    windows: Sequence[Window] = ()
    speaks: Sequence[str] = (Language.ZH_CN,)
    demo: bool = False


async def add(tx: Transaction, new: NewAccount) -> Account:
    """Make an account with its grants and windows."""
    account = Account(
        username=new.username,
        password_hash=new.password_hash,
        display_name_zh=new.display_name_zh,
        display_name_en=new.display_name_en,
        org_id=new.org.id,
        speaks=[str(language) for language in new.speaks],
        demo=new.demo,
    )
    tx.session.add(account)
    await tx.session.flush()
    for role in new.roles:
        tx.session.add(AccountGrant(account_id=account.id, role=role, org_id=new.org.id))
    for window in new.windows:
        tx.session.add(AccountWindow(account_id=account.id, window_id=window.id))
    roles = [str(role) for role in new.roles]
    tx.audit("account.create", ("account", str(account.id)), org=new.org.code, roles=roles)
    await tx.session.flush()
    return account


async def by_name(session: AsyncSession, username: str) -> Account | None:
    found = await session.execute(select(Account).where(Account.username == username))
    return found.scalar_one_or_none()


async def is_machine(session: AsyncSession, account_id: UUID) -> bool:
    """Whether all that the account may be is a machine."""
    roles = select(AccountGrant.role).where(AccountGrant.account_id == account_id).distinct()
    return set((await session.execute(roles)).scalars()) == {Role.HALL_SYSTEM}


async def view(session: AsyncSession, account_id: UUID) -> AccountOut:
    """The account with its roles and windows."""
    account = await session.get_one(Account, account_id)
    org = await session.get_one(OrgUnit, account.org_id)
    roles = select(AccountGrant.role).where(AccountGrant.account_id == account_id).distinct()
    windows = (
        select(Window, OrgUnit)
        .join(AccountWindow, col(AccountWindow.window_id) == col(Window.id))
        .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
        .where(AccountWindow.account_id == account_id)
        .order_by(col(Window.code))
    )
    return AccountOut(
        id=account.id,
        username=account.username,
        display_name=Text(zh_cn=account.display_name_zh, en=account.display_name_en),
        roles=sorted(Role(role) for role in (await session.execute(roles)).scalars()),
        org=org_out(org),
        windows=[
            AccountWindowOut(
                id=window.id,
                code=window.code,
                name=Text(zh_cn=window.name_zh, en=window.name_en),
                channel=Channel(window.channel),
                org=org_out(window_org),
            )
            for window, window_org in await session.execute(windows)
        ],
        language=Language(account.language),
    )


def org_out(org: OrgUnit) -> OrgOut:
    return OrgOut(code=org.code, name=Text(zh_cn=org.name_zh, en=org.name_en))
