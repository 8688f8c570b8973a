"""A recording that can't be sealed ends no calls, and keeps no other from being sealed."""

import asyncio
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from server.infrastructure.ids import new_id
from signaling.media import recording
from signaling.media.events import EventLog
from signaling.media.logs import LogKey
from signaling.media.recording import Recordings
from signaling.media.settings import WorkerSettings
from signaling.media.shelves import FolderShelf
from tests.support.waiting import until


@pytest.mark.parametrize(
    "mishap", [OSError("no process can be had"), ValueError("not JSON"), TimeoutError()]
)
async def test_sealing_goes_on_after_a_mishap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mishap: Exception
) -> None:
    first, second = sorted(str(new_id()) for _ in range(2))
    logs = tmp_path / "logs"
    for name in (f"{first}/1", f"{second}/1", "lost+found/1", f"{first}/x", "aaa/2"):
        (logs / name).mkdir(parents=True)

    async def run(folder: Path, _target: Path) -> Any:
        if folder == logs / first / "1":
            raise mishap
        return recording._Sealed({"format": 1})

    monkeypatch.setattr(recording, "_run_sealing", run)
    settings = SimpleNamespace(recording_logs=logs, shelf=lambda: FolderShelf(tmp_path))
    events = EventLog()
    recordings = Recordings(cast(WorkerSettings, settings), events)
    running = asyncio.create_task(recordings.run())

    async def both() -> list[Any]:
        told = events.after(0)
        return told if len(told) == 2 else []

    told = await until(both, seconds=5, what="both are told of")
    assert [(event["session_id"], event["kind"]) for event in told] == [
        (first, "recording.failed"),
        (second, "recording.sealed"),
    ]
    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_recording_is_told_of_once_it_is_kept_however_long_that_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = str(new_id())
    (tmp_path / "logs" / session / "1").mkdir(parents=True)
    mishaps: list[Any] = [OSError("no process can be had"), "system_failed", TimeoutError(), ""]
    events = EventLog()

    class Shelf(FolderShelf):
        async def keep(self, key: LogKey) -> str:
            assert events.after(0) == []
            mishap = mishaps.pop(0)
            if isinstance(mishap, Exception):
                raise mishap
            return str(mishap)

    async def run(_folder: Path, _target: Path) -> Any:
        return recording._Sealed({"format": 1})

    monkeypatch.setattr(recording, "_run_sealing", run)
    monkeypatch.setattr(recording, "KEEP_AGAIN_S", 0.01)
    settings = SimpleNamespace(recording_logs=tmp_path / "logs", shelf=lambda: Shelf(tmp_path))
    running = asyncio.create_task(Recordings(cast(WorkerSettings, settings), events).run())

    async def told() -> list[Any]:
        return events.after(0)

    (event,) = await until(told, seconds=5, what="it is told of")
    assert (event["kind"], event["session_id"]) == ("recording.sealed", session)
    assert mishaps == []
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
