"""From a number to a finished wrap-up, by API, with everybody's picture of it compared."""

from tests.support.api_people import ApiPerson, api_people, desk, offer_of, visit
from tests.support.systems import System


async def test_resident_is_served_and_every_snapshot_equals_its_events(system: System) -> None:
    async with api_people() as people:
        agent = await people.agent(system.url, "town1")
        resident = await people.resident(system.url)

        ticket = await resident.ok("POST", "/tickets", {"item_code": "residence-permit"})
        assert ticket["number"].startswith("B0")
        offer = await offer_of(agent)
        assert offer["ticket"]["number"] == ticket["number"]
        accepted = await agent.ok("POST", f"/offers/{offer['id']}/accept")
        session_id = accepted["session_id"]
        await resident.sees("the session", lambda: visit(resident).rows("session"))
        assert visit(resident).only("session")["id"] == session_id
        assert visit(resident).only("ticket")["state"] == "serving"
        for person in (agent, resident):
            await person.listen(f"session:{session_id}")

        await fill_case(agent, session_id)
        ended = await resident.ok("POST", f"/sessions/{session_id}/hang-up")
        assert ended["state"] == "ending"
        await agent.sees(
            "the wrap-up", lambda: desk(agent).only("engagement")["state"] == "wrapping_up"
        )
        path = f"/engagements/{accepted['engagement_id']}"
        await agent.ok("POST", f"{path}/outcome", {"outcome": "resolved"})
        await agent.ok("POST", f"{path}/complete", {"summary": "已受理"})
        await agent.sees(
            "available again", lambda: desk(agent).only("presence")["state"] == "available"
        )
        await resident.sees("done", lambda: visit(resident).only("ticket")["state"] == "done")
        await same_pictures(agent, resident)


async def fill_case(agent: ApiPerson, session_id: str) -> None:
    item = await agent.ok("GET", "/catalogue/items/residence-permit")
    fields = item["form"]["example"]
    case = await agent.ok(
        "PUT", f"/sessions/{session_id}/case", {"fields": fields, "version": None}
    )
    assert case["number"].startswith("PT-")
    await agent.ok("POST", f"/sessions/{session_id}/notes", {"text": "已核对身份"})
    view = await agent.ok("GET", f"/sessions/{session_id}")
    assert view["case"]["number"] == case["number"]
    assert [note["text"] for note in view["notes"]] == ["已核对身份"]


async def same_pictures(*people: ApiPerson) -> None:
    """Snapshot + events = fresh snapshot, for every topic that anybody listens to."""
    for person in people:
        for topic, feed in person.feeds.items():
            number, snapshot = await person.fresh(topic)
            assert feed.number == number, topic
            assert feed.state == snapshot, topic


async def test_cancelled_number_comes_back_to_its_place(system: System) -> None:
    async with api_people() as people:
        first, second = [await people.resident(system.url) for _ in range(2)]
        mine = await first.ok("POST", "/tickets", {"item_code": "residence-permit"})
        other = await second.ok("POST", "/tickets", {"item_code": "residence-permit"})
        assert other["ahead"] == 1

        gone = await first.ok("POST", f"/tickets/{mine['id']}/cancel")
        assert gone["state"] == "cancelled"
        assert (await second.ok("GET", f"/tickets/{other['id']}"))["ahead"] == 0
        back = await first.ok("POST", f"/tickets/{mine['id']}/restore")
        assert (back["number"], back["state"], back["ahead"]) == (mine["number"], "waiting", 0)
        assert (await second.ok("GET", f"/tickets/{other['id']}"))["ahead"] == 1


async def test_channels_reach_their_own_agents_alone(system: System) -> None:
    async with api_people() as people:
        agents = {name: await people.agent(system.url, name) for name in NAMES}
        for item, expected in ITEMS.items():
            resident = await people.resident(system.url)
            await resident.ok("POST", "/tickets", {"item_code": item})
            offer = await offer_of(agents[expected])
            assert offer["ticket"]["item_code"] == item
            others = [agent for name, agent in agents.items() if name != expected]
            assert not any(desk(agent).rows("offer") for agent in others)
            await agents[expected].ok("POST", f"/offers/{offer['id']}/reject")
            await resident.ok("DELETE", "/residents/current")


NAMES = ("agent1", "town1", "delta1")
ITEMS = {
    "food-business-licence": "agent1",
    "residence-permit": "town1",
    "medical-insurance-transfer": "delta1",
}
