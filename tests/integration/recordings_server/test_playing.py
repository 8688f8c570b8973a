"""A sealed recording is played over HTTP: by range, for some minutes, by whom it concerns."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from server.identity.principals import Resident, Staff
from server.infrastructure.ids import new_id
from server.recordings.service import recording_of
from tests.support.manifests import manifest, recorded_file
from tests.support.visits import PLAYBACK_SECONDS, House

Client = TestClient[Any, Any]
CONTENT = bytes(range(256)) * 4_000


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    server = TestServer(house.application())
    async with TestClient(server, cookie_jar=DummyCookieJar()) as client:
        yield client


async def sealed(house: House, *files: dict[str, Any]) -> UUID:
    """The id of a sealed recording of these files, or of one."""
    visit = house.open_visit()
    async with house.work.write(house.agent) as tx:
        await house.recordings.begin_part(tx, visit, 1)
        await house.recordings.closing(tx, visit)
    told = list(files) or [recorded_file(CONTENT)]
    for file in told:
        await house.blobs.put(f"recordings/{visit}/1/{file['name']}", CONTENT)
    await house.recordings.sealed(
        visit,
        1,
        f"recordings/{visit}/1",
        manifest(visit, told, started_at=house.clock.now()),
    )
    async with house.work.read() as session:
        recording = await recording_of(session, visit)
    assert recording is not None
    return recording.id


async def files_of(client: Client, recording: UUID, person: Staff) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/recordings/{recording}", headers={"As": person.id})
    assert answer.status == 200
    files: list[dict[str, Any]] = (await answer.json())["files"]
    return files


async def permitted(client: Client, recording: UUID, person: Staff) -> SimpleCookie:
    answer = await client.post(
        f"/api/v1/recordings/{recording}/playback", headers={"As": person.id}
    )
    assert answer.status == 204
    return answer.cookies


def headers(person: Staff | Resident, cookies: SimpleCookie, **others: str) -> dict[str, str]:
    sent = {"As": person.id, **{name.replace("_", "-"): value for name, value in others.items()}}
    if cookies:
        sent["Cookie"] = f"rvw_playback={cookies['rvw_playback'].value}"
    return sent


async def test_cookie_is_for_this_recording_alone(house: House, client: Client) -> None:
    recording = await sealed(house)
    cookie = (await permitted(client, recording, house.agent))["rvw_playback"]
    assert cookie["path"] == f"/api/v1/recordings/{recording}/"
    assert (cookie["max-age"], cookie["samesite"]) == (str(PLAYBACK_SECONDS), "Strict")
    assert cookie["httponly"]
    assert len(await house.audited("recording.play")) == 1


async def test_whole_file_and_its_headers(house: House, client: Client) -> None:
    recording = await sealed(house)
    (file,) = await files_of(client, recording, house.agent)
    cookies = await permitted(client, recording, house.agent)
    answer = await client.get(file["url"], headers=headers(house.agent, cookies))
    assert (answer.status, await answer.read()) == (200, CONTENT)
    assert answer.headers["Content-Type"] == "video/webm"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == f'"{file["sha256"]}"'


async def test_ranges(house: House, client: Client) -> None:
    recording = await sealed(house)
    (file,) = await files_of(client, recording, house.agent)
    cookies = await permitted(client, recording, house.agent)
    size, url = len(CONTENT), file["url"]
    for asked, first, last in (
        ("bytes=0-", 0, size - 1),
        ("bytes=300000-700000", 300_000, 700_000),
        ("bytes=-10", size - 10, size - 1),
    ):
        answer = await client.get(url, headers=headers(house.agent, cookies, Range=asked))
        assert answer.status == 206
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert answer.headers["Content-Length"] == str(last - first + 1)
        assert await answer.read() == CONTENT[first : last + 1]
    beyond = await client.get(url, headers=headers(house.agent, cookies, Range=f"bytes={size}-"))
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    changed = headers(house.agent, cookies, Range="bytes=0-1", If_Range='"other"')
    assert (await client.get(url, headers=changed)).status == 200
    same = headers(house.agent, cookies, Range="bytes=0-1", If_Range=f'"{file["sha256"]}"')
    assert (await client.get(url, headers=same)).status == 206


async def test_head_tells_the_size_and_sends_nothing(house: House, client: Client) -> None:
    recording = await sealed(house)
    (file,) = await files_of(client, recording, house.agent)
    cookies = await permitted(client, recording, house.agent)
    answer = await client.head(file["url"], headers=headers(house.agent, cookies, Range="bytes=5-"))
    assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(CONTENT)))
    assert await answer.read() == b""


async def test_without_a_good_cookie_nothing_is_played(house: House, client: Client) -> None:
    recording, other = await sealed(house), await sealed(house)
    (file,) = await files_of(client, recording, house.agent)
    url = file["url"]
    foreign = await permitted(client, other, house.agent)
    anothers = await permitted(client, recording, house.supervisor)
    forged = SimpleCookie("rvw_playback=x")
    for cookies in (SimpleCookie(), forged, foreign, anothers):
        answer = await client.get(url, headers=headers(house.agent, cookies))
        assert (answer.status, (await answer.json())["code"]) == (403, "playback_expired")


async def test_permission_to_play_ends_after_some_minutes(house: House, client: Client) -> None:
    recording = await sealed(house)
    (file,) = await files_of(client, recording, house.agent)
    cookies = await permitted(client, recording, house.agent)
    house.clock.move(seconds=PLAYBACK_SECONDS)
    answer = await client.get(file["url"], headers=headers(house.agent, cookies))
    assert answer.status == 403
    cookies = await permitted(client, recording, house.agent)
    assert (await client.get(file["url"], headers=headers(house.agent, cookies))).status == 200


async def test_right_that_is_lost_ends_playing_at_the_next_range(
    house: House, client: Client
) -> None:
    recording = await sealed(house)
    (file,) = await files_of(client, recording, house.agent)
    cookies = await permitted(client, recording, house.agent)
    for visit in list(house.sessions.contexts):
        house.sessions.change(visit, account_ids=frozenset())
    assert (await client.get(file["url"], headers=headers(house.agent, cookies))).status == 404


async def test_those_whom_it_does_not_concern_find_nothing(house: House, client: Client) -> None:
    recording = await sealed(house)
    (file,) = await files_of(client, recording, house.agent)
    cookies = await permitted(client, recording, house.agent)
    for person, status in ((house.colleague, 404), (house.stranger, 404), (house.resident, 403)):
        who = {"As": person.id}
        path = f"/api/v1/recordings/{recording}"
        assert (await client.get(path, headers=who)).status == status
        assert (await client.post(f"{path}/playback", headers=who)).status == status
        assert (await client.get(file["url"], headers=headers(person, cookies))).status == status


async def test_what_only_some_could_hear_is_not_among_the_files(
    house: House, client: Client
) -> None:
    recording = await sealed(
        house, recorded_file(CONTENT), recorded_file(CONTENT, audience="staff")
    )
    assert len(await files_of(client, recording, house.agent)) == 1


async def test_file_of_another_recording_is_not_found(house: House, client: Client) -> None:
    recording, other = await sealed(house), await sealed(house)
    (file,) = await files_of(client, other, house.agent)
    cookies = await permitted(client, recording, house.agent)
    for file_id in (file["id"], new_id(), "x"):
        path = f"/api/v1/recordings/{recording}/files/{file_id}"
        assert (await client.get(path, headers=headers(house.agent, cookies))).status == 404


async def test_unsealed_recording_is_not_played_and_says_why(house: House, client: Client) -> None:
    visit = house.open_visit()
    async with house.work.write(house.agent) as tx:
        recording = await house.recordings.start(tx, visit)
        await house.recordings.begin_part(tx, visit, 1)
        await house.recordings.closing(tx, visit)
    path, who = f"/api/v1/recordings/{recording.id}", {"As": house.agent.id}
    seen = await (await client.get(path, headers=who)).json()
    assert (seen["state"], seen["files"]) == ("sealing", [])
    refused = await client.post(f"{path}/playback", headers=who)
    assert (refused.status, (await refused.json())["code"]) == (409, "recording_not_playable")
