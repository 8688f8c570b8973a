"""Every state and event of ticket and presence: as the table says, or refused."""

from itertools import product

import pytest

from server.infrastructure.states import TransitionRefused
from server.tickets.states import (
    LIVE_TICKETS,
    PRESENCE_TRANSITIONS,
    TICKET_TRANSITIONS,
    PresenceEvent,
    PresenceState,
    TicketEvent,
    TicketState,
    next_presence_state,
    next_ticket_state,
)

# Written out once more, so that a table that was changed by mistake is seen.
TICKET = {
    "waiting": {
        "offered": "offered",
        "dropped": "held",
        "cancelled": "cancelled",
        "hours_ended": "closed_out_of_hours",
        "callback_asked": "callback",
        "called": "serving",
    },
    "offered": {
        "accepted": "serving",
        "rejected": "waiting",
        "lease_expired": "waiting",
        "agent_lost": "waiting",
        "dropped": "held",
        "cancelled": "cancelled",
        "callback_asked": "callback",
    },
    "held": {
        "returned": "waiting",
        "returned_to_session": "serving",
        "hold_expired": "abandoned",
        "cancelled": "cancelled",
        "served": "done",
        "hours_ended": "closed_out_of_hours",
        "callback_asked": "callback",
    },
    "serving": {
        "dropped": "held",
        "transferred": "waiting",
        "served": "done",
        "callback_asked": "callback",
        "put_back": "waiting",
    },
    "cancelled": {"restored": "waiting"},
    "closed_out_of_hours": {"callback_asked": "callback"},
    "callback": {"due": "waiting", "cancelled": "cancelled"},
    "booked": {"arrived": "waiting", "cancelled": "cancelled", "missed": "abandoned"},
}
PRESENCE = {
    "offline": {"went_available": "available", "went_on_break": "on_break"},
    "on_break": {"went_available": "available", "went_off": "offline", "lost": "offline"},
    "available": {
        "went_available": "available",
        "went_on_break": "on_break",
        "went_off": "offline",
        "lost": "offline",
        "offered": "offered",
    },
    "offered": {
        "accepted": "serving",
        "rejected": "available",
        "missed": "available",
        "missed_too_often": "on_break",
        "withdrawn": "available",
        "went_on_break": "on_break",
        "went_off": "offline",
        "lost": "offline",
    },
    "serving": {"call_ended": "wrapping_up", "called_back": "available"},
    # Neither a break nor going off: the wrap-up is finished first.
    "wrapping_up": {"call_resumed": "serving", "wrapped_up": "available"},
}


@pytest.mark.parametrize(("state", "event"), list(product(TicketState, TicketEvent)))
def test_a_ticket_goes_as_the_table_says_or_stays(state: TicketState, event: TicketEvent) -> None:
    expected = TICKET.get(state, {}).get(event)
    if expected is None:
        with pytest.raises(TransitionRefused) as refused:
            next_ticket_state(state, event)
        assert refused.value.params == {"machine": "ticket", "state": state, "event": event}
    else:
        assert next_ticket_state(state, event) == expected


@pytest.mark.parametrize(("state", "event"), list(product(PresenceState, PresenceEvent)))
def test_an_agent_goes_as_the_table_says_or_stays(
    state: PresenceState, event: PresenceEvent
) -> None:
    expected = PRESENCE.get(state, {}).get(event)
    if expected is None:
        with pytest.raises(TransitionRefused) as refused:
            next_presence_state(state, event)
        assert refused.value.params == {"machine": "presence", "state": state, "event": event}
    else:
        assert next_presence_state(state, event) == expected


def test_every_live_ticket_can_come_to_an_end() -> None:
    ends = set(TicketState) - set(LIVE_TICKETS)
    for start in LIVE_TICKETS:
        reached, new = {start}, {start}
        while new:
            new = {to for (state, _), to in TICKET_TRANSITIONS.items() if state in new} - reached
            reached |= new
        assert reached & ends, start


def test_every_agent_can_become_available_again() -> None:
    for start in PresenceState:
        reached, new = {start}, {start}
        while new:
            new = {to for (state, _), to in PRESENCE_TRANSITIONS.items() if state in new} - reached
            reached |= new
        assert PresenceState.AVAILABLE in reached, start
