"""Agents who work and residents who come and go, again and again, whatever happens around them."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.api_people import ApiPeople, ApiPerson, desk, visit
from tests.support.roaming import Roamer
from tests.support.scene import DELTA, DISTRICT, STREET_TOWN
from tests.support.waiting import until

AGENTS: Final = ("agent1", "agent2", "town1", "delta1")
VISITORS: Final = 8
PATIENCE_SECONDS: Final = 180.0
LOOK_SECONDS: Final = 0.1


@dataclass
class Crowd:
    """served: how many visits came to their end, by item. `over` lets everybody finish."""

    people: ApiPeople
    urls: Sequence[str]
    chance: random.Random
    served: Counter[str] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: int = 0

    async def run(self) -> None:
        """Until `over`, and all who had come by then are served. Raises what went wrong."""
        agents = [await self._roamer("agent", name) for name in AGENTS]
        visitors = [await self._roamer("resident", "") for _ in range(VISITORS)]
        async with asyncio.TaskGroup() as tasks:
            for agent in agents:
                tasks.create_task(self._work(agent), name="agent")
            for visitor in visitors:
                tasks.create_task(self._come_and_go(visitor), name="visitor")

    async def _roamer(self, kind: str, name: str) -> Roamer:
        url = self.chance.choice(self.urls)
        made: ApiPerson = (
            await self.people.agent(url, name)
            if kind == "agent"
            else await self.people.resident(url)
        )
        assert isinstance(made, Roamer)
        return made

    async def _work(self, agent: Roamer) -> None:
        while not self.over.is_set() or self._waiting:
            await asyncio.sleep(LOOK_SECONDS)
            presence = desk(agent).only("presence")
            if presence["state"] in ("offline", "on_break"):
                await agent.persist("POST", "/desk/available", {})
            offers = desk(agent).rows("offer")
            if offers:
                await self._serve(agent, offers[0])

    async def _serve(self, agent: Roamer, offer: Any) -> None:
        if self.chance.random() < 0.1:
            status, answer = await agent.persist("POST", f"/offers/{offer['id']}/reject", {})
            assert status == 204 or answer["code"] == "offer_gone", answer
            return
        status, opened = await agent.persist("POST", f"/offers/{offer['id']}/accept")
        if status != 200:
            assert opened["code"] == "offer_gone", opened
            return
        await asyncio.sleep(self.chance.uniform(0, 1))
        await agent.ok("POST", f"/sessions/{opened['session_id']}/end")
        path = f"/engagements/{opened['engagement_id']}/complete"
        await agent.ok("POST", path, {"outcome": "resolved"})

    async def _come_and_go(self, visitor: Roamer) -> None:
        while not self.over.is_set():
            item = self.chance.choice((DISTRICT, DISTRICT, STREET_TOWN, DELTA))
            self._waiting += 1
            try:
                ticket = await visitor.ok("POST", "/tickets", {"item_code": item})
                if self.chance.random() < 0.2:
                    await self._change_their_mind(visitor, ticket["id"])
                await self._is_served(visitor, ticket["id"])
            finally:
                self._waiting -= 1
            self.served[item] += 1

    async def _change_their_mind(self, visitor: Roamer, ticket_id: str) -> None:
        """Leave and come back: to the same number, unless an agent was quicker."""
        await asyncio.sleep(self.chance.uniform(0, 1))
        status, answer = await visitor.persist("POST", f"/tickets/{ticket_id}/cancel")
        if status == 200:
            await visitor.ok("POST", f"/tickets/{ticket_id}/restore")
        else:
            assert status == 409, answer

    async def _is_served(self, visitor: Roamer, ticket_id: str) -> None:
        async def done() -> bool:
            found = visit(visitor).state.get("ticket", {}).get(ticket_id)
            return found is not None and found["state"] == "done"

        await until(done, seconds=PATIENCE_SECONDS, what=f"{ticket_id} is served")
