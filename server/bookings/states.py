"""What becomes of a booking and of a call. Pure; the place's own states are those of a ticket."""

from enum import StrEnum
from typing import Final

from server.tickets.states import QUEUED_TICKETS, TicketState


class BookingKind(StrEnum):
    APPOINTMENT = "appointment"
    CALLBACK = "callback"


class CallResult(StrEnum):
    """How a call ended, as the agent says."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


class CallEnd(StrEnum):
    """How a call ended. AGENT_LOST: the agent was gone before saying it."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    AGENT_LOST = "agent_lost"


# Before its time, a booking can be moved.
AHEAD: Final = (TicketState.BOOKED, TicketState.CALLBACK)
# With its time come, it can still be cancelled.
CANCELLABLE: Final = (*AHEAD, *QUEUED_TICKETS)
