"""What is committed reaches the line-up, and the pairs it gives become offers: once, in order, and
whatever happens to Redis or to a replica on the way."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import update
from sqlmodel import col, select

from server.identity.tables import AccountWindow
from server.infrastructure.actors import System
from server.infrastructure.tasks import keep_running
from server.organisations.tables import Window
from server.queueing.lineup import LineUpLost
from server.tickets.moves import move_ticket
from server.tickets.states import (
    OfferKind,
    OfferState,
    PresenceState,
    TicketEvent,
    TicketKind,
    TicketState,
)
from server.tickets.tables import AgentPresence, Offer, Ticket
from tests.support.caches import Valkey
from tests.support.queue_house import (
    BOTH,
    FOOD_ITEM,
    HYGIENE_ITEM,
    TOWN_ITEM,
    House,
    Replica,
    open_house,
)
from tests.support.waiting import until


@pytest.fixture
async def house(tmp_path: Path, shared_valkey: Valkey, redis: Redis) -> AsyncIterator[House]:
    found = await open_house(tmp_path, shared_valkey.url)
    await found.replicas[0].dispatch.offer_all()
    yield found
    await found.close()


async def wait(house: House, number: int, item: str, replica: int = 0) -> UUID:
    """The resident of that number takes a number for an item; some time passes."""
    house.clock.move(seconds=1)
    ticket = await house.take(house.replicas[replica], house.residents[number], item)
    return ticket.id


async def free(house: House, username: str, replica: int = 0) -> None:
    house.clock.move(seconds=1)
    await house.replicas[replica].desk.go_available(house.agents[username], None)


async def offered(house: House, username: str) -> UUID | None:
    offer = await house.offer_to(house.agents[username])
    return None if offer is None else offer.ticket_id


async def test_an_agent_of_two_queues_serves_both_in_the_order_in_which_people_came(
    house: House,
) -> None:
    one, _ = house.replicas
    items = (TOWN_ITEM, FOOD_ITEM, TOWN_ITEM, HYGIENE_ITEM, FOOD_ITEM)
    tickets = [await wait(house, number, item) for number, item in enumerate(items, start=1)]
    await free(house, BOTH)
    served = []
    for _ in tickets:
        assert await one.dispatch.offer() == 1
        served.append(await house.serve(one, house.agents[BOTH]))
    assert served == tickets


async def test_whoever_is_told_of_a_commit_the_other_replica_hears_its_offer_stands(
    house: House,
) -> None:
    one, two = house.replicas
    ticket = await wait(house, 1, FOOD_ITEM, replica=0)
    await one.dispatch.offer()
    await free(house, "agent1", replica=1)
    assert await two.dispatch.offer() == 1
    assert await offered(house, "agent1") == ticket
    assert await one.dispatch.offer() == 0
    assert await one.dispatch.offer_all() == 0


async def test_a_rejected_ticket_goes_to_somebody_else_and_after_the_pause_comes_again(
    house: House,
) -> None:
    one, _ = house.replicas
    await free(house, "agent1")
    first = await wait(house, 1, FOOD_ITEM)
    behind = await wait(house, 2, FOOD_ITEM)
    await one.dispatch.offer()
    offer = await house.offer_to(house.agents["agent1"])
    assert offer is not None
    assert offer.ticket_id == first
    await one.desk.reject(house.agents["agent1"], offer.id, None)
    await one.dispatch.offer()
    assert await offered(house, "agent1") == behind, "the next one, meanwhile"
    await free(house, "agent2")
    await one.dispatch.offer()
    assert await offered(house, "agent2") == first
    await one.desk.go_on_break(house.agents["agent2"])
    await one.dispatch.offer()
    await house.serve(one, house.agents["agent1"])
    house.clock.move(seconds=house.settings.reject_pause_seconds)
    await one.dispatch.offer()
    assert await offered(house, "agent1") == first


async def test_who_is_called_back_is_offered_as_such_and_a_hall_number_to_nobody(
    house: House,
) -> None:
    one, _ = house.replicas
    hall, callback = await wait(house, 1, FOOD_ITEM), await wait(house, 2, FOOD_ITEM)
    async with one.work.write(System("test")) as tx:
        for ticket_id, kind in ((hall, TicketKind.HALL), (callback, TicketKind.CALLBACK)):
            ticket = await tx.session.get_one(Ticket, ticket_id)
            ticket.kind, ticket.version = kind, ticket.version + 1
    await one.dispatch.offer_all()
    await free(house, "agent1")
    await free(house, "agent2")
    assert await one.dispatch.offer() == 1
    offer = await house.offer_to(house.agents["agent1"])
    assert offer is not None
    assert (offer.ticket_id, offer.kind) == (callback, OfferKind.CALLBACK)


async def test_a_window_that_is_closed_takes_nobody_and_takes_them_again_when_it_opens(
    house: House,
) -> None:
    one, _ = house.replicas
    await free(house, "town1")
    async with one.work.database.write() as session:
        closed = {"closed_since": house.clock.now(), "closed_reason": "power"}
        await session.execute(update(Window).values(**closed))
        await session.commit()
    await one.dispatch.mend()
    async with one.work.database.write() as session:
        # It waits for the window, whatever its rules would say.
        row = (
            await session.execute(select(Window).where(Window.code == "caoyang-xincun-2"))
        ).scalar_one()
        row.closed_since = None
        await session.commit()
    await wait(house, 1, TOWN_ITEM)
    assert await one.dispatch.offer() == 0
    async with one.work.database.write() as session:
        await session.execute(update(Window).values(closed_since=None))
        await session.commit()
    assert await one.dispatch.offer_all() == 1


async def test_a_redis_that_was_emptied_in_mid_queue_is_brought_anew_in_order(
    house: House,
) -> None:
    one, two = house.replicas
    tickets = [await wait(house, number, FOOD_ITEM, replica=number % 2) for number in range(1, 5)]
    await one.dispatch.offer()
    await two.dispatch.offer()
    await house.redis.flushall()
    await free(house, "agent1", replica=1)
    with pytest.raises(LineUpLost):
        await two.dispatch.offer()
    assert await offered(house, "agent1") is None
    assert await one.dispatch.offer_all() == 1
    assert await two.dispatch.offer() == 0, "what it could not tell is known by now"
    assert await offered(house, "agent1") == tickets[0]
    assert set(await one.line_up.tickets()) == set(tickets[1:])
    await free(house, "agent2")
    assert await one.dispatch.offer() == 1
    assert await offered(house, "agent2") == tickets[1]


async def test_what_changed_behind_its_back_is_mended(house: House) -> None:
    """As after a replica that died between its commit and Redis."""
    one, _ = house.replicas
    gone, stays = await wait(house, 1, FOOD_ITEM), await wait(house, 2, FOOD_ITEM)
    await one.dispatch.offer()
    silent = house.start_replica(2)
    await silent.tickets.cancel(house.residents[1], gone)
    new = await house.take(silent, house.residents[3], FOOD_ITEM)
    await silent.desk.go_available(house.agents["agent1"], None)
    await silent.desk.go_available(house.agents["agent2"], None)
    assert await one.dispatch.offer() == 0
    assert await one.dispatch.offer_all() == 2
    assert set((await house.pending()).values()) == {stays, new.id}


async def test_an_agent_who_gets_another_window_is_mended(house: House) -> None:
    one, _ = house.replicas
    await free(house, "town1")
    await wait(house, 1, FOOD_ITEM)
    assert await one.dispatch.offer() == 0
    async with one.work.database.write() as session:
        query = select(Window).where(Window.code == "putuo-general")
        window = (await session.execute(query)).scalar_one()
        account_id = house.agents["town1"].account_id
        session.add(AccountWindow(account_id=account_id, window_id=window.id))
        await session.commit()
    assert await one.dispatch.offer_all() == 1


async def test_a_row_that_is_in_sql_no_more_leaves_the_line(house: House) -> None:
    """The database was put back to a backup, and Redis was not."""
    one, _ = house.replicas
    lost, there = await wait(house, 1, FOOD_ITEM), await wait(house, 2, FOOD_ITEM)
    await one.dispatch.offer()
    async with one.work.database.write() as session:
        await session.execute(Ticket.__table__.delete().where(Ticket.id == lost))  # type: ignore[attr-defined]
        await session.execute(update(Ticket).where(col(Ticket.id) == there).values(version=0))
        await session.commit()
    assert await one.dispatch.offer_all() == 0
    assert {one: row.version for one, row in (await one.line_up.tickets()).items()} == {there: 0}


async def brings(replica: Replica) -> None:
    """It tells the line-up what it heard, and gets pairs, and there it stops."""
    await replica.dispatch._bring()


async def test_a_pair_in_the_hands_of_a_replica_that_died_is_made_again(house: House) -> None:
    one, two = house.replicas
    ticket = await wait(house, 1, FOOD_ITEM)
    await free(house, "agent1")
    await brings(one)
    assert await two.dispatch.offer_all() == 0, "it is still thought to be at work"
    house.clock.move(seconds=4)
    assert await two.dispatch.offer_all() == 1
    assert await offered(house, "agent1") == ticket


async def test_a_pair_that_waits_to_be_written_is_kept(house: House) -> None:
    one, two = house.replicas
    await wait(house, 1, FOOD_ITEM)
    await free(house, "agent1")
    await brings(one)
    for _ in range(4):
        house.clock.move(seconds=2)
        await brings(one)
        assert await two.dispatch.offer_all() == 0
    assert await one.dispatch.offer() == 1


async def test_a_frozen_replica_comes_back_with_an_old_pair_and_does_no_harm(
    house: House,
) -> None:
    one, two = house.replicas
    first, second = await wait(house, 1, FOOD_ITEM), await wait(house, 2, FOOD_ITEM)
    await free(house, "agent1")
    await brings(one)
    house.clock.move(seconds=4)
    await two.dispatch.offer_all()
    assert await offered(house, "agent1") == first
    served = await house.serve(two, house.agents["agent1"])
    assert served == first
    # The agent is free again: the old pair must not stand for that, and the next one is made.
    assert await one.dispatch.offer() == 1
    assert await two.dispatch.offer() == 0
    assert await offered(house, "agent1") == second


async def test_a_frozen_replica_does_not_offer_again_what_was_rejected_since(
    house: House,
) -> None:
    one, two = house.replicas
    ticket = await wait(house, 1, FOOD_ITEM)
    await free(house, "agent1")
    await brings(one)
    house.clock.move(seconds=4)
    await two.dispatch.offer_all()
    offer = await house.offer_to(house.agents["agent1"])
    assert offer is not None
    await two.desk.reject(house.agents["agent1"], offer.id, None)
    await two.dispatch.offer()
    # Both rows are as free as when the frozen one got its pair, and yet are others.
    assert await one.dispatch.offer() == 0
    assert await offered(house, "agent1") is None
    assert (await house.ticket(ticket)).state == TicketState.WAITING


async def test_nothing_is_lost_while_redis_is_away(tmp_path: Path, valkey: Valkey) -> None:
    house = await open_house(tmp_path, valkey.url)
    try:
        one, _ = house.replicas
        await one.dispatch.offer_all()
        valkey.kill()
        ticket = await wait(house, 1, FOOD_ITEM)
        await free(house, "agent1")
        with pytest.raises(RedisError):
            await one.dispatch.offer()
        valkey.start()
        # What it was told in its last second it may have forgotten: all of the queue, then.
        assert await one.dispatch.offer_all() == 1
        assert await offered(house, "agent1") == ticket
    finally:
        await house.close()


async def test_the_loops_go_on_by_themselves_when_redis_is_back(
    tmp_path: Path, valkey: Valkey
) -> None:
    house = await open_house(tmp_path, valkey.url)
    one, _ = house.replicas
    loops = [asyncio.create_task(keep_running(*each)) for each in one.dispatch.loops().items()]
    try:
        await until_offered(house, "agent1", await wait_and_free(house))
        valkey.kill()
        await house.serve(one, house.agents["agent1"])
        ticket = await wait(house, 2, FOOD_ITEM)
        valkey.start()
        await until_offered(house, "agent1", ticket)
        await house.serve(one, house.agents["agent1"])
        await house.redis.flushall()
        ticket = await wait(house, 3, FOOD_ITEM)
        await until_offered(house, "agent1", ticket)
        assert not [loop for loop in loops if loop.done()], "none has ended"
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.wait(loops)
        await house.close()


@pytest.mark.parametrize("name", ["claimed", "tickets", "line"])
async def test_a_line_up_that_contradicts_itself_is_brought_anew(house: House, name: str) -> None:
    """As after a script that was stopped half way. Nobody may have to empty Redis by hand."""
    one, two = house.replicas
    loops = [asyncio.create_task(keep_running(*each)) for each in one.dispatch.loops().items()]
    try:
        first, second = await wait(house, 1, FOOD_ITEM), await wait(house, 2, FOOD_ITEM)

        async def known() -> bool:
            return len(await one.line_up.tickets()) == 2

        await until(known, seconds=30, what="both wait there")
        for key in [key async for key in house.redis.scan_iter(f"{{vw:queue}}:{name}*")]:
            await house.redis.delete(key)
            await house.redis.set(key, "torn")
        await house.redis.set(f"{{vw:queue}}:{name}", "torn")
        await free(house, "agent1")
        await until_offered(house, "agent1", first)
        await free(house, "agent2", replica=1)
        with suppress(LineUpLost, RedisError):
            await two.dispatch.offer()
        await until_offered(house, "agent2", second)
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.wait(loops)


async def wait_and_free(house: House) -> UUID:
    ticket = await wait(house, 1, FOOD_ITEM)
    await free(house, "agent1")
    return ticket


async def until_offered(house: House, username: str, ticket: UUID) -> None:
    async def there() -> bool:
        return await offered(house, username) == ticket

    await until(there, seconds=30, what=f"{username} is offered it")


@pytest.mark.postgresql
async def test_two_replicas_at_once_make_one_offer_of_each_ticket_and_agent(
    tmp_path: Path, shared_valkey: Valkey, redis: Redis, postgresql: str
) -> None:
    house = await open_house(tmp_path, shared_valkey.url, database_url=postgresql)
    try:
        for turn in range(5):
            await rush(house)
            async with house.work.read() as session:
                offers = list((await session.execute(select(Offer))).scalars())
            pending = [one for one in offers if one.state == OfferState.PENDING]
            assert len(pending) == 3, turn
            assert len({one.ticket_id for one in pending}) == 3
            assert len({one.account_id for one in pending}) == 3
            await house.begin_anew()
    finally:
        await house.close()


async def rush(house: House) -> None:
    """Everybody comes at the same moment, to either replica; Redis is emptied on the way, and both
    bring everything anew, write and compare at once."""
    one, two = house.replicas
    await one.dispatch.offer_all()
    people = [
        house.take(house.replicas[number % 2], house.residents[number], FOOD_ITEM)
        for number in range(1, 6)
    ]
    agents = [
        house.replicas[number % 2].desk.go_available(house.agents[username], None)
        for number, username in enumerate(("agent1", "agent2", BOTH))
    ]
    await asyncio.gather(*people, *agents)
    await asyncio.gather(brings(one), brings(two))
    await house.redis.flushall()
    house.clock.move(seconds=4)
    for _ in range(3):
        await asyncio.gather(
            *(replica.dispatch.offer_all() for replica in (one, two)),
            return_exceptions=True,
        )
    await one.dispatch.offer_all()


async def test_an_offer_is_not_made_of_a_ticket_that_has_changed(house: House) -> None:
    one, two = house.replicas
    ticket_id = await wait(house, 1, FOOD_ITEM)
    await free(house, "agent1")
    await brings(one)
    async with two.work.write(System("test")) as tx:
        ticket = await tx.session.get_one(Ticket, ticket_id)
        held = {"held_until": house.clock.now() + dt.timedelta(seconds=60)}
        await move_ticket(tx, ticket, TicketEvent.DROPPED, **held)
    assert await one.dispatch.offer() == 0
    presence = await house.presence(house.agents["agent1"])
    assert isinstance(presence, AgentPresence)
    assert presence.state == PresenceState.AVAILABLE
    assert await offered(house, "agent1") is None
