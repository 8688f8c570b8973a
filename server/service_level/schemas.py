"""Service level, board and alarms by HTTP."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.identity.schemas import OrgOut
from server.infrastructure.http.schemas import In, Moment, Out, Text, WireTime
from server.organisations.hours import Reason
from server.organisations.tables import Channel
from server.service_level.facts import AlarmFacts, BoardTicketFacts
from server.tickets.states import PresenceState

Code = Annotated[str, Field(min_length=1, max_length=80)]


class Grouping(StrEnum):
    """What a row of figures stands for. An hour is one of a day in Asia/Shanghai."""

    TOTAL = "total"
    CHANNEL = "channel"
    WINDOW = "window"
    ITEM = "item"
    HOUR = "hour"


class LevelIn(In):
    """org: with all below it; all that the caller may see if left out. window: its code. from, to:
    of the moment at which a first answer began to be owed; today so far if left out."""

    org: Code | None = None
    channel: Channel | None = None
    window: Code | None = None
    item: Code | None = None
    since: Moment | None = Field(default=None, alias="from")
    until: Moment | None = Field(default=None, alias="to")
    by: Grouping = Grouping.TOTAL


class LevelRow(Out):
    """key: a channel, a window's or item's code, an hour as `2024-11-20T09:00` (Asia/Shanghai), or
    `total`; None for those whom no window answered. Levels are shares from 0 to 1."""

    key: str | None
    offered: int
    answered: int
    answered_within: int
    abandoned: int
    abandoned_after: int
    level_answered: float | None
    level_offered: float | None
    p50_wait_seconds: float | None
    p90_wait_seconds: float | None


class LevelOut(Out):
    """answer_seconds: within which a first answer is promised."""

    since: WireTime
    until: WireTime
    by: Grouping
    answer_seconds: int
    answer_warning_seconds: int
    rows: list[LevelRow]


class BoardIn(In):
    """org: with all below it; the caller's own if left out."""

    org: Code | None = None


class BoardFigures(Out):
    """waiting: who waits, is offered or held. longest_wait_seconds: of those who are owed a first
    answer. agents: how many are in each state."""

    waiting: int
    longest_wait_seconds: int | None
    offered_today: int
    answered_today: int
    abandoned_today: int
    level_answered_today: float | None
    level_offered_today: float | None
    agents: dict[PresenceState, int]


class BoardWindowOut(Out):
    id: UUID
    code: str
    name: Text


class BoardAgentOut(Out):
    """The facts of the topic with names. since, version: None and 0 before the first day at a desk.
    windows: at which the agent may serve, of this board's organisations."""

    id: UUID
    username: str
    name: Text
    state: PresenceState
    since: WireTime | None
    window_id: UUID | None
    missed_offers: int
    windows: list[BoardWindowOut]
    version: int


class BoardDoorOut(Out):
    """A window, and whether it is open. closed, org_closed: somebody has closed it, or its whole
    organisation; opens_at: None while open, or where that is not known."""

    id: UUID
    code: str
    name: Text
    channel: Channel
    org: OrgOut
    open: bool
    opens_at: WireTime | None
    reason: Reason | None
    closed: bool
    org_closed: bool


class BoardOut(Out):
    """topic: brings what changes of waiting, agents and alarms. waiting: by rank, the first ones;
    alarms: the open ones, newest first; windows: by code."""

    org: OrgOut
    topic: str
    at: WireTime
    answer_seconds: int
    answer_warning_seconds: int
    figures: BoardFigures
    waiting: list[BoardTicketFacts]
    agents: list[BoardAgentOut]
    alarms: list[AlarmFacts]
    windows: list[BoardDoorOut]
