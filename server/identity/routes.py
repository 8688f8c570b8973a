"""Log-in and visits by HTTP. What sets a cookie answers with a response of its own."""

from aiohttp import web
from pydantic import BaseModel

from server.identity.cookies import Page, clear_cookie, set_cookie
from server.identity.door import BY_COOKIE
from server.identity.logins import Logins
from server.identity.principals import Resident, Staff
from server.identity.residents import Residents
from server.identity.schemas import (
    AccountOut,
    ConsentIn,
    ConsentOut,
    ConsentTextIn,
    ConsentTextOut,
    JwksOut,
    LanguageIn,
    LoginIn,
    LoginOut,
    ResidentOut,
    StatusIn,
    StatusOut,
    TokenOut,
    VisitIn,
)
from server.infrastructure.errors import (
    Conflict,
    Locked,
    NotFound,
    NotPermitted,
    TooMany,
    Unauthorised,
)
from server.infrastructure.http.routing import Access, Call, Route
from server.infrastructure.settings import Settings


def routes(logins: Logins, residents: Residents, settings: Settings) -> list[Route]:
    return [*_staff(logins, settings), *_residents(residents, settings)]


def _staff(logins: Logins, settings: Settings) -> list[Route]:
    async def login(call: Call) -> web.Response:
        """Sign in with name and password; sets the console's cookie."""
        known = call.principal
        opened = await logins.login(
            call.body.username,
            call.body.password.get_secret_value(),
            address=_address(call),
            replaces=known if isinstance(known, Staff) else None,
        )
        response = _answer(LoginOut(account=opened.account))
        seconds = settings.staff_session_seconds
        set_cookie(response, Page.CONSOLE, opened.secret, seconds=seconds, secure=settings.secure)
        return response

    async def logout(call: Call) -> web.Response:
        """Sign out: cookie, tokens and sockets of this log-in end."""
        await logins.logout(call.principal)
        response = web.Response(status=204)
        clear_cookie(response, Page.CONSOLE, secure=settings.secure)
        return response

    async def me(call: Call) -> AccountOut:
        """The account that is signed in."""
        return await logins.account(call.principal)

    async def token(call: Call) -> TokenOut:
        """A short access token for an API client, by the console's cookie."""
        made = await logins.token(call.principal, by_cookie=call.request.get(BY_COOKIE, False))
        return TokenOut(access_token=made.text, expires_in=made.seconds)

    async def machine_token(call: Call) -> TokenOut:
        """A short access token for the account of a machine, such as a hall's calling system."""
        made = await logins.machine_token(
            call.body.username, call.body.password.get_secret_value(), address=_address(call)
        )
        return TokenOut(access_token=made.text, expires_in=made.seconds)

    async def keys(call: Call) -> JwksOut:
        """The public keys of access tokens."""
        return JwksOut(keys=logins.jwks())

    public, staff = Access.PUBLIC, Access.STAFF
    return [
        Route(
            "POST",
            "/auth/login",
            login,
            public,
            body=LoginIn,
            answer=LoginOut,
            command=False,
            problems=(Unauthorised, NotPermitted, Locked, TooMany),
        ),
        Route("POST", "/auth/logout", logout, staff, command=False, status=204),
        Route("GET", "/auth/me", me, staff, answer=AccountOut),
        Route("POST", "/auth/tokens", token, staff, answer=TokenOut, command=False),
        Route(
            "POST",
            "/auth/machine-tokens",
            machine_token,
            public,
            body=LoginIn,
            answer=TokenOut,
            command=False,
            problems=(Unauthorised, NotPermitted, Locked, TooMany),
        ),
        Route("GET", "/auth/keys", keys, public, answer=JwksOut),
    ]


def _residents(residents: Residents, settings: Settings) -> list[Route]:
    async def create(call: Call) -> web.Response:
        """Open a visit, or get the open one (200); sets the kiosk page's cookie."""
        opened = await residents.open(
            call.body.place, call.body.language, known=_resident(call), address=_address(call)
        )
        if opened.secret is None:
            return _answer(opened.visit)
        response = _answer(opened.visit, status=201)
        seconds = settings.resident_session_seconds
        set_cookie(response, Page.KIOSK, opened.secret, seconds=seconds, secure=settings.secure)
        return response

    async def current(call: Call) -> ResidentOut:
        """The visit, with its ticket and call."""
        return await residents.current(call.principal)

    async def speak(call: Call) -> ResidentOut:
        """Change the visit's language."""
        return await residents.speak(call.principal, call.body.language)

    async def agree(call: Call) -> ConsentOut:
        """Keep the consent to what a call needs."""
        return await residents.agree(call.principal, call.body.version, call.body.language)

    async def end(call: Call) -> web.Response:
        """End the visit: ticket given up, cookie cleared."""
        await residents.end(call.principal)
        response = web.Response(status=204)
        clear_cookie(response, Page.KIOSK, secure=settings.secure)
        return response

    async def status(call: Call) -> StatusOut:
        """How it stands at a place: whether it is open, who serves, the expected wait."""
        return await residents.status(call.query.place, _resident(call), call.query.item_code)

    async def consent_text(call: Call) -> ConsentTextOut:
        """The words that a consent agrees to."""
        text = residents.consent_text(call.query.language)
        return ConsentTextOut(
            version=text.version,
            language=call.query.language,
            title=text.title,
            points=list(text.points),
            sha256=text.sha256.hex(),
        )

    public, resident = Access.PUBLIC, Access.RESIDENT
    here = "/residents/current"
    return [
        Route(
            "POST",
            "/residents",
            create,
            public,
            body=VisitIn,
            answer=ResidentOut,
            status=201,
            also=(200,),
            command=False,
            problems=(NotPermitted, TooMany),
        ),
        Route("GET", here, current, resident, answer=ResidentOut),
        Route("PATCH", here, speak, resident, body=LanguageIn, answer=ResidentOut),
        Route("DELETE", here, end, resident, command=False, status=204),
        Route(
            "POST",
            f"{here}/consent",
            agree,
            resident,
            body=ConsentIn,
            answer=ConsentOut,
            status=201,
        ),
        Route(
            "GET",
            "/service-status",
            status,
            public,
            query=StatusIn,
            answer=StatusOut,
            problems=(NotFound, Conflict),
        ),
        Route(
            "GET", "/consent-text", consent_text, public, query=ConsentTextIn, answer=ConsentTextOut
        ),
    ]


def _resident(call: Call) -> Resident | None:
    return call.principal if isinstance(call.principal, Resident) else None


def _address(call: Call) -> str:
    return call.request.remote or ""


def _answer(model: BaseModel, *, status: int = 200) -> web.Response:
    return web.Response(
        status=status,
        text=model.model_dump_json(),
        content_type="application/json",
    )
