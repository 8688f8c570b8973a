"""One system with one visit in it, and the credentials of everybody who might knock."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import FormData

from server.infrastructure.http.routing import PREFIX
from server.infrastructure.ids import new_id
from tests.support.api_people import ApiPerson, api_people, offer_of
from tests.support.papers import jpeg
from tests.support.systems import System, shared_system, shown_when_failed

STAFF = ("town1", "agent1", "agent2", "delta1", "lead1", "admin")


@dataclass(frozen=True)
class Credential:
    """How somebody proves who they are: a page's cookie, or a token."""

    headers: dict[str, str]


@dataclass(frozen=True)
class World:
    """A resident of caoyang-xincun is served by town1; everybody else is a stranger to it.

    ids: of the visit's things, by the name that a path calls them. people: credentials, staff also
    as "<name> by token".
    """

    base: str
    ids: dict[str, str]
    people: dict[str, Credential]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("routes")
    with shared_system(folder, VIRTUAL_WINDOW_PLACE_KEPT_SECONDS="3600") as system:
        yield system


@pytest.fixture(scope="module")
def world(house: System) -> World:
    return asyncio.run(_furnish(house.url))


@pytest.fixture(autouse=True)
def _log_of_the_house(request: pytest.FixtureRequest, house: System) -> None:
    shown_when_failed(request.node, house)


async def _furnish(base: str) -> World:
    async with api_people() as people:
        staff = {name: await people.staff(base, name) for name in STAFF if name != "town1"}
        staff["town1"] = await people.agent(base, "town1")
        resident = await people.resident(base)
        ids = await _visit(staff["town1"], resident)
        neighbour = await people.resident(base)
        stranger = await people.resident(base, place="taopu")
        credentials = {
            "resident": _by_cookie(resident),
            "neighbour": _by_cookie(neighbour),
            "stranger": _by_cookie(stranger),
        }
        for name, person in staff.items():
            credentials[name] = _by_cookie(person)
            made = await person.ok("POST", "/auth/tokens")
            token = f"Bearer {made['access_token']}"
            credentials[f"{name} by token"] = Credential({"Authorization": token})
        return World(base, ids, credentials)


async def _visit(agent: ApiPerson, resident: ApiPerson) -> dict[str, str]:
    """Take it as far as things of every kind are there."""
    ticket = await resident.ok("POST", "/tickets", {"item_code": "residence-permit"})
    offer = await offer_of(agent)
    opened = await agent.ok("POST", f"/offers/{offer['id']}/accept")
    session = opened["session_id"]
    item = await agent.ok("GET", "/catalogue/items/residence-permit")
    case = await agent.ok(
        "PUT", f"/sessions/{session}/case", {"fields": item["form"]["example"], "version": None}
    )
    asked = await agent.ok("POST", f"/sessions/{session}/capture-requests", {"page": 2})
    view = await agent.ok("GET", f"/sessions/{session}")
    return {
        "tickets": ticket["id"],
        "offers": offer["id"],
        "sessions": session,
        "engagements": opened["engagement_id"],
        "cases": case["id"],
        "capture-requests": asked["id"],
        "recordings": view["recording"]["id"],
        "materials": await _paper(resident, session),
        "windows": offer["window_id"],
        "connection": str(new_id()),
        "file_id": str(new_id()),
    }


async def _paper(resident: ApiPerson, session: str) -> str:
    form = FormData()
    form.add_field("file", jpeg(), filename="page.jpg", content_type="image/jpeg")
    headers = {"X-Virtual-Window-Page": "kiosk", "Origin": resident.base}
    url = f"{resident.base}{PREFIX}/sessions/{session}/materials"
    async with resident.http.post(url, data=form, headers=headers) as response:
        made: dict[str, Any] = await response.json()
        assert response.status == 201, made
        return str(made["id"])


def _by_cookie(person: ApiPerson) -> Credential:
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in person.http.cookie_jar)
    return Credential(
        {"Cookie": cookies, "Origin": person.base, "X-Virtual-Window-Page": person.page}
    )
