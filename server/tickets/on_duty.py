"""Who is on duty at which window, as every query asks for it."""

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from server.identity.tables import Account, AccountWindow
from server.tickets.states import ON_DUTY
from server.tickets.tables import AgentPresence


def on_duty() -> ColumnElement[bool]:
    """Of rows of AgentPresence, Account and AccountWindow joined: whether the agent is at work at
    that window. One who named no window is at all of the agent's."""
    return and_(
        col(AgentPresence.state).in_(ON_DUTY),
        or_(
            col(AgentPresence.window_id).is_(None),
            col(AgentPresence.window_id) == col(AccountWindow.window_id),
        ),
        col(Account.disabled_at).is_(None),
    )
