"""What one page may make the event mechanism keep and send is bounded."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from server.infrastructure.actors import System
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.errors import NotFound, TooMany
from server.infrastructure.events import hub as hub_module
from server.infrastructure.events.hub import Cursor, Hub
from server.infrastructure.events.log import new_epoch
from server.infrastructure.events.relay import Relay
from server.infrastructure.events.topics import Snapshot, TopicKind, Topics
from server.infrastructure.ids import new_id, parse_id
from server.infrastructure.work import Work
from server.tickets.events import may_hear_resident
from tests.integration.attacks.conftest import Line
from tests.support.event_replicas import Ear


async def _anybody(_session: AsyncSession, _principal: Any, _key: str) -> None:
    return None


async def _snapshot(_session: AsyncSession, _key: str) -> Snapshot:
    return {"thing": {"1": {}}}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'topics.sqlite3'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    async with database.write() as session:
        session.add(new_epoch())
        await session.commit()
    yield database
    await database.close()


@pytest.fixture
def hub(database: Database) -> Hub:
    return Hub(database, Topics([TopicKind("thing", _anybody, _snapshot)]))


async def test_a_page_listens_to_so_many_topics_and_no_more(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "TOPICS_A_PAGE", 3)
    greedy, other = Ear(), Ear()
    for number in range(3):
        await hub.subscribe(greedy, f"thing:{number}", None)
    with pytest.raises(TooMany) as refused:
        await hub.subscribe(greedy, "thing:3", None)
    assert refused.value.code == "too_many_topics"
    assert hub.listened("thing") == ["0", "1", "2"], "what was refused left nothing behind"

    await hub.subscribe(greedy, "thing:2", None)
    await hub.subscribe(other, "thing:3", None)
    hub.unsubscribe(greedy, "thing:0")
    await hub.subscribe(greedy, "thing:3", None)
    hub.drop(greedy)
    assert hub.listened("thing") == ["3"]
    hub.drop(other)
    assert hub.listened("thing") == []


async def test_who_missed_very_much_gets_a_snapshot(
    database: Database, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "MISSED_MAX", 5)
    work = Work(database, SystemClock(), hub.offer)
    for _ in range(6):
        async with work.write(System("test")) as tx:
            tx.publish("thing:1", "thing.changed")
    epoch = (await hub.subscribe(Ear(), "thing:1", None)).epoch
    some = await hub.subscribe(Ear(), "thing:1", Cursor(epoch, 1))
    assert (some.snapshot, len(some.events)) == (None, 5)
    many = await hub.subscribe(Ear(), "thing:1", Cursor(epoch, 0))
    assert many.snapshot is not None
    assert not many.events


def test_an_id_has_one_spelling() -> None:
    """Each other one would be a topic of its own, and there are thousands of them."""
    one = new_id()
    assert parse_id(str(one)) == one
    for other in (str(one).upper(), f"{{{one}}}", one.urn, one.hex, f" {one}", "x", ""):
        assert parse_id(other) is None


async def test_nor_has_a_residents_topic_another(line: Line) -> None:
    resident = await line.resident()
    async with line.work.read() as session:
        await may_hear_resident(session, resident, resident.id)
        for other in (resident.id.upper(), resident.resident_id.hex, resident.resident_id.urn):
            with pytest.raises(NotFound):
                await may_hear_resident(session, resident, other)


async def test_a_poisoned_stream_entry_is_passed_over(database: Database, hub: Hub) -> None:
    heard: list[Any] = []

    async def hear(message: dict[str, Any]) -> None:
        heard.append(message["changed"])

    relay = Relay(database, Redis(), SystemClock(), hub, "here")
    relay.on_control(hear)
    for entry in (
        {"event": "[1, 2"},
        {"event": "[]"},
        {"value": "{}"},
        {"control": "[]"},
        {"control": "{}"},
        {},
        {"control": json.dumps({"changed": "login:1"})},
    ):
        await relay._take({"replica": "there", **entry})
    assert heard == ["login:1"]
