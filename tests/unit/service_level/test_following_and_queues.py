"""What boards read from the log, and when a queue counts as left alone."""

import datetime as dt
from dataclasses import replace
from typing import Any

from server.infrastructure.events.topics import Event
from server.infrastructure.ids import new_id
from server.service_level.following import heard
from server.service_level.queues import Waiters, alone, common_path
from server.tickets.overflow.rules import Counter, Crew, Scene
from server.tickets.reach import Reach

NOON = dt.datetime(2024, 11, 20, 4, 0, tzinfo=dt.UTC)
ORG, WINDOW = new_id(), new_id()


def event(topic: str, type_: str, entity: str, id_: Any, value: Any = None) -> Event:
    return Event(topic, 1, type_, "", [{"entity": entity, "id": str(id_), "value": value}])


def test_only_tickets_of_queues_and_presence_of_desks_matter() -> None:
    ticket, agent, other, lazy = (new_id() for _ in range(4))
    found = heard(
        [
            event("queue:district:putuo", "ticket.created", "ticket", ticket, {}),
            event("queue:help_desk:putuo", "ticket.accepted", "ticket", ticket),
            event(f"resident:{other}", "ticket.created", "ticket", other, {}),
            event(f"desk:{agent}", "presence.accepted", "presence", agent, {}),
            event(f"desk:{agent}", "offer.made", "offer", other, {}),
            event(f"desk:{lazy}", "presence.missed_too_often", "presence", lazy, {}),
            event("board:putuo", "board.changed", "ticket", other, {}),
        ]
    )
    assert found.tickets == {ticket}
    assert found.accounts == {agent, lazy}
    assert found.missed == {lazy}


def ago(**time: float) -> dt.datetime:
    return NOON - dt.timedelta(**time)


def waiters(since: dt.datetime, place: str = "/s/p/town/") -> Waiters:
    reach = Reach("district", ORG, "p", frozenset({"food"}))
    return Waiters("district", "p", "/s/p/", place, (reach,), since)


def scene(*crews: Crew, open_: bool = True) -> Scene:
    counter = Counter(
        WINDOW, "district", ORG, "p", "/s/p/", frozenset({"food"}), help_desk=False, open=open_
    )
    return Scene([counter], {WINDOW: crews})


def test_a_queue_is_left_alone_once_both_have_lasted() -> None:
    gone = Crew(WINDOW, frozenset({"zh-CN"}), on=False, left_at=ago(seconds=90))
    border = ago(seconds=60)
    (alarm,) = alone([waiters(ago(seconds=70))], scene(gone), border)
    assert (alarm.subject, alarm.org_path, alarm.place_path) == (
        "district:p",
        "/s/p/",
        "/s/p/town/",
    )
    # Not yet waited for so long, or not yet left for so long.
    assert alone([waiters(ago(seconds=50))], scene(gone), border) == []
    just_left = replace(gone, left_at=ago(seconds=5))
    assert alone([waiters(ago(seconds=70))], scene(just_left), border) == []


def test_a_queue_with_somebody_on_is_not_left_alone() -> None:
    on = Crew(WINDOW, frozenset({"zh-CN"}), on=True)
    assert alone([waiters(ago(hours=1))], scene(on), ago(seconds=60)) == []
    # Somebody who sits at a closed window is nobody.
    assert len(alone([waiters(ago(hours=1))], scene(on, open_=False), ago(seconds=60))) == 1


def test_one_alarm_a_queue_is_told_where_its_residents_are() -> None:
    nobody = scene()
    two = [waiters(ago(hours=1), "/s/p/town/"), waiters(ago(hours=1), "/s/p/park/")]
    (alarm,) = alone(two, nobody, NOON)
    assert alarm.place_path == "/s/p/"


def test_the_common_organisation_of_paths() -> None:
    assert common_path(["/s/p/town/"]) == "/s/p/town/"
    assert common_path(["/s/p/town/village/", "/s/p/town/"]) == "/s/p/town/"
    assert common_path(["/s/p/", "/s/pu/"]) == "/s/"
    assert common_path(["/s/p/", "/j/z/"]) is None
