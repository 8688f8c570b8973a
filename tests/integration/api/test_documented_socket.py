"""What goes over the socket in a visit is what /asyncapi.json says."""

import json
from typing import Any
from urllib.request import urlopen

from jsonschema import Draft202012Validator

from tests.support.api_people import ApiPeople, ApiPerson, api_people, offer_of, visit
from tests.support.systems import System


class Documented:
    """Schemas of the document that a system serves."""

    def __init__(self, system: System) -> None:
        with urlopen(f"{system.url}/asyncapi.json") as answer:  # noqa: S310 - our own
            self._components: dict[str, Any] = json.load(answer)["components"]

    def problems(self, schema: str, value: Any) -> list[str]:
        reference = {
            "$ref": f"#/components/schemas/{schema}",
            "components": self._components,
        }
        return [error.message for error in Draft202012Validator(reference).iter_errors(value)]

    async def problems_of(self, person: ApiPerson) -> list[str]:
        """Of every topic that `person` listens to: events so far, snapshot of now, values."""
        found: list[str] = []
        for topic, feed in person.feeds.items():
            kind = topic.partition(":")[0].capitalize()
            for event in feed.events:
                found += self.problems(f"{kind}Event", event)
            _, snapshot = await person.fresh(topic)
            found += self.problems(f"{kind}Snapshot", snapshot)
        for place, value in person.values.items():
            topic, _, name = place.partition("/")
            message = {"topic": topic, "name": name, "value": value}
            found += self.problems(f"{topic.partition(':')[0].capitalize()}Value", message)
        return found


async def test_every_topic_of_a_visit_is_as_documented(system: System) -> None:
    documented = Documented(system)
    async with api_people() as people:
        agent, resident = await served(people, system)

        refused = await resident.socket.call("subscribe", {"topic": f"desk:{agent.me['id']}"})
        assert documented.problems("Refused", refused) == []
        for person in (agent, resident):
            assert await documented.problems_of(person) == []
        heard = {topic.partition(":")[0] for topic in (*agent.feeds, *resident.feeds)}
        assert heard == {"desk", "queue", "resident", "session", "case"}


async def served(people: ApiPeople, system: System) -> tuple[ApiPerson, ApiPerson]:
    """An agent and a resident in a session with case, note and a request for a page."""
    agent = await people.agent(system.url, "town1", available=False)
    resident = await people.resident(system.url)
    await resident.ok("POST", "/tickets", {"item_code": "residence-permit"})
    await resident.sees("where it stands", lambda: resident.values)
    await agent.ok("POST", "/desk/available", {})
    offer = await offer_of(agent)
    session_id = (await agent.ok("POST", f"/offers/{offer['id']}/accept"))["session_id"]
    await resident.sees("the session", lambda: visit(resident).rows("session"))
    for person in (agent, resident):
        await person.listen(f"session:{session_id}")
    case = await agent.ok("PUT", f"/sessions/{session_id}/case", {"fields": {}})
    await agent.listen(f"case:{case['id']}")
    await agent.ok("POST", f"/sessions/{session_id}/notes", {"text": "已核对身份"})
    await agent.ok("POST", f"/sessions/{session_id}/capture-requests", {"page": 2})
    return agent, resident
