"""What always holds in the queue, whatever people, replicas, clocks and Redis do in what order.

Hypothesis draws the steps: residents take numbers, leave and come back; agents come, go, answer,
reject or let an offer pass; replicas die with a pair in their hands or freeze and come back with
it; Redis is emptied; time moves. After each step no ticket is in two places, no agent has two
offers or calls, none was overtaken by an equal. Whenever all is calm again, line-up and SQL say the
same, nobody waits whom somebody free could serve, and every lease that is over has ended; and in
the end everybody is served.

At least 2,000 runs of 50 steps in `make soak`, a few here.
"""

import asyncio
import datetime as dt
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple
from uuid import UUID

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from server.identity.principals import Resident, Staff
from server.infrastructure.errors import Conflict
from server.queueing.lineup import LineUp, LineUpLost
from server.queueing.values import Claim, Move, Place, Sitting
from server.tickets.dispatch.queue_rows import (
    read_agents,
    read_all_places,
    read_refusals,
    read_versions,
)
from server.tickets.states import PresenceState
from tests.support.caches import Valkey
from tests.support.invariants import read_rows, violations
from tests.support.queue_house import (
    AGENTS,
    FOOD_ITEM,
    HYGIENE_ITEM,
    TOWN_ITEM,
    House,
    Replica,
    open_house,
)
from tests.support.queue_model import able, match

MEMORY: Final = "/dev/shm"  # noqa: S108 - a folder of its own is made below it
SOAK: Final = bool(os.environ.get("SOAK"))
PARTS: Final = 8 if SOAK else 1
RUNS: Final = 2_400 // PARTS if SOAK else 60
STEP_COUNT: Final = 50
RESIDENTS: Final = 8
ITEMS: Final = (FOOD_ITEM, TOWN_ITEM, HYGIENE_ITEM)
CLAIM_SECONDS: Final = 4
TIMES: Final = (0.5, 2, 4, 8, 16, 21, 31, 61, 121)


class WatchedLineUp(LineUp):
    """Looks, whenever a pair is made, whether somebody equal stood before that ticket."""

    async def apply(self, moves: Iterable[Move], now: dt.datetime, **more: Any) -> list[Claim]:
        claims = await super().apply(moves, now, **more)
        if claims:
            await self._nobody_was_overtaken(claims, now)
        return claims

    async def _nobody_was_overtaken(self, claims: list[Claim], now: dt.datetime) -> None:
        prefix = self._prefix
        known = await self._redis.hgetall(f"{prefix}tickets")
        records = {UUID(str(key)): json.loads(text) for key, text in known.items()}
        for claim in claims:
            served = records[claim.ticket_id]
            refused = await self._redis.hgetall(f"{prefix}refused:{claim.account_id}")
            for ticket_id, record in records.items():
                equal = set(record["lines"]) == set(served["lines"])
                before = (int(record["rank"]), ticket_id) < (int(served["rank"]), claim.ticket_id)
                free = "claim" not in record and str(ticket_id) not in refused
                assert not (equal and before and free), f"{ticket_id} overtaken by {claim}"


class Step(NamedTuple):
    """name: of a method of Run. who: resident or agent, or what else is chosen. where: replica."""

    name: str
    who: int
    where: int


class Run:
    """One run over a house that was emptied before."""

    def __init__(self, house: House, database: sqlite3.Connection) -> None:
        self.house = house
        self.database = database
        self.frozen: list[Replica] = []
        self.taken = 0

    async def play(self, steps: Iterable[Step]) -> None:
        await self.house.begin_anew()
        await self.replica(0).dispatch.mend()
        for number in range(3):
            await self.takes_a_number(number * (RESIDENTS + 1), number)
            await self.is_available(number, number)
        for step in steps:
            # What the state machines refuse, is refused to people too.
            with suppress(Conflict, LineUpLost):
                await getattr(self, step.name)(step.who, step.where)
            self.every_ticket_is_in_one_place()
            self.every_agent_does_one_thing()
        await self.everybody_is_served()

    async def nothing_happens(self, who: int, where: int) -> None:
        """What other steps shrink to."""

    # --- residents

    async def takes_a_number(self, who: int, where: int) -> None:
        item = ITEMS[who // RESIDENTS % len(ITEMS)]
        await self.house.take(self.replica(where), self.resident(who), item)
        self.taken += 1

    async def cancels(self, who: int, where: int) -> None:
        if ticket_id := self.newest(who):
            await self.replica(where).tickets.cancel(self.resident(who), ticket_id)

    async def undoes(self, who: int, where: int) -> None:
        if ticket_id := self.newest(who):
            await self.replica(where).tickets.restore(self.resident(who), ticket_id)

    async def drops(self, who: int, where: int) -> None:
        self.house.pages.away.add(f"resident:{self.resident(who).resident_id}")
        await self.replica(where).sweep()

    async def comes_back(self, who: int, where: int) -> None:
        self.house.pages.away.discard(f"resident:{self.resident(who).resident_id}")
        await self.replica(where).sweep()

    # --- agents

    async def is_available(self, who: int, where: int) -> None:
        agent = self.agent(who)
        windows = [None, None, None, *sorted(agent.window_ids)]
        self.house.pages.away.discard(f"staff:{agent.account_id}")
        window_id = windows[who // len(AGENTS) % len(windows)]
        await self.replica(where).desk.go_available(agent, window_id)

    async def takes_a_break(self, who: int, where: int) -> None:
        await self.replica(where).desk.go_on_break(self.agent(who))

    async def goes_off(self, who: int, where: int) -> None:
        await self.replica(where).desk.go_off(self.agent(who))

    async def loses_the_page(self, who: int, where: int) -> None:
        self.house.pages.away.add(f"staff:{self.agent(who).account_id}")
        await self.replica(where).sweep()

    async def accepts(self, who: int, where: int) -> None:
        """One of those who have an offer."""
        if (found := await self.offer_of_one(who)) is not None:
            await self.replica(where).desk.accept(*found)

    async def rejects(self, who: int, where: int) -> None:
        if (found := await self.offer_of_one(who)) is not None:
            await self.replica(where).desk.reject(*found, None)

    async def ends(self, who: int, where: int) -> None:
        """One of those who are in a call."""
        calling = [agent for agent in self.house.agents.values() if self.is_busy(agent)]
        if calling:
            await self.house.end_call(self.replica(where), calling[who % len(calling)])

    # --- machines

    async def dispatches(self, who: int, where: int) -> None:
        await self.replica(where).dispatch.offer()

    async def both_dispatch(self, who: int, where: int) -> None:
        for replica in self.house.replicas:
            await replica.dispatch.offer()

    async def gets_pairs(self, who: int, where: int) -> None:
        """It stops before their offers are written."""
        await self.replica(where).dispatch._bring()

    async def mends(self, who: int, where: int) -> None:
        await self.replica(where).dispatch.mend()

    async def dies(self, who: int, where: int) -> None:
        """With what it has heard, and the pairs that it has."""
        self.house.start_replica(where % len(self.house.replicas))
        await self.house.redis.delete("{vw:queue}:lock")  # its time runs out

    async def freezes(self, who: int, where: int) -> None:
        self.frozen.append(self.replica(where))
        await self.dies(who, where)

    async def thaws(self, who: int, where: int) -> None:
        if self.frozen:
            await self.frozen.pop(0).dispatch.offer()

    async def redis_is_emptied(self, who: int, where: int) -> None:
        await self.house.redis.flushall()

    async def time_passes(self, who: int, where: int) -> None:
        """As long, one replica at least has swept, and compared line-up and SQL."""
        self.house.clock.move(seconds=TIMES[who % len(TIMES)])
        await self.replica(where).sweep()
        self.nothing_is_overdue()
        await self.replica(where).dispatch.mend()

    async def calms_down(self, who: int, where: int) -> None:
        """Who is frozen goes on, old claims run out, everybody does the rounds; nothing else."""
        house = self.house
        for replica in self.frozen:
            with suppress(LineUpLost):
                await replica.dispatch.offer()
        self.frozen.clear()
        house.clock.move(seconds=CLAIM_SECONDS)
        for _ in range(2):
            for replica in house.replicas:
                await replica.sweep()
                await replica.dispatch.offer_all()
        await self.line_up_says_what_sql_says()
        await self.nobody_waits_in_vain()
        assert violations(await read_rows(house.settings.database)) == []
        self.nothing_is_overdue()

    # --- what holds

    def every_ticket_is_in_one_place(self) -> None:
        tickets = self.rows("SELECT id, state FROM ticket")
        assert len(tickets) == self.taken, "none is lost"
        pending = Counter(
            row["ticket_id"]
            for row in self.rows("SELECT ticket_id FROM offer WHERE state = 'pending'")
        )
        calls = Counter(
            row["ticket_id"]
            for row in self.rows("SELECT ticket_id FROM video_session WHERE state <> 'ended'")
        )
        for ticket in tickets:
            expected = (ticket["state"] == "offered", ticket["state"] == "serving")
            found = (pending[ticket["id"]], calls[ticket["id"]])
            assert found == expected, ticket["state"]

    def every_agent_does_one_thing(self) -> None:
        pending = Counter(
            row["account_id"]
            for row in self.rows("SELECT account_id FROM offer WHERE state = 'pending'")
        )
        calls = Counter(
            row["account_id"]
            for row in self.rows("SELECT account_id FROM engagement WHERE state <> 'completed'")
        )
        for agent in self.rows("SELECT account_id, state FROM agent_presence"):
            busy = agent["state"] in (PresenceState.SERVING, PresenceState.WRAPPING_UP)
            expected = (agent["state"] == PresenceState.OFFERED, busy)
            found = (pending[agent["account_id"]], calls[agent["account_id"]])
            assert found == expected, agent["state"]

    def nothing_is_overdue(self) -> None:
        now = self.house.clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")
        overdue = (
            "SELECT 'lease' AS what FROM offer WHERE state = 'pending' AND deadline_at <= ?"
            " UNION ALL SELECT 'place' FROM ticket"
            " WHERE state = 'held' AND session_id IS NULL AND held_until <= ?"
        )
        assert [row["what"] for row in self.rows(overdue, now, now)] == []

    async def line_up_says_what_sql_says(self) -> None:
        house, line_up = self.house, self.house.replicas[0].line_up
        async with house.work.read() as session:
            tickets = await read_versions(session)
            agents = await read_agents(session, house.clock.now())
        known = await line_up.tickets()
        assert {key: row.version for key, row in known.items()} == tickets
        sitting = {one.account_id: one.digest for one in agents if isinstance(one, Sitting)}
        there = {key: row.digest for key, row in (await line_up.agents()).items()}
        assert there == sitting
        assert await house.redis.hlen("{vw:queue}:claims") == 0

    async def nobody_waits_in_vain(self) -> None:
        places, agents, refused = await self.standing()
        assert match(places, agents, refused) == []

    async def standing(self) -> tuple[list[Place], list[Sitting], set[tuple[UUID, UUID]]]:
        house, now = self.house, self.house.clock.now()
        pause = dt.timedelta(seconds=house.settings.reject_pause_seconds)
        async with house.work.read() as session:
            places = await read_all_places(session)
            agents = await read_agents(session, now)
            refusals = await read_refusals(session, pause, now, None)
        refused = {(one.ticket_id, one.account_id) for one in refusals}
        return places, [one for one in agents if isinstance(one, Sitting)], refused

    async def everybody_is_served(self) -> None:
        """All come back, all agents work: nobody is left but whom none of them can serve."""
        house, replica = self.house, self.house.replicas[0]
        house.pages.away.clear()
        house.clock.move(seconds=max(TIMES))
        await self.calms_down(0, 0)
        for agent in house.agents.values():
            await house.end_call(replica, agent)
            with suppress(Conflict):
                await replica.desk.go_available(agent, None)
        for _ in range(3 * RESIDENTS):
            await replica.dispatch.offer_all()
            pending = await house.pending()
            if not pending:
                break
            for agent in house.agents.values():
                if agent.account_id in pending:
                    await house.serve(replica, agent)
        places, agents, _ = await self.standing()
        assert len(agents) == len(house.agents), "all are free"
        seats = [(seat, agent) for agent in agents for seat in agent.seats]
        for place in places:
            assert not any(able(seat, agent, line) for seat, agent in seats for line in place.lines)
        assert violations(await read_rows(house.settings.database)) == []

    # --- names of things

    def replica(self, where: int) -> Replica:
        return self.house.replicas[where % len(self.house.replicas)]

    def resident(self, who: int) -> Resident:
        return self.house.residents[who % RESIDENTS]

    def agent(self, who: int) -> Staff:
        return self.house.agents[AGENTS[who % len(AGENTS)]]

    async def offer_of_one(self, who: int) -> tuple[Staff, UUID] | None:
        """An agent who has an offer, and the offer."""
        query = "SELECT id, account_id FROM offer WHERE state = 'pending' ORDER BY id"
        rows = self.rows(query)
        if not rows:
            return None
        row = rows[who % len(rows)]
        account_id = UUID(row["account_id"])
        agents = self.house.agents.values()
        agent = next(one for one in agents if one.account_id == account_id)
        return agent, UUID(row["id"])

    def is_busy(self, agent: Staff) -> bool:
        query = "SELECT 1 FROM engagement WHERE account_id = ? AND state <> 'completed'"
        return bool(self.rows(query, agent.account_id.hex))

    def newest(self, who: int) -> UUID | None:
        """The ticket that the resident's page shows."""
        query = (
            "SELECT id FROM ticket WHERE resident_id = ?"
            " ORDER BY waiting_since DESC, id DESC LIMIT 1"
        )
        rows = self.rows(query, self.resident(who).resident_id.hex)
        return UUID(rows[0]["id"]) if rows else None

    def rows(self, query: str, *parameters: str) -> list[sqlite3.Row]:
        return self.database.execute(query, parameters).fetchall()


# How often each step is drawn, beside the others. The first is what the others shrink to.
WEIGHTS: Final = {
    "nothing_happens": 1,
    "takes_a_number": 14,
    "is_available": 12,
    "dispatches": 12,
    "both_dispatch": 5,
    "accepts": 8,
    "ends": 8,
    "rejects": 4,
    "cancels": 3,
    "undoes": 2,
    "drops": 3,
    "comes_back": 3,
    "takes_a_break": 2,
    "goes_off": 1,
    "loses_the_page": 2,
    "gets_pairs": 5,
    "mends": 4,
    "dies": 3,
    "freezes": 2,
    "thaws": 2,
    "redis_is_emptied": 1,
    "time_passes": 6,
    "calms_down": 1,
}
STEPS: Final = st.builds(
    Step,
    st.sampled_from([name for name, weight in WEIGHTS.items() for _ in range(weight)]),
    st.integers(0, 2**10),
    st.integers(0, 1),
)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as found:
        yield found


@pytest.fixture(scope="module")
def house(shared_valkey: Valkey, runner: asyncio.Runner) -> Iterator[House]:
    # In memory: thousands of runs would else wait for the disk.
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with TemporaryDirectory(dir=memory) as folder:
        opening = open_house(
            Path(folder), shared_valkey.url, residents=RESIDENTS, missed_offers_to_break=2
        )
        found = runner.run(opening)
        found.make_line_up = WatchedLineUp
        try:
            yield found
        finally:
            runner.run(found.close())


@pytest.mark.soak
@pytest.mark.timeout(3_600 if SOAK else 600)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_queue_keeps_what_it_promises(house: House, runner: asyncio.Runner, part: int) -> None:
    with closing(sqlite3.connect(house.settings.data / "virtual-window.sqlite3")) as database:
        database.row_factory = sqlite3.Row

        @seed(part)
        @settings(max_examples=RUNS, phases=[Phase.generate, Phase.shrink])
        @given(st.lists(STEPS, min_size=STEP_COUNT, max_size=STEP_COUNT))
        def plays(steps: list[Step]) -> None:
            runner.run(Run(house, database).play(steps))

        plays()
