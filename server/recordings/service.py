"""Use cases around recordings as the sessions and the media plane drive them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from recordings.manifest import Manifest, RecordedFile
from server.infrastructure.actors import System
from server.infrastructure.errors import NotFound, Unprocessable
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.work import Transaction, Work
from server.recordings import events
from server.recordings.ports import RecordedSessions
from server.recordings.states import (
    PLAYABLE,
    PartState,
    RecordingEvent,
    RecordingState,
    next_state,
)
from server.recordings.tables import Recording, RecordingFile, RecordingPart

_ACTOR: Final = System("recordings")
_MILLISECOND: Final = dt.timedelta(milliseconds=1)


class ManifestUnusable(Unprocessable):
    """What a worker told is no manifest, or one of another session's files."""

    def __init__(self, session_id: UUID) -> None:
        super().__init__("manifest_unusable", session=str(session_id))


class Recordings:
    def __init__(self, work: Work, sessions: RecordedSessions) -> None:
        self._work = work
        self._sessions = sessions

    async def start(self, tx: Transaction, session_id: UUID) -> Recording:
        """The recording of a session that opens; the same one if it is there."""
        found = await recording_of(tx.session, session_id)
        if found is not None:
            return found
        recording = Recording(session_id=session_id, started_at=tx.now)
        tx.session.add(recording)
        await tx.session.flush()
        about = await self._sessions.recorded(tx.session, session_id)
        events.announce(tx, "recording.started", recording, about.case_id)
        tx.audit("recording.start", ("recording", str(recording.id)), session=str(session_id))
        return recording

    async def begin_part(self, tx: Transaction, session_id: UUID, epoch: int) -> None:
        """A worker records the session under `epoch` from now on.

        To be told whenever media opens: the recording is complete when each of its parts is.
        """
        recording = await self.start(tx, session_id)
        if await _part(tx.session, recording.id, epoch) is None:
            tx.session.add(RecordingPart(recording_id=recording.id, epoch=epoch))
            await tx.session.flush()

    async def closing(self, tx: Transaction, session_id: UUID) -> None:
        """The session is over. Closing twice is once; a session without a recording has none."""
        recording = await recording_of(tx.session, session_id)
        if recording is None or recording.state != RecordingState.RECORDING:
            return
        await self._move(tx, recording, RecordingEvent.CLOSED, closed_at=tx.now)
        await self._settle(tx, recording)

    async def sealed(
        self, session_id: UUID, epoch: int, folder: str, manifest: Mapping[str, Any]
    ) -> None:
        """The part of `epoch` lies in the blob store under `folder`. Telling it again is no harm.

        Raises ManifestUnusable, NotFound for a session that has no recording.
        """
        told = _checked(session_id, epoch, folder, manifest)
        async with self._work.write(_ACTOR) as tx:
            recording = await self._recording(tx, session_id)
            part = await self._part_of(tx, recording, epoch)
            if part.state == PartState.SEALED:
                return
            crashed = recording.state == RecordingState.RECORDING
            part.state, part.folder, part.failure = PartState.SEALED, folder, None
            part.manifest, part.started_at = told.model_dump(mode="json"), told.started_at
            part.whole = told.log.closed and not told.log.torn_bytes and not crashed
            tx.session.add_all(_file(recording, part, file) for file in told.files)
            await tx.session.flush()
            tx.audit("recording.part_sealed", ("recording", str(recording.id)), epoch=epoch)
            await self._settle(tx, recording)

    async def failed(self, session_id: UUID, epoch: int, reason: str) -> None:
        """The part of `epoch` could not be sealed; `reason`: a lower snake word."""
        async with self._work.write(_ACTOR) as tx:
            recording = await self._recording(tx, session_id)
            part = await self._part_of(tx, recording, epoch)
            if part.state != PartState.OPEN:
                return
            part.state, part.failure = PartState.FAILED, reason[:80]
            await tx.session.flush()
            tx.audit(
                "recording.part_failed",
                ("recording", str(recording.id)),
                epoch=epoch,
                reason=reason[:80],
            )
            await self._settle(tx, recording)

    async def _recording(self, tx: Transaction, session_id: UUID) -> Recording:
        recording = await recording_of(tx.session, session_id, lock=True)
        if recording is None:
            raise NotFound
        return recording

    async def _part_of(self, tx: Transaction, recording: Recording, epoch: int) -> RecordingPart:
        part = await _part(tx.session, recording.id, epoch)
        if part is None:
            part = RecordingPart(recording_id=recording.id, epoch=epoch)
            tx.session.add(part)
            await tx.session.flush()
        return part

    async def _settle(self, tx: Transaction, recording: Recording) -> None:
        """What the parts make of the whole, once no part is open and none will be added."""
        parts = await _parts(tx.session, recording.id)
        about = await self._sessions.recorded(tx.session, recording.session_id)
        over = recording.state != RecordingState.RECORDING or not about.open
        if not over or any(part.state == PartState.OPEN for part in parts):
            return
        sealed = [part for part in parts if part.state == PartState.SEALED]
        values: dict[str, Any] = {}
        if sealed:
            values = await _clock(tx.session, recording, sealed) | {"failure": None}
        if recording.state in PLAYABLE:
            await save_if_unchanged(tx, recording, **values)
            events.announce(tx, "recording.extended", recording, about.case_id)
        elif not sealed:
            failure = next((part.failure for part in parts), "nothing_recorded")
            if recording.state == RecordingState.SEALING:
                await self._move(tx, recording, RecordingEvent.FAILED, failure=failure)
        else:
            crashed = recording.state == RecordingState.RECORDING
            whole = len(sealed) == len(parts) and all(part.whole for part in sealed)
            event = RecordingEvent.SEALED if whole and not crashed else RecordingEvent.SALVAGED
            await self._move(tx, recording, event, sealed_at=tx.now, **values)

    async def _move(
        self, tx: Transaction, recording: Recording, event: RecordingEvent, **values: Any
    ) -> None:
        """Take it along `event`, announced and audited. Raises TransitionRefused, Raced."""
        state = next_state(RecordingState(recording.state), event)
        await save_if_unchanged(tx, recording, state=state, **values)
        about = await self._sessions.recorded(tx.session, recording.session_id)
        events.announce(tx, f"recording.{event}", recording, about.case_id)
        tx.audit(f"recording.{event}", ("recording", str(recording.id)), state=state)


def _checked(session_id: UUID, epoch: int, folder: str, manifest: Mapping[str, Any]) -> Manifest:
    """The manifest, if it is one and of this part: a worker vouches for its own files alone.

    Raises ManifestUnusable.
    """
    try:
        told = Manifest.model_validate(manifest)
    except ValidationError as error:
        raise ManifestUnusable(session_id) from error
    own_folder = f"recordings/{session_id}/{epoch}"
    if (told.session_id, told.epoch, folder) != (str(session_id), epoch, own_folder):
        raise ManifestUnusable(session_id)
    return told


async def recording_of(
    session: AsyncSession, session_id: UUID, *, lock: bool = False
) -> Recording | None:
    query = select(Recording).where(Recording.session_id == session_id)
    if lock:
        query = query.with_for_update()
    return (await session.execute(query)).scalar_one_or_none()


async def _part(session: AsyncSession, recording_id: UUID, epoch: int) -> RecordingPart | None:
    query = select(RecordingPart).where(
        RecordingPart.recording_id == recording_id, RecordingPart.epoch == epoch
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _parts(session: AsyncSession, recording_id: UUID) -> list[RecordingPart]:
    query = select(RecordingPart).where(RecordingPart.recording_id == recording_id)
    return list((await session.execute(query.order_by(col(RecordingPart.epoch)))).scalars())


async def _clock(
    session: AsyncSession, recording: Recording, sealed: list[RecordingPart]
) -> dict[str, Any]:
    """Zero and length of the recording: from the start of its first part to the last file's end."""
    starts = {part.id: part.started_at for part in sealed if part.started_at is not None}
    zero = min(starts.values(), default=recording.started_at)
    files = await session.execute(
        select(RecordingFile).where(col(RecordingFile.part_id).in_(starts))
    )
    ends = [
        (starts[file.part_id] - zero) // _MILLISECOND + file.offset_ms + file.duration_ms
        for file in files.scalars()
    ]
    return {"started_at": zero, "duration_ms": max(ends, default=0)}


def _file(recording: Recording, part: RecordingPart, told: RecordedFile) -> RecordingFile:
    return RecordingFile(
        recording_id=recording.id,
        part_id=part.id,
        name=told.name,
        blob_key=f"{part.folder}/{told.name}",
        participant_id=told.participant_id,
        role=told.role,
        kind=told.kind,
        audience=told.audience,
        offset_ms=told.offset_ms,
        duration_ms=told.duration_ms,
        gaps=[gap.model_dump() for gap in told.gaps],
        width=told.width,
        height=told.height,
        size=told.bytes,
        sha256=bytes.fromhex(told.sha256),
    )
