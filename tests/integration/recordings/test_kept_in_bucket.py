"""With a bucket in the settings, the worker brings its recordings there before it tells of them."""

import asyncio
import hashlib
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

from server.infrastructure.blobs import BlobStore
from server.infrastructure.blobs_s3 import blob_store
from server.infrastructure.settings import Settings
from server.sessions.ports import MediaSession, RecordingSealed
from tests.support.aiortc_people import talk
from tests.support.media_workers import MediaStage, media_stage, sealed
from tests.support.object_stores import ACCESS_KEY, SECRET_KEY, ObjectStore
from tests.support.waiting import until

MANIFEST = "manifest.json"


def application_store(folder: Path, url: str) -> BlobStore:
    """As the application reads it."""
    return blob_store(
        Settings(data=folder, blob_url=url, blob_access_key=ACCESS_KEY, blob_secret_key=SECRET_KEY)
    )


def on_disk(stage: MediaStage, session: MediaSession) -> list[str]:
    """What of the session lies on the worker's machine."""
    places = ("recording-logs", "sealed-recordings", "blobs/recordings")
    return [one for one in places if (stage.data / one / str(session.session_id)).exists()]


async def is_whole(store: BlobStore, event: RecordingSealed) -> None:
    files: list[Any] = event.manifest["files"]
    assert len(files) == 2
    for file in files:
        data = await store.read(f"{event.folder}/{file['name']}")
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    assert await store.exists(f"{event.folder}/{MANIFEST}")


async def test_a_recording_is_in_the_bucket_and_leaves_the_workers_machine(
    tmp_path: Path, object_store: ObjectStore
) -> None:
    url = object_store.new_bucket()
    async with media_stage(tmp_path, settings=object_store.environment(url)) as stage:
        session = await stage.open(record=True)
        await talk(stage, session, 1)
        await stage.client.close(session)
        event = await sealed(stage, session)
        store = application_store(tmp_path, url)
        await is_whole(store, event)
        assert on_disk(stage, session) == ["recording-logs", "sealed-recordings"]
        await stage.client.forget_log(session)
        assert on_disk(stage, session) == []
        await is_whole(store, event)


async def test_a_bucket_that_is_away_is_waited_for_over_the_death_of_the_worker(
    tmp_path: Path,
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        late = ObjectStore(probe.getsockname()[1])
    url = f"s3://{late.bucket}/putuo?endpoint={late.endpoint}"
    try:
        async with media_stage(tmp_path, settings=late.environment(url)) as stage:
            session = await stage.open(record=True)
            await talk(stage, session, 1)
            await stage.client.close(session)
            here = stage.data / "sealed-recordings" / str(session.session_id) / "1" / MANIFEST

            async def is_sealed() -> bool:
                return here.exists()

            await until(is_sealed, seconds=30, what="the recording is sealed")
            stage.workers[0].process.kill()
            await asyncio.to_thread(stage.workers[0].process.wait, 5)
            assert stage.events_of(RecordingSealed) == []

            late.start()
            late.make_bucket(late.bucket)
            await stage.start_worker("worker-0")
            event = await sealed(stage, session)
            await is_whole(application_store(tmp_path, url), event)
    finally:
        late.stop()
