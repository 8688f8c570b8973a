"""What may go wrong between sessions and the media plane: nothing of it is for ever."""

import asyncio
import datetime as dt
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from server.identity.principals import Resident, Staff
from server.infrastructure.errors import Conflict, Raced
from server.recordings.tables import RecordingPart
from server.sessions import media_events
from server.sessions.ports import (
    ConnectionMedia,
    ConnectionStateChanged,
    MediaUnavailable,
    RecordingSealed,
    WorkerLost,
)
from server.sessions.schemas import ConnectionIn
from server.sessions.states import Outcome
from server.sessions.tables import Connection, VideoSession
from server.tickets.tables import AgentPresence
from tests.integration.attacks.conftest import Line
from tests.support.waiting import until

OFFER = ConnectionIn.model_validate(
    {
        "offer": "v=0",
        "sources": [{"mid": "0", "kind": "microphone"}, {"mid": "1", "kind": "face"}],
        "slots": [
            {"mid": "2", "media": "audio", "index": 0},
            {"mid": "3", "media": "video", "index": 0},
        ],
    }
)


def _event(kind: type[Any], session: VideoSession, **more: Any) -> Any:
    common = {
        "worker": "worker-1",
        "incarnation": "1",
        "number": 1,
        "session_id": session.id,
        "epoch": 1,
        "at": dt.datetime.now(dt.UTC),
    }
    return kind(**common | more)


async def _connected(line: Line, who: Resident | Staff, session: VideoSession) -> None:
    connection_id, _ = await line.connections.connect(who, session.id, OFFER)
    changed = _event(
        ConnectionStateChanged,
        session,
        connection_id=connection_id,
        state=ConnectionMedia.CONNECTED,
    )
    await line.media_events._take(changed)


async def _active(line: Line) -> tuple[Resident, Staff, VideoSession]:
    resident, agent, session = await line.call()
    await _connected(line, resident, session)
    await _connected(line, agent, session)
    assert (await line.session(session.id)).state == "active"
    return resident, agent, session


async def test_an_event_that_cannot_be_taken_holds_up_none_behind_it(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident, _, session = await line.call()
    connection_id, _ = await line.connections.connect(resident, session.id, OFFER)
    sealed = _event(RecordingSealed, session, folder="x", manifest={})

    async def break_down(*_: Any) -> None:
        raise KeyError("poison")

    monkeypatch.setattr(line.media_events._recordings, "sealed", break_down)
    line.plane.coming.put_nowait(sealed)
    line.plane.coming.put_nowait(
        _event(
            ConnectionStateChanged,
            session,
            connection_id=connection_id,
            state=ConnectionMedia.CONNECTED,
        )
    )
    reading = asyncio.create_task(line.media_events.run())

    async def connected() -> bool:
        async with line.work.read() as reader:
            return (await reader.get_one(Connection, connection_id)).state == "connected"

    await until(connected, seconds=5, what="the event behind it")
    assert not reading.done()
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading


async def test_whoever_hangs_up_while_connecting_is_not_heard_any_more(line: Line) -> None:
    resident, agent, session = await line.call()
    line.plane.gate.clear()
    connecting = asyncio.create_task(line.connections.connect(resident, session.id, OFFER))
    await line.plane.answering.wait()
    await line.sessions.hang_up(agent, session.id)
    line.plane.gate.set()

    with pytest.raises(Conflict) as refused:
        await connecting

    assert refused.value.code == "session_over"
    assert line.plane.names() == ["open", "answer", "disconnect"]


async def test_a_lost_call_to_close_is_made_again(line: Line) -> None:
    resident, agent, session = await _active(line)
    line.plane.failing["close"] = MediaUnavailable("unreachable")
    await line.sessions.hang_up(resident, session.id)
    async with line.work.read() as reader:
        found = await line.sessions.live_engagement(reader, agent.account_id)
    assert found is not None
    await line.wrap_ups.complete(agent, UUID(found["id"]), Outcome.RESOLVED, None)
    await line.closing.close_left()
    assert (await line.session(session.id)).media_worker == "worker-1"

    del line.plane.failing["close"]
    line.plane.told.clear()
    await line.closing.close_left()
    assert line.plane.told == [("close", 1)]
    assert (await line.session(session.id)).media_worker is None
    await line.closing.close_left()
    assert line.plane.told == [("close", 1)], "once is enough"


async def test_a_worker_that_died_unseen_does_not_keep_its_calls(line: Line) -> None:
    """All processes of a machine were killed: nobody was there to be told of the worker's end."""
    _, agent, session = await _active(line)
    line.plane.vanished = {"worker-1"}
    for _ in range(media_events.LOOKS_TO_VANISH - 1):
        await line.media_events.find_vanished()
    assert (await line.session(session.id)).state == "active", "it may only be late"
    await line.media_events.find_vanished()

    found = await line.session(session.id)
    assert (found.state, found.media_worker) == ("interrupted", None)
    line.plane.worker = "worker-2"
    await line.connections.connect(agent, session.id, OFFER)
    found = await line.session(session.id)
    assert (found.media_worker, found.media_epoch) == ("worker-2", 2)


async def test_who_connects_first_need_not_wait_for_that(line: Line) -> None:
    resident, _, session = await _active(line)
    line.plane.failing["answer"] = MediaUnavailable("session_unknown")
    with pytest.raises(MediaUnavailable):
        await line.connections.connect(resident, session.id, OFFER)
    # The place was given up with all that lay there, also the agent's connection.
    async with line.work.read() as reader:
        states = (await reader.execute(select(Connection.state))).scalars().all()
    assert set(states) == {"closed"}
    found = await line.session(session.id)
    assert (found.state, found.media_epoch) == ("interrupted", 2)


async def test_a_lost_worker_is_acted_on_whole_or_not_at_all(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A race in the middle must leave nothing that another try does not find."""
    _, _, session = await _active(line)
    close_rows, races = line.media_events._media_sessions.close_rows, [True]

    async def raced(tx: Any, row: VideoSession) -> None:
        await close_rows(tx, row)
        if races.pop():
            races.append(False)
            raise Raced("session")

    monkeypatch.setattr(line.media_events._media_sessions, "close_rows", raced)
    await line.media_events._take(WorkerLost("worker-1", "1"))
    assert (await line.session(session.id)).state == "interrupted"


async def test_parts_and_presence_survive_all_that(line: Line) -> None:
    """The agent is still the session's after its worker was lost, and each place is a part."""
    resident, agent, session = await _active(line)
    await line.media_events._take(WorkerLost("worker-1", "1"))
    await _connected(line, resident, session)
    async with line.work.read() as reader:
        presence = await reader.get_one(AgentPresence, agent.account_id)
        epochs = (
            await reader.execute(select(RecordingPart.epoch).order_by(col(RecordingPart.epoch)))
        ).scalars()
        assert (presence.state, presence.session_id) == ("serving", session.id)
        assert list(epochs) == [1, 2]
