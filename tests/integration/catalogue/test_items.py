"""The catalogue by HTTP, for those who are known."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.support.subjects import Browser, Subjects, browser, seeded_settings, served, subjects


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Subjects]:
    async with subjects(await seeded_settings(tmp_path)) as made:
        yield made


@pytest.fixture
async def resident(parts: Subjects) -> AsyncIterator[Browser]:
    async with served(parts) as base, browser(base) as person:
        body = {"language": "zh-CN"}
        assert (await person.call("POST", "/residents", body, page="kiosk")).status == 201
        yield person


async def test_list_has_all_items_in_order(resident: Browser) -> None:
    items = (await resident.call("GET", "/catalogue/items", page="kiosk")).body["items"]
    assert len(items) == 25
    by_code = {item["code"]: item for item in items}
    assert by_code["residence-permit"] == {
        "code": "residence-permit",
        "name": {"zh-CN": "居住证办理", "en": "Residence permit"},
        "channel": "street_town",
        "subject": "person",
        "high_frequency": True,
        "handling_minutes": 12,
        "initials": "jzzbl",
        "promised_working_days": 10,
        "fee_fen": 0,
    }
    channels = [item["channel"] for item in items]
    assert [channels.count(name) for name in ("district", "street_town", "yangtze_delta")] == [
        7,
        10,
        8,
    ]
    assert items[0]["code"] == "food-business-licence"


async def test_detail_has_what_guide_and_form_show(resident: Browser) -> None:
    item = (await resident.call("GET", "/catalogue/items/residence-permit", page="kiosk")).body
    papers = {paper["code"]: paper for paper in item["materials"]}
    assert papers["application"]["made_by_form"] is True
    assert papers["id-front"] == {
        "code": "id-front",
        "name": {"zh-CN": "居民身份证（人像面）", "en": "Resident ID card, portrait side"},
        "required": True,
        "pages": 1,
        "paper_type": "id-card-front",
        "made_by_form": False,
        "when": None,
    }
    assert set(papers["household-register"]["when"]) == {"zh-CN", "en"}
    assert all(set(step) == {"zh-CN", "en"} for step in item["guide_steps"])
    assert item["limits"]["promised"] == {"working_days": 10, "assumed": True}
    assert item["form"]["schema"]["type"] == "object"
    assert item["form"]["example"]
    assert set(item["description"]) == set(item["authority"]) == {"zh-CN", "en"}


async def test_unknown_item_is_said_to_be_so(resident: Browser) -> None:
    answer = await resident.call("GET", "/catalogue/items/flying-permit", page="kiosk")
    assert (answer.status, answer.code) == (404, "item_unknown")


async def test_agents_read_it_too_and_strangers_do_not(parts: Subjects) -> None:
    async with served(parts) as base, browser(base) as person:
        for path in ("/catalogue/items", "/catalogue/items/residence-permit"):
            assert (await person.call("GET", path, page="console")).code == "credential_missing"
        await person.log_in("delta1")
        for path in ("/catalogue/items", "/catalogue/items/residence-permit"):
            assert (await person.call("GET", path, page="console")).status == 200


async def test_list_is_one_query_without_the_documents(parts: Subjects) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(parts.work.database.engine.sync_engine, "before_cursor_execute", note)
    await parts.catalogue.items()
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) == 1
    assert "document" not in selects[0]
