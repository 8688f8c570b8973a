"""A number is drawn: a new ticket, with its place in the queue."""

import datetime as dt
from typing import Any

from server.catalogue.tables import ServiceItem
from server.infrastructure.clock import business_day
from server.infrastructure.work import Transaction
from server.organisations.tables import OrgUnit
from server.tickets.numbers import next_number
from server.tickets.priority import rank_at
from server.tickets.reach import Reach
from server.tickets.tables import Ticket


async def draw_ticket(
    tx: Transaction,
    item: ServiceItem,
    *,
    org: OrgUnit,
    reach: Reach,
    place: OrgUnit,
    language: str,
    day: dt.date | None = None,
    **columns: Any,
) -> Ticket:
    """A ticket for `item` with the next number, still to be announced.

    org: whose queue it is; reach: that queue. place: where its holder is. day: whose number it
    bears; None is today. columns: all others, its times among them (`waits_from_now`).
    """
    day = day or business_day(tx.now)
    ticket = Ticket(
        number=await next_number(tx, org.id, item.channel, day),
        business_day=day,
        channel=item.channel,
        item_code=item.code,
        skills=list(item.skills),
        reach=[reach.wire()],
        serving_org_id=org.id,
        serving_org_code=org.code,
        serving_org_path=org.path,
        place_id=place.id,
        place_code=place.code,
        place_path=place.path,
        language=language,
        created_at=tx.now,
        **columns,
    )
    tx.session.add(ticket)
    await tx.session.flush()
    return ticket


def waits_from_now(now: dt.datetime, reasons: list[str], head_start_seconds: int) -> dict[str, Any]:
    """The columns of a ticket whose holder waits for an answer from now on."""
    return {
        "waiting_since": now,
        "clock_at": now,
        "priority": reasons,
        "head_start_seconds": head_start_seconds,
        "rank_at": rank_at(now, head_start_seconds),
    }
