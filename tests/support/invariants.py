"""What always holds between the rows of queue, sessions, audit trail and outbox, at every commit.

`violations(rows)` is pure: it says in words what is wrong, one sentence each, in the order of
RULES. `read_rows` gives the rows of one consistent view. Any test with a database can ask:

    assert violations(await read_rows(url)) == []
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from server.infrastructure.audit import AuditRow
from server.infrastructure.events.tables import EventRow, EventTopic
from server.infrastructure.idempotency import CommandRow
from server.sessions.states import EngagementState, SessionState
from server.sessions.tables import Engagement, VideoSession
from server.tickets.states import (
    OfferKind,
    OfferState,
    PresenceEvent,
    PresenceState,
    TicketEvent,
    TicketKind,
    TicketState,
)
from server.tickets.tables import AgentPresence, Offer, Ticket

Row = Mapping[str, Any]
Rule = Callable[["Rows"], Iterator[str]]
Key = TypeVar("Key")

AT_A_PAGE: Final = {TicketKind.WALK_IN, TicketKind.APPOINTMENT}
LIVE_AT_A_PAGE: Final = {
    TicketState.WAITING,
    TicketState.OFFERED,
    TicketState.SERVING,
    TicketState.HELD,
}
IN_A_CALL: Final = {EngagementState.OFFERED, EngagementState.JOINED, EngagementState.CONSULTING}
OF_A_TICKET: Final = {OfferKind.SERVE, OfferKind.CALLBACK}


@dataclass(frozen=True)
class Rows:
    """The rows of one moment, each a mapping of its columns."""

    tickets: tuple[Row, ...] = ()
    offers: tuple[Row, ...] = ()
    presences: tuple[Row, ...] = ()
    sessions: tuple[Row, ...] = ()
    engagements: tuple[Row, ...] = ()
    events: tuple[Row, ...] = ()
    topics: tuple[Row, ...] = ()
    audits: tuple[Row, ...] = ()
    commands: tuple[Row, ...] = ()


TABLES: Final[Mapping[str, type[SQLModel]]] = {
    "tickets": Ticket,
    "offers": Offer,
    "presences": AgentPresence,
    "sessions": VideoSession,
    "engagements": Engagement,
    "events": EventRow,
    "topics": EventTopic,
    "audits": AuditRow,
    "commands": CommandRow,
}


async def read_rows(database_url: str) -> Rows:
    """All rows that the rules look at, of one moment. Raises what the driver says."""
    engine = create_async_engine(database_url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execution_options(isolation_level="REPEATABLE READ")
            found = {
                name: tuple(
                    dict(row._mapping)
                    for row in await connection.execute(select(table.__table__))  # type: ignore[attr-defined]
                )
                for name, table in TABLES.items()
            }
    finally:
        await engine.dispose()
    return Rows(**found)


def violations(rows: Rows) -> list[str]:
    """What is wrong, in words; nothing if all holds."""
    return [sentence for rule in RULES for sentence in rule(rows)]


def unpublished(rows: Rows, *, older_than: dt.datetime) -> list[str]:
    """Events from before a moment that no replica has put on the stream."""
    return [
        f"event {row['number']} of {row['topic']} was never put on the stream"
        for row in rows.events
        if row["published_at"] is None and row["at"] < older_than
    ]


def _one_live_ticket_a_resident(rows: Rows) -> Iterator[str]:
    live = Counter(
        ticket["resident_id"]
        for ticket in rows.tickets
        if ticket["resident_id"] is not None
        and ticket["kind"] in AT_A_PAGE
        and ticket["state"] in LIVE_AT_A_PAGE
    )
    yield from (f"resident {one} has {n} live tickets" for one, n in live.items() if n > 1)


def _one_ticket_a_number(rows: Rows) -> Iterator[str]:
    given = Counter(
        (ticket["serving_org_code"], ticket["business_day"], ticket["number"])
        for ticket in rows.tickets
    )
    yield from (f"number {key[2]} of {key[0]} was given {n} times" for key, n in _many(given))


def _one_pending_offer(rows: Rows) -> Iterator[str]:
    pending = [offer for offer in rows.offers if offer["state"] == OfferState.PENDING]
    for column in ("account_id", "ticket_id"):
        held = Counter(offer[column] for offer in pending)
        yield from (f"{column} {one} has {n} pending offers" for one, n in _many(held))


def _offers_meet_tickets(rows: Rows) -> Iterator[str]:
    """A ticket is `offered` if and only if one offer of it is pending."""
    pending = {
        offer["ticket_id"]
        for offer in rows.offers
        if offer["state"] == OfferState.PENDING and offer["kind"] in OF_A_TICKET
    }
    for ticket in rows.tickets:
        offered = ticket["state"] == TicketState.OFFERED
        if offered and ticket["id"] not in pending:
            yield f"{_name(ticket)} is offered, without an offer"
        if not offered and ticket["id"] in pending:
            yield f"{_name(ticket)} is {ticket['state']}, with a pending offer"


def _offers_meet_agents(rows: Rows) -> Iterator[str]:
    """An agent is `offered` if and only if one offer to them is pending."""
    pending = {
        offer["account_id"]
        for offer in rows.offers
        if offer["state"] == OfferState.PENDING and offer["kind"] in OF_A_TICKET
    }
    for agent in rows.presences:
        offered = agent["state"] == PresenceState.OFFERED
        if offered != (agent["account_id"] in pending):
            there = "no" if offered else "a"
            yield f"agent {agent['account_id']} is {agent['state']}, with {there} pending offer"


def _answered_offers_say_when(rows: Rows) -> Iterator[str]:
    for offer in rows.offers:
        if (offer["state"] == OfferState.PENDING) != (offer["answered_at"] is None):
            yield f"offer {offer['id']} is {offer['state']}, answered at {offer['answered_at']}"


def _accepted_offers_have_a_session(rows: Rows) -> Iterator[str]:
    sessions = {session["id"]: session for session in rows.sessions}
    engagements = {engagement["id"]: engagement for engagement in rows.engagements}
    for offer in rows.offers:
        if offer["state"] != OfferState.ACCEPTED or offer["kind"] != OfferKind.SERVE:
            continue
        session = sessions.get(offer["session_id"])
        engagement = engagements.get(offer["engagement_id"])
        if session is None or session["ticket_id"] != offer["ticket_id"]:
            yield f"accepted offer {offer['id']} has no session of its ticket"
        if engagement is None or engagement["account_id"] != offer["account_id"]:
            yield f"accepted offer {offer['id']} has no engagement of its agent"


def _one_session_a_ticket(rows: Rows) -> Iterator[str]:
    """Both point to each other, and whoever is being served has a session that is not over."""
    opened = Counter(session["ticket_id"] for session in rows.sessions)
    yield from (f"ticket {one} has {n} sessions" for one, n in _many(opened))
    by_id = {session["id"]: session for session in rows.sessions}
    tickets = {ticket["id"]: ticket for ticket in rows.tickets}
    for session in rows.sessions:
        ticket = tickets.get(session["ticket_id"])
        if ticket is None or ticket["session_id"] != session["id"]:
            yield f"session {session['id']} is not its ticket's"
        elif session["state"] == SessionState.ENDED and ticket["state"] == TicketState.SERVING:
            yield f"{_name(ticket)} is being served in a session that has ended"
    for ticket in rows.tickets:
        if ticket["state"] != TicketState.SERVING or ticket["kind"] not in AT_A_PAGE:
            continue
        if ticket["session_id"] not in by_id:
            yield f"{_name(ticket)} is being served without a session"


def _agents_do_one_thing(rows: Rows) -> Iterator[str]:
    """An agent's presence says what the one live engagement says."""
    live: dict[Any, list[Row]] = defaultdict(list)
    for engagement in rows.engagements:
        if engagement["state"] != EngagementState.COMPLETED:
            live[engagement["account_id"]].append(engagement)
    yield from (f"agent {one} has {len(own)} engagements" for one, own in live.items() if own[1:])
    calling_back = _calling_back(rows)
    for agent in rows.presences:
        own = live.get(agent["account_id"], [])
        states = {engagement["state"] for engagement in own}
        serving = bool(states & IN_A_CALL) or agent["account_id"] in calling_back
        wrapping_up = EngagementState.WRAPPING_UP in states
        said = (
            agent["state"] == PresenceState.SERVING,
            agent["state"] == PresenceState.WRAPPING_UP,
        )
        if said != (serving, wrapping_up):
            told = ", ".join(sorted(states)) or "none"
            yield f"agent {agent['account_id']} is {agent['state']}, with engagements: {told}"


def _calling_back(rows: Rows) -> set[Any]:
    """Agents whose accepted callback is under way: they serve without a session."""
    served = {ticket["id"] for ticket in rows.tickets if ticket["state"] == TicketState.SERVING}
    return {
        offer["account_id"]
        for offer in rows.offers
        if offer["state"] == OfferState.ACCEPTED
        and offer["kind"] == OfferKind.CALLBACK
        and offer["ticket_id"] in served
    }


def _topics_are_numbered_without_gaps(rows: Rows) -> Iterator[str]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for event in rows.events:
        numbers[event["topic"]].append(event["number"])
    for topic in rows.topics:
        found = sorted(numbers.get(topic["topic"], []))
        # Old events are forgotten, from the first on.
        expected = list(range(topic["number"] - len(found) + 1, topic["number"] + 1))
        if found != expected:
            yield f"{topic['topic']} has events {_brief(found)}, and says {topic['number']}"
    known = {topic["topic"] for topic in rows.topics}
    yield from (f"{topic} has events and no number" for topic in numbers if topic not in known)


def _every_version_was_told(rows: Rows) -> Iterator[str]:
    """Each version of a row was announced once to whom it is, and the last one is how it is."""
    told = _told(rows.events)
    for ticket in rows.tickets:
        if ticket["resident_id"] is None:
            continue
        place = (f"resident:{ticket['resident_id']}", "ticket", str(ticket["id"]))
        # What was booked became a resident's later than it was made.
        first = 1 if ticket["booking_code"] is None else None
        yield from _versions(_name(ticket), told.get(place, []), ticket, first)
    for agent in rows.presences:
        place = (f"desk:{agent['account_id']}", "presence", str(agent["account_id"]))
        # The first version is the row that the first step finds: it is nobody's news.
        yield from _versions(f"agent {agent['account_id']}", told.get(place, []), agent, 2)
    for session in rows.sessions:
        place = (f"session:{session['id']}", "session", str(session["id"]))
        yield from _versions(f"session {session['id']}", told.get(place, []), session, 1)


class Told(NamedTuple):
    """One change that a topic told of one entity. value: its facts; None, it is gone from there."""

    type: str
    value: Row | None


def _told(events: Iterable[Row]) -> Mapping[tuple[str, str, str], list[Told]]:
    """What each topic told of each entity, in order; keyed by topic, entity and id."""
    found: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event["topic"], event["number"])):
        for change in event["changes"]:
            key = (event["topic"], change["entity"], change["id"])
            found[key].append(Told(event["type"], change["value"]))
    return found


def _versions(name: str, told: list[Told], row: Row, first: int | None) -> Iterator[str]:
    """first: the version from which on all were told; None: from the first that was."""
    known = [one.value for one in told if one.value is not None and "version" in one.value]
    versions = [int(value["version"]) for value in known]
    if first is None:
        first = versions[0] if versions else 1
    if not set(range(first, row["version"] + 1)) <= set(versions):
        yield f"{name} is version {row['version']}, and told were {_brief(versions)}"
    elif versions != sorted(versions):
        yield f"{name} was told out of order: {_brief(versions)}"
    elif known and known[-1]["state"] != row["state"]:
        yield f"{name} is {row['state']}, and told was {known[-1]['state']}"


def _audit_equals_outbox(rows: Rows) -> Iterator[str]:
    """Each step of a ticket, an offer and an agent stands in the audit trail, and was told."""
    audited: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows.audits:
        if row["action"] in STEPS:
            audited[row["resource_kind"], row["resource_id"]][row["action"]] += 1
    told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (topic, entity, id_), changes in _told(rows.events).items():
        kind = topic.partition(":")[0]
        if (kind, entity) in OWN_TOPICS:
            told[entity, id_] += Counter(one.type for one in changes if one.type in STEPS)
    without_page = {str(one["id"]) for one in rows.tickets if one["resident_id"] is None}
    for key in sorted(audited.keys() | told.keys()):
        if key[1] not in without_page and audited[key] != told[key]:
            missing = dict(audited[key] - told[key]), dict(told[key] - audited[key])
            yield f"{key[0]} {key[1]}: audited and not told {missing[0]}, told only {missing[1]}"


def _commands_have_their_answer(rows: Rows) -> Iterator[str]:
    for command in rows.commands:
        if command["status"] is None or command["answer"] is None:
            yield f"command {command['key']} of {command['route']} stands without an answer"


RULES: Final[tuple[Rule, ...]] = (
    _one_live_ticket_a_resident,
    _one_ticket_a_number,
    _one_pending_offer,
    _offers_meet_tickets,
    _offers_meet_agents,
    _answered_offers_say_when,
    _accepted_offers_have_a_session,
    _one_session_a_ticket,
    _agents_do_one_thing,
    _topics_are_numbered_without_gaps,
    _every_version_was_told,
    _audit_equals_outbox,
    _commands_have_their_answer,
)
STEPS: Final = {
    *(f"ticket.{event}" for event in TicketEvent),
    *(f"presence.{event}" for event in PresenceEvent),
    *(f"offer.{state}" for state in OfferState),
}
# Where every step of such an entity is told; other topics have their part of it.
OWN_TOPICS: Final = {("resident", "ticket"), ("desk", "presence"), ("desk", "offer")}


def _many(counted: Counter[Key]) -> list[tuple[Key, int]]:
    return [(key, number) for key, number in counted.items() if number > 1]


def _name(ticket: Row) -> str:
    return f"ticket {ticket['number']} ({ticket['id']})"


def _brief(numbers: list[int]) -> str:
    text = ", ".join(str(number) for number in numbers[-20:])
    return f"..., {text}" if numbers[20:] else text or "none"
