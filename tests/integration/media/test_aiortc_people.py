"""Sessions of aiortc peers: who sees whom is the route's doing alone."""

from pathlib import Path

from server.sessions.ports import (
    ConnectionMedia,
    ConnectionStateChanged,
    SourceFlowChanged,
    WorkerEvent,
)
from tests.support.aiortc_people import AiortcPerson, aiortc_people
from tests.support.media_workers import media_stage
from tests.support.waiting import until


def sees(person: AiortcPerson, colour: str, index: int = 0) -> bool:
    return person.sinks["video", index].colours[-3:] == [colour] * 3


async def test_nobody_sees_or_hears_another_session(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        one, two = await stage.open(), await stage.open()
        async with (
            aiortc_people(stage, one, "red", "green") as (red, green),
            aiortc_people(stage, two, "blue", "blue") as (blue, other),
        ):
            for person in (red, green, blue, other):
                await person.connect()
            await red.watch(green)
            await blue.watch(red)  # of another session: an empty slot

            async def red_sees() -> bool:
                return sees(red, "green") and red.sinks["audio", 0].frames > 10

            await until(red_sees, seconds=20)
            assert not green.sinks["video", 0].colours
            assert not blue.sinks["video", 0].colours
            assert set(red.sinks["video", 0].colours) == {"green"}


async def test_a_third_person_joins_by_route_alone_and_a_swap_shows_another(
    tmp_path: Path,
) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        async with aiortc_people(stage, session, "red", "green", "blue") as (red, green, blue):
            for person in (red, green):
                await person.connect(pairs=2)
            await red.watch(green)

            async def red_sees_green() -> bool:
                return sees(red, "green")

            await until(red_sees_green, seconds=20)
            await blue.connect(pairs=2)
            await red.watch(green, blue)

            async def red_sees_both() -> bool:
                return sees(red, "green") and sees(red, "blue", 1)

            await until(red_sees_both, seconds=20)
            await red.watch(blue)

            async def red_sees_blue_first() -> bool:
                return sees(red, "blue", 0)

            await until(red_sees_blue_first, seconds=20)
            shown = red.sinks["video", 0].colours
            assert shown == sorted(shown, reverse=True), "green, then blue, and never back"
            seen = red.sinks["video", 1].frames
            await red.watch(blue)
            assert red.sinks["video", 1].frames <= seen + 1


async def test_what_connects_flows_and_goes_is_told(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        async with aiortc_people(stage, session, "red") as (red,):
            await red.connect()

            async def told() -> bool:
                states = [
                    event.state
                    for event in stage.events
                    if isinstance(event, ConnectionStateChanged)
                ]
                flowing = {
                    event.source_id
                    for event in stage.events
                    if isinstance(event, SourceFlowChanged) and event.flowing
                }
                return states == [ConnectionMedia.CONNECTED] and flowing == {
                    red.face,
                    red.microphone,
                }

            await until(told, seconds=20, what=f"{stage.events}")

        async def closed() -> bool:
            last = [one for one in stage.events if isinstance(one, ConnectionStateChanged)][-1]
            return last.state is ConnectionMedia.CLOSED

        await until(closed, seconds=10)
        numbers = [event.number for event in stage.events if isinstance(event, WorkerEvent)]
        assert numbers == list(range(1, len(numbers) + 1))
