"""A hall's system that draws without end: others are not to feel it."""

from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import select

from server.catalogue.service import Catalogue
from server.catalogue.tables import ServiceItem
from server.halls import service
from server.halls.errors import HallFull
from server.halls.service import Halls
from server.identity.principals import Grant, Role, Staff
from server.infrastructure.ids import new_id
from server.organisations.tables import OrgUnit
from server.sessions.handling_times import EngagementTimes
from server.tickets.standing.estimates import Estimates
from tests.support.caches import Valkey
from tests.support.subjects import Subjects, seeded_settings, subjects

TOWN, ITEM = "caoyang-xincun", "residence-permit"


async def _system(parts: Subjects) -> Staff:
    async with parts.work.read() as session:
        org = (await session.execute(select(OrgUnit).where(OrgUnit.code == TOWN))).scalar_one()
        assert (await session.execute(select(ServiceItem).where(ServiceItem.code == ITEM))).one()
    grants = (Grant(Role.HALL_SYSTEM, org.path),)
    return Staff(new_id(), new_id(), "hall", org.id, org.code, org.path, grants, ())


async def test_numbers_are_bounded_and_listed_in_a_few_queries(
    tmp_path: Path, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LIVE_MAX", 12)
    settings = await seeded_settings(tmp_path, redis_url=valkey.url)
    async with subjects(settings) as parts:
        estimates = Estimates(parts.clock, EngagementTimes())
        halls = Halls(parts.work, settings, Catalogue(parts.work), estimates)
        system = await _system(parts)
        for number in range(12):
            await halls.draw(system, TOWN, ITEM, f"r{number}", [])
        with pytest.raises(HallFull):
            await halls.draw(system, TOWN, ITEM, "one-more", [])
        assert (await halls.draw(system, TOWN, ITEM, "r3", [])).reference == "r3"

        asked: list[str] = []
        engine = parts.work.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        listed = await halls.numbers(system, TOWN)
        assert [one.ahead for one in listed] == list(range(12))
        assert len([sql for sql in asked if sql.startswith("SELECT")]) < 12

        await halls.cancel(system, TOWN, "r0")
        await halls.draw(system, TOWN, ITEM, "one-more", [])
