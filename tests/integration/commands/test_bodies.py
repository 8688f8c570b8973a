"""A body that is no good gets a problem that has a name, and changes nothing."""

import gzip
import json
from typing import Any

import pytest

from tests.integration.commands.conftest import JSON_BYTES, Replica

# What is refused never gets to the database, whichever it is.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def nested(depth: int) -> bytes:
    """A body with `depth` levels: the object, its list of tags, and lists in lists."""
    return b'{"name": "a", "tags": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"{", 422, "json_broken"),
        (b"", 422, "body_invalid"),
        (b"\xff\xfe\xfd", 422, "json_broken"),
        (b"[" * 10_000, 422, "json_broken"),
        (b'{"name": "a", "tags": [1' + b"0" * 5_000 + b"]}", 422, "json_broken"),
        (nested(33), 422, "json_too_deep"),
        (b"null", 422, "body_invalid"),
        (b"[]", 422, "body_invalid"),
        (b'{"name": 1}', 422, "body_invalid"),
        (b'{"name": "a", "colour": "red"}', 422, "body_invalid"),
        (b'{"name": "' + b"a" * 201 + b'"}', 422, "body_invalid"),
        (b'{"name": "a\\u0000b"}', 422, "text_unusable"),
        (b'{"name": "a\\ud800b"}', 422, "text_unusable"),
        (b'{"name": "a", "\\ud800": 1}', 422, "text_unusable"),
        (b'{"name": "a", "tags": [{"x": "\\u0000"}]}', 422, "text_unusable"),
        (b'{"name": "' + b"a" * JSON_BYTES + b'"}', 413, "body_too_large"),
    ],
)
async def test_an_unusable_body_is_refused_by_name(
    replica: Replica, data: bytes, status: int, code: str
) -> None:
    found, problem = await replica.raw(data)
    assert (found, problem["code"]) == (status, code)
    assert problem["type"] == f"urn:virtual-window:problem:{code}"
    assert problem["detail"]
    assert problem["status"] == status
    assert await replica.effects() == []


async def test_what_is_just_deep_enough_is_taken(replica: Replica) -> None:
    assert (await replica.raw(nested(32)))[0] == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
async def test_a_body_that_is_not_json_is_refused(replica: Replica, content_type: str) -> None:
    answer = await replica.raw(b'{"name": "a"}', **{"Content-Type": content_type})
    assert (answer[0], answer[1]["code"]) == (415, "body_not_json")


async def test_an_encoded_body_is_refused_unread(replica: Replica) -> None:
    bomb = gzip.compress(b'{"name": "' + b"a" * 5_000_000 + b'"}')
    status, problem = await replica.raw(bomb, **{"Content-Encoding": "gzip"})
    assert (status, problem["code"]) == (415, "body_encoded")


async def test_a_body_without_length_is_cut_off_at_the_limit(replica: Replica) -> None:
    async def endless() -> Any:
        for _ in range(JSON_BYTES):
            yield b'{"name": "aaaaaaaaaaaaaaaaaaaaa'

    headers = {"As": "amy", "Content-Type": "application/json", "Accept-Language": "en"}
    url = f"{replica.base}/api/v1/things"
    async with replica.http.post(url, data=endless(), headers=headers) as response:
        problem = json.loads(await response.text())
    assert (response.status, problem["code"]) == (413, "body_too_large")


async def test_what_was_sent_is_not_repeated_in_the_problem(replica: Replica) -> None:
    _, problem = await replica.raw(b'{"name": ["310100199005070024"]}')
    assert "310100199005070024" not in json.dumps(problem)
    assert problem["params"]["fields"][0]["field"] == "name"


async def test_a_nul_in_an_address_is_refused(replica: Replica) -> None:
    status, problem = await replica.post({"name": "a"}, path="/things/a%00b")
    assert (status, problem["code"]) == (422, "text_unusable")


async def test_problems_speak_the_callers_language(replica: Replica) -> None:
    _, english = await replica.raw(b"{")
    _, chinese = await replica.raw(b"{", **{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    _, unknown = await replica.raw(b"{", **{"Accept-Language": "fr"})
    assert english["detail"].isascii()
    assert chinese["detail"] == unknown["detail"] != english["detail"]
