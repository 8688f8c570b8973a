"""Hours, closures, the calendar and overflow rules by HTTP."""

import datetime as dt
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field

from server.infrastructure.http.schemas import In, Moment, Out, Text, WireTime
from server.organisations.hours import Reason
from server.organisations.tables import Channel, DayKind, Widening

LONGEST_WAIT: Final = 24 * 3600

ClockTime = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Times = Annotated[list[tuple[ClockTime, ClockTime]], Field(max_length=12)]
Seconds = Annotated[int, Field(ge=0, le=LONGEST_WAIT)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]


class HoursDocument(In):
    """When a window is open: times of one day, as [opens, closes] by Shanghai's clocks.

    A make-up working day has the times of a working day, a holiday has none, and other_days go
    before both.
    """

    zone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    working_days: Times
    saturday: Times = Field(default_factory=list)
    sunday: Times = Field(default_factory=list)
    other_days: dict[dt.date, Times] = Field(default_factory=dict, max_length=400)

    def wire(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


class HoursIn(In):
    """hours: None is those of the organisation, or for one of these, open at all hours."""

    hours: HoursDocument | None


class ClosureIn(In):
    """until: None is until somebody opens it again. reason: for staff."""

    closed: bool
    until: Moment | None = None
    reason: Annotated[str, Field(max_length=200)] | None = None


class ClosureOut(Out):
    closed: bool
    since: WireTime | None
    until: WireTime | None
    reason: str | None
    version: int


class OpeningOut(Out):
    """opens_at: None while open, or where it is not in sight; closes_at: likewise. provisional: the
    moment lies in a year whose holidays are not published yet."""

    open: bool
    opens_at: WireTime | None
    closes_at: WireTime | None
    reason: Reason | None
    provisional: bool


class WindowHoursOut(OpeningOut):
    """hours: what counts for the window; None is at all hours. inherited: they are those of its
    organisation."""

    id: UUID
    code: str
    name: Text
    channel: Channel
    help_desk: bool
    hours: HoursDocument | None
    inherited: bool


class OrgHoursOut(OpeningOut):
    """hours: of its windows that have none of their own. Open while one of its windows is."""

    code: str
    name: Text
    hours: HoursDocument | None
    windows: list[WindowHoursOut]


class CalendarDayDocument(In):
    day: dt.date
    kind: DayKind
    name: Text


class CalendarIn(In):
    """All days of the year that are not what their weekday says; none takes the year back."""

    days: Annotated[list[CalendarDayDocument], Field(max_length=200)]


class CalendarOut(Out):
    """provisional: the year is not listed, so that Monday to Friday are taken for working days."""

    year: int
    provisional: bool
    days: list[CalendarDayDocument]


class RuleDocument(In):
    """When more windows may serve a ticket that was taken at `org` or below it.

    after_seconds: of waiting. nobody_on_seconds: of it, with nobody able on duty; 0 is at once. One
    of them has to be there. channel, item_code: None is any.
    """

    code: Slug
    org: Annotated[str, Field(max_length=60)]
    channel: Channel | None = None
    item_code: Annotated[str, Field(max_length=80)] | None = None
    widening: Widening
    after_seconds: Seconds | None = None
    nobody_on_seconds: Seconds | None = None
    enabled: bool = True


class RulesIn(In):
    """All rules of the organisations that the administrator looks after, in their order."""

    rules: Annotated[list[RuleDocument], Field(max_length=200)]


class RulesOut(Out):
    rules: list[RuleDocument]
