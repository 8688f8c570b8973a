"""The checker of invariants finds each thing that it is there to find, and nothing in good rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from server.infrastructure.ids import new_id
from tests.support.invariants import Row, Rows, unpublished, violations

NOW = dt.datetime(2024, 5, 6, 9, 0, tzinfo=dt.UTC)
RESIDENT, AGENT, TICKET, OFFER, SESSION, ENGAGEMENT = (new_id() for _ in range(6))


def ticket(**values: Any) -> Row:
    return {
        "id": TICKET,
        "kind": "walk_in",
        "number": "B001",
        "business_day": NOW.date(),
        "serving_org_code": "caoyang",
        "resident_id": RESIDENT,
        "booking_code": None,
        "state": "serving",
        "session_id": SESSION,
        "version": 3,
    } | values


def offer(**values: Any) -> Row:
    return {
        "id": OFFER,
        "kind": "serve",
        "ticket_id": TICKET,
        "account_id": AGENT,
        "state": "accepted",
        "answered_at": NOW,
        "session_id": SESSION,
        "engagement_id": ENGAGEMENT,
    } | values


def presence(**values: Any) -> Row:
    return {"account_id": AGENT, "state": "serving", "version": 2} | values


def session(**values: Any) -> Row:
    return {"id": SESSION, "ticket_id": TICKET, "state": "active", "version": 1} | values


def engagement(**values: Any) -> Row:
    return {"id": ENGAGEMENT, "account_id": AGENT, "state": "joined"} | values


def event(topic: str, number: int, type_: str, entity: str, id_: object, **facts: Any) -> Row:
    change = {"entity": entity, "id": str(id_), "value": facts or None}
    return {
        "topic": topic,
        "number": number,
        "type": type_,
        "at": NOW,
        "changes": [change],
        "published_at": NOW,
    }


def audit(action: str, kind: str, id_: object) -> Row:
    return {"action": action, "resource_kind": kind, "resource_id": str(id_)}


def of_visit(number: int, type_: str, state: str) -> Row:
    return event(
        f"resident:{RESIDENT}", number, type_, "ticket", TICKET, version=number, state=state
    )


GOOD = Rows(
    tickets=(ticket(),),
    offers=(offer(),),
    presences=(presence(),),
    sessions=(session(),),
    engagements=(engagement(),),
    events=(
        of_visit(1, "ticket.created", "waiting"),
        of_visit(2, "ticket.offered", "offered"),
        of_visit(3, "ticket.accepted", "serving"),
        event(
            f"desk:{AGENT}",
            1,
            "presence.accepted",
            "presence",
            AGENT,
            version=2,
            state="serving",
        ),
        event(f"desk:{AGENT}", 2, "offer.accepted", "offer", OFFER),
        event(
            f"session:{SESSION}",
            1,
            "session.opened",
            "session",
            SESSION,
            version=1,
            state="active",
        ),
    ),
    topics=(
        {"topic": f"resident:{RESIDENT}", "number": 3},
        {"topic": f"desk:{AGENT}", "number": 2},
        {"topic": f"session:{SESSION}", "number": 1},
    ),
    audits=(
        audit("ticket.offered", "ticket", TICKET),
        audit("ticket.accepted", "ticket", TICKET),
        audit("presence.accepted", "presence", AGENT),
        audit("offer.accepted", "offer", OFFER),
    ),
    commands=({"key": "k", "route": "r", "status": 200, "answer": b"{}"},),
)
WAITS = replace(GOOD, tickets=(ticket(state="offered", session_id=None),), sessions=())


def test_good_rows_are_good() -> None:
    assert violations(GOOD) == []
    assert violations(Rows()) == []


Broken = Callable[[], Rows]
BROKEN: dict[str, tuple[Broken, str]] = {
    "two live tickets": (
        lambda: replace(GOOD, tickets=(ticket(), ticket(id=new_id(), number="B002"))),
        "2 live tickets",
    ),
    "a number twice": (
        lambda: replace(GOOD, tickets=(ticket(), ticket(id=new_id(), resident_id=new_id()))),
        "was given 2 times",
    ),
    "two offers of a ticket": (
        lambda: replace(
            WAITS,
            offers=tuple(
                offer(id=new_id(), state="pending", answered_at=None, account_id=new_id())
                for _ in range(2)
            ),
        ),
        f"ticket_id {TICKET} has 2 pending offers",
    ),
    "two offers to an agent": (
        lambda: replace(
            GOOD,
            offers=tuple(
                offer(id=new_id(), state="pending", answered_at=None, ticket_id=new_id())
                for _ in range(2)
            ),
        ),
        f"account_id {AGENT} has 2 pending offers",
    ),
    "offered without an offer": (lambda: WAITS, "is offered, without an offer"),
    "an offer of one who is served": (
        lambda: replace(GOOD, offers=(offer(state="pending", answered_at=None),)),
        "is serving, with a pending offer",
    ),
    "an agent with an offer who is free": (
        lambda: replace(
            WAITS,
            offers=(offer(state="pending", answered_at=None),),
            presences=(presence(state="available"),),
        ),
        "is available, with a pending offer",
    ),
    "an answer without a time": (
        lambda: replace(GOOD, offers=(offer(answered_at=None),)),
        "answered at None",
    ),
    "an acceptance without a session": (
        lambda: replace(GOOD, sessions=()),
        "has no session of its ticket",
    ),
    "an acceptance of another's engagement": (
        lambda: replace(GOOD, engagements=(engagement(account_id=new_id()),)),
        "has no engagement of its agent",
    ),
    "two sessions of a ticket": (
        lambda: replace(GOOD, sessions=(session(), session(id=new_id()))),
        f"ticket {TICKET} has 2 sessions",
    ),
    "served in what has ended": (
        lambda: replace(GOOD, sessions=(session(state="ended"),)),
        "in a session that has ended",
    ),
    "served nowhere": (
        lambda: replace(GOOD, tickets=(ticket(session_id=None),), sessions=()),
        "is being served without a session",
    ),
    "two engagements of an agent": (
        lambda: replace(
            GOOD, engagements=(engagement(), engagement(id=new_id(), state="wrapping_up"))
        ),
        "has 2 engagements",
    ),
    "a free agent in a call": (
        lambda: replace(GOOD, presences=(presence(state="available"),)),
        "is available, with engagements: joined",
    ),
    "a gap among events": (
        lambda: replace(GOOD, events=(GOOD.events[0], *GOOD.events[2:])),
        f"resident:{RESIDENT} has events 1, 3, and says 3",
    ),
    "an event without its number": (
        lambda: replace(GOOD, topics=GOOD.topics[1:]),
        "has events and no number",
    ),
    "a change that nobody was told": (
        lambda: replace(GOOD, tickets=(ticket(version=4),)),
        "is version 4, and told were 1, 2, 3",
    ),
    "a state that nobody was told": (
        lambda: replace(GOOD, sessions=(session(state="interrupted"),)),
        "is interrupted, and told was active",
    ),
    "a step that was not audited": (
        lambda: replace(GOOD, audits=GOOD.audits[1:]),
        "told only {'ticket.offered': 1}",
    ),
    "a step that was not told": (
        lambda: replace(GOOD, audits=(*GOOD.audits, audit("ticket.served", "ticket", TICKET))),
        "audited and not told {'ticket.served': 1}",
    ),
    "a command without an answer": (
        lambda: replace(
            GOOD, commands=({"key": "k", "route": "r", "status": None, "answer": None},)
        ),
        "stands without an answer",
    ),
}


@pytest.mark.parametrize("what", list(BROKEN))
def test_each_fault_is_found(what: str) -> None:
    broken, sentence = BROKEN[what]
    assert any(sentence in one for one in violations(broken())), violations(broken())


def test_what_was_booked_is_told_from_its_arrival_on() -> None:
    booked = replace(
        GOOD, tickets=(ticket(booking_code="12345678", version=5),), events=(), topics=(), audits=()
    )
    arrived = event(
        f"resident:{RESIDENT}", 1, "ticket.created", "ticket", TICKET, version=5, state="serving"
    )
    others = GOOD.events[3:]
    told = replace(booked, events=(arrived, *others), topics=GOOD.topics[1:])
    assert not [one for one in violations(told) if "version" in one]


def test_events_that_never_went_out_are_found() -> None:
    left = replace(GOOD, events=(GOOD.events[0] | {"published_at": None},))  # type: ignore[operator]
    assert unpublished(left, older_than=NOW) == []
    (found,) = unpublished(left, older_than=NOW + dt.timedelta(seconds=1))
    assert "event 1 of resident" in found
