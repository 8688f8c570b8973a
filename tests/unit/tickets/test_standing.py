"""Why a ticket stands where it stands, and how long it will wait there, for whole queues."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tickets.priority import HeadStarts, rank_at
from server.tickets.reach import Reach
from server.tickets.standing.estimates import waiter_of
from server.tickets.standing.reasons import Reason, Why, of_place, words
from server.tickets.standing.sight import Demand, Seat, Sight, Waiter, Worker
from server.tickets.standing.waiting import ANSWER_SECONDS, RaisedBy
from server.tickets.states import TicketKind
from server.tickets.tables import Ticket

START = dt.datetime(2024, 11, 26, 1, tzinfo=dt.UTC)
TOWN, DISTRICT = UUID(int=1), UUID(int=2)
STARTS = HeadStarts({"elderly": 120, "pregnant": 180, "appointment": 600}, 600)
SECONDS = {"permit": 600.0, "licence": 1_200.0}


def reach(org: UUID = TOWN, skills: Sequence[str] = (), *, language: str | None = None) -> Reach:
    code, channel = ("town", "street_town") if org == TOWN else ("district", "district")
    return Reach(channel, org, code, frozenset(skills), language)


OWN = Demand.of(reach())
GUEST = Demand.of(reach(DISTRICT), reach())


def waiter(
    number: int,
    second: int,
    *priority: str,
    demand: Demand = OWN,
    item: str = "permit",
) -> Waiter:
    since = START + dt.timedelta(seconds=second)
    rank = rank_at(since, STARTS.of(priority)), UUID(int=number)
    return Waiter(rank, since, item, demand, priority)


def worker(
    number: int,
    *,
    free: bool = False,
    org: UUID = TOWN,
    skills: Sequence[str] = (),
    item: str | None = "permit",
    speaks: Sequence[str] = ("zh-CN",),
) -> Worker:
    channel = "street_town" if org == TOWN else "district"
    seat = Seat(channel, org, frozenset(skills))
    return Worker(UUID(int=number), free, (seat,), frozenset(speaks), None if free else item)


def sight(waiters: Sequence[Waiter], workers: Sequence[Worker] = ()) -> Sight:
    seats = [seat for one in workers for seat in one.seats]
    return Sight(sorted(waiters, key=lambda one: one.rank), workers, seats, SECONDS)


def told(found: Sequence[Reason]) -> dict[Why, dict[str, object]]:
    return {reason.code: dict(reason.params) for reason in found}


def test_the_only_one_is_next() -> None:
    alone = waiter(1, 0)
    assert told(of_place(alone, sight([alone]))) == {Why.NEXT: {}}


def test_those_before_came_first() -> None:
    line = [waiter(number, number) for number in range(4)]
    seen = sight(line)
    assert [seen.ahead(one) for one in line] == [0, 1, 2, 3]
    assert [seen.raised_by(one) for one in line] == [None] * 4
    assert told(of_place(line[3], seen)) == {Why.FIRST_COME: {"ahead": 3, "earlier": 3}}


def test_a_head_start_is_explained_to_those_passed_and_to_who_has_it() -> None:
    early, late = waiter(1, 0), waiter(2, 100)
    elder = waiter(3, 110, "elderly")  # as if at second -10
    mother = waiter(4, 130, "pregnant", "elderly")
    seen = sight([early, late, elder, mother])
    assert [seen.ahead(one) for one in (mother, elder, early, late)] == [0, 1, 2, 3]
    reasons = of_place(late, seen)
    assert told(reasons[:1]) == {Why.FIRST_COME: {"ahead": 3, "earlier": 1}}
    passed = [dict(reason.params) for reason in reasons if reason.code is Why.PASSED_BY]
    # Each is counted once, under the first of the reasons: the figures add up.
    assert passed == [{"count": 2, "reason": "elderly"}]
    own = told(of_place(mother, seen))[Why.HEAD_START]
    assert own == {"seconds": 300, "reasons": ["elderly", "pregnant"], "passed": 3}
    assert seen.raised_by(late) is RaisedBy.HEAD_START
    assert seen.raised_by(early) is RaisedBy.HEAD_START
    assert seen.raised_by(mother) is None
    assert told(of_place(elder, seen))[Why.HEAD_START]["passed"] == 2


def test_who_came_over_from_another_queue_is_named_as_such() -> None:
    guest, mine = waiter(1, 0, demand=GUEST), waiter(2, 5)
    behind = waiter(3, 9, demand=GUEST)
    seen = sight([guest, mine, behind])
    assert told(of_place(mine, seen)) == {
        Why.FIRST_COME: {"ahead": 1, "earlier": 1},
        Why.LET_IN: {"count": 1},
    }
    assert seen.raised_by(mine) is RaisedBy.OVERFLOW
    # In the own queue of the guests nobody else stands.
    assert (seen.ahead(behind), seen.raised_by(behind)) == (1, None)


def test_who_comes_early_for_an_appointment_counts_as_coming_at_its_time() -> None:
    due_at = START + dt.timedelta(minutes=20)
    ticket = Ticket(
        id=UUID(int=1),
        kind=TicketKind.APPOINTMENT,
        number="B001",
        business_day=START.date(),
        channel="street_town",
        item_code="permit",
        skills=[],
        reach=[reach().wire()],
        serving_org_id=TOWN,
        serving_org_code="town",
        serving_org_path="/town/",
        place_id=TOWN,
        place_code="town",
        place_path="/town/",
        language="en",
        created_at=START,
        waiting_since=START,
        due_at=due_at,
        priority=["appointment"],
        head_start_seconds=600,
        rank_at=due_at - dt.timedelta(seconds=600),
    )
    early, soon, late = waiter_of(ticket), waiter(2, 5 * 60), waiter(3, 11 * 60)
    seen = sight([early, soon, late])
    assert told(of_place(early, seen)) == {
        Why.FIRST_COME: {"ahead": 1, "earlier": 1},
        Why.HEAD_START: {"seconds": 600, "reasons": ["appointment"], "passed": 1},
    }
    assert seen.raised_by(early) is None
    assert seen.raised_by(late) is RaisedBy.HEAD_START


@given(
    st.lists(
        st.tuples(
            st.integers(0, 900),
            st.sets(st.sampled_from(["elderly", "pregnant", "appointment"])),
            st.booleans(),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_the_figures_add_up(came: list[tuple[int, set[str], bool]]) -> None:
    line = [
        waiter(number, second, *sorted(priority), demand=GUEST if guest else OWN)
        for number, (second, priority, guest) in enumerate(came, 1)
    ]
    seen = sight(line)
    for one in line:
        before = [
            other
            for other in line
            if other.rank < one.rank and one.demand.own in other.demand.queues
        ]
        reasons = of_place(one, seen)
        found = told(reasons)
        passers = sum(
            int(reason.params["count"]) for reason in reasons if reason.code is Why.PASSED_BY
        )
        ahead = found.get(Why.FIRST_COME, {"ahead": 0, "earlier": 0})
        assert ahead["ahead"] == len(before) == seen.ahead(one)
        assert ahead["earlier"] == len(before) - passers
        assert (Why.NEXT in found) == (not before)
        assert (seen.raised_by(one) is RaisedBy.HEAD_START) == (passers > 0)
        passed = [
            other
            for other in line
            if other.rank > one.rank
            and other.since < one.since
            and one.demand.own in other.demand.queues
        ]
        assert seen.passed(one) == len(passed)


def test_nobody_at_work_is_no_wait_that_could_be_told() -> None:
    alone = waiter(1, 0)
    assert sight([alone]).seconds(OWN, alone.rank) is None
    elsewhere = sight([alone], [worker(9, org=DISTRICT)])
    assert elsewhere.seconds(OWN, alone.rank) is None
    assert not elsewhere.is_open(OWN)


def test_a_free_agent_answers_at_once_and_a_busy_one_after_a_turn() -> None:
    alone = waiter(1, 0)
    assert sight([alone], [worker(9, free=True)]).seconds(OWN, alone.rank) == ANSWER_SECONDS
    assert sight([alone], [worker(9)]).seconds(OWN, alone.rank) == 600
    assert sight([alone], [worker(9), worker(8)]).seconds(OWN, alone.rank) == 300
    # What is being served, and what is ahead, takes its own time.
    assert sight([alone], [worker(9, item="licence")]).seconds(OWN, alone.rank) == 1_200
    line = [waiter(1, 0, item="licence"), waiter(2, 1)]
    assert sight(line, [worker(9)]).seconds(OWN, line[1].rank) == 1_800


def test_only_those_who_are_able_count() -> None:
    asks = Demand.of(reach(skills=["tax"]))
    speaks = Demand.of(reach(language="en"))
    workers = [worker(9), worker(8, skills=["tax"]), worker(7, speaks=["zh-CN", "en"])]
    seen = sight([waiter(1, 0)], workers)
    assert len(seen.able(OWN)) == 3
    assert seen.able(asks) == {UUID(int=8)}
    assert seen.able(speaks) == {UUID(int=7)}


def test_those_ahead_count_as_far_as_they_take_the_same_agents() -> None:
    """Tax matters have one agent, who takes the others too; those have two."""
    tax = Demand.of(reach(skills=["tax"]))
    workers = [worker(9), worker(8, skills=["tax"])]
    line = [waiter(1, 0), waiter(2, 1), waiter(3, 2, demand=tax)]
    seen = sight(line, workers)
    assert seen.ahead(line[2]) == 2
    # Half of the two before will go to the one agent: two turns of 600 s.
    assert seen.seconds(tax, line[2].rank) == 1_200
    # A ticket behind is not served by one agent alone.
    assert seen.seconds(OWN) == 1_200  # (3 ahead + 1) turns / 2 agents


def test_more_windows_shorten_the_wait_and_not_the_number_ahead() -> None:
    wide = Demand.of(reach(), reach(DISTRICT))
    line = [waiter(1, 0), waiter(2, 1, demand=wide)]
    workers = [worker(9), worker(8, org=DISTRICT)]
    seen = sight(line, workers)
    narrow = sight([line[0], waiter(2, 1)], workers)
    assert seen.ahead(line[1]) == narrow.ahead(waiter(2, 1)) == 1
    shorter, longer = seen.seconds(wide, line[1].rank), narrow.seconds(OWN, line[1].rank)
    assert shorter is not None
    assert longer is not None
    assert shorter < longer


@pytest.mark.parametrize(
    ("reason", "chinese", "english"),
    [
        (
            Reason(Why.FIRST_COME, {"ahead": 3, "earlier": 2}),
            "按取号先后排队：您前面还有 3 位，其中 2 位比您先取号。",
            "First come, first served. Ahead of you: 3; of them with an earlier number: 2.",
        ),
        (
            Reason(Why.FIRST_COME, {"ahead": 2, "earlier": 2}),
            "按取号先后排队：您前面还有 2 位，都比您先取号。",
            "First come, first served. Ahead of you, all with an earlier number: 2.",
        ),
        (
            Reason(Why.FIRST_COME, {"ahead": 2, "earlier": 0}),
            "您前面还有 2 位，取号都比您晚。",
            "Ahead of you, all with a later number: 2.",
        ),
        (
            Reason(Why.PASSED_BY, {"count": 1, "reason": "pregnant"}),
            "有 1 位取号比您晚，但因「孕妇」优先，排在您前面。",
            "Ahead of you with a later number, by a head start (pregnant): 1.",
        ),
        (
            Reason(
                Why.HEAD_START, {"seconds": 150, "reasons": ["elderly", "veteran"], "passed": 4}
            ),
            "您因「60 岁及以上、退役军人」优先，排队时间按早到 2.5 分钟算，"
            "排到了 4 位先取号的人前面。",
            "You have a head start (60 years and over, veteran): you stand as if you had come "
            "2.5 min earlier, ahead of 4 with an earlier number.",
        ),
        (
            Reason(Why.HEAD_START_UNUSED, {"seconds": 120, "reasons": ["elderly"], "passed": 0}),
            "您因「60 岁及以上」优先，排队时间按早到 2 分钟算。",
            "You have a head start (60 years and over): you stand as if you had come 2 min "
            "earlier.",
        ),
        (
            Reason(Why.OVERFLOW, {"rule": "r", "org": "putuo"}),
            "为了让您少等，普陀区的窗口也可以为您办理。",
            "To shorten your wait, the windows of Putuo may serve you too.",
        ),
        (
            Reason(Why.HELD, {"until": START}),
            "您离开了页面，位置为您保留到 11月26日 9:00；回来后仍在原处。",
            "You have left the page. Your place is kept until 26 Nov 9:00; come back and you "
            "stand where you stood.",
        ),
    ],
)
def test_reasons_are_told_in_words(reason: Reason, chinese: str, english: str) -> None:
    names = {"putuo": {"zh-CN": "普陀区", "en": "Putuo"}}
    assert words(reason, "zh-CN", names) == chinese
    assert words(reason, "en", names) == english
    assert all(not isinstance(value, dt.datetime) for value in reason.wire_params().values())
