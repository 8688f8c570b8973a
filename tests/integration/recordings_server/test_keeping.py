"""A recording from the session's begin to its sealed files, whatever happens in between."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from server.infrastructure.errors import NotFound
from server.infrastructure.ids import new_id
from server.recordings.service import ManifestUnusable, recording_of
from server.recordings.tables import Recording
from tests.support.manifests import manifest, recorded_file
from tests.support.visits import COMPLETE, House

CONTENT = b"webm" * 100


async def begun(house: House, *epochs: int) -> UUID:
    """A visit that is recorded under these epochs."""
    visit = house.open_visit()
    async with house.work.write(house.agent) as tx:
        await house.recordings.start(tx, visit)
        for epoch in epochs:
            await house.recordings.begin_part(tx, visit, epoch)
    return visit


async def ended(house: House, visit: UUID) -> None:
    house.end_visit(visit)
    async with house.work.write(house.agent) as tx:
        await house.recordings.closing(tx, visit)


async def sealed(house: House, visit: UUID, epoch: int = 1, **changes: Any) -> None:
    started = changes.pop("started_at", house.clock.now())
    told = manifest(visit, [recorded_file(CONTENT)], started_at=started, epoch=epoch, **changes)
    await house.recordings.sealed(visit, epoch, f"recordings/{visit}/{epoch}", told)


async def recording(house: House, visit: UUID) -> Recording:
    async with house.work.read() as session:
        found = await recording_of(session, visit)
    assert found is not None
    return found


async def test_recording_is_sealed_after_the_session(house: House) -> None:
    visit = await begun(house, 1)
    assert (await recording(house, visit)).state == "recording"
    await ended(house, visit)
    assert (await recording(house, visit)).state == "sealing"
    await sealed(house, visit)
    found = await recording(house, visit)
    assert (found.state, found.duration_ms) == ("sealed", 5_100)
    states = [event.changes[0]["value"]["state"] for event in house.events]
    assert states == ["recording", "sealing", "sealed"]


async def test_told_twice_is_sealed_once(house: House) -> None:
    visit = await begun(house, 1)
    await ended(house, visit)
    await sealed(house, visit)
    await ended(house, visit)
    announced = len(house.events)
    await sealed(house, visit)
    await house.recordings.failed(visit, 1, "late")
    assert len(house.events) == announced
    look = await house.playback.look(house.agent, (await recording(house, visit)).id)
    assert len(look.files) == 1


async def test_parts_of_two_workers_stand_on_one_clock(either_house: House) -> None:
    visit = await begun(either_house, 1, 2)
    zero = either_house.clock.now()
    await sealed(either_house, visit, 1, started_at=zero, closed=False, torn_bytes=7)
    assert (await recording(either_house, visit)).state == "recording"
    await ended(either_house, visit)
    assert (await recording(either_house, visit)).state == "sealing"
    await sealed(either_house, visit, 2, started_at=zero + dt.timedelta(seconds=20))
    found = await recording(either_house, visit)
    assert (found.state, found.duration_ms) == ("salvaged", 25_100)
    first, second = (await either_house.playback.look(either_house.agent, found.id)).files
    assert (first.offset_ms, second.offset_ms) == (100, 20_100)
    assert second.gaps[0].from_ms == 21_000


async def test_torn_log_is_salvaged(house: House) -> None:
    visit = await begun(house, 1)
    await ended(house, visit)
    await sealed(house, visit, torn_bytes=9)
    assert (await recording(house, visit)).state == "salvaged"


async def test_log_found_after_the_session_was_forgotten_is_salvaged(house: House) -> None:
    visit = await begun(house, 1)
    house.end_visit(visit)
    await sealed(house, visit, closed=False)
    assert (await recording(house, visit)).state == "salvaged"


async def test_failed_sealing_is_told_and_mended_by_a_later_one(either_house: House) -> None:
    visit = await begun(either_house, 1)
    await ended(either_house, visit)
    await either_house.recordings.failed(visit, 1, "disk_full")
    found = await recording(either_house, visit)
    assert (found.state, found.failure) == ("failed", "disk_full")
    await sealed(either_house, visit)
    found = await recording(either_house, visit)
    assert (found.state, found.failure) == ("sealed", None)


async def test_session_without_media_has_nothing_recorded(house: House) -> None:
    visit = await begun(house)
    await ended(house, visit)
    found = await recording(house, visit)
    assert (found.state, found.failure) == ("failed", "nothing_recorded")


async def test_part_that_nobody_announced_is_kept_all_the_same(house: House) -> None:
    visit = await begun(house, 1)
    await ended(house, visit)
    await sealed(house, visit, 1)
    await sealed(house, visit, 5, started_at=house.clock.now() - dt.timedelta(seconds=10))
    found = await recording(house, visit)
    assert (found.state, found.duration_ms) == ("sealed", 15_100)


@pytest.mark.parametrize(
    ("told", "folder"),
    [
        ({"format": 2}, None),
        ({"session_id": str(new_id())}, None),
        ({"epoch": 2}, None),
        ({}, "materials/of-somebody/else"),
        ({}, "../keys"),
    ],
)
async def test_worker_vouches_for_files_of_its_own_part_alone(
    house: House, told: dict[str, Any], folder: str | None
) -> None:
    visit = await begun(house, 1)
    await ended(house, visit)
    whole = manifest(visit, [recorded_file(CONTENT)], started_at=house.clock.now()) | told
    with pytest.raises(ManifestUnusable):
        await house.recordings.sealed(visit, 1, folder or f"recordings/{visit}/1", whole)
    assert (await recording(house, visit)).state == "sealing"


async def test_unknown_session_has_no_recording(house: House) -> None:
    with pytest.raises(NotFound):
        await sealed(house, new_id())


async def test_case_page_hears_of_it_too(house: House) -> None:
    visit = await begun(house, 1)
    case = await house.cases.save(house.agent, visit, COMPLETE, None)
    await ended(house, visit)
    topics = {event.topic for event in house.events if event.type == "recording.closed"}
    assert topics == {f"session:{visit}", f"case:{case.id}"}
