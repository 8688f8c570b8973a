"""Papers by HTTP."""

from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Final

from aiohttp import web

from server.infrastructure import idempotency
from server.infrastructure.errors import TooMany, Unavailable, Unprocessable
from server.infrastructure.http.routing import Access, Call, FileUpload, Route
from server.materials.schemas import (
    CaptureIn,
    CaptureRequestOut,
    MaterialOut,
    RemoveIn,
    Rendition,
    UploadFields,
    capture_out,
    material_out,
)
from server.materials.service import Materials
from server.materials.uploads import received

UPLOADS_AT_ONCE: Final = 4  # of one person
PICTURE_HEADERS: Final = {
    "Content-Type": "image/jpeg",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def routes(materials: Materials, *, incoming: Path, upload_bytes: int) -> list[Route]:
    """incoming: a folder for files on their way. upload_bytes: the most that one may have."""

    receiving = Counter[str]()

    @contextmanager
    def one_of_few(sender: str) -> Iterator[None]:
        """Each may lie on the disk before anybody has looked at it. Raises TooMany."""
        if receiving[sender] >= UPLOADS_AT_ONCE:
            raise TooMany("too_many_uploads", limit=UPLOADS_AT_ONCE)
        receiving[sender] += 1
        try:
            yield
        finally:
            receiving[sender] -= 1
            if not receiving[sender]:
                del receiving[sender]

    async def add(call: Call) -> web.Response:
        """Add a captured page."""
        key = call.request.headers.get("Idempotency-Key")
        if key is not None and not idempotency.usable(key):
            raise Unprocessable("idempotency_key_bad", limit=idempotency.KEY_MAX)
        session_id = call.id()
        await materials.authorise_upload(call.principal, session_id)
        with one_of_few(call.principal.id):
            async with received(call.request, incoming, limit=upload_bytes) as upload:
                material = await materials.add(call.principal, session_id, upload, key)
        body = material_out(material).model_dump_json()
        return web.Response(status=201, text=body, content_type="application/json")

    async def image(call: Call) -> web.StreamResponse:
        """A page's picture, made anew from what was captured."""
        picture = await materials.picture(call.principal, call.id(), call.query.rendition)
        response = web.StreamResponse(headers=PICTURE_HEADERS)
        response.content_length = picture.size
        async with aclosing(picture.content) as content:
            await response.prepare(call.request)
            async for piece in content:
                await response.write(piece)
        await response.write_eof()
        return response

    async def remove(call: Call) -> None:
        """Take a page out of session and case; it stays in the audit trail."""
        await materials.remove(call.principal, call.id(), call.body.reason)

    async def request(call: Call) -> CaptureRequestOut:
        """Ask the resident to show a page."""
        wanted: CaptureIn = call.body
        return capture_out(
            await materials.request(call.principal, call.id(), wanted.material_code, wanted.page)
        )

    async def withdraw(call: Call) -> None:
        """Take a request for a page back."""
        await materials.withdraw(call.principal, call.id())

    return [
        Route(
            "POST",
            "/sessions/{id}/materials",
            add,
            Access.ANYONE_KNOWN,
            upload=FileUpload(UploadFields, ("image/jpeg", "image/png")),
            answer=MaterialOut,
            status=201,
            command=False,
            keyed=True,
            problems=(TooMany, Unavailable),
        ),
        Route(
            "GET",
            "/materials/{id}/image",
            image,
            Access.ANYONE_KNOWN,
            query=Rendition,
            produces="image/jpeg",
        ),
        Route("DELETE", "/materials/{id}", remove, Access.ANYONE_KNOWN, body=RemoveIn, status=204),
        Route(
            "POST",
            "/sessions/{id}/capture-requests",
            request,
            Access.STAFF,
            body=CaptureIn,
            answer=CaptureRequestOut,
            status=201,
        ),
        Route("DELETE", "/capture-requests/{id}", withdraw, Access.STAFF, status=204),
    ]
