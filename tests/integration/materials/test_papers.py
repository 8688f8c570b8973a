"""A paper is captured, kept, looked at and removed, over HTTP."""

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient, TestServer
from sqlmodel import select

from server.identity.principals import Resident, Staff
from server.infrastructure.blobs import LocalBlobStore
from server.infrastructure.ids import new_id
from server.materials.service import Materials
from server.materials.tables import Material
from tests.support import papers
from tests.support.visits import COMPLETE, UPLOAD_BYTES, House

Client = TestClient[Any, Any]


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    async with house.decoder, TestClient(TestServer(house.application())) as client:
        yield client


async def upload(
    client: Client,
    visit: UUID,
    person: Staff | Resident,
    data: bytes | None = None,
    *,
    key: str | None = None,
    fields: dict[str, str] | None = None,
) -> ClientResponse:
    form = FormData()
    for name, value in (fields or {}).items():
        form.add_field(name, value)
    content = papers.jpeg() if data is None else data
    form.add_field(
        "file", io.BytesIO(content), filename="../../etc/x.php", content_type="text/html"
    )
    headers = {"As": person.id, "Accept-Language": "en"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return await client.post(f"/api/v1/sessions/{visit}/materials", data=form, headers=headers)


async def image(
    client: Client, material: str, person: Staff | Resident, rendition: str = "page"
) -> ClientResponse:
    path = f"/api/v1/materials/{material}/image?rendition={rendition}&page=kiosk"
    return await client.get(path, headers={"As": person.id})


def files(house: House, folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder / "blobs"))
        for path in (folder / "blobs").rglob("*")
        if path.is_file()
    )


async def test_captured_paper_is_kept_with_its_digest_and_seen_by_both(
    house: House, client: Client
) -> None:
    visit, data = house.open_visit(), papers.jpeg()
    answer = await upload(
        client, visit, house.resident, data, fields={"material_code": "id-front", "page": "2"}
    )
    assert answer.status == 201
    material = await answer.json()
    assert material["sha256"] == hashlib.sha256(data).hexdigest()
    assert (material["material_code"], material["page"]) == ("id-front", 2)
    assert (material["captured_by_role"], material["width"]) == ("resident", 300)
    for person in (house.resident, house.agent):
        seen = await image(client, material["id"], person)
        assert seen.headers["Content-Type"] == "image/jpeg"
        assert seen.headers["X-Content-Type-Options"] == "nosniff"
        assert seen.headers["Cache-Control"] == "no-store"
        assert papers.picture(await seen.read()).shape == (400, 300, 3)
    assert len(await house.audited("material.read")) == 1


async def test_original_is_kept_and_never_served(
    house: House, client: Client, tmp_path: Path
) -> None:
    data = papers.with_exif(papers.jpeg(), 1)
    material = await (await upload(client, house.open_visit(), house.resident, data)).json()
    (name,) = (name for name in files(house, tmp_path) if name.endswith("original"))
    assert (tmp_path / "blobs" / name).read_bytes() == data
    for rendition in ("page", "thumbnail"):
        served = await (await image(client, material["id"], house.agent, rendition)).read()
        assert b"SECRET-ARTIST" not in served
    other = await image(client, material["id"], house.agent, "original")
    assert other.status == 422


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"<svg/>", 415, "image_type_unknown"),
        (b"MZ\x90" + bytes(100), 415, "image_type_unknown"),
        (b"\xff\xd8\xff\xe0rubbish", 422, "image_unreadable"),
        (papers.jpeg()[:-1], 422, "image_unreadable"),
        (papers.jpeg()[:600], 422, "image_unreadable"),
        (papers.png_claiming(60_000, 60_000), 413, "image_too_large"),
        (papers.png_claiming(2_001, 2_000, rows=2_000), 413, "image_too_large"),
        (papers.jpeg_claiming(papers.jpeg(), 65_000, 65_000), 413, "image_too_large"),
        pytest.param(bytes(UPLOAD_BYTES + 1), 413, "image_too_large", id="too-many-bytes"),
        (b"", 422, "upload_without_file"),
    ],
)
async def test_wrong_file_is_a_clear_error_and_leaves_nothing(
    house: House, client: Client, tmp_path: Path, data: bytes, status: int, code: str
) -> None:
    visit = house.open_visit()
    answer = await upload(client, visit, house.resident, data)
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (status, code)
    assert len(problem["detail"]) > 20
    assert files(house, tmp_path) == []
    assert house.events == []
    assert (await upload(client, visit, house.resident)).status == 201


async def test_broken_multipart_is_a_clear_error(house: House, client: Client) -> None:
    visit, who = house.open_visit(), {"As": house.resident.id}
    path = f"/api/v1/sessions/{visit}/materials"
    plain = await client.post(path, data=papers.jpeg(), headers=who)
    assert (plain.status, (await plain.json())["code"]) == (415, "body_not_multipart")
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--y\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"):
        broken = await client.post(path, data=body, headers=who | kind)
        assert broken.status == 422
    bare = await client.post(path, data=b"", headers=who | {"Content-Type": "multipart/form-data"})
    assert (bare.status, (await bare.json())["code"]) == (422, "upload_broken")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"material_code": "passport"}, "material_unknown"),
        ({"page": "0"}, "body_invalid"),
        ({"page": "x"}, "body_invalid"),
        ({"colour": "red"}, "body_invalid"),
        ({"material_code": "x" * 500}, "upload_broken"),
        ({"a": "1", "b": "2", "c": "3", "d": "4"}, "upload_broken"),
    ],
)
async def test_wrong_fields_are_refused(
    house: House, client: Client, fields: dict[str, str], code: str
) -> None:
    answer = await upload(client, house.open_visit(), house.resident, fields=fields)
    assert (answer.status, (await answer.json())["code"]) == (422, code)


async def test_repeat_under_the_same_key_is_one_paper(house: House, client: Client) -> None:
    visit = house.open_visit()
    answers = await asyncio.gather(
        *(upload(client, visit, house.resident, key="k") for _ in range(3))
    )
    assert {answer.status for answer in answers} == {201}
    assert len({(await answer.json())["id"] for answer in answers}) == 1
    other = await upload(client, visit, house.resident, papers.png(), key="k")
    assert (await other.json())["code"] == "idempotency_key_reused"
    async with house.work.read() as session:
        assert len((await session.execute(select(Material))).all()) == 1


async def test_strangers_neither_add_nor_see(house: House, client: Client) -> None:
    visit, other = house.open_visit(), house.open_visit(house.new_resident())
    material = await (await upload(client, visit, house.resident)).json()
    assert (await upload(client, other, house.resident)).status == 404
    assert (await upload(client, visit, house.stranger)).status == 404
    assert (await upload(client, new_id(), house.resident)).status == 404
    assert (await image(client, material["id"], house.stranger)).status == 404
    assert (await image(client, "1", house.agent)).status == 404
    assert (await client.get(f"/api/v1/materials/{material['id']}/image")).status == 401


async def test_after_the_end_nothing_is_added_or_removed(house: House, client: Client) -> None:
    visit = house.open_visit()
    material = await (await upload(client, visit, house.resident)).json()
    house.end_visit(visit)
    for person in (house.resident, house.agent):
        late = await upload(client, visit, person)
        assert (late.status, (await late.json())["code"]) == (409, "session_closed")
        path = f"/api/v1/materials/{material['id']}"
        gone = await client.delete(path, json={}, headers={"As": person.id})
        assert gone.status == 409


async def test_removed_paper_is_gone_but_for_the_audit(house: House, client: Client) -> None:
    visit = house.open_visit()
    material = await (await upload(client, visit, house.resident)).json()
    path, who = f"/api/v1/materials/{material['id']}", {"As": house.agent.id}
    for _ in range(2):
        assert (await client.delete(path, json={"reason": "模糊"}, headers=who)).status == 204
    assert (await image(client, material["id"], house.agent)).status == 404
    assert house.events[-1].changes == [{"entity": "material", "id": material["id"], "value": None}]
    assert len(await house.audited("material.removed")) == 1
    async with house.work.read() as session:
        row = (await session.execute(select(Material))).scalar_one()
    assert (row.state, row.removed_reason) == ("removed", "模糊")


async def test_request_is_fulfilled_by_the_page_it_asked_for(house: House, client: Client) -> None:
    visit, who = house.open_visit(), {"As": house.agent.id}
    path = f"/api/v1/sessions/{visit}/capture-requests"
    asked = {"material_code": "licence", "page": 2}
    first = await (await client.post(path, json=asked, headers=who)).json()
    again = await (await client.post(path, json=asked, headers=who)).json()
    assert first == again
    await upload(client, visit, house.resident, fields={"material_code": "licence", "page": "1"})
    assert _requests(house) == {first["id"]: "open"}
    await upload(client, visit, house.resident, fields={"material_code": "licence", "page": "2"})
    assert _requests(house) == {first["id"]: "fulfilled"}


async def test_request_for_any_paper_takes_the_next_one(house: House, client: Client) -> None:
    visit, who = house.open_visit(), {"As": house.agent.id}
    path = f"/api/v1/sessions/{visit}/capture-requests"
    asked = await (await client.post(path, json={}, headers=who)).json()
    await upload(client, visit, house.resident)
    assert _requests(house) == {asked["id"]: "fulfilled"}


async def test_request_is_withdrawn_once_and_not_when_fulfilled(
    house: House, client: Client
) -> None:
    visit, who = house.open_visit(), {"As": house.agent.id}
    path = f"/api/v1/sessions/{visit}/capture-requests"
    asked = await (await client.post(path, json={}, headers=who)).json()
    for _ in range(2):
        gone = await client.delete(f"/api/v1/capture-requests/{asked['id']}", headers=who)
        assert gone.status == 204
    assert _requests(house) == {}
    asked = await (await client.post(path, json={}, headers=who)).json()
    await upload(client, visit, house.resident)
    late = await client.delete(f"/api/v1/capture-requests/{asked['id']}", headers=who)
    assert (late.status, (await late.json())["code"]) == (409, "transition_refused")


async def test_residents_and_strangers_request_nothing(house: House, client: Client) -> None:
    path = f"/api/v1/sessions/{house.open_visit()}/capture-requests"
    for person, status in ((house.resident, 403), (house.colleague, 404), (house.stranger, 404)):
        assert (await client.post(path, json={}, headers={"As": person.id})).status == status


async def test_papers_go_into_the_case_with_its_first_save(house: House, client: Client) -> None:
    visit = house.open_visit()
    before = await (await upload(client, visit, house.resident)).json()
    removed = await (await upload(client, visit, house.resident)).json()
    await client.delete(
        f"/api/v1/materials/{removed['id']}", json={}, headers={"As": house.agent.id}
    )
    case = await house.cases.save(house.agent, visit, COMPLETE, None)
    after = await (await upload(client, visit, house.agent)).json()
    detail = await house.library.read(house.agent, case.id)
    assert [str(material.id) for material in detail.materials] == [before["id"], after["id"]]
    assert detail.materials[0].version == 2


async def test_missing_bytes_are_told_before_anything_is_sent(house: House, client: Client) -> None:
    material = await (await upload(client, house.open_visit(), house.resident)).json()
    async with house.work.read() as session:
        row = (await session.execute(select(Material))).scalar_one()
    await house.blobs.delete(f"{row.folder}/page.jpg")
    assert (await image(client, material["id"], house.agent)).status == 404


async def test_no_bytes_are_left_when_the_row_can_not_be_written(
    house: House, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(self: Materials, principal: Any, material: Material) -> Material:
        raise OSError("disk full")

    monkeypatch.setattr(Materials, "_add", refuse)
    answer = await upload(client, house.open_visit(), house.resident)
    assert answer.status == 500
    assert files(house, tmp_path) == []


async def test_half_written_uploads_of_a_killed_process_are_cleared(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path)
    await store.prepare()
    left = store.incoming / "upload-1"
    left.write_bytes(b"x")
    fresh = store.incoming / "upload-2"
    fresh.write_bytes(b"x")
    os.utime(left, (0, 0))
    await store.prepare()
    assert (left.exists(), fresh.exists()) == (False, True)


def _requests(house: House) -> dict[str, str]:
    """State by id, as a page knows it from the events."""
    known: dict[str, str] = {}
    for event in house.events:
        for change in event.changes:
            if change["entity"] != "capture_request":
                continue
            if change["value"] is None:
                known.pop(change["id"], None)
            else:
                known[change["id"]] = change["value"]["state"]
    return known
