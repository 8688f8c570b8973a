"""Case numbers for people: `PT-2024-0306-000042`, counted per district and local day."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from server.cases.tables import CaseCounter
from server.infrastructure.clock import business_day
from server.infrastructure.work import Transaction

# What people in a district call it; another district is named by its code, so no two share numbers.
PREFIXES: Final[Mapping[str, str]] = {"putuo": "PT"}


def district_of(owner_org_path: str) -> str:
    """The district's code of a path like `/shanghai/putuo/caoyang-xincun/`; of a root, its own."""
    parts = owner_org_path.strip("/").split("/")
    return parts[min(1, len(parts) - 1)]


def prefix_of(owner_org_path: str) -> str:
    district = district_of(owner_org_path)
    return PREFIXES.get(district, district.upper())


def written(prefix: str, day: dt.date, number: int) -> str:
    return f"{prefix}-{day:%Y-%m%d}-{number:06d}"


async def next_number(tx: Transaction, owner_org_path: str) -> str:
    """The next number of the district's day.

    The counter's row stays locked until the transaction ends, so there is no gap: a number that is
    rolled back is the next one's.
    """
    prefix, day = prefix_of(owner_org_path), business_day(tx.now)
    dialect = tx.session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = (
        insert(CaseCounter)
        .values(prefix=prefix, day=day, number=1)
        .on_conflict_do_update(
            index_elements=["prefix", "day"], set_={"number": CaseCounter.number + 1}
        )
        .returning(col(CaseCounter.number))
    )
    number = int((await tx.session.execute(statement)).scalar_one())
    return written(prefix, day, number)
