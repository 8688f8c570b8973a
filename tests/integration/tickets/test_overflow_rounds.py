"""What becomes of those who wait, as time goes by, people leave and windows close."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from server.infrastructure.actors import System
from server.infrastructure.ids import new_id
from server.organisations.tables import OrgUnit, Window
from server.tickets.events import queue_snapshot
from server.tickets.moves import move_ticket
from server.tickets.overflow.rounds import Rounds
from server.tickets.states import PresenceState, TicketEvent, TicketKind, TicketState
from server.tickets.tables import Ticket
from tests.support.offices import Office, open_office

TOWN_ITEM = "residence-permit"
DELTA_ITEM = "medical-insurance-transfer"
ON, OFF = PresenceState.AVAILABLE, PresenceState.OFFLINE
NEIGHBOURS = 9
OFFICE_HOURS = {"working_days": [["09:00", "11:30"], ["13:30", "17:00"]]}


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


async def test_while_its_agent_is_on_duty_a_number_stays_with_its_queue(office: Office) -> None:
    for name in ("town1", "agent1", "delta1"):
        await office.presence(name, ON)
    tickets = [
        await office.waits(item) for item in (TOWN_ITEM, "food-business-licence", DELTA_ITEM)
    ]
    for state in (PresenceState.SERVING, PresenceState.WRAPPING_UP, PresenceState.OFFERED):
        await office.presence("town1", state)
        await office.pass_seconds(50)
    assert [len(await office.reaches(ticket)) for ticket in tickets] == [1, 1, 1]


async def test_rules_open_more_windows_one_after_the_other(office: Office) -> None:
    await office.presence("town1", PresenceState.SERVING)
    ticket = await office.waits(TOWN_ITEM)
    await office.pass_seconds(179)
    assert await office.reaches(ticket) == ["caoyang-xincun any"]
    await office.pass_seconds(1)
    reached = await office.reaches(ticket)
    assert len(reached) == 1 + NEIGHBOURS
    assert "taopu any" in reached
    await office.pass_seconds(119)
    assert await office.reaches(ticket) == reached
    await office.pass_seconds(1)
    assert await office.reaches(ticket) == [*reached, "help desk"]
    details = await office.audited("ticket.widen")
    assert [one["rules"] for one in details] == [
        ["street-town-to-neighbours"],
        ["help-desk-after-five-minutes"],
    ]


async def test_with_nobody_on_for_half_a_minute_neighbours_may_serve(office: Office) -> None:
    await office.presence("town1", ON)
    early = await office.waits(TOWN_ITEM)
    await office.pass_seconds(100)
    await office.presence("town1", OFF)
    await office.pass_seconds(10)
    late = await office.waits(TOWN_ITEM)
    await office.pass_seconds(19)
    assert [len(await office.reaches(one)) for one in (early, late)] == [1, 1]
    await office.pass_seconds(1)
    assert [len(await office.reaches(one)) for one in (early, late)] == [1 + NEIGHBOURS, 1]
    await office.pass_seconds(10)
    assert len(await office.reaches(late)) == 1 + NEIGHBOURS


async def test_whoever_comes_back_in_time_keeps_the_number(office: Office) -> None:
    await office.presence("town1", ON)
    ticket = await office.waits(TOWN_ITEM)
    await office.pass_seconds(1)
    await office.presence("town1", PresenceState.ON_BREAK)
    await office.pass_seconds(20)
    await office.presence("town1", ON)
    await office.pass_seconds(20)
    assert await office.reaches(ticket) == ["caoyang-xincun any"]


async def test_one_who_sits_at_another_window_is_not_on(office: Office) -> None:
    async with office.work.read() as session:
        query = select(Window.id).where(Window.code == "putuo-labour")
        labour = (await session.execute(query)).scalar_one()
    await office.presence("agent2", ON, window_id=labour)
    await office.change_rule("street-town-to-neighbours", channel="district", widening="help_desk")
    health, work = [
        await office.waits(item)
        for item in ("public-place-hygiene-permit", "labour-dispatch-permit")
    ]
    await office.pass_seconds(30)
    assert await office.reaches(health) == ["putuo any", "help desk"]
    assert await office.reaches(work) == ["putuo any"]


async def test_english_is_asked_for_a_minute_and_not_at_all_while_nobody_speaks_it(
    office: Office,
) -> None:
    await office.presence("agent2", PresenceState.SERVING)
    await office.presence("town1", ON)
    district = await office.waits("food-business-licence", language="en")
    town = await office.waits(TOWN_ITEM, language="en")
    await office.pass_seconds(0)
    assert await office.reaches(district) == ["putuo en"]
    assert await office.reaches(town) == ["caoyang-xincun en", "caoyang-xincun any"]
    await office.pass_seconds(60)
    assert await office.reaches(district) == ["putuo en", "putuo any"]
    assert await office.reaches(town) == ["caoyang-xincun en", "caoyang-xincun any"]


async def test_all_queues_that_are_reached_hear_of_it_and_list_it(office: Office) -> None:
    ticket = await office.waits(DELTA_ITEM)
    await office.pass_seconds(30)
    topics = {event.topic for event in office.events if event.type == "ticket.widened"}
    queues = ("suzhou-gusu", "jiaxing-jiashan", "hefei-shushan", "putuo")
    assert topics == {f"queue:yangtze_delta:{org}" for org in queues}
    async with office.work.read() as session:
        for org in queues:
            snapshot = await queue_snapshot(session, f"yangtze_delta:{org}")
            assert list(snapshot["ticket"]) == [str(ticket)]
        assert await queue_snapshot(session, "district:putuo") == {}
    # Once it is offered no more, it leaves all lists.
    async with office.work.write(System("test")) as tx:
        row = await tx.session.get_one(Ticket, ticket)
        await move_ticket(tx, row, TicketEvent.CANCELLED, closed_at=tx.now)
    left = [event for event in office.events if event.type == "ticket.cancelled"]
    assert {event.topic for event in left} == topics
    assert all(event.changes[0]["value"] is None for event in left)


async def test_a_rule_that_is_changed_counts_at_once(office: Office) -> None:
    await office.presence("town1", ON)
    ticket = await office.waits(TOWN_ITEM)
    await office.pass_seconds(20)
    assert len(await office.reaches(ticket)) == 1
    await office.change_rule("help-desk-after-five-minutes", after_seconds=10)
    await office.pass_seconds(1)
    assert await office.reaches(ticket) == ["caoyang-xincun any", "help desk"]


async def without_rules(office: Office) -> None:
    for code in ("street-town-to-neighbours", "help-desk-after-five-minutes", "delta-to-partners"):
        await office.change_rule(code, enabled=False)


async def test_at_closing_time_those_whom_nobody_can_serve_any_more_are_told(
    office: Office,
) -> None:
    await without_rules(office)
    await office.change(OrgUnit, "caoyang-xincun", hours=OFFICE_HOURS)
    waiting = await office.waits(TOWN_ITEM)
    away = await office.waits(TOWN_ITEM, state=TicketState.HELD)
    called = await office.waits(TOWN_ITEM, kind=TicketKind.CALLBACK)
    hall = await office.waits(TOWN_ITEM, kind=TicketKind.HALL)
    in_call = await office.waits(TOWN_ITEM, state=TicketState.SERVING)
    dropped = await office.waits(TOWN_ITEM, state=TicketState.HELD, session_id=new_id())
    elsewhere = await office.waits(TOWN_ITEM, place="taopu")
    office.at("2024-11-20 11:29")
    await office.pass_seconds(59)
    assert (await office.ticket(waiting)).state == TicketState.WAITING
    await office.pass_seconds(1)
    for closed in (waiting, away):
        ticket = await office.ticket(closed)
        assert ticket.state == TicketState.CLOSED_OUT_OF_HOURS
        assert (ticket.closed_at, ticket.held_until) == (office.clock.now(), None)
    for kept in (called, hall, in_call, dropped, elsewhere):
        assert (await office.ticket(kept)).state != TicketState.CLOSED_OUT_OF_HOURS
    told = [event for event in office.events if event.type == "ticket.hours_ended"]
    assert {event.topic for event in told} == {"queue:street_town:caoyang-xincun"}
    assert all(change["value"] is None for event in told for change in event.changes)


async def test_a_window_that_is_closed_lets_its_numbers_go_where_rules_lead(
    office: Office,
) -> None:
    await office.presence("town1", ON)
    ticket = await office.waits(TOWN_ITEM)
    await office.pass_seconds(40)
    await office.change(OrgUnit, "caoyang-xincun", closed_since=office.clock.now())
    await office.pass_seconds(0)
    # Nobody is on at an open window: the neighbours, at once, since it has waited long enough.
    assert len(await office.reaches(ticket)) == 1 + NEIGHBOURS
    assert (await office.ticket(ticket)).state == TicketState.WAITING
    # When these close as well, and the help desk with them, nothing is left.
    now = office.clock.now()
    for window in ("putuo-help-desk", *(f"{org}-{n}" for org in TOWNS for n in (1, 2))):
        await office.change(Window, window, closed_since=now)
    await office.pass_seconds(1)
    assert (await office.ticket(ticket)).state == TicketState.CLOSED_OUT_OF_HOURS


TOWNS = (
    "changshou-road",
    "changfeng-xincun",
    "yichuan-road",
    "ganquan-road",
    "shiquan-road",
    "zhenruzhen",
    "wanli",
    "changzheng",
    "taopu",
)


async def test_who_slips_back_after_closing_is_told_within_half_a_minute(office: Office) -> None:
    await without_rules(office)
    other = await office.waits(TOWN_ITEM, place="taopu")
    await office.change(OrgUnit, "caoyang-xincun", closed_since=office.clock.now())
    await office.pass_seconds(1)
    late = await office.waits(TOWN_ITEM)  # undone, or taken in the same moment
    await office.pass_seconds(30)
    assert (await office.ticket(late)).state == TicketState.CLOSED_OUT_OF_HOURS
    assert (await office.ticket(other)).state == TicketState.WAITING


async def test_two_replicas_do_it_once(office: Office) -> None:
    tickets = [await office.waits(TOWN_ITEM) for _ in range(20)]
    twin = Rounds(office.work)
    office.clock.move(seconds=30)
    await asyncio.gather(office.rounds.look(), twin.look())
    for _ in range(2):
        await twin.look()
        await office.rounds.look()
    for ticket in tickets:
        assert len(await office.reaches(ticket)) == 1 + NEIGHBOURS
    widened = [event for event in office.events if event.type == "ticket.widened"]
    assert len(widened) == len(tickets) * (1 + NEIGHBOURS)
    assert {(await office.ticket(ticket)).version for ticket in tickets} == {2}


async def test_with_ten_thousand_waiting_a_look_costs_next_to_nothing(office: Office) -> None:
    """What is measured is the ratio to the look that had to read them all."""
    await office.presence("town1", ON)
    first = await office.ticket(await office.waits(TOWN_ITEM))
    columns = first.model_dump(exclude={"id", "number", "rules_at"})
    async with office.work.database.write() as session:
        session.add_all(
            Ticket(**columns, id=new_id(), number=f"Y{number}") for number in range(10_000)
        )
        await session.commit()
    began = time.perf_counter()
    await office.rounds.look()
    all_of_them = time.perf_counter() - began
    looks = []
    for _ in range(5):
        began = time.perf_counter()
        await office.pass_seconds(0.5)
        looks.append(time.perf_counter() - began)
    assert min(looks) < all_of_them / 10
    async with office.work.read() as session:
        query = select(col(Ticket.rules_at)).distinct()
        times = list((await session.execute(query)).scalars())
    assert times == [first.waiting_since + dt.timedelta(seconds=180)]
