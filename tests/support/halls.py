"""A hall's calling system, as its vendor would write it: a secret, short tokens, plain HTTP."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from server.infrastructure.ids import new_id
from tests.support.systems import COMMAND


def make_account(name: str, org: str, *words: str, environment: Mapping[str, str]) -> str:
    """Make the account by the command; its secret."""
    done = subprocess.run(
        [COMMAND, "hall", "create", "--username", name, "--org", org, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@dataclass
class HallSystem:
    """It speaks for one hall, to whichever replica."""

    http: ClientSession
    base: str
    org: str
    token: str = ""

    async def sign_in(self, name: str, secret: str) -> None:
        body = {"username": name, "password": secret}
        async with self.http.post(f"{self.base}/api/v1/auth/machine-tokens", json=body) as answer:
            assert answer.status == 200, await answer.text()
            made = await answer.json()
        assert made["expires_in"] > 0
        self.token = made["access_token"]

    async def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, base: str = ""
    ) -> tuple[int, Any]:
        """path: below the hall's own."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        if method == "POST":
            headers["Idempotency-Key"] = key or str(new_id())
        url = f"{base or self.base}/api/v1/halls/{self.org}{path}"
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, (await answer.json(content_type=None) if text else None)

    async def ok(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self.call(method, path, body)
        assert 200 <= status < 300, f"{method} {path}: {status} {answer}"
        return answer

    async def draw(self, item: str, reference: str | None = None, **more: Any) -> Any:
        body = {"item_code": item, "reference": reference or str(new_id()), **more}
        return await self.ok("POST", "/numbers", body)

    async def act(self, number: Any, what: str, body: Any = None) -> Any:
        return await self.ok("POST", f"/numbers/{number['reference']}/{what}", body)

    async def call_next(self, counter: str, window: str, *, base: str = "") -> Any:
        """The number, or None."""
        body = {"counter": counter, "window_code": window}
        status, answer = await self.call("POST", "/call-next", body, base=base)
        assert status in (200, 204), answer
        return answer
