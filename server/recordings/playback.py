"""Playing a recording: who may, for how long, and which bytes."""

import datetime as dt
import hashlib
import secrets
from collections.abc import AsyncGenerator, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, delete, select

from recordings.records import EVERYONE
from server.identity.permissions import Action, require
from server.identity.principals import Principal
from server.infrastructure.blobs import BlobMissing, BlobStore
from server.infrastructure.errors import Conflict, Gone, NotFound, NotPermitted
from server.infrastructure.http.schemas import Text
from server.infrastructure.work import Work
from server.recordings.ports import RecordedSessions, SpeakerName
from server.recordings.ranges import ByteRange
from server.recordings.schemas import FileOut, GapOut, RecordingOut
from server.recordings.states import PLAYABLE, RecordingState
from server.recordings.tables import PlaybackGrant, Recording, RecordingFile, RecordingPart

SECRET_BYTES: Final = 32
_MILLISECOND: Final = dt.timedelta(milliseconds=1)


class PlaybackExpired(NotPermitted):
    """Ask for playback again: the cookie is absent, over, or of another person or recording."""

    def __init__(self) -> None:
        super().__init__("playback_expired")


class NotPlayable(Conflict):
    """It is not sealed yet, or will never be; `state` says which."""

    def __init__(self, state: str) -> None:
        super().__init__("recording_not_playable", state=state)


class Playback:
    """seconds: how long one permission to play holds."""

    def __init__(
        self, work: Work, sessions: RecordedSessions, blobs: BlobStore, *, seconds: int
    ) -> None:
        self._work = work
        self._sessions = sessions
        self._blobs = blobs
        self.seconds = seconds

    async def look(self, principal: Principal, recording_id: UUID) -> RecordingOut:
        """The recording and the files that everybody in the session could see. Raises NotFound."""
        async with self._work.read() as session:
            recording = await self._permitted(session, principal, recording_id)
            files: list[FileOut] = []
            if recording.state in PLAYABLE:
                speakers = await self._sessions.speakers(session, recording.session_id)
                files = await _files(session, recording, speakers)
        return RecordingOut(
            id=recording.id,
            session_id=recording.session_id,
            state=recording.state,
            started_at=recording.started_at,
            duration_ms=recording.duration_ms,
            files=files,
        )

    async def permit(self, principal: Principal, recording_id: UUID) -> str:
        """A secret with which `principal` may read the files for some minutes. Audited.

        Raises NotFound, NotPlayable.
        """
        secret = secrets.token_urlsafe(SECRET_BYTES)
        async with self._work.write(principal) as tx:
            recording = await self._permitted(tx.session, principal, recording_id)
            if recording.state not in PLAYABLE:
                raise NotPlayable(recording.state)
            await tx.session.execute(
                delete(PlaybackGrant).where(col(PlaybackGrant.expires_at) < tx.now)
            )
            tx.session.add(
                PlaybackGrant(
                    secret_hash=_hash(secret),
                    recording_id=recording.id,
                    principal_kind=principal.kind,
                    principal_id=principal.id,
                    created_at=tx.now,
                    expires_at=tx.now + dt.timedelta(seconds=self.seconds),
                )
            )
            tx.audit(
                "recording.play",
                ("recording", str(recording.id)),
                session=str(recording.session_id),
            )
        return secret

    async def file(
        self, principal: Principal, recording_id: UUID, file_id: UUID, secret: str | None
    ) -> RecordingFile:
        """The file, if it may be read now: rights are asked anew with each request.

        Raises PlaybackExpired, NotFound, Gone once the recording was destroyed.
        """
        async with self._work.read() as session:
            recording = await self._permitted(session, principal, recording_id)
            await self._check_secret(session, principal, recording_id, secret)
            if recording.state == RecordingState.DESTROYED:
                raise Gone("recording_destroyed")
            file = await session.get(RecordingFile, file_id)
        if file is None or file.recording_id != recording_id or file.audience != EVERYONE:
            raise NotFound
        if recording.state not in PLAYABLE:
            raise NotPlayable(recording.state)
        try:
            await self._blobs.size(file.blob_key)
        except BlobMissing:
            raise NotFound("recording_bytes_missing") from None
        return file

    def content(self, file: RecordingFile, part: ByteRange) -> AsyncGenerator[bytes, None]:
        """The bytes of `part`. Close it (`aclosing`)."""
        return self._blobs.open_range(file.blob_key, part.first, part.length)

    async def _permitted(
        self, session: AsyncSession, principal: Principal, recording_id: UUID
    ) -> Recording:
        recording = await session.get(Recording, recording_id)
        if recording is None:
            raise NotFound
        context = await self._sessions.context(session, recording.session_id)
        require(principal, Action.RECORDING_PLAY, context.resource)
        return recording

    async def _check_secret(
        self, session: AsyncSession, principal: Principal, recording_id: UUID, secret: str | None
    ) -> None:
        grant = await session.get(PlaybackGrant, _hash(secret)) if secret else None
        if (
            grant is None
            or grant.expires_at <= self._work.clock.now()
            or grant.recording_id != recording_id
            or (grant.principal_kind, grant.principal_id) != (principal.kind, principal.id)
        ):
            raise PlaybackExpired


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


async def _files(
    session: AsyncSession, recording: Recording, speakers: Mapping[UUID, SpeakerName]
) -> list[FileOut]:
    query = (
        select(RecordingFile, RecordingPart)
        .join(RecordingPart, col(RecordingPart.id) == col(RecordingFile.part_id))
        .where(RecordingFile.recording_id == recording.id, RecordingFile.audience == EVERYONE)
        .order_by(col(RecordingPart.epoch), col(RecordingFile.id))
    )
    names = {str(participant_id): name for participant_id, name in speakers.items()}
    return [
        _file_out(recording, file, part, names.get(file.participant_id))
        for file, part in (await session.execute(query)).all()
    ]


def _file_out(
    recording: Recording, file: RecordingFile, part: RecordingPart, name: SpeakerName | None
) -> FileOut:
    shift = ((part.started_at or recording.started_at) - recording.started_at) // _MILLISECOND
    gaps = [
        GapOut(
            from_ms=gap["from_ms"] + shift,
            to_ms=gap["to_ms"] + shift,
            reason=gap.get("reason"),
            media=gap.get("media"),
        )
        for gap in file.gaps
    ]
    return FileOut(
        id=file.id,
        participant_id=file.participant_id,
        participant_role=file.role,
        display_name=Text(zh_cn=name.zh_cn, en=name.en) if name else None,
        kind=file.kind,
        offset_ms=file.offset_ms + shift,
        duration_ms=file.duration_ms,
        gaps=gaps,
        width=file.width,
        height=file.height,
        bytes=file.size,
        sha256=file.sha256.hex(),
        url=f"/api/v1/recordings/{recording.id}/files/{file.id}?page=console",
    )
