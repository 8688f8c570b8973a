"""A form is saved: the first time it becomes a case, then nobody's work is overwritten."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from server.cases.errors import CaseChanged, CaseIncomplete, CaseNotEditable, FieldsUnknown
from server.cases.tables import Case
from server.infrastructure.errors import NotFound
from server.infrastructure.states import TransitionRefused
from server.materials.errors import SessionClosed
from tests.support.visits import COMPLETE, House


async def test_first_save_makes_the_case_with_its_number(house: House) -> None:
    visit = house.open_visit()
    case = await house.cases.save(house.agent, visit, {"applicant_name": "李示例"}, None)
    assert case.number == "PT-2026-0306-000001"
    assert (case.state, case.version, case.masked) == ("draft", 1, False)
    assert {problem.field for problem in case.problems} == {"id_number", "area"}
    assert house.sessions.contexts[visit].case_id == case.id


async def test_numbers_follow_each_other_and_begin_anew_each_local_day(house: House) -> None:
    numbers = []
    # From 9:30 in Shanghai to 23:59, and to 0:00.
    for hours, minutes in ((14, 29), (0, 0), (0, 1)):
        house.clock.move(hours=hours, minutes=minutes)
        case = await house.cases.save(house.agent, house.open_visit(), {}, None)
        numbers.append(case.number)
    assert numbers == ["PT-2026-0306-000001", "PT-2026-0306-000002", "PT-2026-0307-000001"]


async def test_numbers_have_no_gap_when_many_save_at_once_and_some_fail(
    either_house: House,
) -> None:
    async def save(good: bool) -> None:
        fields: dict[str, Any] = {"applicant_name": "李"} if good else {"colour": "red"}
        await either_house.cases.save(either_house.agent, either_house.open_visit(), fields, None)

    results = await asyncio.gather(*(save(at % 3 != 0) for at in range(18)), return_exceptions=True)
    assert sum(isinstance(result, FieldsUnknown) for result in results) == 6
    async with either_house.work.read() as session:
        numbers = sorted((await session.execute(select(Case.number))).scalars())
    assert numbers == [f"PT-2026-0306-{number:06d}" for number in range(1, 13)]


async def test_later_save_replaces_the_form(house: House) -> None:
    visit = house.open_visit()
    await house.cases.save(house.agent, visit, {"phone": "15400000005"}, None)
    case = await house.cases.save(house.agent, visit, COMPLETE, 1)
    assert (case.fields, case.version, case.problems) == (COMPLETE, 2, [])


@pytest.mark.parametrize("version", [None, 1, 3])
async def test_save_over_another_version_shows_the_current_case(
    house: House, version: int | None
) -> None:
    visit = house.open_visit()
    await house.cases.save(house.agent, visit, {}, None)
    await house.cases.save(house.agent, visit, COMPLETE, 1)
    with pytest.raises(CaseChanged) as refused:
        await house.cases.save(house.agent, visit, {"area": 1}, version)
    current: Any = refused.value.params["current"]
    assert (current["version"], current["fields"]) == (2, COMPLETE)


async def test_of_two_saves_at_once_one_wins(either_house: House) -> None:
    visit = either_house.open_visit()
    await either_house.cases.save(either_house.agent, visit, {}, None)
    results = await asyncio.gather(
        *(either_house.cases.save(either_house.agent, visit, {"area": area}, 1) for area in (1, 2)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["CaseChanged", "CaseOut"]


async def test_version_of_a_case_that_is_not_there_is_a_conflict(house: House) -> None:
    with pytest.raises(CaseChanged) as refused:
        await house.cases.save(house.agent, house.open_visit(), {}, 1)
    assert refused.value.params["current"] is None


async def test_others_can_not_save(house: House) -> None:
    visit = house.open_visit()
    for person in (house.colleague, house.stranger, house.supervisor):
        with pytest.raises(NotFound):
            await house.cases.save(person, visit, {}, None)


async def test_after_the_wrap_up_the_form_stays(house: House) -> None:
    visit = house.open_visit()
    house.end_visit(visit)
    with pytest.raises(SessionClosed):
        await house.cases.save(house.agent, visit, {}, None)


async def test_submitted_case_is_not_edited_but_accepted(either_house: House) -> None:
    visit = either_house.open_visit()
    case = await either_house.cases.save(either_house.agent, visit, COMPLETE, None)
    case = await either_house.cases.submit(either_house.agent, case.id, case.version)
    assert case.state == "submitted"
    with pytest.raises(CaseNotEditable):
        await either_house.cases.save(either_house.agent, visit, {}, case.version)
    case = await either_house.cases.accept(either_house.agent, case.id, case.version)
    assert case.state == "accepted"
    with pytest.raises(TransitionRefused):
        await either_house.cases.accept(either_house.agent, case.id, case.version)


async def test_incomplete_case_is_not_submitted(house: House) -> None:
    case = await house.cases.save(house.agent, house.open_visit(), {"area": 1}, None)
    with pytest.raises(CaseIncomplete) as refused:
        await house.cases.submit(house.agent, case.id, case.version)
    problems: Any = refused.value.params["problems"]
    assert {problem["field"] for problem in problems} == {"applicant_name", "id_number"}


async def test_notes_of_the_session_become_the_cases(house: House) -> None:
    visit = house.open_visit()
    await house.cases.note_in_session(house.agent, visit, "先到现场看过")
    case = await house.cases.save(house.agent, visit, {}, None)
    await house.cases.note_in_case(house.agent, case.id, "补交布局图")
    await house.cases.note_in_session(house.agent, visit, "三天后来取")
    detail = await house.library.read(house.agent, case.id)
    assert [note.text for note in detail.notes] == ["先到现场看过", "补交布局图", "三天后来取"]
    assert detail.notes[0].author.name.zh_cn == "坐席"


async def test_audit_names_changed_fields_and_no_values(house: House) -> None:
    visit = house.open_visit()
    await house.cases.save(house.agent, visit, {"area": 1}, None)
    await house.cases.save(house.agent, visit, COMPLETE, 1)
    (row,) = await house.audited("case.save")
    assert row.details["fields"] == ["applicant_name", "area", "id_number"]
    every = await house.audited("case.create") + [row]
    assert "李示例" not in str([entry.details for entry in every])


async def test_events_carry_no_personal_data(house: House) -> None:
    visit = house.open_visit()
    await house.cases.note_in_session(house.agent, visit, "秘密")
    await house.cases.save(house.agent, visit, COMPLETE, None)
    told = str([event.changes for event in house.events])
    assert house.events
    for secret in ("李示例", COMPLETE["id_number"], "秘密"):
        assert secret not in told


async def test_resident_sees_the_whole_form_in_the_session_and_no_notes(house: House) -> None:
    visit = house.open_visit()
    await house.cases.save(house.agent, visit, COMPLETE, None)
    await house.cases.note_in_session(house.agent, visit, "内部")

    async def seen(session_id: UUID) -> tuple[Any, list[Any]]:
        context = house.sessions.contexts[session_id]
        async with house.work.read() as session:
            case = await house.cases.of_session(session, context, house.resident)
            return case, await house.cases.notes_of_session(session, context, house.resident)

    case, notes = await seen(visit)
    assert (case.fields, notes) == (COMPLETE, [])
    house.end_visit(visit)
    case, _ = await seen(visit)
    assert case.fields["applicant_name"] == "李*例"
