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
from signaling.media.recording import Recordings
from signaling.media.settings import WorkerSettings
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
    settings = SimpleNamespace(recording_logs=logs, sealed_recordings=tmp_path / "sealed")
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
