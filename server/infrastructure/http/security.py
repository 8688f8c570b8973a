"""Headers that every answer carries."""

from typing import Final

from aiohttp import web

from server.infrastructure.http.routing import PREFIX

# img/media blob: the page's own captures and recordings; style-src unsafe-inline: element-plus
# positions its pop-ups by style attributes.
POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: the headers above, and no caching of what the API says."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(PREFIX):
        response.headers.setdefault("Cache-Control", "no-store")


def mount(app: web.Application) -> None:
    app.on_response_prepare.append(add_headers)
