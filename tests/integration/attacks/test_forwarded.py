"""Limits by address count who calls, not which proxy hands it on; and nobody names another."""

from aiohttp import ClientSession

from tests.support.systems import StartSystem


async def test_behind_a_listed_proxy_each_caller_is_counted_alone(
    start_system: StartSystem,
) -> None:
    system = start_system(VIRTUAL_WINDOW_TRUSTED_PROXIES='["127.0.0.0/8", "::1/128"]')
    wrong = {"username": "nobody", "password": "wrong-password"}
    async with ClientSession() as http:

        async def status(address: str, name: str) -> int:
            headers = {"X-Forwarded-For": address, "Origin": system.url}
            body = wrong | {"username": name}
            path = system.url + "/api/v1/auth/login"
            async with http.post(path, json=body, headers=headers) as answer:
                return answer.status

        tries = 1
        while await status("203.0.113.9", f"one-{tries}") == 401:
            tries += 1
        # Twenty a minute; the minute may have changed on the way.
        assert 20 < tries <= 41
        assert await status("203.0.113.10", "two-1") == 401
