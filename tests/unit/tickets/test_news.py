"""What the dispatch makes of events: which rows it has to read, and which have left for sure."""

from typing import Any
from uuid import UUID

from server.infrastructure.events.topics import Event
from server.tickets.dispatch.news import News

ONE, TWO = UUID(int=1), UUID(int=2)


def event(topic: str, type_: str, entity: str, id_: UUID, value: dict[str, Any] | None) -> Event:
    change = {"entity": entity, "id": str(id_), "value": value}
    return Event(topic, 1, type_, "2024-11-20T00:00:00.000Z", [change])


def ticket(state: str, version: int, id_: UUID = ONE, topic: str = "resident:x") -> Event:
    value = {"state": state, "version": version}
    return event(topic, f"ticket.{state}", "ticket", id_, value)


def test_who_waits_or_is_held_is_read_and_who_left_is_known_to_have_left() -> None:
    news = News()
    news.hear([ticket("waiting", 1), ticket("serving", 5, TWO)])
    assert news.tickets == {ONE: None, TWO: 5}
    news.hear([ticket("offered", 2)])
    assert news.tickets == {ONE: 2, TWO: 5}
    news.hear([ticket("held", 3)])
    assert news.tickets == {ONE: None, TWO: 5}


def test_a_queue_that_says_it_is_gone_tells_less_than_the_resident() -> None:
    left = event("queue:district:putuo", "ticket.accepted", "ticket", ONE, None)
    for events in ([ticket("serving", 4), left], [left, ticket("serving", 4)]):
        news = News()
        news.hear(events)
        assert news.tickets == {ONE: 4}
    news = News()
    news.hear([left])
    assert news.tickets == {ONE: None}, "a hall's number has no resident's page"


def test_agents_are_read_when_they_are_available() -> None:
    news = News()
    free = {"state": "available", "version": 3}
    news.hear([event("desk:x", "presence.rejected", "presence", ONE, free)])
    busy = {"state": "serving", "version": 7}
    news.hear([event("desk:y", "presence.accepted", "presence", TWO, busy)])
    assert news.agents == {ONE: None, TWO: 7}
    assert news.tickets == {}


def test_boards_and_other_entities_are_no_news() -> None:
    news = News()
    news.hear([ticket("waiting", 1, topic="board:putuo")])
    news.hear([event("desk:x", "offer.made", "offer", ONE, {"state": "pending", "version": 1})])
    assert not news


def test_rejections_are_looked_for_when_one_was_told() -> None:
    news = News()
    value = {"state": "waiting", "version": 2}
    news.hear([event("resident:x", "ticket.rejected", "ticket", ONE, value)])
    assert news.rejected


def test_what_could_not_be_told_is_told_again_behind_what_came_since() -> None:
    news = News()
    news.hear([ticket("waiting", 1), ticket("waiting", 1, TWO)])
    news.settled.append("claim")
    taken = news.take()
    assert not news
    news.hear([ticket("cancelled", 2)])
    news.put_back(taken)
    assert news.tickets == {ONE: 2, TWO: None}
    assert news.settled == ["claim"]
