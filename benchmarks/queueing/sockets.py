"""Thousands of open pages at one replica: how late events are, and what a page costs.

The replica is the installed command as a process of its own, on PostgreSQL and Valkey. The events
are rows of the outbox that another replica's parts write and relay. Each goes to the pages of one
agent; each page listens to the queue as well, so that one event there reaches all. An event says
when it was made, before its transaction: what is measured ends when a page has it.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import ClientSession

from benchmarks.queueing.town import CHANNEL, Size, Town, found, log_in
from server.identity.cookies import Page, cookie_name
from server.infrastructure.actors import System
from server.infrastructure.database import Database
from server.infrastructure.events.topics import Change
from server.tickets.events import desk_topic, queue_topic
from tests.support.event_replicas import Replica, replica
from tests.support.replicas import Application, running_replicas
from tests.support.waiting import until

PAGES_AN_AGENT: Final = 3
CROWDS: Final = 2
EVENTS_A_COMMAND: Final = 5
OPEN_PAGES: Final = "virtual_window_open_pages "
SPARE_FILES: Final = 500
HANGING_SECONDS: Final = 60.0
FACTS: Final = "x" * 300  # a ticket's facts are about as long
FLOOD: Final = "x" * 8_000


class TooFewFiles(Exception):
    """The system lets a process open fewer sockets than are to be measured."""


class PagesLost(Exception):
    """Pages were cut off, or did not get in."""


@dataclass(frozen=True, slots=True)
class Heard:
    """latencies_ms: of each event at each page that has it. expected: how many these should be."""

    latencies_ms: list[float]
    expected: int


class CrowdProcess:
    """A process of pages, told what to do."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a crowd is talked to through pipes")
        self._process = process
        self._orders = process.stdin
        self._answers = process.stdout

    async def ask(self, **order: Any) -> dict[str, Any]:
        self._orders.write(json.dumps(order).encode() + b"\n")
        await self._orders.drain()
        line = await self._answers.readline()
        if not line:
            raise PagesLost("a crowd of pages has ended by itself; its error stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def end(self) -> None:
        self._orders.close()
        await self._process.wait()


class OpenPages:
    """The replica, its pages, and who announces events to them.

    page_kb: what each page adds to the memory of the replica.
    """

    def __init__(
        self,
        application: Application,
        announcer: Replica,
        town: Town,
        crowds: list[CrowdProcess],
        http: ClientSession,
    ) -> None:
        self._replica = application.process.pid
        self._url = application.url
        self._http = http
        self._announcer = announcer
        self._town = town
        self._crowds = crowds
        self.pages = 0
        self.page_kb = 0.0
        self.compressed = False

    async def come(self, cookies: list[str], pages: int) -> None:
        """Open `pages`, three an agent."""
        before = self.memory_kb()
        queue = queue_topic(CHANNEL, self._town.org.code)
        told: list[list[tuple[str, list[str]]]] = [[] for _ in self._crowds]
        for number in range(pages):
            agent = number // PAGES_AN_AGENT
            topic = desk_topic(self._town.agents[agent].account_id)
            told[number % len(told)].append((cookies[agent], [topic, queue]))
        answers = await asyncio.gather(
            *(crowd.ask(open=some) for crowd, some in zip(self._crowds, told, strict=True))
        )
        self.pages = sum(answer["open"] for answer in answers)
        self.compressed = any(answer["compressed"] for answer in answers)
        self.page_kb = (self.memory_kb() - before) / pages

    def memory_kb(self) -> int:
        """The replica's resident memory."""
        status = Path(f"/proc/{self._replica}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1])

    async def announce(self, a_second: int, seconds: float, *, flood: bool = False) -> Heard:
        """Events at an even pace, each to one agent's pages; what the pages have after them.

        flood: none of these to the first agent, but long ones that nobody counts.
        """
        await self.report()
        commands, pause = round(a_second * seconds / EVENTS_A_COMMAND), EVENTS_A_COMMAND / a_second
        first = 1 if flood else 0
        agents = self.pages // PAGES_AN_AGENT - first
        started = time.monotonic()
        async with asyncio.TaskGroup() as running:
            for number in range(commands):
                await asyncio.sleep(max(0.0, started + number * pause - time.monotonic()))
                turns = range(number * EVENTS_A_COMMAND, (number + 1) * EVENTS_A_COMMAND)
                some = [first + turn % agents for turn in turns]
                running.create_task(self._command(some, flood=flood))
        expected = commands * EVENTS_A_COMMAND * PAGES_AN_AGENT
        return Heard(await self._all_heard(expected), expected)

    async def _command(self, agents: list[int], *, flood: bool) -> None:
        async with self._announcer.work.write(System("bench")) as tx:
            for agent in agents:
                topic = desk_topic(self._town.agents[agent].account_id)
                tx.publish(topic, "bench.told", _change())
            if flood:
                topic = desk_topic(self._town.agents[0].account_id)
                tx.publish(topic, "bench.flood", Change("bench", "1", {"facts": FLOOD}))

    async def broadcast(self) -> Heard:
        """One event that every page listens to."""
        await self.report()
        async with self._announcer.work.write(System("bench")) as tx:
            tx.publish(queue_topic(CHANNEL, self._town.org.code), "bench.told", _change())
        return Heard(await self._all_heard(self.pages), self.pages)

    async def hang(self) -> None:
        """Let the first page read no more."""
        await self._crowds[0].ask(hang=0)

    async def hanging_is_gone(self) -> bool:
        """Whether the replica has let it go. It is asked itself: who does not read is not told."""
        async with self._http.get(self._url + "/metrics") as answer:
            lines = (await answer.text()).splitlines()
        count = next(line for line in lines if line.startswith(OPEN_PAGES))
        return float(count.removeprefix(OPEN_PAGES)) < self.pages

    async def report(self) -> tuple[list[float], int]:
        """What all have heard since the last report, in milliseconds; how many pages have gone."""
        answers = await asyncio.gather(*(crowd.ask(report=True) for crowd in self._crowds))
        heard = [one for answer in answers for one in answer["latencies_ms"]]
        return heard, sum(answer["left"] for answer in answers)

    async def _all_heard(self, expected: int) -> list[float]:
        """Wait for the last one: it has been sent, and comes late at worst."""
        heard: list[float] = []

        async def there() -> bool:
            heard.extend((await self.report())[0])
            return len(heard) >= expected

        await until(there, seconds=30, what=f"{expected} events at the pages")
        return heard


def _change() -> Change:
    stamp = f"{time.monotonic_ns():020d}"
    return Change("bench", "1", {"sent_ns": stamp, "facts": FACTS})


@asynccontextmanager
async def open_pages(database_url: str, folder: Path, pages: int) -> AsyncIterator[OpenPages]:
    """A replica as a process, with the crowds ready to come; `folder` is empty."""
    _allow_files(pages + SPARE_FILES)
    agents = -(-pages // PAGES_AN_AGENT)
    async with AsyncExitStack() as stack:
        replicas = stack.enter_context(running_replicas(folder, database_url, count=1))
        database = Database(database_url)
        stack.push_async_callback(database.close)
        town = await found(database, Size(waiting=0, agents=agents, desks=agents))
        cookies = [
            f"{cookie_name(Page.CONSOLE, secure=False)}={secret}"
            for secret in await log_in(database, town)
        ]
        announcer = await stack.enter_async_context(
            replica(database_url, replicas.valkey.url, "announcer")
        )
        address = urlsplit(replicas.urls[0])
        crowds = []
        for _ in range(CROWDS):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "benchmarks.queueing.crowd",
                str(address.hostname), str(address.port),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**26,
            )  # fmt: skip
            crowds.append(CrowdProcess(process))
            stack.push_async_callback(crowds[-1].end)
        http = await stack.enter_async_context(ClientSession())
        opened = OpenPages(replicas.applications[0], announcer, town, crowds, http)
        await opened.come(cookies, pages)
        yield opened


def _allow_files(count: int) -> None:
    """Raises TooFewFiles."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            raise TooFewFiles(f"{count} open files are needed, {hard} are allowed (ulimit -Hn)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
