"""Keeps demo accounts, whose password everybody knows, out of production."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.tables import Account


class DemoDataPresent(Exception):
    """A start without --demo on a database with demo accounts."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"This database holds demo accounts ({', '.join(names)}) whose password is public. "
            "Start with --demo, or use another database or data folder."
        )


async def refuse_demo_data(session: AsyncSession) -> None:
    """Raises DemoDataPresent if there are demo accounts; call it before serving without --demo."""
    query = select(Account.username).where(col(Account.demo)).order_by(col(Account.username))
    names = list((await session.execute(query)).scalars())
    if names:
        raise DemoDataPresent(names)
