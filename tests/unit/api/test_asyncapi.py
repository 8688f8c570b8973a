"""The AsyncAPI document says what goes over the socket, as it goes."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator, ValidationError

import server.cases.events as case_events
from server.infrastructure.clock import wire_time
from server.infrastructure.events.hub import Subscribed
from server.infrastructure.events.topics import Change, Event
from server.infrastructure.ids import new_id
from server.sessions.events import source_facts
from server.sessions.lookup import SessionDirectory
from server.sessions.tables import Source
from server.tickets.events import queued_ticket_facts, ticket_facts
from server.tickets.tables import Ticket
from server.topics import all_topics
from signaling.gateway import asyncapi

NOW: Final = dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.UTC)
KINDS: Final = all_topics(case_events.topic_kind(SessionDirectory())).kinds
DOCUMENT: Final = asyncapi.document(KINDS, title="Test", version="1")


def check(schema: str, value: Any) -> None:
    """Raises ValidationError unless `value` is as the document's schema of that name says."""
    Draft202012Validator(
        {
            "$ref": f"#/components/schemas/{schema}",
            "components": DOCUMENT["components"],
        }
    ).validate(value)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for child in part.values():
            yield from references(child)
    elif isinstance(part, list):
        for child in part:
            yield from references(child)


def ticket() -> Ticket:
    return Ticket(
        id=new_id(),
        number="B001",
        business_day=NOW.date(),
        channel="street_town",
        item_code="residence-permit",
        skills=[],
        serving_org_id=new_id(),
        serving_org_code="caoyang-xincun",
        serving_org_path="/caoyang-xincun/",
        place_id=new_id(),
        place_code="caoyang-xincun",
        place_path="/caoyang-xincun/",
        resident_id=new_id(),
        language="en",
        created_at=NOW,
        waiting_since=NOW,
        rank_at=NOW,
        reach=[],
    )


def event(topic: str, *changes: Change) -> Event:
    return Event(topic, 3, "ticket.taken", wire_time(NOW) or "", [one.wire() for one in changes])


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        place: Any = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
        assert place is not None


def test_every_schema_is_one() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_kind_of_topic_is_a_channel_with_its_entities() -> None:
    assert {kind.name for kind in KINDS} == DOCUMENT["channels"].keys() - {"socket"}
    for kind in KINDS:
        snapshot = DOCUMENT["components"]["schemas"][f"{kind.name.capitalize()}Snapshot"]
        assert kind.entities
        assert snapshot["properties"].keys() == kind.entities.keys()
        assert len(kind.about) > 10
    assert DOCUMENT["channels"]["queue"]["address"] == "queue:{channel}:{org_code}"
    assert DOCUMENT["channels"]["queue"]["parameters"].keys() == {"channel", "org_code"}


def test_pages_send_what_the_gateway_takes() -> None:
    received = {name for name, one in DOCUMENT["operations"].items() if one["action"] == "receive"}
    assert received == {"connect", "subscribe", "unsubscribe"}
    assert DOCUMENT["operations"]["subscribe"]["reply"]["messages"] == [
        {"$ref": "#/channels/socket/messages/subscribed"},
        {"$ref": "#/channels/socket/messages/refused"},
    ]
    check("Subscribe", {"topic": "desk:1", "cursor": {"epoch": "e", "number": 4}})
    with pytest.raises(ValidationError):
        check("Subscribe", {"topic": "desk:1", "since": 4})


def test_an_event_is_as_it_is_sent() -> None:
    waiting = ticket()
    key = str(waiting.id)
    own = event("resident:1", Change("ticket", key, ticket_facts(waiting)))
    seen = event("queue:street_town:x", Change("ticket", key, queued_ticket_facts(waiting)))
    gone = event("queue:street_town:x", Change("ticket", key, None))
    check("ResidentEvent", own.wire("e"))
    for one in (seen, gone):
        check("QueueEvent", one.wire("e"))
        check("TopicEvent", one.wire("e"))
    with pytest.raises(ValidationError):
        check("ResidentEvent", seen.wire("e"))
    with pytest.raises(ValidationError):
        check("DeskEvent", event("desk:1", Change("ticket", key, None)).wire("e"))


def test_an_answer_is_as_it_is_sent() -> None:
    waiting = ticket()
    snapshot = {"ticket": {str(waiting.id): dict(ticket_facts(waiting))}}
    check("ResidentSnapshot", snapshot)
    check("Subscribed", Subscribed("e", 3, snapshot, []).wire())
    check("Subscribed", Subscribed("e", 3, None, [event("resident:1")]).wire())


def test_facts_have_no_more_than_their_names() -> None:
    source = Source(
        session_id=new_id(),
        connection_id=new_id(),
        participant_id=new_id(),
        kind="face",
        mid="1",
    )
    schema = DOCUMENT["components"]["schemas"]["SourceFacts"]
    assert source_facts(source).keys() == set(schema["required"])
    check("SourceFacts", source_facts(source))
