"""What strangers send to the media port changes nothing, and gets no answer."""

import asyncio
import os
import socket
from pathlib import Path

from signaling.media import stun
from signaling.media.framing import frame
from signaling.media.stun import Attribute, MessageType
from tests.support.aiortc_people import AiortcPerson, aiortc_people
from tests.support.media_workers import MediaStage, media_stage
from tests.support.waiting import until


async def media_port(stage: MediaStage) -> int:
    return int((await stage.entries())[0]["media"]["port"])


def local_credentials(person: AiortcPerson) -> tuple[str, str]:
    """The worker's (ufrag, password) for a person, from its answer."""
    lines = person.pc.remoteDescription.sdp.splitlines()
    ufrag = next(line for line in lines if line.startswith("a=ice-ufrag:"))
    password = next(line for line in lines if line.startswith("a=ice-pwd:"))
    return ufrag.partition(":")[2], password.partition(":")[2]


def remote_ufrag(person: AiortcPerson) -> str:
    lines = person.pc.localDescription.sdp.splitlines()
    return next(line for line in lines if line.startswith("a=ice-ufrag:")).partition(":")[2]


def check(ours: str, theirs: str, password: str) -> bytes:
    return stun.build(
        MessageType.REQUEST,
        os.urandom(12),
        [
            (Attribute.USERNAME, f"{ours}:{theirs}".encode()),
            (Attribute.ICE_CONTROLLING, bytes(8)),
            (Attribute.PRIORITY, bytes(4)),
            (Attribute.USE_CANDIDATE, b""),
        ],
        password.encode(),
    )


async def answers(stranger: socket.socket) -> list[bytes]:
    """All that has come to a stranger within a while."""
    await asyncio.sleep(0.3)
    found = []
    while True:
        try:
            found.append(stranger.recv(2048))
        except BlockingIOError:
            return found


async def goes_on(person: AiortcPerson) -> None:
    """The person still sees and hears."""
    seen = (person.sinks["video", 0].frames, person.sinks["audio", 0].frames)

    async def more() -> bool:
        return (
            person.sinks["video", 0].frames > seen[0] + 5
            and person.sinks["audio", 0].frames > seen[1] + 20
        )

    await until(more, seconds=10)


async def test_strangers_get_no_answer_and_change_nothing(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        async with aiortc_people(stage, session, "red", "green") as (red, green):
            await red.connect()
            await green.connect()
            await red.watch(green)
            await goes_on(red)
            ours, password = local_credentials(red)
            theirs = remote_ufrag(red)
            known = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            known.setblocking(False)
            known.connect(("127.0.0.1", await media_port(stage)))
            junk = [
                b"",
                b"\x00",
                b"\x16\xfe\xfd" + os.urandom(50),
                b"\x80\x60" + os.urandom(60),
                b"\x80\xc8" + os.urandom(60),
                os.urandom(1400),
                check(ours, theirs, "wrong" * 6),
                check("nobody", theirs, password),
                check(ours, "another", password),
                stun.build(MessageType.SUCCESS, os.urandom(12), [], password.encode()),
                check(ours, theirs, password)[:-8],
            ]
            for _ in range(20):
                for datagram in junk:
                    known.send(datagram)
            assert await answers(known) == []
            await goes_on(red)
            known.close()


async def test_one_who_knows_the_password_from_elsewhere_gets_little_until_proven(
    tmp_path: Path,
) -> None:
    """A forged sender address would have media poured on it: three times what it sent at most."""
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        async with aiortc_people(stage, session, "red", "green") as (red, green):
            await red.connect()
            await green.connect()
            await red.watch(green)
            await goes_on(red)
            ours, password = local_credentials(red)
            thief = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            thief.setblocking(False)
            thief.connect(("127.0.0.1", await media_port(stage)))
            question = check(ours, remote_ufrag(red), password)
            thief.send(question)
            await asyncio.sleep(1.0)
            assert sum(map(len, await answers(thief))) <= 3 * len(question)
            thief.close()


async def test_a_replayed_check_does_not_move_media(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        async with aiortc_people(stage, session, "red", "green") as (red, green):
            await red.connect()
            await green.connect()
            await red.watch(green)
            await goes_on(red)
            ours, password = local_credentials(red)
            question = check(ours, remote_ufrag(red), password)
            sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
            for one in sockets:
                one.setblocking(False)
                one.connect(("127.0.0.1", await media_port(stage)))
            sockets[0].send(question)
            assert await answers(sockets[0])
            sockets[1].send(question)
            assert await answers(sockets[1]) == []
            for one in sockets:
                one.close()


async def test_strangers_by_tcp_are_cut_off_and_calls_go_on(tmp_path: Path) -> None:
    async with media_stage(tmp_path) as stage:
        session = await stage.open()
        async with aiortc_people(stage, session, "red", "green") as (red, green):
            await red.connect()
            await green.connect()
            await red.watch(green)
            await goes_on(red)
            crowd = []
            for number in range(300):
                stranger = socket.create_connection(("127.0.0.1", await media_port(stage)))
                stranger.setblocking(False)
                stranger.send(frame(os.urandom(number)) if number % 2 else b"\xff\xff")
                crowd.append(stranger)
            await goes_on(red)

            async def all_gone() -> bool:
                return all(ended(stranger) for stranger in crowd)

            await until(all_gone, seconds=15)
            await goes_on(red)
            for stranger in crowd:
                stranger.close()


def ended(stranger: socket.socket) -> bool:
    """Whether the worker has closed it, without a word."""
    try:
        data = stranger.recv(2048)
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True
    assert data == b"", "no answer"
    return True
