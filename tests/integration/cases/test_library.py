"""The library by HTTP: who finds which case, page by page, and sees how much of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import event

from server.cases.schemas import ListQuery
from server.infrastructure.errors import Unprocessable
from server.infrastructure.ids import new_id
from tests.support.visits import COMPLETE, House


@pytest.fixture
async def client(house: House) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(house.application())) as client:
        yield client


async def filled(house: House, count: int) -> list[str]:
    """Numbers of new cases, newest first."""
    numbers = []
    for at in range(count):
        house.clock.move(seconds=at % 3)
        fields = COMPLETE | {"applicant_name": f"李第{at}"}
        case = await house.cases.save(house.agent, house.open_visit(), fields, None)
        numbers.append(case.number)
    return numbers[::-1]


async def test_pages_follow_each_other_without_gap_or_double(either_house: House) -> None:
    numbers = await filled(either_house, 23)
    found: list[str] = []
    cursor = None
    while True:
        page = await either_house.library.list(
            either_house.agent, ListQuery(cursor=cursor, limit=5)
        )
        found += [case.number for case in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == numbers


async def test_a_page_is_one_query_however_long(house: House) -> None:
    await filled(house, 12)
    statements: list[str] = []

    def count(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    event.listen(house.database.engine.sync_engine, "before_cursor_execute", count)
    await house.library.list(house.agent, ListQuery(limit=10))
    assert len(statements) == 1


@pytest.mark.parametrize("query", ["李示例", "示", "pt-2026", "%", "_"])
async def test_search_is_the_same_on_both_databases(either_house: House, query: str) -> None:
    await either_house.cases.save(either_house.agent, either_house.open_visit(), COMPLETE, None)
    page = await either_house.library.list(either_house.agent, ListQuery(q=query))
    assert len(page.items) == (0 if query in {"%", "_"} else 1)


async def test_many_readers_at_once_do_not_wait_for_each_other(either_house: House) -> None:
    visit = either_house.open_visit()
    case = await either_house.cases.save(either_house.agent, visit, COMPLETE, None)
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(either_house.library.read(either_house.agent, case.id) for _ in range(40))
        )


async def test_list_masks_the_applicant(house: House) -> None:
    await house.cases.save(house.agent, house.open_visit(), COMPLETE, None)
    (case,) = (await house.library.list(house.colleague, ListQuery())).items
    assert (case.applicant, case.place.code) == ("李*例", "caoyang")


async def test_only_those_concerned_find_a_case(either_house: House) -> None:
    await filled(either_house, 2)
    found = {
        person.username: len((await either_house.library.list(person, ListQuery())).items)
        for person in (
            either_house.agent,
            either_house.colleague,
            either_house.supervisor,
            either_house.stranger,
        )
    }
    assert found == {"agent1": 2, "agent2": 2, "lead1": 2, "agent9": 0}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("李示例", 1),
        ("示例", 1),
        ("000001", 1),
        ("pt-2026", 2),
        ("070024", 2),
        ("赵", 0),
        ("%", 0),
        ("_", 0),
        ("' OR 1=1 --", 0),
    ],
)
async def test_search_finds_numbers_and_values(house: House, query: str, count: int) -> None:
    for name in ("李示例", "钱样本"):
        fields = COMPLETE | {"applicant_name": name}
        await house.cases.save(house.agent, house.open_visit(), fields, None)
    page = await house.library.list(house.agent, ListQuery(q=query))
    assert len(page.items) == count
    assert len(await house.audited("case.search")) == 1


async def test_filters_narrow_the_list(either_house: House) -> None:
    first = await either_house.cases.save(
        either_house.agent, either_house.open_visit(), COMPLETE, None
    )
    await either_house.cases.save(either_house.agent, either_house.open_visit(), {}, None)
    await either_house.cases.submit(either_house.agent, first.id, 1)
    for query, count in (
        (ListQuery(state="submitted"), 1),
        (ListQuery(item="permit"), 2),
        (ListQuery(item="other"), 0),
        (ListQuery(place="caoyang"), 2),
        (ListQuery(place="minhang"), 0),
    ):
        assert len((await either_house.library.list(either_house.agent, query)).items) == count


@pytest.mark.parametrize("cursor", ["x", "e30=", "WzEsMl0=", "WyJhIiwiYiJd", "ü"])
async def test_broken_cursor_is_a_clear_error(house: House, cursor: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        await house.library.list(house.agent, ListQuery(cursor=cursor))
    assert refused.value.code == "cursor_bad"


async def test_case_is_masked_outside_the_session_and_each_look_is_audited(
    house: House, client: TestClient[Any, Any]
) -> None:
    case = await house.cases.save(house.agent, house.open_visit(), COMPLETE, None)
    seen = {}
    for person in (house.agent, house.colleague, house.supervisor):
        answer = await client.get(f"/api/v1/cases/{case.id}", headers={"As": person.id})
        assert answer.status == 200
        body = await answer.json()
        seen[person.username] = (body["fields"]["applicant_name"], body["masked"])
    assert seen == {
        "agent1": ("李示例", False),
        "agent2": ("李*例", True),
        "lead1": ("李*例", True),
    }
    assert len(await house.audited("case.read")) == 3


async def test_after_the_session_its_agent_sees_it_masked_too(house: House) -> None:
    visit = house.open_visit()
    case = await house.cases.save(house.agent, visit, COMPLETE, None)
    house.end_visit(visit)
    assert (await house.library.read(house.agent, case.id)).masked


async def test_all_is_shown_for_a_reason_that_is_kept(
    house: House, client: TestClient[Any, Any]
) -> None:
    case = await house.cases.save(house.agent, house.open_visit(), COMPLETE, None)
    path, who = f"/api/v1/cases/{case.id}/reveal", {"As": house.supervisor.id}
    without = await client.post(path, json={"reason": ""}, headers=who)
    assert without.status == 422 or (await without.json())["code"] == "body_invalid"
    answer = await client.post(path, json={"reason": "申诉复核"}, headers=who)
    assert (await answer.json())["fields"]["applicant_name"] == "李示例"
    (row,) = await house.audited("case.reveal")
    assert row.details == {"reason": "申诉复核"}


async def test_foreign_case_is_answered_like_an_absent_one(
    house: House, client: TestClient[Any, Any]
) -> None:
    case = await house.cases.save(house.agent, house.open_visit(), COMPLETE, None)
    as_stranger = {"As": house.stranger.id, "Accept-Language": "en"}
    foreign = await client.get(f"/api/v1/cases/{case.id}", headers=as_stranger)
    absent = await client.get(f"/api/v1/cases/{new_id()}", headers=as_stranger)
    malformed = await client.get("/api/v1/cases/1", headers=as_stranger)
    assert [foreign.status, absent.status, malformed.status] == [404, 404, 404]
    assert await foreign.json() == await absent.json() == await malformed.json()


async def test_detail_has_sessions_with_agents_and_recording(house: House) -> None:
    visit = house.open_visit()
    async with house.work.write(house.agent) as tx:
        await house.recordings.start(tx, visit)
    case = await house.cases.save(house.agent, visit, COMPLETE, None)
    detail = await house.library.read(house.agent, case.id)
    (session,) = detail.sessions
    assert (session.id, session.outcome) == (visit, "resolved")
    assert session.recording is not None
    assert session.recording.state == "recording"


async def test_case_over_http_is_saved_and_conflicts_show_what_stands(
    house: House, client: TestClient[Any, Any]
) -> None:
    visit, who = house.open_visit(), {"As": house.agent.id, "Accept-Language": "en"}
    path = f"/api/v1/sessions/{visit}/case"
    first = await client.put(path, json={"fields": COMPLETE}, headers=who)
    assert first.status == 200
    assert (await first.json())["number"] == "PT-2026-0306-000001"
    again = await client.put(path, json={"fields": {}, "version": None}, headers=who)
    problem = await again.json()
    assert (again.status, problem["code"]) == (409, "case_changed")
    assert problem["params"]["current"]["fields"] == COMPLETE
    unknown = await client.put(path, json={"fields": {"x": 1}, "version": 1}, headers=who)
    assert (unknown.status, (await unknown.json())["code"]) == (422, "case_fields_unknown")
    note = await client.post(f"/api/v1/sessions/{visit}/notes", json={"text": "hello"}, headers=who)
    assert note.status == 201
    assert (await note.json())["author"]["name"] == {"zh-CN": "坐席", "en": "Agent"}


async def test_same_key_saves_once(house: House, client: TestClient[Any, Any]) -> None:
    visit = house.open_visit()
    who = {"As": house.agent.id, "Idempotency-Key": "k1"}
    path = f"/api/v1/sessions/{visit}/case"
    answers = [await client.put(path, json={"fields": COMPLETE}, headers=who) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert await answers[0].json() == await answers[1].json()
    assert len(await house.audited("case.create")) == 1


async def test_residents_have_no_way_into_the_library(
    house: House, client: TestClient[Any, Any]
) -> None:
    case = await house.cases.save(house.agent, house.open_visit(), COMPLETE, None)
    for path in ("/api/v1/cases", f"/api/v1/cases/{case.id}"):
        assert (await client.get(path, headers={"As": house.resident.id})).status == 403
        assert (await client.get(path)).status == 401
