"""Recordings by HTTP. Media bytes go by range, with a cookie that only they are sent."""

from contextlib import aclosing
from typing import Final

from aiohttp import web

from server.infrastructure.errors import Gone, Problem
from server.infrastructure.http.routing import PREFIX, Access, Call, Route
from server.recordings.playback import Playback
from server.recordings.ranges import ByteRange, Unsatisfiable, wanted_range
from server.recordings.schemas import RecordingOut

WEBM: Final = "video/webm"
COOKIE: Final = "rvw_playback"
FILE_HEADERS: Final = {
    "Content-Type": WEBM,
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}


def routes(playback: Playback, *, secure: bool) -> list[Route]:
    """secure: pages come over TLS, so the cookie is for TLS alone."""

    async def look(call: Call) -> RecordingOut:
        """A recording, its state, and its files once it is sealed."""
        return await playback.look(call.principal, call.id())

    async def permit(call: Call) -> web.Response:
        """Allow playing for some minutes, by a cookie that is sent to this recording alone."""
        recording_id = call.id()
        secret = await playback.permit(call.principal, recording_id)
        response = web.Response(status=204, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            COOKIE,
            secret,
            max_age=playback.seconds,
            path=f"{PREFIX}/recordings/{recording_id}/",
            secure=secure,
            httponly=True,
            samesite="Strict",
        )
        return response

    async def file(call: Call) -> web.StreamResponse:
        """A file's bytes: all, or one range of them."""
        request = call.request
        found = await playback.file(
            call.principal, call.id(), call.id("file_id"), request.cookies.get(COOKIE)
        )
        etag = f'"{found.sha256.hex()}"'
        headers = FILE_HEADERS | {"ETag": etag}
        # Ranges are defined for GET alone (RFC 9110, 14.2).
        asked = request.headers.get("Range") if request.method == "GET" else None
        if_range = request.headers.get("If-Range")
        try:
            part = wanted_range(asked, if_range, size=found.size, etag=etag)
        except Unsatisfiable:
            unmet = headers | {"Content-Range": f"bytes */{found.size}"}
            return web.Response(status=416, headers=unmet)
        if part is not None:
            headers["Content-Range"] = f"bytes {part.first}-{part.last}/{found.size}"
        response = web.StreamResponse(status=200 if part is None else 206, headers=headers)
        sent = part or ByteRange(0, found.size - 1)
        response.content_length = sent.length
        if request.method == "HEAD":
            await response.prepare(request)
            return response
        async with aclosing(playback.content(found, sent)) as content:
            await response.prepare(request)
            async for piece in content:
                await response.write(piece)
        await response.write_eof()
        return response

    gone: tuple[type[Problem], ...] = (Gone,)
    path = "/recordings/{id}/files/{file_id}"
    return [
        Route("GET", "/recordings/{id}", look, Access.STAFF, answer=RecordingOut),
        Route(
            "POST",
            "/recordings/{id}/playback",
            permit,
            Access.STAFF,
            status=204,
            command=False,
            problems=gone,
        ),
        Route("GET", path, file, Access.STAFF, produces=WEBM, also=(206,), problems=gone),
        Route("HEAD", path, file, Access.STAFF, produces=WEBM, command=False, problems=gone),
    ]
