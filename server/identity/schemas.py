"""Log-in, accounts and residents' visits by HTTP."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, SecretStr

from server.identity.passwords import PASSWORD_MAX
from server.identity.principals import Role
from server.infrastructure.http.schemas import In, Out, Text, WireTime
from server.organisations.hours import Reason
from server.organisations.tables import Channel
from server.tickets.schemas import TicketOut


class Language(StrEnum):
    """What the pages speak."""

    ZH_CN = "zh-CN"
    EN = "en"


class LoginIn(In):
    """Not trimmed: spaces may belong to a password."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    username: Annotated[str, Field(min_length=1, max_length=60)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=PASSWORD_MAX)]


class OrgOut(Out):
    code: str
    name: Text


class AccountWindowOut(Out):
    id: UUID
    code: str
    name: Text
    channel: Channel
    org: OrgOut


class AccountOut(Out):
    id: UUID
    username: str
    display_name: Text
    roles: list[Role]
    org: OrgOut
    windows: list[AccountWindowOut]
    language: Language


class LoginOut(Out):
    account: AccountOut


class TokenOut(Out):
    """expires_in: seconds."""

    access_token: str
    expires_in: int


class JwksOut(Out):
    """RFC 7517 key set; access tokens are signed by its keys."""

    keys: list[dict[str, Any]]


class VisitIn(In):
    """place: code of the organisation where the page stands; None for the installation's own."""

    place: Annotated[str, Field(max_length=60)] | None = None
    language: Language


class LanguageIn(In):
    language: Language


class ConsentIn(In):
    version: Annotated[str, Field(max_length=20)]
    language: Language


class ConsentOut(Out):
    version: str
    at: WireTime


class ConsentTextOut(Out):
    """The words that are agreed to. sha256: hexadecimal, kept with each consent."""

    version: str
    language: Language
    title: str
    points: list[str]
    sha256: str


class ResidentOut(Out):
    """A visit. ticket: as `GET /tickets/{id}` answers; session_id: of the call, if there is one."""

    id: UUID
    place: OrgOut
    language: Language
    consent: ConsentOut | None
    ticket: TicketOut | None
    session_id: UUID | None


class StatusIn(In):
    """item_code: of which it is asked whether a window is open; None is any window of the place."""

    place: Annotated[str, Field(max_length=60)] | None = None
    item_code: Annotated[str, Field(max_length=80)] | None = None


class StatusOut(Out):
    """opens_at: None while open, or where that is not known. reason: why it is closed."""

    place: OrgOut
    open: bool
    opens_at: WireTime | None
    reason: Reason | None
    windows_open: int
    expected_wait_minutes: int
    consent_version: str
    recording_years: int
    demo: bool


class ConsentTextIn(In):
    language: Language = Language.ZH_CN
