"""Nothing that stands in a queue keeps those behind it from being served."""

from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from server.infrastructure.errors import Conflict
from server.infrastructure.tasks import each
from server.tickets.tables import Offer, Ticket
from tests.integration.attacks.conftest import Line


async def _offered(line: Line) -> list[UUID]:
    async with line.work.read() as session:
        return list((await session.execute(select(Offer.ticket_id))).scalars())


async def _wait(line: Line, channel: str) -> UUID:
    ticket, _ = await line.tickets.take(await line.resident(), await line.item(channel))
    return ticket.id


async def test_a_line_that_nobody_works_at_hides_no_other_line(line: Line) -> None:
    """Anybody may take numbers for a window that is closed, as many as they like."""
    for _ in range(5):
        await _wait(line, "yangtze_delta")
    behind = await _wait(line, "district")
    await line.desk.go_available(await line.agent("agent1"), None)

    assert await line.dispatch.offer_all() == 1
    assert await _offered(line) == [behind]


async def test_nor_do_those_whom_nobody_free_can_serve(line: Line) -> None:
    unable = [await _wait(line, "district") for _ in range(5)]
    async with line.work.database.write() as session:
        rows = await session.execute(select(Ticket).where(col(Ticket.id).in_(unable)))
        for ticket in rows.scalars():
            ticket.reach = [{**ticket.reach[0], "skills": ["braille"]}]
        await session.commit()
    able = [await _wait(line, "district") for _ in range(2)]
    await line.desk.go_available(await line.agent("agent1"), None)
    await line.desk.go_available(await line.agent("agent2"), None)

    assert await line.dispatch.offer_all() == 2
    assert sorted(await _offered(line)) == sorted(able)
    assert await line.dispatch.offer_all() == 0, "nobody is free"


async def test_a_row_that_cannot_be_handled_is_passed_over() -> None:
    done: list[int] = []

    async def step(row: int) -> None:
        if row == 1:
            raise KeyError("poison")
        if row == 2:
            raise Conflict("raced")
        done.append(row)

    assert await each([1, 2, 3], step, what="test") == 1
    assert done == [3]


async def test_but_all_wait_for_a_database_that_is_away() -> None:
    async def step(_row: int) -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    with pytest.raises(OperationalError):
        await each([1, 2], step, what="test")
