"""What the reference model promises, and so the line-up in Redis, which makes the same pairs:
order of the queue, one ticket an agent, the longest idle first."""

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.queueing.values import Line, Place, Queue, Seat, Sitting
from tests.support.queue_model import able, match

DAY = dt.datetime(2024, 11, 20, tzinfo=dt.UTC)
QUEUES = (Queue("district", UUID(int=1)), Queue("street_town", UUID(int=2)))
SKILLS = ("licence", "permit", "insurance")

skills = st.frozensets(st.sampled_from(SKILLS))
lines = st.builds(Line, st.sampled_from(QUEUES), skills, st.sampled_from((None, "en")))


def place(number: int, line: Line) -> Place:
    return Place(UUID(int=100 + number), 1, DAY, (line,))


@st.composite
def desks(draw: st.DrawFn) -> list[Sitting]:
    """Agents with one or two windows each."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        seats = [
            Seat(UUID(int=300 + 10 * number + at), draw(st.sampled_from(QUEUES)), draw(skills))
            for at in range(draw(st.integers(1, 2)))
        ]
        since = DAY + dt.timedelta(seconds=draw(st.integers(0, 5)))
        speaks = draw(st.frozensets(st.sampled_from(("zh-CN", "en")), min_size=1))
        found.append(Sitting(UUID(int=200 + number), 1, since, tuple(seats), speaks))
    return draw(st.permutations(found))


queues = st.lists(lines, max_size=8).map(lambda all_: [place(n, one) for n, one in enumerate(all_)])


def can(agent: Sitting, ticket: Place) -> bool:
    return any(able(seat, agent, line) for seat in agent.seats for line in ticket.lines)


@given(queues, desks())
def test_only_able_agents_get_a_ticket_and_each_gets_one(
    waiting: list[Place], agents: list[Sitting]
) -> None:
    tickets = {one.ticket_id: one for one in waiting}
    by_id = {one.account_id: one for one in agents}
    pairs = match(waiting, agents)
    assert len({ticket for ticket, _, _ in pairs}) == len(pairs)
    assert len({account for _, account, _ in pairs}) == len(pairs)
    for ticket, account, window in pairs:
        agent = by_id[account]
        (seat,) = [seat for seat in agent.seats if seat.window_id == window]
        assert any(able(seat, agent, line) for line in tickets[ticket].lines)


@given(queues, desks())
def test_nobody_waits_while_somebody_able_is_free(
    waiting: list[Place], agents: list[Sitting]
) -> None:
    pairs = match(waiting, agents)
    served, taken = {one[0] for one in pairs}, {one[1] for one in pairs}
    for ticket in waiting:
        if ticket.ticket_id not in served:
            assert all(one.account_id in taken for one in agents if can(one, ticket))


@given(queues, desks())
def test_among_equals_the_first_that_came_is_served_first(
    waiting: list[Place], agents: list[Sitting]
) -> None:
    served = {ticket for ticket, _, _ in match(waiting, agents)}
    for at, early in enumerate(waiting):
        for late in waiting[at + 1 :]:
            if early.lines == late.lines and late.ticket_id in served:
                assert early.ticket_id in served


@given(queues, desks())
def test_the_longest_idle_of_those_able_is_asked(
    waiting: list[Place], agents: list[Sitting]
) -> None:
    tickets = {one.ticket_id: one for one in waiting}
    by_id = {one.account_id: one for one in agents}
    taken: set[UUID] = set()
    for ticket, account, _ in match(waiting, agents):
        free = [
            one.idle_since
            for one in agents
            if one.account_id not in taken and can(one, tickets[ticket])
        ]
        assert by_id[account].idle_since == min(free)
        taken.add(account)


@given(queues, desks(), st.data())
def test_who_has_just_rejected_a_ticket_is_passed_over_for_it_alone(
    waiting: list[Place], agents: list[Sitting], data: st.DataObject
) -> None:
    tickets = [ticket.ticket_id for ticket in waiting]
    accounts = [agent.account_id for agent in agents]
    pairs = st.tuples(st.sampled_from(tickets), st.sampled_from(accounts))
    refused = data.draw(st.frozensets(pairs) if tickets and accounts else st.just(frozenset()))
    made = match(waiting, agents, refused)
    assert not refused & {(ticket, account) for ticket, account, _ in made}
    served, taken = {one[0] for one in made}, {one[1] for one in made}
    for ticket in waiting:
        for agent in agents:
            waits = ticket.ticket_id not in served and agent.account_id not in taken
            if waits and can(agent, ticket):
                assert (ticket.ticket_id, agent.account_id) in refused
