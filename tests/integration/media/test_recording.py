"""A session is recorded as it runs, sealed after it, and found again after a death."""

import asyncio
from pathlib import Path
from uuid import uuid4

import av
import pytest

from server.sessions.ports import MediaSession, MediaUnavailable
from tests.support.aiortc_people import talk
from tests.support.media_workers import MediaStage, media_stage, sealed


def log_of(stage: MediaStage, session: MediaSession) -> Path:
    return stage.data / "recording-logs" / str(session.session_id) / str(session.epoch)


def pictures(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


async def test_a_session_is_sealed_at_its_end_with_both_people(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open(record=True)
        await talk(stage, session, 3)
        await stage.client.close(session)
        event = await sealed(stage, session)
        folder = stage.data / "blobs" / event.folder
        files = event.manifest["files"]
        assert len(files) == 2
        for file in files:
            assert file["kind"] == "person"
            assert file["frames"]["audio"] > 100
            assert 3000 <= file["duration_ms"] <= 15_000
            shown = await asyncio.to_thread(pictures, folder / file["name"])
            assert shown == file["frames"]["video"] > 20
        assert log_of(stage, session).exists()
        await stage.client.forget_log(session)
        assert not log_of(stage, session).exists()
        await stage.client.forget_log(session)
        assert folder.exists()


async def test_what_a_killed_worker_left_is_sealed_at_the_next_start(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open(record=True)

        async def kill_in_the_middle() -> None:
            await asyncio.sleep(6)
            stage.workers[0].process.kill()

        killing = asyncio.create_task(kill_in_the_middle(), name="kill")
        await talk(stage, session, 5)
        await killing
        await asyncio.to_thread(stage.workers[0].process.wait, 5)
        await stage.start_worker("worker-0")
        event = await sealed(stage, session)
        assert not event.manifest["log"]["closed"]
        assert sum(file["frames"]["video"] for file in event.manifest["files"]) > 20


async def test_a_log_that_is_not_sealed_is_not_forgotten(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open(record=True)
        with pytest.raises(MediaUnavailable) as caught:
            await stage.client.forget_log(session)
        assert caught.value.params == {"reason": "refused"}
        assert log_of(stage, session).exists()


async def test_an_unrecorded_session_leaves_nothing(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.client.open(uuid4(), epoch=1, record=False, labels={})
        await stage.client.close(session)
        assert not log_of(stage, session).exists()
