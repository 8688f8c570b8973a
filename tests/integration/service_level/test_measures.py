"""Figures counted by SQLite and by PostgreSQL, of a day worked out by hand."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import col

from server.infrastructure.database import Database
from server.infrastructure.migrations import upgrade_database
from server.organisations.tables import Level, OrgUnit, Window
from server.service_level.formulas import Tally
from server.service_level.measures import Measured, measured
from server.service_level.schemas import Grouping
from server.tickets.states import TicketKind, TicketState
from server.tickets.tables import Ticket

NINE = dt.datetime(2024, 11, 20, 1, 0, tzinfo=dt.UTC)  # 09:00 in Shanghai


@dataclass
class Book:
    """Tickets of one organisation with two windows."""

    database: Database
    org: OrgUnit
    windows: dict[str, Window]

    def ticket(self, at: float, **more: Any) -> Ticket:
        """One whose clock began `at` seconds after nine."""
        begun = NINE + dt.timedelta(seconds=at)
        given: dict[str, Any] = {
            "kind": TicketKind.WALK_IN,
            "number": "A001",
            "business_day": dt.date(2024, 11, 20),
            "channel": "district",
            "item_code": "permit",
            "skills": [],
            "reach": [],
            "serving_org_id": self.org.id,
            "serving_org_code": self.org.code,
            "serving_org_path": self.org.path,
            "place_id": self.org.id,
            "place_code": self.org.code,
            "place_path": self.org.path,
            "language": "zh-CN",
            "created_at": begun,
            "waiting_since": begun,
            "clock_at": begun,
            "rank_at": begun,
        }
        return Ticket(**given | more)

    def answered(self, at: float, wait: float, window: str = "one", **more: Any) -> Ticket:
        moment = NINE + dt.timedelta(seconds=at + wait)
        given = {"state": TicketState.DONE, "first_answered_at": moment, "closed_at": moment}
        return self.ticket(at, **given | {"answered_window_id": self.windows[window].id} | more)

    def left(self, at: float, patience: float, state: TicketState = TicketState.ABANDONED) -> Any:
        return self.ticket(at, state=state, closed_at=NINE + dt.timedelta(seconds=at + patience))

    async def keep(self, *tickets: Ticket) -> None:
        async with self.database.write() as session:
            session.add_all(tickets)
            await session.commit()

    async def rows(self, by: Grouping = Grouping.TOTAL) -> list[Measured]:
        conditions = [col(Ticket.clock_at) >= NINE]
        async with self.database.read() as session:
            return await measured(session, conditions, by=by, answer_seconds=60)


@pytest.fixture
async def book(database_url: str) -> AsyncIterator[Book]:
    await upgrade_database(database_url)
    database = Database(database_url)
    org = OrgUnit(code="d", name_zh="区", name_en="D", level=Level.DISTRICT, path="/d/")
    windows = {
        code: Window(
            code=code, org_id=org.id, channel="district", skills=[], name_zh=code, name_en=code
        )
        for code in ("one", "two")
    }
    async with database.write() as session:
        session.add(org)
        await session.flush()
        session.add_all(windows.values())
        await session.commit()
    yield Book(database, org, windows)
    await database.close()


async def test_a_day_is_counted_as_by_hand(book: Book) -> None:
    await book.keep(
        *(book.answered(at, wait) for at, wait in ((0, 5), (10, 20), (20, 60), (30, 60.001))),
        book.answered(40, 300, "two"),
        book.left(50, 12),
        book.left(60, 60),
        book.left(70, 61),
        book.left(80, 200, TicketState.CANCELLED),
        book.left(90, 500, TicketState.CLOSED_OUT_OF_HOURS),
        book.ticket(100),  # waits yet
    )
    (total,) = await book.rows()
    assert total.key == "total"
    assert total.tally == Tally(
        offered=11, answered=5, answered_within=3, abandoned=5, abandoned_after=3
    )
    assert (total.tally.level_answered, total.tally.level_offered) == (3 / 5, 3 / 8)
    # Nearest rank of 5, 20, 60, 60.001, 300.
    assert (total.p50, total.p90) == (60, 300)


async def test_rows_are_kept_apart_by_what_they_are_asked_by(book: Book) -> None:
    hour = 3600
    await book.keep(
        book.answered(0, 10),
        book.answered(1, 30),
        book.answered(hour - 1, 70, "two", channel="street_town"),
        book.answered(hour, 20, "two", item_code="card"),
        book.left(hour + 5, 90),
    )

    async def answers(by: Grouping) -> dict[str | None, tuple[int, int]]:
        return {row.key: (row.tally.offered, row.tally.answered) for row in await book.rows(by)}

    assert await answers(Grouping.CHANNEL) == {"district": (4, 3), "street_town": (1, 1)}
    assert await answers(Grouping.ITEM) == {"card": (1, 1), "permit": (4, 3)}
    # Whoever no window answered is of none.
    assert await answers(Grouping.WINDOW) == {"one": (2, 2), "two": (2, 2), None: (1, 0)}
    assert await answers(Grouping.HOUR) == {
        "2024-11-20T09:00": (3, 3),
        "2024-11-20T10:00": (2, 1),
    }


async def test_who_was_never_owed_an_answer_is_not_counted(book: Book) -> None:
    early = book.answered(0, -30)  # an appointment that was taken before its time
    never_came = book.left(0, 900)
    never_came.clock_at = None
    not_due = book.ticket(0, state=TicketState.CALLBACK, kind=TicketKind.CALLBACK, clock_at=None)
    await book.keep(early, never_came, not_due)
    (total,) = await book.rows()
    assert total.tally == Tally(offered=1, answered=1, answered_within=1)
    assert total.p50 == 0


async def test_nobody_is_no_row(book: Book) -> None:
    assert await book.rows() == []
