"""Who gets whom: order of the queue, one ticket an agent, the longest idle first."""

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.tickets.dispatch import Seat, Waiting, match

DAY = dt.datetime(2024, 11, 20, tzinfo=dt.UTC)
CHANNELS = ("district", "street_town")
SKILLS = ("licence", "permit", "insurance")
ORGS = (UUID(int=1), UUID(int=2))

skills = st.frozensets(st.sampled_from(SKILLS))


@st.composite
def queues(draw: st.DrawFn) -> list[Waiting]:
    count = draw(st.integers(0, 8))
    return [
        Waiting(
            UUID(int=100 + number),
            draw(st.sampled_from(ORGS)),
            draw(st.sampled_from(CHANNELS)),
            draw(skills),
        )
        for number in range(count)
    ]


@st.composite
def desks(draw: st.DrawFn) -> list[Seat]:
    """Agents with one or two windows each; an agent is idle since one moment."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        idle_since = DAY + dt.timedelta(seconds=draw(st.integers(0, 5)))
        for window in range(draw(st.integers(1, 2))):
            seat = Seat(
                UUID(int=200 + number),
                UUID(int=300 + 10 * number + window),
                draw(st.sampled_from(ORGS)),
                draw(st.sampled_from(CHANNELS)),
                draw(skills),
                idle_since,
            )
            found.append(seat)
    return draw(st.permutations(found))


def able(ticket: Waiting, seat: Seat) -> bool:
    return (
        seat.org_id == ticket.org_id
        and seat.channel == ticket.channel
        and ticket.skills <= seat.skills
    )


@given(queues(), desks())
def test_only_able_seats_get_a_ticket_and_each_agent_gets_one(
    waiting: list[Waiting], seats: list[Seat]
) -> None:
    pairs = match(waiting, seats)
    assert all(able(ticket, seat) for ticket, seat in pairs)
    assert len({ticket.ticket_id for ticket, _ in pairs}) == len(pairs)
    assert len({seat.account_id for _, seat in pairs}) == len(pairs)
    assert {ticket for ticket, _ in pairs} <= set(waiting)
    assert {seat for _, seat in pairs} <= set(seats)


@given(queues(), desks())
def test_nobody_waits_while_somebody_able_is_free(
    waiting: list[Waiting], seats: list[Seat]
) -> None:
    pairs = match(waiting, seats)
    taken = {seat.account_id for _, seat in pairs}
    served = {ticket for ticket, _ in pairs}
    for ticket in set(waiting) - served:
        assert all(seat.account_id in taken for seat in seats if able(ticket, seat))


@given(queues(), desks())
def test_among_equals_the_first_that_came_is_served_first(
    waiting: list[Waiting], seats: list[Seat]
) -> None:
    served = {ticket for ticket, _ in match(waiting, seats)}
    for place, early in enumerate(waiting):
        for late in waiting[place + 1 :]:
            same_queue = (early.org_id, early.channel) == (late.org_id, late.channel)
            if same_queue and early.skills <= late.skills and late in served:
                assert early in served


@given(queues(), desks())
def test_the_longest_idle_of_those_able_is_asked(waiting: list[Waiting], seats: list[Seat]) -> None:
    pairs = match(waiting, seats)
    for place, (ticket, seat) in enumerate(pairs):
        taken_before = {one.account_id for _, one in pairs[:place]}
        free = [s for s in seats if able(ticket, s) and s.account_id not in taken_before]
        assert seat.idle_since == min(one.idle_since for one in free)


@given(queues(), desks())
def test_the_order_in_which_seats_are_read_changes_nobody(
    waiting: list[Waiting], seats: list[Seat]
) -> None:
    def people(pairs: list[tuple[Waiting, Seat]]) -> list[tuple[UUID, UUID]]:
        return [(ticket.ticket_id, seat.account_id) for ticket, seat in pairs]

    assert people(match(waiting, seats)) == people(match(waiting, list(reversed(seats))))


def test_a_ticket_that_nobody_can_serve_holds_up_nobody_behind_it() -> None:
    first = Waiting(UUID(int=1), ORGS[0], "district", frozenset({"permit"}))
    second = Waiting(UUID(int=2), ORGS[0], "district", frozenset({"licence"}))
    seat = Seat(UUID(int=3), UUID(int=4), ORGS[0], "district", frozenset({"licence"}), DAY)
    assert match([first, second], [seat]) == [(second, seat)]


@given(queues(), desks(), st.data())
def test_who_has_just_rejected_a_ticket_is_passed_over_for_it_alone(
    waiting: list[Waiting], seats: list[Seat], data: st.DataObject
) -> None:
    tickets = [ticket.ticket_id for ticket in waiting]
    agents = [seat.account_id for seat in seats]
    pairs = st.tuples(st.sampled_from(tickets), st.sampled_from(agents))
    refusals = data.draw(st.frozensets(pairs) if tickets and agents else st.just(frozenset()))
    made = match(waiting, seats, refusals)
    assert not refusals & {(ticket.ticket_id, seat.account_id) for ticket, seat in made}
    taken, served = {seat.account_id for _, seat in made}, {ticket for ticket, _ in made}
    for ticket in set(waiting) - served:
        for seat in seats:
            if able(ticket, seat) and seat.account_id not in taken:
                assert (ticket.ticket_id, seat.account_id) in refusals
