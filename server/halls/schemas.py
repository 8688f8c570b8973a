"""A hall's numbers by HTTP."""

from typing import Annotated

from pydantic import Field

from server.infrastructure.http.schemas import In, Out, WireTime
from server.organisations.tables import Channel
from server.tickets.states import TicketState

Code = Annotated[str, Field(min_length=1, max_length=80)]
# No dot at the beginning: "." and ".." are no place in an address.
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9_:-][A-Za-z0-9._:-]{0,79}$")]
Counter = Annotated[str, Field(min_length=1, max_length=40)]


class DrawIn(In):
    """reference: the hall system's own id of the number, never used twice in an organisation.
    priority: reasons of a head start."""

    item_code: Code
    reference: Reference
    priority: Annotated[list[Code], Field(max_length=8)] = Field(default_factory=list)


class CallIn(In):
    """counter: as it is announced. window_code: the window whose skills the counter has."""

    counter: Counter
    window_code: Code


class HallNumberOut(Out):
    """ahead, expected_wait_seconds: None once it does not wait. counter: where it was called to."""

    reference: str
    number: str
    state: TicketState
    item_code: str
    channel: Channel
    priority: list[str]
    waiting_since: WireTime
    ahead: int | None
    expected_wait_seconds: int | None
    counter: str | None
    called_at: WireTime | None
    version: int


class HallNumbersOut(Out):
    """Those that wait or are served, by rank."""

    items: list[HallNumberOut]
