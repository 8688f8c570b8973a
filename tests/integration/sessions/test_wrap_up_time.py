"""How long an agent has after a call: what its item needs, and two minutes more by a click."""

import datetime as dt

from tests.integration.sessions.conftest import OpenCall, open_call
from tests.support.api_people import ApiPeople, desk
from tests.support.systems import System

USUAL_SECONDS = 60  # of the installation
EXTENSION_SECONDS = 120
OF_THE_ITEM = 120  # of minimum-living-allowance, in the demo's catalogue


def seconds(since: str, deadline: str) -> int:
    ended, over = (dt.datetime.fromisoformat(moment) for moment in (since, deadline))
    return round((over - ended).total_seconds())


async def deadline_of(call: OpenCall) -> str:
    feed = desk(call.agent)
    await call.agent.sees("it", lambda: feed.only("engagement")["wrap_up_deadline_at"])
    return str(feed.only("engagement")["wrap_up_deadline_at"])


async def test_an_item_has_its_own_wrap_up_time_and_others_the_usual_one(
    system: System, people: ApiPeople
) -> None:
    for item, expected in (
        ("minimum-living-allowance", OF_THE_ITEM),
        ("residence-permit", USUAL_SECONDS),
    ):
        call = await open_call(people, system.url, item=item)
        await call.agent.ok("POST", f"{call.path}/end")
        since = (await call.agent_is("wrapping_up"))["since"]
        given = await deadline_of(call)
        assert seconds(since, given) == expected
        longer = await call.agent.ok("POST", f"{call.engagement_path}/extend")
        assert seconds(given, longer["wrap_up_deadline_at"]) == EXTENSION_SECONDS
        await call.agent.ok("POST", f"{call.engagement_path}/complete", {"outcome": "resolved"})
