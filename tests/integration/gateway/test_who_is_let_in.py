"""A socket opens for a good credential from a listed origin, and closes when that ends."""

import asyncio
from contextlib import AsyncExitStack

import aiohttp
import pytest

from tests.integration.gateway.conftest import ADDRESS, cookies_of, raw_socket, socket_of
from tests.support.api_people import ApiPeople, ApiPerson
from tests.support.systems import System


@pytest.mark.parametrize(
    "cookies", ["", "rvw_resident=guessed", "rvw_agent=guessed", "rvw_resident="]
)
async def test_without_a_good_cookie_nobody_is_let_in(house: System, cookies: str) -> None:
    async with raw_socket(house.url, cookies) as socket:
        taken, said = await socket.greet()
        assert not taken
        assert said["data"]["code"] == "credential_missing"
        assert await socket.closed()


async def test_the_cookie_of_an_ended_visit_is_no_good(house: System, resident: ApiPerson) -> None:
    cookies = cookies_of(resident)
    await resident.ok("DELETE", "/residents/current")
    async with raw_socket(house.url, cookies) as socket:
        assert (await socket.greet())[0] is False


async def test_one_page_cannot_use_the_others_cookie(house: System, resident: ApiPerson) -> None:
    async with raw_socket(house.url, cookies_of(resident)) as socket:
        assert (await socket.greet("console"))[0] is False


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
async def test_a_foreign_origin_is_refused(house: System, resident: ApiPerson, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with raw_socket(house.url, cookies_of(resident), origin=origin):
            pass
    assert refused.value.status == 400


async def test_a_missing_origin_is_refused_with_a_cookie(
    house: System, resident: ApiPerson
) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(house.url + ADDRESS, headers={"Cookie": cookies_of(resident)}) as line,
    ):
        await line.receive_str()
        await line.send_str('40{"page":"kiosk"}')
        assert (await line.receive_str()).startswith("44")


async def test_a_token_opens_a_socket_without_cookie(house: System, people: ApiPeople) -> None:
    staff = await people.staff(house.url, "lead1")
    token = (await staff.ok("POST", "/auth/tokens"))["access_token"]
    async with raw_socket(house.url) as socket:
        assert (await socket.greet("console", token=token))[0]
    async with raw_socket(house.url) as socket:
        assert (await socket.greet("console", token=token[:-4] + "AAAA"))[0] is False


async def test_who_says_nothing_is_cut_off(house: System) -> None:
    async with raw_socket(house.url) as socket:
        assert await socket.closed(10)


async def test_nothing_is_heard_before_the_greeting(house: System, resident: ApiPerson) -> None:
    async with raw_socket(house.url, cookies_of(resident)) as socket:
        await socket.line.send_str('420["subscribe",{"topic":"resident:x"}]')
        assert await socket.closed()


async def test_a_second_greeting_closes_the_socket(resident: ApiPerson) -> None:
    async with socket_of(resident) as socket:
        await socket.line.send_str('40{"page":"kiosk"}')
        assert await socket.closed()


@pytest.mark.parametrize(
    "shape", ['"x"', "[1]", '{"page":7}', '{"page":"kiosk","as":"admin"}', "{"]
)
async def test_a_greeting_of_the_wrong_shape_is_refused(
    house: System, resident: ApiPerson, shape: str
) -> None:
    async with raw_socket(house.url, cookies_of(resident)) as socket:
        await socket.line.send_str("40" + shape)
        assert await socket.closed()
    assert (await resident.call("GET", "/residents/current"))[0] == 200


async def test_a_sixth_socket_of_one_person_is_refused(resident: ApiPerson) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(4):  # with the one that the person has
            await stack.enter_async_context(socket_of(resident))
        sixth = await stack.enter_async_context(raw_socket(resident.base, cookies_of(resident)))
        taken, said = await sixth.greet()
        assert (taken, said["data"]["code"]) == (False, "too_many_sockets")
    # Closed ones count no more.
    async with asyncio.timeout(10):
        while True:
            async with raw_socket(resident.base, cookies_of(resident)) as socket:
                if (await socket.greet())[0]:
                    break


async def test_logging_out_closes_the_socket(house: System, people: ApiPeople) -> None:
    staff = await people.staff(house.url, "lead1")
    async with socket_of(staff) as socket:
        await staff.ok("POST", "/auth/logout")
        assert await socket.closed(5)


async def test_a_revoked_token_closes_its_socket(house: System, people: ApiPeople) -> None:
    staff = await people.staff(house.url, "lead1")
    token = (await staff.ok("POST", "/auth/tokens"))["access_token"]
    async with raw_socket(house.url) as socket:
        assert (await socket.greet("console", token=token))[0]
        await staff.ok("POST", "/auth/logout")
        assert await socket.closed(5)


async def test_another_log_in_of_the_same_account_stays(house: System, people: ApiPeople) -> None:
    one, two = [await people.staff(house.url, "lead1") for _ in range(2)]
    async with socket_of(one) as gone, socket_of(two) as stays:
        await one.ok("POST", "/auth/logout")
        assert await gone.closed(5)
        assert (await stays.ask(1, "unsubscribe", {"topic": "desk:x"}))["ok"]


async def test_ending_the_visit_closes_the_socket(resident: ApiPerson) -> None:
    async with socket_of(resident) as socket:
        await resident.ok("DELETE", "/residents/current")
        assert await socket.closed(5)


async def test_polling_is_refused(house: System) -> None:
    async with aiohttp.ClientSession() as http:
        url = house.url + "/socket.io/?EIO=4&transport=polling"
        for method in ("GET", "POST"):
            async with http.request(method, url, headers={"Origin": house.url}) as response:
                assert response.status == 400
