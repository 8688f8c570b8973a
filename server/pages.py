"""Serves the built web pages: `/kiosk/`, `/console/`, and the browsable API at `/docs`."""

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from aiohttp import web

IMMUTABLE: Final = "public, max-age=31536000, immutable"
FRESH: Final = "no-cache"


class PagesMissing(Exception):
    """The wheel carries no built pages; from a clone, `make run` builds them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no built pages in {folder}: run `npm ci && npm run build` first")


def mount(app: web.Application, documents: Mapping[str, dict[str, Any]]) -> None:
    """Add the pages to `app`, and the documents by their paths. Raises PagesMissing."""
    _mount_page(app, "/kiosk", built("kiosk_client", "web"))
    _mount_page(app, "/console", built("agent_console", "web"))
    _mount_page(app, "/docs", built("server", "api_docs/web"))
    for path, document in documents.items():
        _mount_document(app, path, json.dumps(document, ensure_ascii=False))

    async def home(_: web.Request) -> web.Response:
        raise web.HTTPFound("/kiosk/")

    app.router.add_get("/", home)


def _mount_document(app: web.Application, path: str, text: str) -> None:
    async def document(_: web.Request) -> web.Response:
        return web.Response(
            text=text, content_type="application/json", headers={"Cache-Control": FRESH}
        )

    app.router.add_get(path, document)


def built(package: str, page: str) -> Path:
    """The folder of a package's built page. Raises PagesMissing."""
    folder = Path(str(resources.files(package))) / page / "dist"
    if not (folder / "index.html").is_file():
        raise PagesMissing(folder)
    return folder


def _mount_page(app: web.Application, prefix: str, folder: Path) -> None:
    """Files below `prefix`; any other path below it is the page's own history and gets its
    index. Files with a hash in their name may be kept for good."""
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}

    async def file(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        path = files.get(name)
        if path is None and name.startswith("assets/"):
            raise web.HTTPNotFound
        if path is None:
            return web.FileResponse(folder / "index.html", headers={"Cache-Control": FRESH})
        keep = IMMUTABLE if name.startswith("assets/") else FRESH
        return web.FileResponse(path, headers={"Cache-Control": keep})

    async def slash(_: web.Request) -> web.Response:
        raise web.HTTPFound(prefix + "/")

    app.router.add_get(prefix, slash)
    app.router.add_get(prefix + "/{name:.*}", file)
