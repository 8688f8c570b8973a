"""Which rules are due for a ticket, by its waiting time and by who is on duty."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from server.organisations.tables import Widening
from server.tickets.overflow.rules import (
    Counter,
    Crew,
    Decision,
    Rule,
    Scene,
    Waiter,
    decide,
    in_order,
    may_be_served,
)
from server.tickets.reach import Reach

START = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
NAMES = UUID("b1d5a2f0-6f0e-4a53-9c0f-0f3a5f6f7a01")
SKILLS = frozenset({"residence"})

PATHS = {
    "putuo": "/shanghai/putuo/",
    "caoyang": "/shanghai/putuo/caoyang/",
    "taopu": "/shanghai/putuo/taopu/",
    "jingan": "/shanghai/jingan/",
    "gusu": "/jiangsu/suzhou/gusu/",
    "jiashan": "/zhejiang/jiaxing/jiashan/",
}
DISTRICTS = ("/shanghai/putuo/", "/shanghai/jingan/", "/jiangsu/suzhou/gusu/")


def id_of(name: str) -> UUID:
    return uuid5(NAMES, name)


def counter(name: str, org: str, channel: str = "street_town", **other: Any) -> Counter:
    known = {"skills": SKILLS, "help_desk": False, "open": True, **other}
    return Counter(
        window_id=id_of(name),
        channel=channel,
        org_id=id_of(org),
        org_code=org,
        org_path=PATHS[org],
        **known,
    )


def own(org: str, channel: str = "street_town", language: str | None = None) -> Reach:
    return Reach(channel, id_of(org), org, SKILLS, language)


def waiter(reach: Reach | None = None, place: str = "caoyang") -> Waiter:
    return Waiter("permit", PATHS[place], SKILLS, (reach or own("caoyang"),), START)


def rule(widening: Widening, code: str = "rule", **other: Any) -> Rule:
    known: dict[str, Any] = {
        "position": 0,
        "channel": None,
        "org_path": "/",
        "item_code": None,
        "after_seconds": None,
        "nobody_on_seconds": None,
    }
    return Rule(code=code, widening=widening, **known | other)


def scene(*counters: Counter, **crews: Crew) -> Scene:
    """crews: by the name of their window."""
    found = {id_of(name.replace("_", "-")): (crew,) for name, crew in crews.items()}
    return Scene(counters, found, DISTRICTS)


def crew(window: str, *, on: bool, speaks: str = "zh-CN", left: float = 0) -> Crew:
    """left: seconds after START."""
    return Crew(id_of(window), frozenset({speaks}), on, START + dt.timedelta(seconds=left))


def after(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


OWN, OTHER, FOREIGN = counter("own", "caoyang"), counter("other", "taopu"), counter("x", "jingan")
SAME_SKILL = rule(Widening.SAME_SKILL, after_seconds=180, nobody_on_seconds=30)


def opened(decision: Decision) -> list[str]:
    return [f"{reach.queue} {reach.language or '-'} {reach.rule}" for reach in decision.opened]


def test_while_somebody_is_on_a_rule_waits_for_its_seconds() -> None:
    staffed = scene(OWN, OTHER, own=crew("own", on=True))
    early = decide(waiter(), [SAME_SKILL], staffed, after(179))
    assert early == Decision((), after(180))
    late = decide(waiter(), [SAME_SKILL], staffed, after(180))
    assert opened(late) == ["street_town:taopu - rule"]
    assert late.next_at is None


def test_with_nobody_on_it_waits_for_the_shorter_time_since_the_last_one_left() -> None:
    empty = scene(OWN, OTHER)
    assert decide(waiter(), [SAME_SKILL], empty, after(29)) == Decision((), after(30))
    assert opened(decide(waiter(), [SAME_SKILL], empty, after(30)))
    left = scene(OWN, OTHER, own=crew("own", on=False, left=100))
    assert decide(waiter(), [SAME_SKILL], left, after(120)) == Decision((), after(130))


def test_somebody_at_a_closed_window_is_not_on() -> None:
    closed = scene(replace(OWN, open=False), OTHER, own=crew("own", on=True))
    assert opened(decide(waiter(), [SAME_SKILL], closed, after(200)))


def test_only_open_windows_of_the_own_district_are_opened() -> None:
    closed = replace(OTHER, open=False)
    unable = replace(OTHER, window_id=id_of("unable"), skills=frozenset({"tax"}))
    assert decide(waiter(), [SAME_SKILL], scene(OWN, FOREIGN, closed, unable), after(300)) == (
        Decision((), None)
    )


def test_what_is_opened_is_not_opened_again() -> None:
    all_there = scene(OWN, OTHER)
    first = decide(waiter(), [SAME_SKILL], all_there, after(30))
    again = replace(waiter(), reach=(own("caoyang"), *first.opened))
    assert decide(again, [SAME_SKILL], all_there, after(999)) == Decision((), None)


def test_a_delta_item_goes_to_partners_and_to_the_own_district() -> None:
    counters = [
        counter("gusu", "gusu", "yangtze_delta"),
        counter("jiashan", "jiashan", "yangtze_delta"),
        counter("putuo", "putuo", "yangtze_delta"),
        counter("town", "caoyang"),
    ]
    found = decide(waiter(own("gusu", "yangtze_delta")), [SAME_SKILL], scene(*counters), after(30))
    assert opened(found) == ["yangtze_delta:jiashan - rule", "yangtze_delta:putuo - rule"]


def test_a_district_rule_opens_the_windows_of_the_district_that_have_the_skills() -> None:
    able = counter("able", "putuo", "district")
    unable = counter("unable", "putuo", "district", skills=frozenset({"tax"}))
    to_district = rule(Widening.DISTRICT, nobody_on_seconds=0)
    assert opened(decide(waiter(), [to_district], scene(OWN, able, unable), START)) == [
        "district:putuo - rule"
    ]
    assert decide(waiter(), [to_district], scene(OWN, unable), START) == Decision((), None)


def test_a_help_desk_takes_it_whatever_the_skills_and_has_a_queue_of_its_own() -> None:
    desk = counter("desk", "putuo", "district", skills=frozenset(), help_desk=True)
    to_desk = rule(Widening.HELP_DESK, after_seconds=300)
    found = decide(waiter(), [to_desk], scene(OWN, desk), after(300))
    assert opened(found) == ["help_desk:putuo - rule"]
    assert found.opened[0].help_desk
    partner = waiter(own("gusu", "yangtze_delta"))
    assert opened(decide(partner, [to_desk], scene(OWN, desk), after(300)))
    # A window of the district that is no help desk is not meant.
    other = counter("able", "putuo", "district")
    assert not decide(waiter(), [to_desk], scene(OWN, other), after(300)).opened


LANGUAGE = rule(Widening.LANGUAGE, "language", after_seconds=60, nobody_on_seconds=0)


def test_a_language_is_asked_for_a_minute_while_somebody_speaks_it() -> None:
    english = waiter(own("caoyang", language="en"))
    speaker = scene(OWN, own=crew("own", on=True, speaks="en"))
    assert decide(english, [LANGUAGE], speaker, after(59)) == Decision((), after(60))
    assert opened(decide(english, [LANGUAGE], speaker, after(60))) == [
        "street_town:caoyang - language"
    ]


def test_a_language_that_nobody_on_duty_speaks_is_not_waited_for() -> None:
    english = waiter(own("caoyang", language="en"))
    others = scene(OWN, own=crew("own", on=True))
    assert opened(decide(english, [LANGUAGE], others, START))
    assert decide(waiter(), [LANGUAGE], others, after(999)) == Decision((), None)


def test_rules_are_looked_at_in_order_each_over_what_was_opened() -> None:
    desk = counter("desk", "putuo", "district", skills=frozenset(), help_desk=True)
    last = rule(Widening.HELP_DESK, "last", position=3, nobody_on_seconds=30)
    rules = in_order([last, replace(SAME_SKILL, position=2), replace(LANGUAGE, position=1)])
    english = waiter(own("caoyang", language="en"))
    # Somebody is on where the second rule leads to: the third has no reason any more.
    found = decide(english, rules, scene(OWN, OTHER, desk, other=crew("other", on=True)), after(40))
    assert opened(found) == ["street_town:caoyang - language", "street_town:taopu - rule"]
    nobody = decide(english, rules, scene(OWN, OTHER, desk), after(40))
    assert opened(nobody)[-1] == "help_desk:putuo - last"


def test_elsewhere_the_language_is_asked_too_as_long_as_it_is_here() -> None:
    english = waiter(own("caoyang", language="en"))
    staffed = scene(OWN, OTHER, own=crew("own", on=True, speaks="en"))
    early = replace(SAME_SKILL, after_seconds=10)
    assert opened(decide(english, [early], staffed, after(20))) == ["street_town:taopu en rule"]


def test_a_rule_is_of_a_channel_an_item_and_a_place() -> None:
    ready = scene(OWN, OTHER)
    for other in ({"channel": "district"}, {"item_code": "card"}, {"org_path": PATHS["taopu"]}):
        assert not decide(waiter(), [replace(SAME_SKILL, **other)], ready, after(99)).opened  # type: ignore[arg-type]
    mine = {"channel": "street_town", "item_code": "permit", "org_path": "/shanghai/putuo/"}
    assert decide(waiter(), [replace(SAME_SKILL, **mine)], ready, after(99)).opened  # type: ignore[arg-type]


def test_who_may_be_served_somewhere_at_some_time_waits_on() -> None:
    closed = replace(OWN, open=False)
    assert may_be_served(waiter(), [], scene(OWN))
    assert not may_be_served(waiter(), [], scene(closed, OTHER))
    assert may_be_served(waiter(), [SAME_SKILL], scene(closed, OTHER))
    assert not may_be_served(waiter(), [SAME_SKILL], scene(closed, replace(OTHER, open=False)))


def test_a_rule_is_asked_again_over_what_a_later_one_has_opened() -> None:
    desk = counter("desk", "putuo", "district", skills=frozenset(), help_desk=True)
    rules = [
        rule(Widening.LANGUAGE, "language", after_seconds=10),
        rule(Widening.HELP_DESK, "last", position=2, nobody_on_seconds=10),
    ]
    english = waiter(own("caoyang", language="en"))
    found = decide(english, rules, scene(replace(OWN, open=False), desk), after(10))
    assert opened(found) == ["help_desk:putuo en last", "help_desk:putuo - language"]


@given(
    data=st.data(),
    seconds=st.floats(0, 400),
    rules=st.lists(
        st.builds(
            rule,
            st.sampled_from(Widening),
            st.sampled_from(["a", "b", "c"]),
            position=st.integers(0, 3),
            after_seconds=st.none() | st.integers(0, 300),
            nobody_on_seconds=st.none() | st.integers(0, 60),
        ),
        max_size=5,
        unique_by=lambda one: one.code,
    ),
)
def test_what_is_due_at_a_moment_is_done_then_and_nothing_sooner(
    data: st.DataObject, seconds: float, rules: list[Rule]
) -> None:
    counters = [
        OWN,
        OTHER,
        counter("able", "putuo", "district"),
        counter("desk", "putuo", "district", skills=frozenset(), help_desk=True),
    ]
    counters = [replace(one, open=data.draw(st.booleans())) for one in counters]
    crews = {
        one.window_id: (
            Crew(one.window_id, frozenset({data.draw(st.sampled_from(["en", "zh-CN"]))}),
                 data.draw(st.booleans()), after(data.draw(st.integers(-50, 50)))),
        )
        for one in counters
    }  # fmt: skip
    there = Scene(counters, crews, DISTRICTS)
    english = waiter(own("caoyang", language="en"))
    now = after(seconds)
    found = decide(english, in_order(rules), there, now)
    # Widened once, it stays so: nothing is due at the same moment, and nothing is doubled.
    wider = replace(english, reach=(*english.reach, *found.opened))
    assert len({replace(one, rule=None) for one in wider.reach}) == len(wider.reach)
    again = decide(wider, in_order(rules), there, now)
    assert again.opened == ()
    assert all(there.is_open([one]) for one in found.opened)
    if again.next_at is not None:
        assert again.next_at > now
        # The next rule is due exactly then, and not before.
        just_before = again.next_at - dt.timedelta(microseconds=1)
        assert not decide(wider, in_order(rules), there, just_before).opened
        assert decide(wider, in_order(rules), there, again.next_at).opened
    else:
        assert not decide(wider, in_order(rules), there, now + dt.timedelta(days=1)).opened
