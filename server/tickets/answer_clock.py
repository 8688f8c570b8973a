"""The clock of the promised first answer: when it begins. Pure.

It runs from the moment somebody waits for an agent: a number from when it was drawn, an
appointment from its time or from the resident's arrival, whichever is later, and a call back from
when it was promised. It begins once: what fails afterwards does not set it back.
"""

import datetime as dt
from typing import Any, Protocol

from server.tickets.states import TicketEvent


class Clocked(Protocol):
    """What the clock reads of a ticket."""

    due_at: dt.datetime | None
    clock_at: dt.datetime | None
    first_answered_at: dt.datetime | None


def clock_values(ticket: Clocked, event: TicketEvent, now: dt.datetime) -> dict[str, Any]:
    """The columns of a ticket's clock that change as it takes `event`."""
    if event is TicketEvent.ARRIVED:
        return {"clock_at": max(now, ticket.due_at or now)}
    if event is TicketEvent.DUE and ticket.clock_at is None:
        return {"clock_at": ticket.due_at or now}
    if event is TicketEvent.CALLBACK_ASKED and ticket.first_answered_at is None:
        # Nobody sits and waits any more: the promise is now the time of the call.
        return {"clock_at": None, "warned_at": None, "late_at": None}
    return {}
