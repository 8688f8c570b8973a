"""A resident's visit: opened without a name, agreed to, ended; nobody else's."""

import datetime as dt
import hashlib
from uuid import UUID

import pytest

from server.identity.consent import Consent
from server.identity.ports import Visit
from server.identity.residents import VISITS_PER_MINUTE
from server.identity.tables import ResidentSession
from server.infrastructure.ids import new_id
from server.organisations.tables import Channel
from server.tickets.schemas import TicketOut
from server.tickets.states import TicketKind, TicketState
from tests.support.subjects import Browser, Subjects, browser, served, subjects

VISIT = {"language": "zh-CN"}
HERE = "/residents/current"


def waiting_ticket() -> TicketOut:
    now = dt.datetime.now(dt.UTC)
    return TicketOut(
        id=new_id(),
        kind=TicketKind.WALK_IN,
        number="B001",
        state=TicketState.WAITING,
        item_code="residence-permit",
        channel=Channel.STREET_TOWN,
        place_code="caoyang-xincun",
        serving_org_code="caoyang-xincun",
        created_at=now,
        waiting_since=now,
        priority=[],
        head_start_seconds=0,
        rank_at=now,
        due_at=None,
        booking_code=None,
        held_until=None,
        undo_until=None,
        session_id=None,
        version=1,
        ahead=0,
        expected_wait_seconds=95,
    )


async def opened(person: Browser, **body: str) -> dict[str, object]:
    answer = await person.call("POST", "/residents", {**VISIT, **body}, page="kiosk")
    assert answer.status == 201
    visit: dict[str, object] = answer.body
    return visit


async def test_a_plain_browser_stands_in_caoyang_with_demo_data(person: Browser) -> None:
    visit = await opened(person)
    assert visit == {
        "id": visit["id"],
        "place": {
            "code": "caoyang-xincun",
            "name": {"zh-CN": "曹杨新村街道", "en": "Caoyang Xincun Subdistrict"},
        },
        "language": "zh-CN",
        "consent": None,
        "ticket": None,
        "session_id": None,
    }
    assert (await person.call("GET", HERE, page="kiosk")).body == visit


@pytest.mark.parametrize("place", ["taopu", "caoyang-yuanyuan", "tiandi-software-park", "putuo"])
async def test_a_page_stands_where_it_says(person: Browser, place: str) -> None:
    visit = await opened(person, place=place)
    assert visit["place"]["code"] == place  # type: ignore[index]


@pytest.mark.parametrize("place", ["atlantis", "shanghai", "jiangsu", "suzhou-gusu", "", "a/../b"])
async def test_a_place_where_no_kiosk_stands_is_named(person: Browser, place: str) -> None:
    body = {**VISIT, "place": place}
    answer = await person.call("POST", "/residents", body, page="kiosk")
    assert (answer.status, answer.code) == (422, "place_unknown")
    assert person.cookies() == {}


async def test_without_demo_data_a_page_must_say_where_it_stands(parts: Subjects) -> None:
    settings = parts.settings.model_copy(update={"demo": False})
    async with subjects(settings) as real, served(real) as base, browser(base) as person:
        answer = await person.call("POST", "/residents", VISIT, page="kiosk")
        assert answer.code == "place_unknown"
        assert (await person.call("GET", "/service-status")).code == "place_unknown"
        assert (await opened(person, place="taopu"))["id"]


async def test_an_open_visit_is_given_again(person: Browser) -> None:
    first = await opened(person)
    again = await person.call("POST", "/residents", VISIT, page="kiosk")
    assert (again.status, again.body) == (200, first)


async def test_another_place_begins_a_new_visit(person: Browser, parts: Subjects) -> None:
    first = await opened(person)
    second = await opened(person, place="taopu")
    assert second["id"] != first["id"]
    assert [str(one) for one in parts.ended] == [first["id"]]


async def test_a_visit_under_way_is_not_lost_by_another_place(
    person: Browser, parts: Subjects
) -> None:
    first = await opened(person)
    ticket, session_id = waiting_ticket(), new_id()
    parts.queue.visits[_id(first)] = Visit(ticket, session_id, under_way=True)
    body = {**VISIT, "place": "taopu"}
    again = await person.call("POST", "/residents", body, page="kiosk")
    assert (again.status, again.body["id"]) == (200, first["id"])
    assert again.body["ticket"] == ticket.model_dump(mode="json")
    assert again.body["session_id"] == str(session_id)


async def test_language_is_changed(person: Browser) -> None:
    await opened(person)
    answer = await person.call("PATCH", HERE, {"language": "en"}, page="kiosk")
    assert answer.body["language"] == "en"
    assert (await person.call("GET", HERE, page="kiosk")).body["language"] == "en"
    wrong = await person.call("PATCH", HERE, {"language": "fr"}, page="kiosk")
    assert wrong.code == "body_invalid"


async def test_consent_is_kept_with_time_version_language_and_words(
    person: Browser, parts: Subjects
) -> None:
    visit = await opened(person)
    text = (await person.call("GET", "/consent-text?language=en")).body
    version = (await person.call("GET", "/service-status")).body["consent_version"]
    assert text["version"] == version
    body = {"version": version, "language": "en"}
    answer = await person.call("POST", f"{HERE}/consent", body, page="kiosk")
    assert answer.status == 201
    assert answer.body == {"version": version, "at": "2024-11-20T09:30:00.000Z"}
    assert (await person.call("GET", HERE, page="kiosk")).body["consent"] == answer.body
    async with parts.work.read() as session:
        row = await session.get_one(ResidentSession, _id(visit))
    words = "\n".join([version, "en", text["title"], *text["points"]])
    assert row.consent_sha256 == hashlib.sha256(words.encode()).digest()
    assert row.consent_sha256.hex() == text["sha256"]
    assert row.consent_language == "en"
    principal = await parts.door.principal_of(person.cookies(), "kiosk", None)
    assert principal is not None
    assert principal.consent_version == version


async def test_consent_given_twice_is_given_once(person: Browser, parts: Subjects) -> None:
    await opened(person)
    body = {"version": Consent(parts.settings).version, "language": "zh-CN"}
    first = await person.call("POST", f"{HERE}/consent", body, page="kiosk")
    parts.clock.move(minutes=1)
    again = await person.call("POST", f"{HERE}/consent", body, page="kiosk")
    assert again.body == first.body


async def test_consent_to_other_words_is_refused(person: Browser, parts: Subjects) -> None:
    await opened(person)
    body = {"version": "2019-1", "language": "zh-CN"}
    answer = await person.call("POST", f"{HERE}/consent", body, page="kiosk")
    assert (answer.status, answer.code) == (409, "consent_outdated")
    assert answer.body["params"]["current"] == Consent(parts.settings).version


def test_the_words_name_the_years_that_recordings_are_kept(parts: Subjects) -> None:
    settings = parts.settings.model_copy(update={"recording_retention_years": 5})
    assert "最多保存 5 年" in Consent(settings).text("zh-CN").points[0]
    assert "at most 5 years" in Consent(settings).text("en").points[0]


async def test_end_gives_up_the_place_and_wipes_the_cookie(
    person: Browser, parts: Subjects
) -> None:
    visit = await opened(person)
    held = person.cookies()
    principal = await parts.door.principal_of(held, "kiosk", None)
    assert (await person.call("DELETE", HERE, page="kiosk")).status == 204
    assert person.cookies() == {}
    assert parts.queue.left == parts.ended == [_id(visit)]
    assert principal is not None
    assert await parts.door.refreshed(principal) is None
    person.keep(held)
    assert (await person.call("GET", HERE, page="kiosk")).status == 401


async def test_the_next_resident_starts_anew(person: Browser) -> None:
    first = await opened(person, language="en")
    await person.call("DELETE", HERE, page="kiosk")
    second = await opened(person)
    assert second["id"] != first["id"]
    assert second["language"] == "zh-CN"


async def test_a_visit_runs_out(person: Browser, parts: Subjects) -> None:
    await opened(person)
    parts.clock.move(hours=4)
    assert (await person.call("GET", HERE, page="kiosk")).status == 401
    await opened(person)


async def test_residents_are_kept_apart(person: Browser, stranger: Browser) -> None:
    mine, theirs = await opened(person), await opened(stranger)
    assert mine["id"] != theirs["id"]
    await person.call("DELETE", HERE, page="kiosk")
    assert (await stranger.call("GET", HERE, page="kiosk")).body == theirs


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", HERE), ("PATCH", HERE), ("DELETE", HERE), ("POST", f"{HERE}/consent")],
)
async def test_without_a_visit_there_is_nothing(person: Browser, method: str, path: str) -> None:
    answer = await person.call(method, path, {} if method != "GET" else None, page="kiosk")
    assert (answer.status, answer.code) == (401, "credential_missing")


async def test_status_of_a_place(person: Browser, parts: Subjects) -> None:
    answer = await person.call("GET", "/service-status?place=taopu")
    assert answer.body == {
        "place": {"code": "taopu", "name": {"zh-CN": "桃浦镇", "en": "Taopu Town"}},
        "open": True,
        "opens_at": None,
        "reason": None,
        "windows_open": 3,
        "expected_wait_minutes": 2,
        "consent_version": Consent(parts.settings).version,
        "recording_years": 3,
        "demo": True,
    }
    assert (await person.call("GET", "/service-status?place=x")).code == "place_unknown"
    await opened(person, place="taopu")
    own = await person.call("GET", "/service-status", page="kiosk")
    assert own.body["place"]["code"] == "taopu"


async def test_outside_the_demo_six_visits_a_minute_come_from_one_address(
    parts: Subjects,
) -> None:
    settings = parts.settings.model_copy(update={"demo": False})
    async with subjects(settings) as real, served(real) as base:
        statuses = []
        for _ in range(VISITS_PER_MINUTE + 1):
            async with browser(base) as person:
                body = {**VISIT, "place": "taopu"}
                answer = await person.call("POST", "/residents", body, page="kiosk")
                statuses.append(answer.status)
    assert statuses == [201] * VISITS_PER_MINUTE + [429]


async def test_the_demo_takes_many_visits_from_one_address(base: str) -> None:
    for _ in range(3 * VISITS_PER_MINUTE):
        async with browser(base) as person:
            await opened(person)


def _id(visit: dict[str, object]) -> UUID:
    return UUID(str(visit["id"]))
