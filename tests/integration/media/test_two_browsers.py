"""Two people in Chromium see and hear each other through a real worker."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import av
import pytest
from playwright.async_api import async_playwright

from server.sessions.ports import SourceFlowChanged, SourceKind
from tests.support.aiortc_people import aiortc_people
from tests.support.browser_people import BrowserPerson, browser_person
from tests.support.media_workers import MediaStage, media_stage, sealed
from tests.support.waiting import until

pytestmark = pytest.mark.browser


@contextlib.asynccontextmanager
async def call(folder: Path) -> AsyncIterator[tuple[MediaStage, BrowserPerson, BrowserPerson]]:
    """A resident in red and an agent in blue, in one session, not yet connected."""
    async with media_stage(folder) as stage, async_playwright() as playwright:
        session = await stage.open()
        async with (
            browser_person(playwright, stage, session, folder, colour="red", hertz=440) as resident,
            browser_person(
                playwright, stage, session, folder, colour="blue", hertz=1320, role="agent"
            ) as agent,
        ):
            yield stage, resident, agent
            assert not resident.errors
            assert not agent.errors


async def see_each_other(resident: BrowserPerson, agent: BrowserPerson) -> None:
    await resident.connect()
    await agent.connect()
    await resident.watch(agent)
    await agent.watch(resident)
    await see_more(resident, agent)


async def see_more(*people: BrowserPerson, index: int = 0) -> None:
    """Each of them decodes ten frames more than until now."""
    before = [await person.frames(index) for person in people]

    async def more() -> bool:
        now = [await person.frames(index) for person in people]
        return all(after >= start + 10 for start, after in zip(before, now, strict=True))

    await until(more, seconds=15)


async def test_two_people_see_and_hear_each_other(tmp_path: Path) -> None:
    async with call(tmp_path) as (_, resident, agent):
        await see_each_other(resident, agent)
        assert await resident.colour() == "blue"
        assert await agent.colour() == "red"
        heard, level = await resident.pitch()
        assert heard == pytest.approx(1320, abs=30)
        assert level > -60
        heard, level = await agent.pitch()
        assert heard == pytest.approx(440, abs=30)
        assert level > -60
        transport = (await resident.stats())["transport"]
        assert transport["srtpCipher"] == "SRTP_AEAD_AES_128_GCM"


async def test_two_whose_udp_is_blocked_see_and_hear_each_other_by_tcp(tmp_path: Path) -> None:
    async with call(tmp_path) as (_, resident, agent):
        resident.udp = agent.udp = False
        await see_each_other(resident, agent)
        assert await resident.colour() == "blue"
        assert await agent.colour() == "red"
        heard, level = await resident.pitch()
        assert heard == pytest.approx(1320, abs=30)
        assert level > -60
        heard, level = await agent.pitch()
        assert heard == pytest.approx(440, abs=30)
        assert level > -60
        assert await protocols(resident) == await protocols(agent) == ("tcp", "tcp")
        await resident.negotiate(restart=True)
        await see_more(resident, agent)
        resident.udp = True
        await resident.negotiate(restart=True)

        async def by_udp() -> bool:
            return await protocols(resident) == ("udp", "udp")

        await until(by_udp, seconds=10)
        await see_more(resident, agent)


async def protocols(person: BrowserPerson) -> tuple[str, str]:
    """Ours and the worker's, of the pair that media takes."""
    local, remote = (await person.stats())["candidates"]
    return local["protocol"], remote["protocol"]


async def test_an_ice_restart_keeps_dtls_streams_and_pictures(tmp_path: Path) -> None:
    async with call(tmp_path) as (_, resident, agent):
        await see_each_other(resident, agent)
        before = await resident.stats()
        answer = resident.last_answer
        await resident.negotiate(restart=True)
        assert _line(resident.last_answer, "a=ice-ufrag") != _line(answer, "a=ice-ufrag")
        for kept in ("a=fingerprint", "a=ssrc", "a=candidate", "a=setup"):
            assert _line(resident.last_answer, kept) == _line(answer, kept)
        await see_more(resident, agent)
        after = await resident.stats()
        assert (
            after["transport"]["iceLocalUsernameFragment"]
            != (before["transport"]["iceLocalUsernameFragment"])
        )
        assert after["connection"] == "connected"
        assert after["transport"]["tlsVersion"] == before["transport"]["tlsVersion"]
        assert after["transport"]["dtlsState"] == "connected"
        assert await resident.colour() == "blue"


async def test_a_paper_camera_that_starts_later_needs_no_negotiation(tmp_path: Path) -> None:
    async with call(tmp_path) as (stage, resident, agent):
        await see_each_other(resident, agent)
        answers = (resident.last_answer, agent.last_answer)
        document = resident.sources[SourceKind.DOCUMENT]
        await agent.route(
            {
                ("audio", 0): resident.sources[SourceKind.MICROPHONE],
                ("video", 0): resident.sources[SourceKind.FACE],
                ("video", 100): document,
            }
        )
        assert await agent.colour(100) is None
        await resident.page.evaluate("show('document', 'rgb(30, 220, 30)')")
        await see_more(agent, index=100)
        assert await agent.colour(100) == "green"
        assert await agent.colour(0) == "red"
        assert (resident.last_answer, agent.last_answer) == answers
        assert any(
            isinstance(event, SourceFlowChanged) and event.source_id == document and event.flowing
            for event in stage.events
        )


async def test_a_third_person_joins_and_is_swapped_in_by_route_alone(tmp_path: Path) -> None:
    async with call(tmp_path) as (stage, resident, agent):
        await see_each_other(resident, agent)
        answer = resident.last_answer
        async with aiortc_people(stage, resident.session, "green") as (partner,):
            await partner.connect()
            fills: dict[tuple[str, int], UUID | None] = {
                ("audio", 0): agent.sources[SourceKind.MICROPHONE],
                ("video", 0): agent.sources[SourceKind.FACE],
                ("audio", 1): partner.microphone,
                ("video", 1): partner.face,
            }
            await resident.route(fills)
            await see_more(resident, index=1)
            assert await resident.colour(1) == "green"
            await resident.route({("video", 0): partner.face, ("audio", 0): partner.microphone})

            async def swapped() -> bool:
                return await resident.colour(0) == "green"

            await until(swapped, seconds=5)
            await resident.route(fills)

            async def back() -> bool:
                return await resident.colour(0) == "blue"

            await until(back, seconds=5)
            inbound = (await resident.stats())["inbound"][resident.slots["video", 0]]
            assert inbound["packetsLost"] == 0
            assert inbound["framesDropped"] <= 5
            assert resident.last_answer == answer


async def test_more_slots_come_by_one_negotiation_on_the_same_connection(tmp_path: Path) -> None:
    async with call(tmp_path) as (_, resident, agent):
        await see_each_other(resident, agent)
        await resident.page.evaluate("addSlots(1, 0)")
        await resident.negotiate()
        await resident.route(
            {
                ("video", 0): agent.sources[SourceKind.FACE],
                ("video", 2): agent.sources[SourceKind.FACE],
            }
        )
        await see_more(resident, index=2)
        await see_more(resident, index=0)


async def test_a_muted_route_shows_and_sends_nothing_more(tmp_path: Path) -> None:
    async with call(tmp_path) as (_, resident, agent):
        await see_each_other(resident, agent)
        await resident.route({})
        mid = resident.slots["video", 0]
        first = (await resident.stats())["inbound"][mid]["packetsReceived"]
        await see_more(agent)
        after = (await resident.stats())["inbound"][mid]["packetsReceived"]
        assert after - first <= 2, "what was on its way may still come"


async def test_a_recording_can_be_sought_in_though_nobody_watched(tmp_path: Path) -> None:
    often = {"VIRTUAL_WINDOW_MEDIA_RECORDED_KEYFRAME_S": "2"}
    async with media_stage(tmp_path, settings=often) as stage, async_playwright() as playwright:
        session = await stage.open(record=True)
        async with browser_person(
            playwright, stage, session, tmp_path, colour="red", hertz=440
        ) as resident:
            await resident.connect()

            async def flows() -> bool:
                return any(isinstance(one, SourceFlowChanged) for one in stage.events)

            await until(flows, seconds=15)
            await asyncio.sleep(8)
        await stage.client.close(session)
        recording = await sealed(stage, session)
        (file,) = recording.manifest["files"]
        path = stage.data / "blobs" / recording.folder / file["name"]
        times = await asyncio.to_thread(keyframe_times, path)
        assert 3 <= len(times) <= 6
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        assert max(gaps) < 4


def keyframe_times(path: Path) -> list[float]:
    """Seconds, of the keyframes of a file's picture."""
    with av.open(str(path)) as container:
        return [
            float(packet.pts * packet.time_base)
            for packet in container.demux(video=0)
            if packet.is_keyframe and packet.pts is not None
        ]


def _line(sdp: str, start: str) -> list[str]:
    return [line for line in sdp.splitlines() if line.startswith(start)]
