"""Pages connect by WebRTC: good offers, none at all, and a worker that dies in the middle."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from server.infrastructure.ids import new_id
from tests.integration.sessions.conftest import OpenCall, open_call
from tests.support.api_media import CallPage, call_page
from tests.support.api_people import ApiPeople
from tests.support.processes import kill
from tests.support.systems import System, shared_system, shown_when_failed
from tests.support.waiting import until


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    settings = {
        "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "300",
        "VIRTUAL_WINDOW_PLACE_KEPT_SECONDS": "300",
    }
    with shared_system(tmp_path_factory.mktemp("connecting"), **settings) as system:
        yield system


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


@pytest.fixture
async def call(people: ApiPeople, house: System) -> OpenCall:
    return await open_call(people, house.url)


def sources(call: OpenCall) -> list[Any]:
    return call.agent.feeds[f"session:{call.session_id}"].rows("source")


@pytest.mark.parametrize(
    "sdp",
    [
        "",
        "v=0",
        "hello",
        "\r\n" * 1000,
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n",
        "m=" * 40_000,
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF " + "9" * 5_000,
    ],
    ids=lambda sdp: sdp[:8].strip() or "blank",
)
async def test_an_sdp_that_is_none_is_told_so_and_nothing_changes(call: OpenCall, sdp: str) -> None:
    before = await call.view()
    for sections in ([], [{"mid": "0", "kind": "microphone"}]):
        status, problem = await call.resident.call(
            "POST", f"{call.path}/connections", {"offer": sdp, "sources": sections, "slots": []}
        )
        assert (status, problem["code"]) == (422, "sdp_unusable"), sdp[:40]
        assert problem["params"]["reason"]
    assert await call.view() == before
    assert sources(call) == []


async def test_an_sdp_that_is_too_large_is_refused_by_name(call: OpenCall) -> None:
    body = {"offer": "a" * (96 * 1024 + 1), "sources": [], "slots": []}
    status, problem = await call.resident.call("POST", f"{call.path}/connections", body)
    assert (status, problem["code"]) == (422, "body_invalid")


async def test_sections_that_the_offer_does_not_have_are_refused(call: OpenCall) -> None:
    async with call_page(call.resident, call.session_id) as page:
        body = await page.offer()
        wrong: list[dict[str, Any]] = [
            body | {"sources": [{"mid": "77", "kind": "face"}]},
            body | {"slots": [{"mid": "77", "media": "video", "index": 0}]},
            body | {"slots": [{**body["slots"][0], "media": "video"}]},
        ]
        for asked in wrong:
            status, problem = await call.resident.call("POST", f"{call.path}/connections", asked)
            assert (status, problem["code"]) == (422, "sdp_unusable"), asked["sources"]
        twice = body | {"sources": body["sources"] * 2}
        status, problem = await call.resident.call("POST", f"{call.path}/connections", twice)
        assert (status, problem["code"]) == (422, "body_invalid")
    assert sources(call) == []


async def test_a_connection_belongs_to_its_person_and_session_alone(
    call: OpenCall, people: ApiPeople, house: System
) -> None:
    other = await open_call(people, house.url, "agent1", "food-business-licence")
    async with call_page(call.resident, call.session_id) as page:
        body = await page.offer()
        await page.take(await call.resident.ok("POST", f"{call.path}/connections", body))
        paths = {
            call.agent: page.path,
            other.resident: f"{other.path}/connections/{page.connection_id}",
            call.resident: f"{call.path}/connections/{new_id()}",
        }
        for person, path in paths.items():
            assert (await person.call("PUT", path, body))[0] == 404
            assert (await person.call("DELETE", path))[0] == 404
            source = await person.call("PUT", f"{path}/sources/face", {"active": False})
            assert source[0] == 404
        assert len(sources(call)) == 2
        assert all(source["active"] for source in sources(call))

        # Its own person may do all of it.
        await call.resident.ok("PUT", f"{page.path}/sources/face", {"active": False})
        await call.agent.sees("camera off", lambda: not all(s["active"] for s in sources(call)))
        for kind, code in (("smell", "source_kind_unknown"), ("screen", "source_unknown")):
            status, problem = await call.resident.call(
                "PUT", f"{page.path}/sources/{kind}", {"active": True}
            )
            assert (status >= 400, problem["code"]) == (True, code)
        for _ in range(2):
            assert (await call.resident.call("DELETE", page.path))[0] == 204
        await call.agent.sees("no sources", lambda: sources(call) == [])
        status, problem = await call.resident.call("PUT", page.path, body)
        assert (status, problem["code"]) == (409, "connection_gone")
    await call.pictures_agree()


async def test_a_page_that_was_loaded_anew_takes_the_old_ones_place(call: OpenCall) -> None:
    async with (
        call_page(call.resident, call.session_id) as old,
        call_page(call.resident, call.session_id) as new,
    ):
        await old.connect()
        first = {source["id"] for source in sources(call)}
        await new.connect()
        await call.agent.sees(
            "the new sources",
            lambda: len(sources(call)) == 2 and not first & {s["id"] for s in sources(call)},
        )
        status, problem = await call.resident.call(
            "PUT", f"{old.path}/sources/face", {"active": True}
        )
        assert (status, problem["code"]) == (409, "connection_gone")
    await call.pictures_agree()


async def test_a_call_comes_back_on_another_worker_when_its_own_dies(
    call: OpenCall, house: System
) -> None:
    async with (
        call_page(call.resident, call.session_id) as resident,
        call_page(call.agent, call.session_id) as agent,
    ):
        await resident.connect("red")
        await agent.connect("green")
        await call.session_is("active", seconds=30)
        await sees(agent, "red")
        epoch = media_epoch(house, call)
        (worker,) = house.pids("media-worker")
        kill(worker)
        await call.session_is("interrupted", seconds=30)
        assert sources(call) == []
    async with (
        call_page(call.resident, call.session_id) as resident,
        call_page(call.agent, call.session_id) as agent,
    ):
        await connect_when_there_is_a_worker(resident)
        await connect_when_there_is_a_worker(agent)
        await call.session_is("active", seconds=30)
        assert media_epoch(house, call) > epoch
        await sees(agent, "red")
    assert (await call.agent_is("serving"))["session_id"] == call.session_id


async def sees(page: CallPage, colour: str) -> None:
    """Wait until a picture of `colour` has come through the worker."""

    async def seen() -> list[str]:
        found = page.sinks[1].colours[-10:]
        return found if colour in found else []

    await until(seen, seconds=20, what=f"{colour} is seen")


async def connect_when_there_is_a_worker(page: CallPage) -> None:
    """As a page does: again, while the server says that there is none."""
    body = await page.offer("red")

    async def answered() -> Any:
        path = f"/sessions/{page.session_id}/connections"
        status, answer = await page.person.call("POST", path, body)
        assert status in (201, 503), answer
        return answer if status == 201 else None

    await page.take(await until(answered, seconds=30, what="a worker is there"))


def media_epoch(house: System, call: OpenCall) -> int:
    with closing(sqlite3.connect(house.data / "virtual-window.sqlite3")) as database:
        query = "SELECT media_epoch FROM video_session WHERE id = ?"
        row = database.execute(query, (call.session_id.replace("-", ""),)).fetchone()
    return int(row[0])
