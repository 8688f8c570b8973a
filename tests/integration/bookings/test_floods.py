"""Nobody books a queue full alone, has somebody else called all day, or guesses without end."""

import asyncio
import datetime as dt

import pytest
from redis.asyncio import Redis

from server.bookings.quota import ADDRESS_PER_HOUR, CODE, HOUR, PER_MINUTE, VISIT_PER_HOUR, Quota
from server.identity.limits import Limits
from server.identity.principals import Resident
from server.infrastructure.errors import Conflict, TooMany
from server.infrastructure.ids import new_id
from server.infrastructure.settings import Settings
from tests.integration.bookings.conftest import (
    TOWN_ITEM,
    House,
    MovedClock,
    callback,
    refusal,
    slots,
)
from tests.support.api_people import ApiPeople
from tests.support.caches import Valkey

NOON = dt.datetime(2024, 11, 20, 4, tzinfo=dt.UTC)


async def test_one_visitor_books_a_few_times_and_not_the_whole_calendar(
    house: House, people: ApiPeople
) -> None:
    greedy, other = await people.resident(house.url), await people.resident(house.url)
    free = [slot["starts_at"] for slot in (await slots(greedy))["slots"]]
    wishes = [
        {"kind": "appointment", "item_code": TOWN_ITEM, "starts_at": starts_at}
        for starts_at in free[: VISIT_PER_HOUR + 3]
    ]
    # What is refused is no booking.
    off_grid = wishes[0] | {"starts_at": "2024-11-20T23:07:00Z"}
    assert await refusal(greedy, "POST", "/bookings", off_grid) == (422, "slot_unknown")
    answers = await asyncio.gather(*(greedy.call("POST", "/bookings", wish) for wish in wishes))
    assert sorted(status for status, _ in answers) == [201] * VISIT_PER_HOUR + [429] * 3
    assert (await other.call("POST", "/bookings", wishes[-1]))[0] == 201
    house.clock.move(hours=1)
    morrow = wishes[0] | {"starts_at": (await slots(greedy, "2024-11-21"))["slots"][0]["starts_at"]}
    assert (await greedy.call("POST", "/bookings", morrow))[0] == 201


async def test_a_telephone_has_three_calls_to_come_whoever_asks(
    house: House, people: ApiPeople
) -> None:
    asked = []
    for _ in range(3):
        somebody = await people.resident(house.url)
        asked.append(await somebody.ok("POST", "/bookings", callback()))
    last = await people.resident(house.url)
    assert await refusal(last, "POST", "/bookings", callback(phone="+86 138-0000-0001")) == (
        409,
        "phone_asked",
    )
    assert len(await house.rows("SELECT * FROM ticket_contact")) == 3
    await last.ok("DELETE", f"/bookings/{asked[0]['code']}")
    await last.ok("POST", "/bookings", callback())


def _resident() -> Resident:
    return Resident(new_id(), new_id(), "town", "/town/", "zh-CN", "1")


async def test_new_visits_from_one_address_are_of_no_use(valkey: Valkey) -> None:
    redis, clock = Redis.from_url(valkey.url), MovedClock(NOON)
    quota = Quota(Settings(), Limits(redis, clock))
    booked = 0
    for _ in range(0, ADDRESS_PER_HOUR, PER_MINUTE):
        for _ in range(PER_MINUTE):
            async with quota.one_more(_resident(), "192.0.2.1"):
                booked += 1
        clock.move(seconds=61)
    clock.set(NOON + dt.timedelta(minutes=59))
    with pytest.raises(TooMany) as refused:
        async with quota.one_more(_resident(), "192.0.2.1"):
            booked += 1
    assert booked == ADDRESS_PER_HOUR
    assert 0 < int(str(refused.value.params["retry_after_seconds"])) <= HOUR
    async with quota.one_more(_resident(), "192.0.2.2"):
        pass
    await redis.aclose()


async def test_what_is_given_back_is_no_credit_for_the_next_minute(valkey: Valkey) -> None:
    """Right codes that are sent at the end of a minute let nobody guess more often in the next."""
    redis, clock = Redis.from_url(valkey.url), MovedClock(NOON + dt.timedelta(seconds=58))
    limits = Limits(redis, clock)
    right = [await limits.take("codes", "192.0.2.1", per_minute=2) for _ in range(2)]
    clock.move(seconds=5)
    for use in right:
        await limits.give_back(use)
    for _ in range(2):
        await limits.take("codes", "192.0.2.1", per_minute=2)
    with pytest.raises(TooMany):
        await limits.take("codes", "192.0.2.1", per_minute=2)
    await redis.aclose()


async def test_a_failure_is_not_counted_and_the_limit_holds_while_redis_is_away() -> None:
    redis, clock = Redis.from_url("unix:///nowhere/valkey.sock"), MovedClock(NOON)
    limits = Limits(redis, clock)
    for _ in range(5):
        with pytest.raises(Conflict):
            async with limits.counted(CODE, "a visit", uses=1, seconds=HOUR):
                raise Conflict("slot_full")
    async with limits.counted(CODE, "a visit", uses=1, seconds=HOUR):
        pass
    with pytest.raises(TooMany):
        async with limits.counted(CODE, "a visit", uses=1, seconds=HOUR):
            pass
    clock.move(hours=1)
    async with limits.counted(CODE, "a visit", uses=1, seconds=HOUR):
        pass
    await redis.aclose()
