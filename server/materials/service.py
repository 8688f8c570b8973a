"""Use cases around papers: add, look at, remove, ask for one, hand them to a case."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from server.catalogue.tables import ServiceItem
from server.identity.permissions import Action, require
from server.identity.principals import Principal, Staff
from server.infrastructure.blobs import BlobMissing, BlobStore
from server.infrastructure.errors import NotFound, Unprocessable
from server.infrastructure.ids import new_id
from server.infrastructure.work import Work
from server.materials import events
from server.materials.decoder import Pictures
from server.materials.errors import (
    ImageTooLarge,
    MaterialUnknown,
    SessionClosed,
    TooManyMaterials,
)
from server.materials.headers import ImageHeader, read_header
from server.materials.moves import fulfil, move_material, move_request
from server.materials.ports import SessionContext, SessionLookup, SessionParticipant
from server.materials.schemas import PAGE_MAX
from server.materials.states import (
    CaptureEvent,
    CaptureState,
    MaterialEvent,
    MaterialState,
)
from server.materials.tables import CaptureRequest, Material
from server.materials.uploads import Upload

_log = logging.getLogger(__name__)

RenditionName = Literal["page", "thumbnail"]


class PictureMaker(Protocol):
    """Makes page and thumbnail of a file: `decoder.Decoder`."""

    async def decode(self, upload: Path) -> Pictures: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendition, ready to be sent. Close `content` (`aclosing`)."""

    size: int
    content: AsyncGenerator[bytes, None]


class Materials:
    """upload_pixels: the most that an image may have before it is decoded."""

    def __init__(
        self,
        work: Work,
        sessions: SessionLookup,
        blobs: BlobStore,
        decoder: PictureMaker,
        *,
        upload_pixels: int,
    ) -> None:
        self._work = work
        self._sessions = sessions
        self._blobs = blobs
        self._decoder = decoder
        self._pixels = upload_pixels

    async def authorise_upload(self, principal: Principal, session_id: UUID) -> None:
        """Whether `principal` may add a paper now, before its bytes are read.

        Raises NotFound, SessionClosed.
        """
        async with self._work.read() as session:
            context = await self._sessions.context(session, session_id)
        _adding(principal, context)

    async def add(
        self, principal: Principal, session_id: UUID, upload: Upload, key: str | None
    ) -> Material:
        """Keep `upload` as a paper of the session, and fulfil the request that asked for it.

        key: the sender's Idempotency-Key; a repeat gives the paper that is there. Raises NotFound,
        SessionClosed, MaterialUnknown, TooManyMaterials, ImageTypeUnknown, ImageUnreadable,
        ImageTooLarge, DecoderBusy, DecoderUnavailable, Unprocessable `idempotency_key_reused`.
        """
        async with self._work.read() as session:
            context = await self._sessions.context(session, session_id)
            participant = _adding(principal, context)
            earlier = await _earlier(session, context, participant, key, upload.sha256)
            if earlier is not None:
                return earlier
            await _check_code(session, context.item_code, upload.fields.material_code)
        header = await asyncio.to_thread(_header, upload)
        if header.pixels > self._pixels:
            raise ImageTooLarge(limit=self._pixels, unit="pixels")
        pictures = await self._decoder.decode(upload.path)
        material = self._new(context, participant, upload, key, header, pictures)
        await self._store(material, upload, pictures)
        try:
            return await self._add(principal, material)
        except BaseException:
            await self._discard(material)
            raise

    async def remove(self, principal: Principal, material_id: UUID, reason: str | None) -> None:
        """Take a paper out of session and case; who, when and why stay in the audit trail.

        Removing it twice is once. Raises NotFound, SessionClosed.
        """
        async with self._work.write(principal) as tx:
            material = await _material_row(tx.session, material_id)
            context = await self._sessions.context(tx.session, material.session_id)
            require(principal, Action.MATERIAL_REMOVE, context.resource)
            if material.state == MaterialState.REMOVED:
                return
            if not context.in_hand_of(principal):
                raise SessionClosed
            await move_material(
                tx, material, MaterialEvent.REMOVED, removed_at=tx.now, removed_reason=reason
            )

    async def picture(
        self, principal: Principal, material_id: UUID, rendition: RenditionName
    ) -> Picture:
        """A rendition of a paper. Staff's look at the page is audited. Raises NotFound."""
        async with self._work.read() as session:
            material = await _material_row(session, material_id)
            context = await self._sessions.context(session, material.session_id)
        require(principal, Action.MATERIAL_READ, context.resource)
        if material.state != MaterialState.KEPT:
            raise NotFound
        if isinstance(principal, Staff) and rendition == "page":
            async with self._work.write(principal) as tx:
                tx.audit("material.read", ("material", str(material.id)))
        key = f"{material.folder}/{rendition}.jpg"
        try:
            size = await self._blobs.size(key)
        except BlobMissing:
            _log.error("a paper's picture is missing", extra={"material": str(material.id)})
            raise NotFound from None
        return Picture(size, self._blobs.open_range(key, 0, size))

    async def request(
        self, principal: Staff, session_id: UUID, material_code: str | None, page: int
    ) -> CaptureRequest:
        """Ask the resident to show a page; a request that is still open is given again.

        Raises NotFound, SessionClosed, MaterialUnknown.
        """
        async with self._work.write(principal) as tx:
            context = await self._sessions.context(tx.session, session_id, lock=True)
            require(principal, Action.MATERIAL_REQUEST, context.resource)
            participant = context.participant_of(principal)
            if participant is None or not context.open or not context.in_hand_of(principal):
                raise SessionClosed
            await _check_code(tx.session, context.item_code, material_code)
            for request in await events.requests_in_session(tx.session, session_id):
                asked = (request.material_code, request.page)
                if request.state == CaptureState.OPEN and asked == (material_code, page):
                    return request
            request = CaptureRequest(
                session_id=session_id,
                material_code=material_code,
                page=page,
                requested_by=participant.id,
                requested_at=tx.now,
            )
            tx.session.add(request)
            await tx.session.flush()
            events.announce_capture(tx, "capture_request.opened", request)
            tx.audit(
                "capture_request.open",
                ("capture_request", str(request.id)),
                session=str(session_id),
                material_code=material_code,
            )
            return request

    async def withdraw(self, principal: Staff, request_id: UUID) -> None:
        """Take a request back; one that was taken back already stays so.

        Raises NotFound, SessionClosed, TransitionRefused for one that is fulfilled.
        """
        async with self._work.write(principal) as tx:
            request = await tx.session.get(CaptureRequest, request_id)
            if request is None:
                raise NotFound
            context = await self._sessions.context(tx.session, request.session_id)
            require(principal, Action.MATERIAL_REQUEST, context.resource)
            if request.state == CaptureState.WITHDRAWN:
                return
            if not context.in_hand_of(principal):
                raise SessionClosed
            await move_request(tx, request, CaptureEvent.WITHDRAWN)

    def _new(
        self,
        context: SessionContext,
        participant: SessionParticipant,
        upload: Upload,
        key: str | None,
        header: ImageHeader,
        pictures: Pictures,
    ) -> Material:
        material_id = new_id()
        return Material(
            id=material_id,
            session_id=context.id,
            material_code=upload.fields.material_code,
            page=upload.fields.page,
            captured_at=self._work.clock.now(),
            captured_by=participant.id,
            captured_by_role=participant.role,
            upload_key=key,
            folder=f"materials/{context.id}/{material_id}",
            original_type=header.media_type,
            original_bytes=upload.size,
            original_sha256=upload.sha256,
            page_bytes=len(pictures.page),
            page_sha256=hashlib.sha256(pictures.page).digest(),
            thumbnail_bytes=len(pictures.thumbnail),
            thumbnail_sha256=hashlib.sha256(pictures.thumbnail).digest(),
            width=pictures.width,
            height=pictures.height,
        )

    async def _add(self, principal: Principal, material: Material) -> Material:
        """Insert the row; everything is asked again, since decoding took its time."""
        async with self._work.write(principal) as tx:
            context = await self._sessions.context(tx.session, material.session_id, lock=True)
            participant = _adding(principal, context)
            earlier = await _earlier(
                tx.session, context, participant, material.upload_key, material.original_sha256
            )
            if earlier is not None:
                await self._discard(material)
                return earlier
            if len(await events.kept_in_session(tx.session, context.id)) >= PAGE_MAX:
                raise TooManyMaterials(PAGE_MAX)
            material.case_id = context.case_id
            tx.session.add(material)
            await tx.session.flush()
            events.announce_material(tx, "material.added", material)
            tx.audit(
                "material.add",
                ("material", str(material.id)),
                session=str(context.id),
                material_code=material.material_code,
                page=material.page,
                sha256=material.original_sha256.hex(),
            )
            await fulfil(tx, material)
            return material

    async def _store(self, material: Material, upload: Upload, pictures: Pictures) -> None:
        try:
            await self._blobs.put(f"{material.folder}/original", upload.path)
            await self._blobs.put(f"{material.folder}/page.jpg", pictures.page)
            await self._blobs.put(f"{material.folder}/thumbnail.jpg", pictures.thumbnail)
        except BaseException:
            await self._discard(material)
            raise

    async def _discard(self, material: Material) -> None:
        for name in ("original", "page.jpg", "thumbnail.jpg"):
            await self._blobs.delete(f"{material.folder}/{name}")


def _adding(principal: Principal, context: SessionContext) -> SessionParticipant:
    """Who adds, if they may. Raises NotFound, SessionClosed."""
    require(principal, Action.MATERIAL_ADD, context.resource)
    participant = context.participant_of(principal)
    if participant is None or not context.in_hand_of(principal):
        raise SessionClosed
    return participant


async def _earlier(
    session: AsyncSession,
    context: SessionContext,
    participant: SessionParticipant,
    key: str | None,
    sha256: bytes,
) -> Material | None:
    """The paper that the same sender added under the same key."""
    if key is None:
        return None
    query = select(Material).where(
        Material.session_id == context.id,
        Material.captured_by == participant.id,
        Material.upload_key == key,
    )
    material = (await session.execute(query)).scalar_one_or_none()
    if material is not None and material.original_sha256 != sha256:
        raise Unprocessable("idempotency_key_reused")
    return material


async def _check_code(session: AsyncSession, item_code: str, material_code: str | None) -> None:
    """Raises MaterialUnknown unless the item asks for such a paper."""
    if material_code is None:
        return
    item = await session.get(ServiceItem, item_code)
    papers = item.document["materials"] if item is not None else []
    if all(paper["code"] != material_code for paper in papers):
        raise MaterialUnknown(material_code)


def _header(upload: Upload) -> ImageHeader:
    with upload.path.open("rb") as file:
        return read_header(file)


async def _material_row(session: AsyncSession, material_id: UUID) -> Material:
    material = await session.get(Material, material_id)
    if material is None:
        raise NotFound
    return material
