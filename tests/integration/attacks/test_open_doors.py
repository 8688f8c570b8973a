"""Figures for operators alone, few uploads at once, and no stranger's bytes in the log."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.http_exceptions import BadHttpMessage
from aiohttp.test_utils import TestServer

from server.infrastructure import logging as json_logging
from server.infrastructure.metrics import Metrics
from server.materials.routes import UPLOADS_AT_ONCE
from tests.support.visits import furnished_house
from tests.support.waiting import until


async def _serve(stack: AsyncExitStack, app: web.Application) -> TestServer:
    server = TestServer(app)
    await server.start_server()
    stack.push_async_callback(server.close)
    return server


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as made:
        yield made


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        (None, {}, 200),
        (None, {"X-Forwarded-For": "192.0.2.7"}, 404),
        (None, {"Forwarded": "for=192.0.2.7"}, 404),
        ("secret", {}, 404),
        ("secret", {"Authorization": "Bearer guess"}, 404),
        ("secret", {"Authorization": "Bearer secret"}, 200),
        ("secret", {"Authorization": "Bearer secret", "X-Forwarded-For": "192.0.2.7"}, 200),
    ],
)
async def test_figures_are_for_operators(
    stack: AsyncExitStack, token: str | None, headers: dict[str, str], status: int
) -> None:
    app = web.Application()
    app.router.add_get("/metrics", Metrics(token).expose)
    server = await _serve(stack, app)
    http = await stack.enter_async_context(ClientSession())
    async with http.get(server.make_url("/metrics"), headers=headers) as answer:
        assert answer.status == status


async def test_one_person_sends_few_files_at_once(stack: AsyncExitStack, tmp_path: Path) -> None:
    house = await stack.enter_async_context(furnished_house(tmp_path))
    visit = house.open_visit()
    server = await _serve(stack, house.application())
    http = await stack.enter_async_context(ClientSession())
    url = server.make_url(f"/api/v1/sessions/{visit}/materials")
    sent = asyncio.Event()
    stack.callback(sent.set)

    async def trickle() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nbytes'
        await sent.wait()

    async def send(person: str) -> tuple[int, str]:
        headers = {"As": person, "Content-Type": "multipart/form-data; boundary=x"}
        async with http.post(url, data=trickle(), headers=headers) as answer:
            return answer.status, (await answer.json(content_type=None))["code"]

    slow = [asyncio.create_task(send(house.resident.id)) for _ in range(UPLOADS_AT_ONCE)]

    async def on_their_way() -> bool:
        return len(list(house.blobs.incoming.iterdir())) == UPLOADS_AT_ONCE

    await until(on_their_way, seconds=5, what="uploads that trickle")
    assert await send(house.resident.id) == (429, "too_many_uploads")
    other = asyncio.create_task(send(house.agent.id))
    sent.set()
    assert {await task for task in (*slow, other)} == {(422, "upload_broken")}
    assert await send(house.resident.id) == (422, "upload_broken"), "there is room again"


def test_requests_that_are_no_http_are_not_logged() -> None:
    def record(error: Exception | None) -> logging.LogRecord:
        info = (type(error), error, None) if error is not None else None
        return logging.LogRecord("aiohttp.server", logging.ERROR, "", 0, "x", (), info)

    assert not json_logging._is_ours(record(BadHttpMessage("GET /cases?q=310100199005070024")))
    assert json_logging._is_ours(record(RuntimeError("ours")))
    assert json_logging._is_ours(record(None))
    json.loads(json_logging.JsonLines("app").format(record(RuntimeError("ours"))))
