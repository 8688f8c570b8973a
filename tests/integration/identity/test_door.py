"""Which credential counts, from which page and from which Origin."""

import pytest
from sqlmodel import delete

from server.identity.tables import AccountGrant
from tests.support.subjects import ORIGIN, Browser, Subjects

VISIT = {"language": "zh-CN"}


@pytest.fixture
async def both(person: Browser) -> Browser:
    """A browser that has a kiosk page and a console open."""
    await person.log_in("agent1")
    assert (await person.call("POST", "/residents", VISIT, page="kiosk")).status == 201
    return person


async def test_the_page_says_as_whom_the_browser_acts(both: Browser) -> None:
    assert (await both.call("GET", "/auth/me", page="console")).status == 200
    assert (await both.call("GET", "/residents/current", page="kiosk")).status == 200
    assert (await both.call("GET", "/auth/me", page="kiosk")).code == "wrong_kind_of_user"
    assert (await both.call("GET", "/residents/current", page="console")).code == (
        "wrong_kind_of_user"
    )


async def test_an_address_may_name_the_page_where_a_header_can_not(both: Browser) -> None:
    assert (await both.call("GET", "/auth/me?page=console")).status == 200
    assert (await both.call("GET", "/residents/current?page=kiosk")).status == 200


async def test_two_cookies_without_a_page_are_nobody(both: Browser) -> None:
    answer = await both.call("GET", "/auth/me")
    assert (answer.status, answer.code) == (401, "credential_missing")


async def test_the_only_cookie_needs_no_page(person: Browser) -> None:
    await person.log_in("agent1")
    assert (await person.call("GET", "/auth/me")).status == 200


async def test_unknown_page_is_refused(both: Browser) -> None:
    assert (await both.call("GET", "/auth/me", page="admin")).code == "page_unknown"


FOREIGN = [
    None,
    "null",
    "",
    "http://evil.example",
    f"{ORIGIN}.evil.example",
    f"{ORIGIN}:8080",
    f"{ORIGIN}/",
    "https://pages.example",
    "http://PAGES.example",
]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_change_by_cookie_from_elsewhere_is_refused(
    both: Browser, parts: Subjects, origin: str | None
) -> None:
    for method, path, page in (
        ("POST", "/auth/logout", "console"),
        ("POST", "/auth/tokens", "console"),
        ("DELETE", "/residents/current", "kiosk"),
    ):
        answer = await both.call(method, path, page=page, origin=origin)
        assert (answer.status, answer.code) == (403, "origin_refused")
    assert parts.revoked == parts.ended == []


@pytest.mark.parametrize("origin", FOREIGN[1:])
async def test_log_in_from_a_foreign_page_is_refused(person: Browser, origin: str) -> None:
    body = {"username": "agent1", "password": "demo-PASS-2024"}
    answer = await person.call("POST", "/auth/login", body, page="console", origin=origin)
    assert answer.code == "origin_refused"
    assert person.cookies() == {}


async def test_the_hosts_own_name_is_no_listed_origin(both: Browser) -> None:
    """An Origin equal to Host is what rebinding gives."""
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = await both.call(
        "POST", "/auth/logout", page="console", origin="http://evil.example", headers=headers
    )
    assert answer.code == "origin_refused"


async def test_own_addresses_are_listed(both: Browser, parts: Subjects) -> None:
    for origin in (ORIGIN, "http://localhost:8080", "http://127.0.0.1:8080"):
        assert parts.door.origin_allowed(origin)
    assert not parts.door.origin_allowed("http://localhost:8081")
    assert not parts.door.origin_allowed(None)


async def test_reading_needs_no_origin(both: Browser) -> None:
    assert (await both.call("GET", "/auth/me", page="console", origin=None)).status == 200


async def test_stale_cookie_is_no_hindrance_to_signing_in(person: Browser) -> None:
    person.keep({"rvw_agent": "long gone", "rvw_resident": "long gone"})
    assert (await person.call("GET", "/auth/me", page="console")).code == "credential_missing"
    assert (await person.log_in("agent1")).status == 200
    assert (await person.call("POST", "/residents", VISIT, page="kiosk")).status == 201


async def test_one_sides_secret_is_nothing_on_the_other_side(both: Browser) -> None:
    held = both.cookies()
    both.keep({"rvw_agent": held["rvw_resident"], "rvw_resident": held["rvw_agent"]})
    assert (await both.call("GET", "/auth/me", page="console")).status == 401
    assert (await both.call("GET", "/residents/current", page="kiosk")).status == 401


async def test_socket_is_opened_as_the_page_says_or_by_token(
    both: Browser, parts: Subjects
) -> None:
    held = both.cookies()
    of = parts.door.principal_of
    agent = await of(held, "console", None)
    resident = await of(held, "kiosk", None)
    assert agent is not None
    assert resident is not None
    assert (agent.kind, resident.kind) == ("staff", "resident")
    token = (await both.call("POST", "/auth/tokens", page="console")).body["access_token"]
    assert await of({}, None, token) == agent
    for cookies, page, bad in (
        (held, None, None),
        (held, "admin", None),
        ({}, "console", None),
        ({"rvw_agent": "x"}, "console", None),
        (held, "console", "a.b.c"),
        (held, "console", ""),
    ):
        assert await of(cookies, page, bad) is None


async def test_grants_are_read_anew_for_an_open_socket(both: Browser, parts: Subjects) -> None:
    agent = await parts.door.principal_of(both.cookies(), "console", None)
    assert agent is not None
    async with parts.work.database.write() as session:
        await session.execute(delete(AccountGrant))
        await session.commit()
    now = await parts.door.refreshed(agent)
    assert now is not None
    assert now.grants == ()
