"""The two cookies: names, secrets and how they are set."""

import hashlib
import secrets
from enum import StrEnum
from typing import Final

from aiohttp import web

SECRET_BYTES: Final = 32


class Page(StrEnum):
    """Which of our pages calls; a browser may hold the cookies of both."""

    KIOSK = "kiosk"
    CONSOLE = "console"


_NAMES: Final = {Page.KIOSK: "rvw_resident", Page.CONSOLE: "rvw_agent"}


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_hash(secret: str) -> bytes:
    """What is stored of a secret. It is random and long, so a plain digest can't be guessed.

    Of a cookie that holds no text (any byte may come) it is a digest that nothing has.
    """
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def cookie_name(page: Page, *, secure: bool) -> str:
    """Over TLS `__Host-` binds the cookie to this very host (RFC 6265bis, 4.1.3.2)."""
    return ("__Host-" if secure else "") + _NAMES[page]


def set_cookie(
    response: web.Response, page: Page, secret: str, *, seconds: int, secure: bool
) -> None:
    response.set_cookie(
        cookie_name(page, secure=secure),
        secret,
        max_age=seconds,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def clear_cookie(response: web.Response, page: Page, *, secure: bool) -> None:
    response.del_cookie(
        cookie_name(page, secure=secure),
        path="/",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )
