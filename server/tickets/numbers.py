"""Numbers of tickets: counted per organisation, channel letter and business day."""

import datetime as dt
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from server.infrastructure.work import Transaction
from server.tickets import routing
from server.tickets.tables import TicketCounter


async def next_number(tx: Transaction, org_id: UUID, channel: str, day: dt.date) -> str:
    """The next number of an organisation's day, such as B027; days ahead have theirs too."""
    letter = routing.CHANNEL_LETTERS[channel]
    dialect = tx.session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = (
        insert(TicketCounter)
        .values(org_id=org_id, day=day, letter=letter, number=1)
        .on_conflict_do_update(
            index_elements=["org_id", "day", "letter"],
            set_={"number": TicketCounter.number + 1},
        )
        .returning(col(TicketCounter.number))
    )
    return f"{letter}{(await tx.session.execute(statement)).scalar_one():03d}"
