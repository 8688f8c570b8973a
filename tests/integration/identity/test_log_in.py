"""Staff sign in, are locked out, sign out; what they hold ends with the log-in."""

import asyncio
import statistics
import time

import pytest
from argon2 import PasswordHasher
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from server.demo.people import PASSWORD
from server.identity.logins import LOGIN_PER_MINUTE
from server.identity.tables import Account, LoginTries, StaffSession
from server.infrastructure.audit import AuditRow
from server.infrastructure.database import Database
from tests.support.subjects import Browser, Subjects, browser, served, subjects


async def test_log_in_tells_who_one_is(person: Browser) -> None:
    answer = await person.log_in("agent1")
    assert answer.status == 200
    account = answer.body["account"]
    assert account["username"] == "agent1"
    assert account["display_name"] == {"zh-CN": "演示坐席一", "en": "Demo agent 1"}
    assert account["roles"] == ["agent"]
    assert account["org"]["code"] == "putuo"
    assert [window["code"] for window in account["windows"]] == ["putuo-general", "putuo-market"]
    assert account["windows"][0]["channel"] == "district"
    me = await person.call("GET", "/auth/me", page="console")
    assert me.body == account


async def test_name_is_taken_in_any_case_and_trimmed(person: Browser) -> None:
    assert (await person.log_in("  Agent1 ")).status == 200


async def test_password_is_taken_as_it_is(person: Browser) -> None:
    assert (await person.log_in("agent1", f" {PASSWORD}")).code == "login_wrong"


async def test_cookie_is_bound_to_host_and_hidden_from_scripts(parts: Subjects) -> None:
    settings = parts.settings.model_copy(update={"public_url": "https://window.example"})
    async with subjects(settings) as secure, served(secure) as base, browser(base) as person:
        cookie = (await person.log_in("agent1")).headers["Set-Cookie"]
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-rvw_agent=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(attributes)
    assert not any(attribute.startswith("Domain") for attribute in attributes)


@pytest.mark.parametrize("name", ["agent1", "nobody"])
async def test_five_wrong_passwords_lock_a_name_known_or_not(
    person: Browser, parts: Subjects, name: str
) -> None:
    for left in (4, 3, 2, 1):
        answer = await person.log_in(name, "wrong")
        assert (answer.status, answer.code) == (401, "login_wrong")
        assert answer.body["params"] == {"tries_left": left}
    fifth = await person.log_in(name, "wrong")
    assert (fifth.status, fifth.code) == (423, "login_locked")
    assert fifth.body["params"] == {"until": "2024-11-20T09:45:00.000Z", "minutes": 15}
    assert (await person.log_in(name)).code == "login_locked"
    parts.clock.move(minutes=14)
    assert (await person.log_in(name)).body["params"]["minutes"] == 1
    parts.clock.move(minutes=1)
    again = await person.log_in(name)
    assert again.status == (200 if name == "agent1" else 401)


async def test_right_password_forgets_the_wrong_ones(person: Browser, parts: Subjects) -> None:
    for _ in range(3):
        await person.log_in("agent1", "wrong")
    assert (await person.log_in("agent1")).status == 200
    assert (await person.log_in("agent1", "wrong")).body["params"] == {"tries_left": 4}


async def test_tries_of_another_quarter_of_an_hour_do_not_count(
    person: Browser, parts: Subjects
) -> None:
    for _ in range(4):
        await person.log_in("agent1", "wrong")
    parts.clock.move(minutes=15)
    assert (await person.log_in("agent1", "wrong")).body["params"] == {"tries_left": 4}


async def test_guesses_sent_at_once_are_not_more_than_guesses_in_turn(person: Browser) -> None:
    answers = await asyncio.gather(*(person.log_in("agent1", f"guess {n}") for n in range(12)))
    codes = sorted(answer.code for answer in answers)
    assert codes == ["login_locked"] * 8 + ["login_wrong"] * 4


async def test_names_guessed_long_ago_are_forgotten(person: Browser, parts: Subjects) -> None:
    for n in range(5):
        await person.log_in(f"guess {n}", "wrong")
    parts.clock.move(hours=1)
    await person.log_in("agent1", "wrong")
    async with parts.work.read() as session:
        rows = (await session.execute(select(LoginTries))).scalars().all()
    assert len(rows) == 1


async def test_audit_trail_has_refused_and_opened_log_ins_without_names(
    person: Browser, parts: Subjects
) -> None:
    await person.log_in("agent1", "wrong")
    await person.log_in("zhang.san", "wrong")
    await person.log_in("agent1")
    async with parts.work.read() as session:
        query = select(AuditRow).where(col(AuditRow.action).startswith("login"))
        rows = (await session.execute(query.order_by(col(AuditRow.id)))).scalars().all()
    kinds = [(row.action, row.resource_kind) for row in rows]
    assert kinds == [
        ("login.refuse", "account"),
        ("login.refuse", "unknown_name"),
        ("login.open", "staff_session"),
    ]
    assert "zhang" not in str([row.model_dump() for row in rows])


async def test_a_name_that_nobody_bears_takes_as_long_as_one_that_is(parts: Subjects) -> None:
    """Medians of 20. With the tests' cheap hashes a missing one would be a small part; so the work
    is counted too."""
    work: list[str] = []
    verify = parts.logins._passwords._verify

    def counted(kept: str, password: str) -> bool:
        work.append(kept)
        return verify(kept, password)

    parts.logins._passwords._verify = counted  # type: ignore[method-assign]
    medians = {}
    for name in ("agent1", "nobody"):
        seconds = []
        for _ in range(20):
            parts.clock.move(minutes=16)
            began = time.perf_counter()
            with pytest.raises(Exception, match="login_wrong"):
                await parts.logins.login(name, "wrong", address="10.0.0.1", replaces=None)
            seconds.append(time.perf_counter() - began)
        medians[name] = statistics.median(seconds)
    assert len(work) == 40
    assert all(kept.startswith("$argon2id$") for kept in work)
    assert 0.5 < medians["agent1"] / medians["nobody"] < 2.0


async def test_disabled_account_is_answered_like_a_wrong_password(
    person: Browser, parts: Subjects
) -> None:
    await person.log_in("agent1")
    await _disable(parts, "agent1")
    assert (await person.call("GET", "/auth/me", page="console")).status == 401
    assert (await person.log_in("agent1")).code == "login_wrong"


async def test_each_log_in_is_a_new_one_and_ends_the_browsers_old(
    person: Browser, parts: Subjects
) -> None:
    await person.log_in("agent1")
    first = person.cookies()
    await person.log_in("agent2")
    assert person.cookies() != first
    assert len(parts.revoked) == 1
    person.keep(first)
    assert (await person.call("GET", "/auth/me", page="console")).status == 401


async def test_planted_cookie_does_not_become_a_log_in(person: Browser) -> None:
    person.keep({"rvw_agent": "known-to-the-attacker"})
    await person.log_in("agent1")
    assert person.cookies()["rvw_agent"] != "known-to-the-attacker"


async def test_secret_is_not_in_the_database(person: Browser, parts: Subjects) -> None:
    await person.log_in("agent1")
    secret = person.cookies()["rvw_agent"].encode()
    for file in parts.settings.data.glob("virtual-window.sqlite3*"):
        assert secret not in file.read_bytes()


async def test_log_out_ends_cookie_and_token(person: Browser, parts: Subjects) -> None:
    await person.log_in("agent1")
    held = person.cookies()
    token = (await person.call("POST", "/auth/tokens", page="console")).body["access_token"]
    assert (await person.call("GET", "/auth/me", token=token)).body["username"] == "agent1"
    principal = await parts.door.principal_of(held, "console", None)
    assert principal is not None
    assert await parts.door.refreshed(principal) is not None

    answer = await person.call("POST", "/auth/logout", page="console")
    assert answer.status == 204
    assert person.cookies() == {}
    refused = await person.call("GET", "/auth/me", token=token)
    assert (refused.status, refused.code) == (401, "credential_expired")
    person.keep(held)
    assert (await person.call("GET", "/auth/me", page="console")).status == 401
    assert await parts.door.refreshed(principal) is None
    assert len(parts.revoked) == 1


async def test_log_in_runs_out(person: Browser, parts: Subjects) -> None:
    await person.log_in("agent1")
    token = (await person.call("POST", "/auth/tokens", page="console")).body["access_token"]
    parts.clock.move(hours=12)
    assert (await person.call("GET", "/auth/me", page="console")).status == 401
    assert (await person.call("GET", "/auth/me", token=token)).code == "credential_expired"


async def test_token_lasts_ten_minutes_and_never_beyond_its_log_in(
    person: Browser, parts: Subjects
) -> None:
    await person.log_in("agent1")
    assert (await person.call("POST", "/auth/tokens", page="console")).body["expires_in"] == 600
    parts.clock.move(hours=11, minutes=55)
    late = await person.call("POST", "/auth/tokens", page="console")
    assert late.body["expires_in"] == 300


async def test_token_can_not_renew_itself(person: Browser) -> None:
    await person.log_in("agent1")
    token = (await person.call("POST", "/auth/tokens", page="console")).body["access_token"]
    refused = await person.call("POST", "/auth/tokens", token=token)
    assert (refused.status, refused.code) == (403, "cookie_needed")


async def test_token_needs_no_origin_and_keys_are_published(person: Browser) -> None:
    await person.log_in("agent1")
    token = (await person.call("POST", "/auth/tokens", page="console")).body["access_token"]
    keys = await person.call("GET", "/auth/keys")
    assert [(key["kty"], key["crv"], key["alg"]) for key in keys.body["keys"]] == [
        ("EC", "P-256", "ES256")
    ]
    assert (await person.call("POST", "/auth/logout", token=token, origin=None)).status == 204


@pytest.mark.parametrize("value", ["Basic YTpi", "Bearer", "Bearer  ", "Bearer a.b.c", "token x"])
async def test_header_that_is_no_token_is_refused(person: Browser, value: str) -> None:
    await person.log_in("agent1")
    headers = {"Authorization": value}
    answer = await person.call("GET", "/auth/me", page="console", headers=headers)
    assert (answer.status, answer.code) == (401, "credential_bad")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "agent1"},
        {"username": "agent1", "password": ""},
        {"username": "agent1", "password": "x" * 201},
        {"username": 1, "password": "x"},
        {"username": "agent1", "password": "x", "role": "admin"},
        [],
    ],
)
async def test_log_in_of_another_shape_is_refused_without_repeating_it(
    person: Browser, body: object
) -> None:
    answer = await person.call("POST", "/auth/login", body, page="console")
    assert (answer.status, answer.code) == (422, "body_invalid")
    assert "xxx" not in str(answer.body)


async def test_one_address_may_try_twenty_times_a_minute(person: Browser, parts: Subjects) -> None:
    answers = [await person.log_in(f"name{n}", "wrong") for n in range(LOGIN_PER_MINUTE + 1)]
    assert [answer.status for answer in answers] == [401] * LOGIN_PER_MINUTE + [429]
    assert answers[-1].code == "too_many_logins"
    assert 0 < answers[-1].body["params"]["retry_after_seconds"] <= 60
    parts.clock.move(minutes=1)
    assert (await person.log_in("agent1")).status == 200


async def test_without_redis_people_still_log_in(
    parts: Subjects, caplog: pytest.LogCaptureFixture
) -> None:
    settings = parts.settings.model_copy(update={"redis_url": None})
    async with subjects(settings) as alone, served(alone) as base, browser(base) as person:
        for _ in range(LOGIN_PER_MINUTE):
            assert (await person.log_in("agent1")).status == 200
        assert (await person.log_in("agent1")).status == 429, "nor does it open a door to guessers"
    warnings = [record for record in caplog.records if "Redis is away" in record.message]
    assert len(warnings) == 1


async def test_old_hash_is_renewed_at_log_in(person: Browser, parts: Subjects) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    async with parts.work.database.write() as session:
        account = (await session.execute(_account("agent1"))).scalar_one()
        account.password_hash = old
        await session.commit()
    assert (await person.log_in("agent1")).status == 200
    async with parts.work.read() as session:
        kept = (await session.execute(_account("agent1"))).scalar_one().password_hash
    assert kept != old
    assert "m=8,t=1" in kept


async def test_log_ins_are_told_apart(person: Browser, stranger: Browser, parts: Subjects) -> None:
    await person.log_in("agent1")
    await stranger.log_in("agent1")
    await person.call("POST", "/auth/logout", page="console")
    assert (await stranger.call("GET", "/auth/me", page="console")).status == 200
    async with parts.work.read() as session:
        rows = (await session.execute(select(StaffSession))).scalars().all()
    assert sorted(row.revoked_at is None for row in rows) == [False, True]


def _account(username: str) -> SelectOfScalar[Account]:
    return select(Account).where(Account.username == username)


async def _disable(parts: Subjects, username: str) -> None:
    database: Database = parts.work.database
    async with database.write() as session:
        account = (await session.execute(_account(username))).scalar_one()
        account.disabled_at = parts.clock.now()
        await session.commit()
