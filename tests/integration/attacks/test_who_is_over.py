"""A socket ends with the credential that opened it, also when nobody says so."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlmodel import col, update

from server.identity import door as door_module
from server.identity import limits
from server.identity.door import Door
from server.identity.keys import SigningKeys
from server.identity.principals import Principal
from server.identity.tables import Account, ResidentSession, StaffSession
from server.identity.tokens import AccessTokens
from server.infrastructure.events.hub import Hub
from server.infrastructure.events.topics import Topics
from signaling.gateway.gateway import Gateway, OpenPage
from signaling.gateway.pages import OpenPages
from tests.integration.attacks.conftest import Line

PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def _door(line: Line) -> Door:
    clock = line.work.clock
    return Door(line.work, line.settings, AccessTokens(SigningKeys(line.settings.keys), clock))


async def _change(line: Line, table: Any, row_id: UUID, **values: Any) -> None:
    async with line.work.database.write() as session:
        await session.execute(update(table).where(col(table.id) == row_id).values(**values))
        await session.commit()


async def test_lapsed_are_those_whose_credential_is_not_good(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "ASKED_AT_ONCE", 2)
    good, over, gone = [await line.resident() for _ in range(3)]
    agent, late, fired = [await line.agent(name) for name in ("agent1", "agent1", "agent2")]
    await _change(line, ResidentSession, over.resident_id, expires_at=PAST)
    await _change(line, ResidentSession, gone.resident_id, ended_at=PAST)
    await _change(line, StaffSession, late.login_session_id, expires_at=PAST)
    await _change(line, Account, fired.account_id, disabled_at=PAST)

    everybody: list[Principal] = [good, over, gone, agent, late, fired]
    assert await _door(line).lapsed(everybody) == {over, gone, late, fired}
    assert await _door(line).lapsed([]) == set()


async def test_their_sockets_are_let_go(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(line.work.database, Topics([]))
    pages = OpenPages(Redis(), line.work.clock.monotonic, grace=10)
    gateway = Gateway(hub, _door(line), pages, origins=frozenset(), now=line.work.clock.monotonic)
    parted: list[str] = []

    async def part(sid: str) -> None:
        parted.append(sid)

    monkeypatch.setattr(gateway._server, "part", part)
    good, over = await line.resident(), await line.resident()
    await _change(line, ResidentSession, over.resident_id, expires_at=PAST)
    for sid, who in (("a", good), ("b", over)):
        gateway._open[sid] = OpenPage(gateway._server, sid, who, "en")
    await gateway.part_lapsed()
    assert parted == ["b"]


def test_an_ipv6_neighbourhood_counts_as_one() -> None:
    same = {limits._place(address) for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9%eth0")}
    assert len(same) == 1
    assert limits._place("2001:db8:1:3::1") not in same
    assert limits._place("::ffff:192.0.2.1") == limits._place("192.0.2.1") == "192.0.2.1"
    assert limits._place("") == ""
