"""Says who calls: by a token in the header, or by the cookie of the page that the call names."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from aiohttp import hdrs, web

from server.identity import lookup
from server.identity.cookies import Page, cookie_name, secret_hash
from server.identity.principals import Principal, Resident, Staff
from server.identity.tokens import AccessTokens, TokenBad, TokenExpired
from server.infrastructure.errors import NotPermitted, Unauthorised, Unprocessable
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work

PAGE_HEADER: Final = "X-Virtual-Window-Page"
PAGE_QUERY: Final = "page"
READING: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})
ASKED_AT_ONCE: Final = 1_000  # SQL has a limit for the values of one query

BY_COOKIE: Final = web.RequestKey("by_cookie", bool)
"""Whether a cookie, not a token, said who calls."""


class Door:
    def __init__(self, work: Work, settings: Settings, tokens: AccessTokens) -> None:
        self._work = work
        self._settings = settings
        self._tokens = tokens

    async def principal(self, request: web.Request) -> Principal | None:
        """Whoever the request's credential proves, None without one.

        A cookie that is no longer good counts as none, so that its page can sign in anew. Raises
        TokenBad and TokenExpired for a token, NotPermitted `origin_refused` for a change by
        cookie without a listed Origin, or of any kind from one that is not listed.
        """
        authorization = request.headers.get(hdrs.AUTHORIZATION)
        if authorization is not None:
            return await self._by_token(_bearer(authorization))
        secret, page = self._secret(request.cookies, _named_page(request))
        if request.method not in READING:
            self._check_origin(request, by_cookie=secret is not None)
        request[BY_COOKIE] = secret is not None
        return await self._by_cookie(secret, page)

    async def principal_of(
        self, cookies: Mapping[str, str], page: str | None, token: str | None
    ) -> Principal | None:
        """Whoever opens a socket; None for no credential and for one that is not good.

        The Origin is not looked at here: ask `origin_allowed`.
        """
        try:
            if token is not None:
                return await self._by_token(token)
            return await self._by_cookie(*self._secret(cookies, Page(page) if page else None))
        except (Unauthorised, ValueError):
            return None

    def origin_allowed(self, origin: str | None) -> bool:
        """Whether a page of `origin` may act by cookie. Missing and `null` may not."""
        return origin is not None and origin in self._settings.origins

    async def refreshed(self, principal: Principal) -> Principal | None:
        """The same principal with its grants of now; None once its credential was revoked, ended
        or ran out."""
        now = self._work.clock.now()
        async with self._work.read() as session:
            if isinstance(principal, Staff):
                return await lookup.staff_by_login(session, principal.login_session_id, now)
            return await lookup.resident_by_id(session, principal.resident_id, now)

    async def lapsed(self, principals: Sequence[Principal]) -> set[Principal]:
        """Those whose credential was revoked or ended, ran out, or is of a disabled account."""
        found: set[Principal] = set()
        for at in range(0, len(principals), ASKED_AT_ONCE):
            found |= await self._lapsed(principals[at : at + ASKED_AT_ONCE])
        return found

    async def _lapsed(self, principals: Sequence[Principal]) -> set[Principal]:
        credentials = {principal: _credential(principal) for principal in principals}
        ids, now = set(credentials.values()), self._work.clock.now()
        async with self._work.read() as session:
            live = await lookup.live_logins(session, ids, now)
            live |= await lookup.live_visits(session, ids, now)
        return {principal for principal, own in credentials.items() if own not in live}

    async def _by_token(self, token: str) -> Staff:
        claims = self._tokens.verify(token)
        async with self._work.read() as session:
            staff = await lookup.staff_by_login(
                session, claims.login_session_id, self._work.clock.now()
            )
        if staff is None:
            raise TokenExpired
        if staff.account_id != claims.account_id:
            raise TokenBad
        return staff

    async def _by_cookie(self, secret: str | None, page: Page | None) -> Staff | Resident | None:
        if secret is None:
            return None
        digest, now = secret_hash(secret), self._work.clock.now()
        async with self._work.read() as session:
            if page is Page.CONSOLE:
                return await lookup.staff_by_secret(session, digest, now)
            return await lookup.resident_by_secret(session, digest, now)

    def _secret(
        self, cookies: Mapping[str, str], named: Page | None
    ) -> tuple[str | None, Page | None]:
        """The secret to look at, and whose it is. Without a named page, the only one there is: with
        both cookies nobody can tell as whom the browser acts, so neither counts."""
        secure = self._settings.secure
        held = {
            page: cookies[name]
            for page in Page
            if (name := cookie_name(page, secure=secure)) in cookies
        }
        if named is not None:
            return held.get(named), named
        if len(held) != 1:
            return None, None
        page, secret = held.popitem()
        return secret, page

    def _check_origin(self, request: web.Request, *, by_cookie: bool) -> None:
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None and not by_cookie:
            return
        if not self.origin_allowed(origin):
            raise NotPermitted("origin_refused")


def _credential(principal: Principal) -> UUID:
    """The log-in or visit that proved `principal`."""
    if isinstance(principal, Staff):
        return principal.login_session_id
    return principal.resident_id


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenBad
    return token.strip()


def _named_page(request: web.Request) -> Page | None:
    """Raises Unprocessable `page_unknown`."""
    name = request.headers.get(PAGE_HEADER) or request.query.get(PAGE_QUERY)
    if name is None:
        return None
    try:
        return Page(name)
    except ValueError as error:
        raise Unprocessable("page_unknown") from error
