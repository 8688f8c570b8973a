"""The API's page works under our own policy, without the network, and can be tried out."""

import json
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.async_api import expect

from server import api
from server.demo.people import PASSWORD
from tests.support.people import People, Person
from tests.support.systems import System

pytestmark = pytest.mark.browser

TOKEN = """async ([username, password]) => {
  const headers = {'Content-Type': 'application/json', 'X-Virtual-Window-Page': 'console'};
  const call = (path, body) => fetch('/api/v1' + path, {method: 'POST', headers, body});
  await call('/auth/login', JSON.stringify({username, password}));
  return (await (await call('/auth/tokens')).json()).access_token;
}"""


def served(system: System, path: str) -> Any:
    with urlopen(system.url + path) as answer:  # noqa: S310 - our own
        return json.load(answer)


async def reader(people: People, system: System) -> tuple[Person, list[str]]:
    """Somebody who reads the page, and the hosts that the page has asked."""
    person = await people.come("reader", colour="red", hertz=440, language="en")
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    await person.page.goto(f"{system.url}/docs")
    return person, asked


async def test_page_lists_operations_and_asks_nobody_else(system: System, people: People) -> None:
    person, asked = await reader(people, system)

    operation = person.page.locator("#operations-tickets-post_tickets")
    await expect(operation).to_contain_text("Take a number for an item")
    await operation.locator("button.opblock-summary-control").click()
    await expect(operation.locator(".responses-inner")).to_contain_text("201")
    await expect(person.page.locator(".opblock-tag")).to_have_count(
        len(api.document(api.declared())["tags"])
    )
    outside = [url for url in asked if not url.startswith((system.url, "data:", "blob:"))]
    assert not outside


async def test_an_operation_is_tried_out_with_a_token(system: System, people: People) -> None:
    person, _ = await reader(people, system)
    token = await person.page.evaluate(TOKEN, ["agent1", PASSWORD])
    await person.page.context.clear_cookies()

    await person.page.locator(".auth-wrapper button.authorize").first.click()
    bearer = person.page.locator(".auth-container", has_text="bearer (http, Bearer)")
    await bearer.locator("input").fill(token)
    await bearer.locator("button[type=submit]").click()
    await person.page.locator(".modal-ux .close-modal").click()
    operation = person.page.locator("#operations-identity-get_auth_me")
    await operation.locator("button.opblock-summary-control").click()
    await operation.locator(".try-out__btn").click()
    await operation.locator("button.execute").click()

    answer = operation.locator(".live-responses-table")
    await expect(answer).to_contain_text("200")
    await expect(answer).to_contain_text('"username": "agent1"')


def test_documents_are_served_as_the_code_declares_them(system: System) -> None:
    assert served(system, "/openapi.json") == api.document(api.declared())
    assert served(system, "/asyncapi.json")["asyncapi"] == "3.0.0"
