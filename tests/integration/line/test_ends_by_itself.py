"""What nobody finishes, ends; what was rejected, goes to others first."""

from tests.support.api_people import api_people, desk, offer_of
from tests.support.systems import StartSystem


async def test_wrap_up_that_nobody_finishes_is_a_follow_up(start_system: StartSystem) -> None:
    system = start_system(VIRTUAL_WINDOW_WRAP_UP_SECONDS="1")
    async with api_people() as people:
        agent = await people.agent(system.url, "town1")
        resident = await people.resident(system.url)
        await resident.ok("POST", "/tickets", {"item_code": "residence-permit"})
        offer = await offer_of(agent)
        opened = await agent.ok("POST", f"/offers/{offer['id']}/accept")
        await agent.ok("POST", f"/sessions/{opened['session_id']}/end")

        await agent.sees(
            "available again", lambda: desk(agent).only("presence")["state"] == "available"
        )
        view = await agent.ok("GET", f"/sessions/{opened['session_id']}")
        assert view["state"] == "ended"
        assert view["engagement"]["outcome"] == "follow_up"


async def test_rejected_ticket_does_not_come_back_at_once(start_system: StartSystem) -> None:
    system = start_system(VIRTUAL_WINDOW_REJECT_PAUSE_SECONDS="2")
    async with api_people() as people:
        first = await people.agent(system.url, "agent1")
        resident = await people.resident(system.url)
        await resident.ok("POST", "/tickets", {"item_code": "food-business-licence"})
        offer = await offer_of(first)
        second = await people.agent(system.url, "agent2")
        await first.ok("POST", f"/offers/{offer['id']}/reject", {"reason": "device"})

        other = await offer_of(second)
        assert other["ticket"]["id"] == offer["ticket"]["id"]
        assert not desk(first).rows("offer")
        await second.ok("POST", f"/offers/{other['id']}/reject", {})
        again = await offer_of(first)  # the pause is over, and nobody else is left
        assert again["ticket"]["id"] == offer["ticket"]["id"]
