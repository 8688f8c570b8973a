"""The line-up in Redis makes the pairs that a plain model makes, whatever happens in what order."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.infrastructure.redis import connect_redis
from server.queueing.lineup import LineUp
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
    Stood,
)
from tests.integration.queueing.conftest import open_empty
from tests.support.caches import Valkey
from tests.support.queue_model import QueueModel

DAY = dt.datetime(2024, 11, 20, tzinfo=dt.UTC)
QUEUES = (Queue("district", UUID(int=1)), Queue("street_town", UUID(int=2)))
SKILLS = ("licence", "permit", "标准.a", "a|b,c")
TICKETS = [UUID(int=100 + number) for number in range(8)]
AGENTS = [UUID(int=200 + number) for number in range(5)]

seconds = st.integers(0, 5)
skills = st.frozensets(st.sampled_from(SKILLS), max_size=3)
languages = st.sampled_from((None, None, "zh-CN", "en"))
lines = st.builds(
    Line, st.sampled_from(QUEUES), skills, languages, st.integers(0, 4).map(lambda n: n == 0)
)
seats = st.builds(
    Seat,
    st.sampled_from([UUID(int=300 + number) for number in range(4)]),
    st.sampled_from(QUEUES),
    skills,
    st.booleans(),
)


def moment(second: int) -> dt.datetime:
    return DAY + dt.timedelta(seconds=second)


@st.composite
def places(draw: st.DrawFn) -> Place:
    found = draw(st.lists(lines, max_size=2, unique=True))
    rank = moment(draw(seconds))
    return Place(draw(st.sampled_from(TICKETS)), draw(st.integers(1, 3)), rank, tuple(found))


sittings = st.builds(
    Sitting,
    account_id=st.sampled_from(AGENTS),
    version=st.integers(1, 3),
    idle_since=seconds.map(moment),
    seats=st.lists(seats, min_size=1, max_size=2, unique_by=lambda seat: seat.window_id).map(tuple),
    speaks=st.frozensets(st.sampled_from(("zh-CN", "en")), min_size=1),
    free=st.sampled_from((1, 1, 1, 2)),
)
refusals = st.builds(
    Refusal, st.sampled_from(TICKETS), st.sampled_from(AGENTS), st.integers(0, 20).map(moment)
)
moves = (
    places()
    | sittings
    | st.builds(Left, st.sampled_from(TICKETS), st.integers(1, 3))
    | st.builds(Stood, st.sampled_from(AGENTS), st.integers(1, 3))
    | refusals
    | st.integers(0, 4)  # settle one of the claims
)
steps = st.lists(st.tuples(st.lists(moves, min_size=1, max_size=4), st.integers(0, 3)), max_size=25)


@given(steps)
def test_the_pairs_are_those_of_the_model(
    shared_valkey: Valkey, steps: list[tuple[list[Move | int], int]]
) -> None:
    asyncio.run(compare(shared_valkey.url, steps))


async def compare(url: str, steps: list[tuple[list[Move | int], int]]) -> None:
    redis, model, now = connect_redis(url), QueueModel(), DAY
    try:
        await redis.flushall()
        line_up = LineUp(redis)
        await open_empty(line_up)
        open_claims: list[Claim] = []
        for drawn, passes in steps:
            now += dt.timedelta(seconds=passes)
            moves = [settle_or(move, open_claims) for move in drawn]
            claims = await line_up.apply(moves, now)
            expected = model.apply(moves, now)
            made = [(one.ticket_id, one.account_id, one.window_id) for one in claims]
            assert sorted(made) == sorted(expected), moves
            model.claim(claims)
            open_claims += claims
            await same_rows(line_up, model)
    finally:
        await redis.aclose()


def settle_or(move: Move | int, claims: Sequence[Claim]) -> Move:
    if not isinstance(move, int):
        return move
    return Settled(claims[move % len(claims)].name) if claims else Kept("none")


async def same_rows(line_up: LineUp, model: QueueModel) -> None:
    tickets = {one: known.version for one, known in (await line_up.tickets()).items()}
    assert tickets == {one: place.version for one, place in model.places.items()}
    agents = {one: (known.version, known.digest) for one, known in (await line_up.agents()).items()}
    assert agents == {one: (sat.version, sat.digest) for one, sat in model.agents.items()}


@given(st.lists(moves, min_size=1, max_size=30))
def test_nothing_is_left_of_those_who_have_all_left(
    shared_valkey: Valkey, moves: list[Move | int]
) -> None:
    async def come_and_go() -> None:
        redis = connect_redis(shared_valkey.url)
        try:
            await redis.flushall()
            line_up = LineUp(redis)
            await open_empty(line_up)
            claims: list[Claim] = []
            for move in moves:
                claims += await line_up.apply([settle_or(move, claims)], DAY)
            gone: list[Move] = [Left(ticket, 9) for ticket in TICKETS]
            gone += [Stood(agent, 9) for agent in AGENTS]
            gone += [Settled(claim.name) for claim in claims]
            await line_up.apply(gone, DAY)
            await line_up.apply([], DAY + dt.timedelta(days=1))
            left = {key async for key in redis.scan_iter() if ":gone:" not in key}
            assert left <= {"{vw:queue}:epoch", "{vw:queue}:claim-number"}
        finally:
            await redis.aclose()

    asyncio.run(come_and_go())
