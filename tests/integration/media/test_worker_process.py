"""A worker as a process: what it holds, whom it obeys, how it ends."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from server.sessions.ports import (
    ConnectionOffer,
    MediaPlane,
    MediaSession,
    MediaUnavailable,
    OfferedSlot,
    OfferedSource,
    SdpUnusable,
    SourceKind,
    StaleEpoch,
    WorkerLost,
)
from server.supervisor.service import WORKER_STOP_SECONDS
from signaling.media.control.keys import load_or_make
from signaling.media.control.tokens import sign
from tests.support.aiortc_people import aiortc_people
from tests.support.media_workers import MediaStage, media_stage
from tests.support.waiting import until

OFFER = (
    (Path(__file__).parents[2] / "unit" / "media" / "fixtures" / "chromium-offer.sdp")
    .read_bytes()
    .decode()
)


def offer(sdp: str = OFFER) -> ConnectionOffer:
    return ConnectionOffer(
        connection_id=uuid4(),
        participant_id=uuid4(),
        role="resident",
        sdp=sdp,
        sources=[OfferedSource(uuid4(), "1", SourceKind.FACE)],
        slots=[OfferedSlot("5", "video", 0)],
    )


LISTENING = "0A"


def udp_sockets(pid: int) -> int:
    """How many UDP sockets a process has open."""
    return sockets(pid, ("udp", "udp6"), lambda _port, _state: True)


def tcp_listeners(pid: int, port: int) -> int:
    """On how many TCP sockets a process listens at a port number."""
    return sockets(
        pid, ("tcp", "tcp6"), lambda number, state: number == port and state == LISTENING
    )


def sockets(pid: int, tables: tuple[str, ...], wanted: Callable[[int, str], bool]) -> int:
    """How many sockets of the kernel's tables a process has open."""
    inodes = set()
    for table in tables:
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if wanted(int(fields[1].rpartition(":")[2], 16), fields[3]):
                inodes.add(fields[9])
    count = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            link = str(descriptor.readlink())
            count += link.startswith("socket:[") and link[8:-1] in inodes
    return count


@contextlib.contextmanager
def busy_machine() -> Iterator[None]:
    """Two processes a core that never rest."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(2 * (os.cpu_count() or 1))
    ]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


async def rpc(stage: MediaStage, method: str, path: str, **arguments: Any) -> tuple[int, str]:
    """A raw call with a right token unless headers say otherwise."""
    entry = (await stage.entries())[0]
    address = entry["rpc"]
    private = load_or_make(stage.data / "keys")
    headers = {"Authorization": f"Bearer {sign(private, entry['worker_id'])}"}
    headers |= arguments.pop("headers", {})
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, address + path, headers=headers, **arguments) as response,
    ):
        return response.status, await response.text()


async def test_a_worker_holds_one_udp_socket_whatever_the_calls(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        pid = stage.workers[0].process.pid
        assert udp_sockets(pid) == 1
        port = int((await stage.entries())[0]["media"]["port"])
        assert tcp_listeners(pid, port) == 1
        session = await stage.open()
        async with aiortc_people(stage, session, "red", "green", "blue") as people:
            for person in people:
                await person.connect()

            async def connected() -> bool:
                return all(person.pc.connectionState == "connected" for person in people)

            await until(connected, seconds=20)
            assert udp_sockets(pid) == 1


async def test_no_peer_connection_and_no_decoder_is_in_the_process() -> None:
    script = (
        "import sys, signaling.media.worker, signaling.media.__main__\n"
        "found = [name for name in sys.modules if name.split('.')[0] in "
        "('aiortc', 'aioice', 'av', 'cv2', 'numpy', 'sqlalchemy', 'server')]\n"
        "print(found)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert output.strip() == b"[]"


async def test_no_decoder_is_mapped_into_a_running_worker(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        await stage.open(record=True)
        pid = stage.workers[0].process.pid
        maps = await asyncio.to_thread(Path(f"/proc/{pid}/maps").read_text)
        for library in ("avcodec", "libvpx", "libopus", "/av/", "/aiortc/"):
            assert library not in maps


async def test_the_client_is_a_media_plane(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        plane: MediaPlane = stage.client
        session = await plane.open(uuid4(), epoch=1, record=False, labels={})
        await plane.answer(session, offer())
        await plane.close(session)


@pytest.mark.parametrize(
    ("sdp", "reason"), [("hello", "not_sdp"), ("v=0\r\n" + "a" * 98_304, "too_large")]
)
async def test_an_offer_that_is_none_is_refused_by_name_and_changes_nothing(
    tmp_path: Path, sdp: str, reason: str
) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        with pytest.raises(SdpUnusable) as caught:
            await stage.client.answer(session, offer(sdp))
        assert caught.value.status == 422
        assert caught.value.params == {"reason": reason}
        _, stats = await rpc(stage, "GET", "/rpc/stats")
        assert '"connections": 0' in stats
        assert (await stage.client.answer(session, offer())).startswith("v=0")


async def test_only_the_owner_of_the_newest_epoch_is_obeyed(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        old = await stage.open()
        await stage.client.open(old.session_id, epoch=2, record=False, labels={})
        with pytest.raises(StaleEpoch) as caught:
            await stage.client.answer(old, offer())
        assert caught.value.params == {"newest": 2}
        with pytest.raises(StaleEpoch):
            await stage.client.open(old.session_id, epoch=1, record=False, labels={})


async def test_unknown_sessions_and_workers_are_unavailable(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        unknown = MediaSession(uuid4(), 1, session.worker)
        with pytest.raises(MediaUnavailable) as caught:
            await stage.client.answer(unknown, offer())
        assert caught.value.params == {"reason": "session_unknown"}
        with pytest.raises(MediaUnavailable) as caught:
            await stage.client.route(session, uuid4(), generation=1, slots=[])
        assert caught.value.params == {"reason": "connection_unknown"}
        elsewhere = MediaSession(session.session_id, 1, "no-such-worker")
        with pytest.raises(MediaUnavailable) as caught:
            await stage.client.close(elsewhere)
        assert caught.value.params == {"reason": "session_unknown"}
        known = {session.worker, "no-such-worker"}
        assert await stage.client.unknown(known) == {"no-such-worker"}


async def test_calls_without_a_right_token_or_body_are_refused(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        body = {"session_id": str(uuid4()), "epoch": 1, "record": False, "labels": {}}
        path = "/rpc/open_session"
        for header in ("", "Bearer x", f"Bearer {sign(load_or_make(tmp_path / 'o'), 'worker-0')}"):
            status, _ = await rpc(stage, "POST", path, json=body, headers={"Authorization": header})
            assert status == 401
        for wrong in ({}, {**body, "more": 1}, {**body, "epoch": -1}, {**body, "session_id": "x"}):
            status, text = await rpc(stage, "POST", path, json=wrong)
            assert (status, "malformed" in text) == (400, True)
        assert (await rpc(stage, "POST", path, data=b"\xff\xfe"))[0] == 400
        assert (await rpc(stage, "GET", "/rpc/events?after=x"))[0] == 400
        assert (await rpc(stage, "POST", path, data=b" " * 300_000))[0] == 413
        assert (await rpc(stage, "POST", path, json=body))[0] == 200


async def test_sessions_go_to_the_worker_with_the_fewest(tmp_path: Path) -> None:
    async with media_stage(tmp_path, workers=2) as stage:
        placed = [(await stage.open()).worker for _ in range(6)]
        assert sorted(Counter(placed).values()) == [3, 3]


async def test_a_worker_ends_in_time_with_calls_and_recordings_open(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session, ended = await stage.open(record=True), await stage.open(record=True)
        async with aiortc_people(stage, session, "red", "green") as people:
            for person in people:
                await person.connect()

            async def connected() -> bool:
                return all(person.pc.connectionState == "connected" for person in people)

            await until(connected, seconds=20)
            await stage.client.close(ended)  # so that one is being sealed
            with busy_machine():
                seconds = await asyncio.to_thread(stage.workers[0].stop)
            assert seconds < WORKER_STOP_SECONDS
            assert stage.workers[0].process.returncode == 0
            assert not await stage.entries()

            async def told() -> bool:
                return all(person.pc.connectionState == "closed" for person in people)

            await until(told, seconds=5, what="goodbye over DTLS")


async def test_a_killed_worker_is_told_lost_and_a_new_one_takes_over(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        stage.workers[0].process.kill()
        with pytest.raises(MediaUnavailable):
            await stage.client.answer(session, offer())
        await asyncio.to_thread(stage.workers[0].process.wait, 5)
        await stage.start_worker("worker-0")

        async def lost() -> list[str]:
            return [event.worker for event in stage.events if isinstance(event, WorkerLost)]

        assert await until(lost, seconds=4) == [session.worker], "at once, since one has its place"
        with pytest.raises(MediaUnavailable) as caught:
            await stage.client.answer(session, offer())
        assert caught.value.params == {"reason": "session_unknown"}
        again = await stage.client.open(session.session_id, epoch=2, record=False, labels={})
        assert again.worker != session.worker
        assert await stage.client.answer(again, offer())
        await asyncio.sleep(2)
        assert await lost() == [session.worker]


async def test_a_worker_that_nobody_replaces_is_told_lost_with_its_heartbeat(
    tmp_path: Path,
) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        stage.workers[0].process.kill()

        async def lost() -> list[str]:
            return [event.worker for event in stage.events if isinstance(event, WorkerLost)]

        assert await until(lost, seconds=12) == [session.worker]


async def test_silence_of_redis_moves_nobody(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        stage.valkey.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(7)
            assert stage.workers[0].process.poll() is None
            assert await stage.client.answer(session, offer())
            assert not any(isinstance(event, WorkerLost) for event in stage.events)
        finally:
            stage.valkey.send_signal(signal.SIGCONT)

        async def registered() -> bool:
            return bool(await stage.entries())

        await until(registered, seconds=10)
