"""The line-up in Redis, case by case: who gets whom, and what it bears."""

import datetime as dt
from itertools import count
from uuid import UUID

import pytest
from redis.asyncio import Redis

from server.queueing.lineup import LineUp, LineUpLost
from server.queueing.values import (
    Claim,
    Kept,
    Left,
    Line,
    Move,
    Place,
    Queue,
    Refusal,
    Seat,
    Settled,
    Sitting,
)

DAY = dt.datetime(2024, 11, 20, tzinfo=dt.UTC)
DISTRICT = Queue("district", UUID(int=1))
TOWN = Queue("street_town", UUID(int=2))
ZH, EN = frozenset({"zh-CN"}), frozenset({"zh-CN", "en"})
_windows = count(900)


def at(second: float) -> dt.datetime:
    return DAY + dt.timedelta(seconds=second)


def ticket(number: int, *lines: Line, rank: float | None = None, version: int = 1) -> Place:
    return Place(UUID(int=number), version, at(number if rank is None else rank), lines)


def asks(
    *skills: str, queue: Queue = DISTRICT, language: str | None = None, help_desk: bool = False
) -> Line:
    return Line(queue, frozenset(skills), language, help_desk)


def window(*skills: str, queue: Queue = DISTRICT, help_desk: bool = False) -> Seat:
    return Seat(UUID(int=next(_windows)), queue, frozenset(skills), help_desk)


def agent(
    number: int,
    *seats: Seat,
    idle: float = 0,
    speaks: frozenset[str] = ZH,
    free: int = 1,
    version: int = 1,
) -> Sitting:
    return Sitting(UUID(int=500 + number), version, at(idle), seats, speaks, free)


def pairs(claims: list[Claim]) -> list[tuple[int, int]]:
    return [(claim.ticket_id.int, claim.account_id.int - 500) for claim in claims]


async def test_an_agent_of_two_queues_takes_who_came_first_to_either(line_up: LineUp) -> None:
    here, there = asks("permit"), asks("residence", queue=TOWN)
    for one in (ticket(2, here), ticket(1, there), ticket(3, there), ticket(4, here)):
        await line_up.arrive(one, DAY)
    seats = (window("permit"), window("residence", queue=TOWN))
    served = []
    for number in range(1, 5):
        served += pairs(await line_up.sit(agent(number, *seats), DAY))
    assert served == [(1, 1), (2, 2), (3, 3), (4, 4)]


async def test_equal_ranks_are_served_in_the_order_of_their_ids(line_up: LineUp) -> None:
    for number in (3, 1, 2):
        await line_up.arrive(ticket(number, asks(), rank=0), DAY)
    served = []
    for number in (1, 2, 3):
        served += pairs(await line_up.sit(agent(number, window()), DAY))
    assert served == [(1, 1), (2, 2), (3, 3)]


async def test_the_longest_idle_who_is_able_gets_the_ticket(line_up: LineUp) -> None:
    await line_up.sit(agent(1, window("permit"), idle=5), DAY)
    await line_up.sit(agent(2, window("permit"), idle=3), DAY)
    await line_up.sit(agent(3, window("licence"), idle=1), DAY)
    assert pairs(await line_up.arrive(ticket(1, asks("permit")), DAY)) == [(1, 2)]
    assert pairs(await line_up.arrive(ticket(2, asks("permit")), DAY)) == [(2, 1)]
    assert pairs(await line_up.arrive(ticket(3, asks("permit")), DAY)) == []


async def test_all_skills_are_asked_of_one_window(line_up: LineUp) -> None:
    await line_up.arrive(ticket(1, asks("permit", "licence")), DAY)
    assert await line_up.sit(agent(1, window("permit"), window("licence")), DAY) == []
    desk = window("licence", "other", "permit")
    claims = await line_up.sit(agent(2, window("permit"), desk), DAY)
    assert pairs(claims) == [(1, 2)]
    assert claims[0].window_id == desk.window_id


async def test_a_language_is_asked_of_the_agent(line_up: LineUp) -> None:
    await line_up.sit(agent(1, window("permit"), idle=0), DAY)
    await line_up.sit(agent(2, window("permit"), idle=9, speaks=EN), DAY)
    english = ticket(1, asks("permit", language="en"))
    assert pairs(await line_up.arrive(english, DAY)) == [(1, 2)]
    assert pairs(await line_up.arrive(ticket(2, asks("permit", language="en")), DAY)) == []
    # Opened to those who do not speak it, it goes to the one who is there.
    wider = ticket(2, asks("permit", language="en"), asks("permit"), version=2)
    assert pairs(await line_up.arrive(wider, DAY)) == [(2, 1)]


async def test_a_help_desk_takes_what_overflows_to_it_whatever_its_skills(line_up: LineUp) -> None:
    await line_up.sit(agent(1, window("permit")), DAY)
    await line_up.sit(agent(2, window(help_desk=True)), DAY)
    assert pairs(await line_up.arrive(ticket(1, asks("other")), DAY)) == []
    overflowing = ticket(1, asks("other"), asks("other", help_desk=True), version=2)
    assert pairs(await line_up.arrive(overflowing, DAY)) == [(1, 2)]


async def test_who_is_in_two_queues_is_given_once(line_up: LineUp) -> None:
    await line_up.arrive(ticket(1, asks("permit"), asks("permit", queue=TOWN)), DAY)
    assert pairs(await line_up.sit(agent(1, window("permit", queue=TOWN)), DAY)) == [(1, 1)]
    assert await line_up.sit(agent(2, window("permit")), DAY) == []


async def test_a_refused_head_hides_nobody_and_comes_again_in_time(line_up: LineUp) -> None:
    for number in range(1, 40):
        await line_up.apply([ticket(number, asks())], DAY)
        if number < 39:
            refusal = Refusal(UUID(int=number), UUID(int=501), at(60))
            await line_up.apply([refusal], DAY)
    claims = await line_up.sit(agent(1, window()), DAY)
    assert pairs(claims) == [(39, 1)]
    back: list[Move] = [
        ticket(39, asks()),
        Settled(claims[0].name),
        Refusal(UUID(int=39), UUID(int=501), at(90)),
    ]
    assert pairs(await line_up.apply(back, DAY)) == []
    assert pairs(await line_up.apply([], at(59))) == []
    assert pairs(await line_up.apply([], at(60))) == [(1, 1)]


async def test_somebody_else_takes_what_was_refused(line_up: LineUp) -> None:
    await line_up.apply([Refusal(UUID(int=1), UUID(int=501), at(60))], DAY)
    await line_up.sit(agent(1, window(), idle=0), DAY)
    await line_up.sit(agent(2, window(), idle=9), DAY)
    assert pairs(await line_up.arrive(ticket(1, asks()), DAY)) == [(1, 2)]


async def test_one_who_is_held_is_called_by_nobody(line_up: LineUp) -> None:
    held = Place(UUID(int=1), 2, at(0), ())
    await line_up.arrive(held, DAY)
    await line_up.arrive(ticket(2, asks()), DAY)
    assert pairs(await line_up.sit(agent(1, window()), DAY)) == [(2, 1)]


async def test_what_comes_too_late_changes_nothing(line_up: LineUp) -> None:
    await line_up.arrive(ticket(1, asks(), version=3), DAY)
    await line_up.leave(UUID(int=1), 2, DAY)
    assert (await line_up.tickets())[UUID(int=1)].version == 3
    await line_up.leave(UUID(int=1), 4, DAY)
    await line_up.arrive(ticket(1, asks(), version=3), DAY)
    assert await line_up.tickets() == {}
    await line_up.stand(UUID(int=501), 5, DAY)
    await line_up.sit(agent(1, window(), version=4), DAY)
    assert await line_up.agents() == {}
    # From another life of the database, which has been restored since.
    await line_up.apply([ticket(1, asks(), version=1)], DAY, anew={UUID(int=1)})
    assert (await line_up.tickets())[UUID(int=1)].version == 1


async def test_a_claim_is_kept_until_it_is_settled(line_up: LineUp) -> None:
    await line_up.arrive(ticket(1, asks()), DAY)
    (claim,) = await line_up.sit(agent(1, window()), DAY)
    # Nobody else gets either of them, whatever is heard of them meanwhile.
    assert await line_up.apply([ticket(1, asks()), agent(1, window())], DAY) == []
    assert await line_up.arrive(ticket(2, asks()), DAY) == []
    assert pairs(await line_up.sit(agent(2, window()), DAY)) == [(2, 2)]
    assert pairs(await line_up.apply([Settled(claim.name)], DAY)) == [(1, 1)]
    assert await line_up.apply([Settled(claim.name)], DAY) == [], "an old claim ends nothing new"


async def test_claims_that_nobody_keeps_are_overdue(line_up: LineUp) -> None:
    await line_up.arrive(ticket(1, asks()), DAY)
    await line_up.arrive(ticket(2, asks()), DAY)
    (one,) = await line_up.sit(agent(1, window()), DAY)
    (two,) = await line_up.sit(agent(2, window()), at(1))
    assert await line_up.overdue(at(0.5)) == [(one.name, one.ticket_id, one.account_id)]
    await line_up.apply([Kept(one.name)], at(3))
    assert [name for name, _, _ in await line_up.overdue(at(2))] == [two.name]
    await line_up.apply([Settled(one.name), Settled(two.name), Kept(one.name)], at(4))
    assert [name for name, _, _ in await line_up.overdue(at(3.5))] == []


async def test_who_has_room_for_two_gets_two(line_up: LineUp) -> None:
    await line_up.sit(agent(1, window(), free=2), DAY)
    made = [pairs(await line_up.arrive(ticket(number, asks()), DAY)) for number in (1, 2, 3)]
    assert made == [[(1, 1)], [(2, 1)], []]


async def test_an_emptied_redis_takes_nothing_until_all_has_been_brought(
    line_up: LineUp, redis: Redis
) -> None:
    await line_up.arrive(ticket(1, asks()), DAY)
    await redis.flushall()
    assert not await line_up.known()
    with pytest.raises(LineUpLost):
        await line_up.sit(agent(1, window()), DAY)
    assert await line_up.hold("one", 60_000)
    assert not await line_up.hold("two", 60_000)
    # Who restores it makes pairs already; others wait, so that nobody is overtaken.
    await line_up.apply([agent(1, window())], DAY, token="one")
    assert pairs(await line_up.apply([ticket(1, asks())], DAY, token="one")) == [(1, 1)]
    with pytest.raises(LineUpLost):
        await line_up.apply([ticket(2, asks())], DAY, token="two")
    with pytest.raises(LineUpLost):
        await line_up.open("two")
    await line_up.open("one")
    await line_up.release("one")
    assert await line_up.hold("two", 60_000)
    assert pairs(await line_up.sit(agent(2, window()), DAY)) == []


async def test_names_that_look_like_our_own_marks_are_only_names(line_up: LineUp) -> None:
    odd = ("a,b", "a|b", "+", "*", ".", "c.", "{x}")
    for number, skill in enumerate(odd, start=1):
        await line_up.arrive(ticket(number, asks(skill)), DAY)
    assert await line_up.sit(agent(90, window("a", "b", "c")), DAY) == []
    for number, skill in enumerate(odd, start=1):
        assert pairs(await line_up.sit(agent(number, window(skill)), DAY)) == [(number, number)]


async def test_what_has_left_is_forgotten_wholly(line_up: LineUp, redis: Redis) -> None:
    await line_up.arrive(ticket(1, asks("a", "b"), asks("c", help_desk=True)), DAY)
    await line_up.apply([Left(UUID(int=1), 2)], DAY)
    names = {name async for name in redis.scan_iter() if ":gone:" not in name}
    assert names == {"{vw:queue}:epoch"}
    (gone,) = [name async for name in redis.scan_iter("*:gone:*")]
    assert 0 < await redis.ttl(gone) <= 600
