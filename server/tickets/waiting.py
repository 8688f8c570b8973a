"""What is ahead of a ticket, and how long that will take."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.catalogue.tables import ServiceItem
from server.identity.tables import AccountWindow
from server.organisations.tables import Window
from server.tickets.states import PresenceState, TicketState
from server.tickets.tables import AgentPresence, Ticket

DEFAULT_MINUTES: Final = 10
WORKING: Final = (
    PresenceState.AVAILABLE,
    PresenceState.OFFERED,
    PresenceState.SERVING,
    PresenceState.WRAPPING_UP,
)
ANSWER_SECONDS: Final = 10


class RaisedBy(StrEnum):
    """Why there are more ahead of a ticket than one who came after another would think."""

    HEAD_START = "head_start"  # others came later, with a head start
    OVERFLOW = "overflow"  # others came over from another queue
    RETURNED = "returned"  # others came back to a place that they had before


@dataclass(frozen=True, slots=True)
class Outlook:
    """ahead: tickets that come first; None once it does not wait. seconds: expected wait, None
    while nobody works at the queue."""

    ahead: int | None
    seconds: int | None
    raised_by: RaisedBy | None = None


def expected_seconds(*, ahead: int, agents: int, free: int, minutes: float) -> int | None:
    """The wait of one with `ahead` before it, where `agents` work and `free` of them are idle.

    Whoever finds a free agent waits for the answer only. Else a seat falls free every
    minutes / agents, and it takes ahead - free + 1 of these (a busy M/M/c queue's mean wait).
    """
    if agents == 0:
        return None
    if ahead < free:
        return ANSWER_SECONDS
    return max(round((ahead - free + 1) * minutes * 60 / agents), ANSWER_SECONDS)


async def outlook(session: AsyncSession, ticket: Ticket) -> Outlook:
    if ticket.state == TicketState.OFFERED:
        return Outlook(0, ANSWER_SECONDS)
    if ticket.state not in (TicketState.WAITING, TicketState.HELD):
        return Outlook(None, None)
    before = select(func.count()).where(
        Ticket.channel == ticket.channel,
        Ticket.serving_org_id == ticket.serving_org_id,
        col(Ticket.state).in_((TicketState.WAITING, TicketState.HELD)),
        or_(
            col(Ticket.rank_at) < ticket.rank_at,
            (col(Ticket.rank_at) == ticket.rank_at) & (col(Ticket.id) < ticket.id),
        ),
    )
    ahead = int((await session.execute(before)).scalar_one())
    agents, free = await staffing(session, ticket.channel, ticket.serving_org_id)
    item = await session.get(ServiceItem, ticket.item_code)
    minutes = item.handling_minutes if item is not None else DEFAULT_MINUTES
    return Outlook(ahead, expected_seconds(ahead=ahead, agents=agents, free=free, minutes=minutes))


async def staffing(session: AsyncSession, channel: str, org_id: UUID) -> tuple[int, int]:
    """How many agents work at an organisation's windows of a channel, and how many are free."""
    query = (
        select(AgentPresence.account_id, AgentPresence.state)
        .join(AccountWindow, col(AccountWindow.account_id) == col(AgentPresence.account_id))
        .join(Window, col(Window.id) == col(AccountWindow.window_id))
        .where(
            Window.channel == channel,
            Window.org_id == org_id,
            col(AgentPresence.state).in_(WORKING),
            or_(
                col(AgentPresence.window_id).is_(None),
                col(AgentPresence.window_id) == Window.id,
            ),
        )
        .distinct()
    )
    states = [state for _, state in await session.execute(query)]
    return len(states), states.count(PresenceState.AVAILABLE)
