"""Paper of yesterday is not ahead of anybody today."""

from server.halls.sweep import HallSweep
from server.infrastructure.database import Database
from server.infrastructure.ids import new_id
from server.infrastructure.migrations import upgrade_database
from server.infrastructure.work import Work
from server.organisations.tables import Level, OrgUnit
from server.tickets.states import TicketKind, TicketState
from server.tickets.tables import Ticket
from tests.support.subjects import MovableClock


async def test_numbers_end_with_their_day_and_no_others(database_url: str) -> None:
    await upgrade_database(database_url)
    database, clock = Database(database_url), MovableClock()
    org = OrgUnit(code="d", name_zh="区", name_en="D", level=Level.DISTRICT, path="/d/")

    def ticket(kind: TicketKind, state: TicketState) -> Ticket:
        now = clock.now()
        return Ticket(
            id=new_id(),
            kind=kind,
            number="A001",
            business_day=now.date(),
            channel="district",
            item_code="permit",
            skills=[],
            reach=[],
            serving_org_id=org.id,
            serving_org_code=org.code,
            serving_org_path=org.path,
            place_id=org.id,
            place_code=org.code,
            place_path=org.path,
            language="zh-CN",
            state=state,
            created_at=now,
            waiting_since=now,
            rank_at=now,
        )

    waiting = ticket(TicketKind.HALL, TicketState.WAITING)
    called = ticket(TicketKind.HALL, TicketState.SERVING)
    resident = ticket(TicketKind.WALK_IN, TicketState.WAITING)
    async with database.write() as session:
        session.add(org)
        await session.flush()
        session.add_all([waiting, called, resident])
        await session.commit()
    sweep = HallSweep(Work(database, clock, lambda _events: None))
    assert await sweep.sweep() == 0
    clock.move(hours=24)
    of_today = ticket(TicketKind.HALL, TicketState.WAITING)
    async with database.write() as session:
        session.add(of_today)
        await session.commit()
    assert await sweep.sweep() == 2
    async with database.read() as session:
        states = [
            (await session.get_one(Ticket, one.id)).state
            for one in (waiting, called, resident, of_today)
        ]
    assert states == ["closed_out_of_hours", "done", "waiting", "waiting"]
    await database.close()
