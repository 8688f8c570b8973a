"""Whatever a page says, it gets a clear answer or is cut off, and nobody else feels it."""

import asyncio
import contextlib
import json
import socket as sockets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector

from server.infrastructure.ids import new_id
from tests.integration.gateway.conftest import (
    ADDRESS,
    RawSocket,
    cookies_of,
    socket_of,
)
from tests.support.api_people import ApiPeople, ApiPerson, visit
from tests.support.systems import System
from tests.support.waiting import until

MEGABYTE = 1_000_000


def memory_of(house: System) -> int:
    """Bytes that the application's process holds in memory."""
    (pid,) = house.pids("command app")
    fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096


async def is_well(person: ApiPerson) -> None:
    """Commands and events of `person` go their way."""
    ticket = await person.ok("POST", "/tickets", {"item_code": "residence-permit"})
    await person.sees("the ticket", lambda: visit(person).rows("ticket"))
    await person.ok("POST", f"/tickets/{ticket['id']}/cancel")
    await person.sees("it goes", lambda: visit(person).only("ticket")["state"] == "cancelled")


def topic_of(person: ApiPerson) -> str:
    return f"resident:{person.me['id']}"


@pytest.mark.parametrize(
    "message",
    [
        [],
        [None],
        [7],
        ["resident:1"],
        [{}],
        [{"topic": 7}],
        [{"topic": ""}],
        [{"topic": "x" * 121}],
        [{"topic": "resident:1", "cursor": "x"}],
        [{"topic": "resident:1", "cursor": {"epoch": "a"}}],
        [{"topic": "resident:1", "cursor": {"epoch": "a", "number": -1}}],
        [{"topic": "resident:1", "cursor": {"epoch": "a", "number": "1"}}],
        [{"topic": "resident:1", "as": "admin"}],
        [{"topic": "resident:1"}, {"topic": "resident:2"}],
    ],
)
async def test_a_subscription_of_the_wrong_shape_is_told_so(
    resident: ApiPerson, message: list[Any]
) -> None:
    async with socket_of(resident) as socket:
        answer = await socket.ask(1, "subscribe", *message)
        assert answer["ok"] is False
        assert answer["problem"]["code"] == "message_shape"
        assert answer["problem"]["detail"].isascii()
        assert (await socket.ask(2, "subscribe", {"topic": topic_of(resident)}))["ok"]


async def test_a_message_that_is_none_is_told_so(resident: ApiPerson) -> None:
    async with socket_of(resident) as socket:
        answer = await socket.ask(1, "become", {"role": "admin"})
        assert answer["problem"]["code"] == "message_unknown"


@pytest.mark.parametrize(
    "topic",
    ["resident:{other}", "desk:{other}", "session:{other}", "connection:{other}", "case:{other}"],
)
async def test_anothers_topic_is_refused_like_an_absent_one(
    people: ApiPeople, house: System, topic: str
) -> None:
    one, other = [await people.resident(house.url) for _ in range(2)]
    async with socket_of(one) as socket:
        foreign = topic.format(other=other.me["id"])
        absent = topic.format(other=new_id())
        answers = [
            await socket.ask(number, "subscribe", {"topic": name})
            for number, name in enumerate((foreign, absent, topic.format(other="x")), start=1)
        ]
        assert [answer["problem"]["code"] for answer in answers] == ["not_found"] * 3
        await other.ok("POST", "/tickets", {"item_code": "residence-permit"})
        assert (await socket.ask(9, "subscribe", {"topic": topic_of(one)}))["ok"]
        assert not any(foreign in message for message in socket.kept)


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("queue:street_town:caoyang-xincun", "not_found"),
        ("nothing:1", "topic_unknown"),
        ("resident", "topic_unknown"),
        ("resident:", "topic_unknown"),
        ("queue:district:\u0000", "topic_unknown"),
    ],
)
async def test_topics_that_are_not_for_residents_are_refused(
    resident: ApiPerson, topic: str, code: str
) -> None:
    async with socket_of(resident) as socket:
        answer = await socket.ask(1, "subscribe", {"topic": topic})
        assert answer["problem"]["code"] == code


async def test_an_agent_hears_the_queues_of_its_organisation_alone(
    people: ApiPeople, house: System
) -> None:
    agent = await people.staff(house.url, "town1")
    async with socket_of(agent) as socket:
        own = await socket.ask(1, "subscribe", {"topic": "queue:street_town:caoyang-xincun"})
        assert own["ok"]
        for number, key in enumerate(
            ("street_town:taopu", "district:putuo", "invented:caoyang-xincun", "street_town:none"),
            start=2,
        ):
            answer = await socket.ask(number, "subscribe", {"topic": f"queue:{key}"})
            assert answer["problem"]["code"] == "not_found", key


@pytest.mark.parametrize(
    "packet",
    [
        "451-" + json.dumps(["subscribe", {"_placeholder": True, "num": 0}]),
        "45999999999-" + json.dumps(["subscribe", {"_placeholder": True, "num": 0}]),
        "461-1" + json.dumps([{"_placeholder": True, "num": 0}]),
        "bAAAA",
        "42",
        "42{",
        "42[]",
        "42[7]",
        "4",
        "49",
        "44{}",
        "7",
        "42" + "[" * 50_000,
        "42" + "9" * 200 + '["subscribe"]',
        "42/admin,[]",
    ],
)
async def test_a_packet_that_is_none_breaks_nothing(
    house: System, resident: ApiPerson, packet: str
) -> None:
    async with socket_of(resident) as socket:
        await socket.line.send_str(packet)
        with contextlib.suppress(AssertionError, ConnectionError):
            # Cut off, or passed over: then the next message is answered as ever.
            answer = await socket.ask(7, "subscribe", {"topic": topic_of(resident)})
            assert answer["ok"]
        if packet.startswith(("45", "46", "b")):
            assert socket.line.closed
    await is_well(resident)


async def test_binary_packets_close_the_socket_and_are_not_kept(
    house: System, resident: ApiPerson
) -> None:
    before = memory_of(house)
    for _ in range(40):
        async with socket_of(resident) as socket:
            with contextlib.suppress(ConnectionError):
                await socket.line.send_str('4550-["subscribe",{"_placeholder":true,"num":0}]')
                for _ in range(10):
                    await socket.line.send_bytes(b"x" * 100_000)
            assert await socket.closed()
    # 40 MB were sent; a few are the allocator's own.
    assert memory_of(house) - before < 15 * MEGABYTE
    await is_well(resident)


async def test_a_message_of_a_megabyte_closes_the_socket(
    house: System, resident: ApiPerson
) -> None:
    before = memory_of(house)
    for _ in range(10):
        async with socket_of(resident) as socket:
            with contextlib.suppress(ConnectionError):
                await socket.line.send_str('421["subscribe","' + "x" * MEGABYTE + '"]')
            assert await socket.closed()
    assert memory_of(house) - before < 15 * MEGABYTE
    await is_well(resident)


@pytest.mark.parametrize("event", ["subscribe", "unsubscribe", "invented"])
async def test_a_thousand_messages_a_second_are_too_fast(
    people: ApiPeople, resident: ApiPerson, house: System, event: str
) -> None:
    neighbour = await people.resident(house.url)
    message = {"topic": topic_of(resident)}
    async with socket_of(resident) as socket:
        for number in range(1000):
            await socket.line.send_str(f"42{number}" + json.dumps([event, message]))
        await is_well(neighbour)
        answers = [await socket.answer(number) for number in range(1000)]
        codes = [answer.get("problem", {}).get("code") for answer in answers]
        assert codes.count("too_fast") > 500

        async def taken_again() -> bool:
            return bool((await socket.ask(5000, "unsubscribe", message))["ok"])

        await until(taken_again, what="the next second has begun")


async def test_a_page_that_does_not_read_is_cut_off_and_others_feel_nothing(
    people: ApiPeople, house: System
) -> None:
    resident = await people.resident(house.url)
    neighbour = await people.resident(house.url)
    before = memory_of(house)
    async with deaf_socket(resident) as deaf:
        payload = json.dumps(["subscribe", {"topic": "x" * 100}])
        # The kernel takes some megabytes of answers before the server's own queue grows.
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(60):
                for number in range(200_000):
                    await deaf.send_str(f"42{number}{payload}")
                    if number % 2_000 == 0:
                        await is_well(neighbour)
            raise AssertionError("it was not cut off")
    assert memory_of(house) - before < 30 * MEGABYTE
    await is_well(neighbour)
    await is_well(resident)


@contextlib.asynccontextmanager
async def deaf_socket(person: ApiPerson) -> AsyncIterator[ClientWebSocketResponse]:
    """A socket that is greeted, and then nobody reads it; its window is small."""

    def small(address: Any) -> sockets.socket:
        family, kind, protocol, _, _ = address
        made = sockets.socket(family, kind, protocol)
        made.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        return made

    headers = {"Origin": person.base, "Cookie": cookies_of(person)}
    async with (
        ClientSession(connector=TCPConnector(socket_factory=small)) as http,
        http.ws_connect(person.base + ADDRESS, headers=headers) as line,
    ):
        assert (await RawSocket(line).greet())[0]
        response = line._response  # aiohttp has no public way to stop reading
        assert response.connection is not None
        transport = response.connection.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        yield line
        transport.abort()
