"""What boards are told, and who may hear it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.permissions import Action, Resource, require
from server.identity.tables import AccountWindow
from server.infrastructure.errors import NotFound
from server.infrastructure.events.topics import Change, Facts, Snapshot, TopicKind
from server.infrastructure.work import Transaction
from server.organisations.tables import Level, OrgUnit, Window
from server.service_level.facts import AlarmFacts, BoardAgentFacts, BoardTicketFacts
from server.service_level.tables import Alarm
from server.tickets.states import QUEUED_TICKETS
from server.tickets.tables import AgentPresence, Ticket

# Villages and parks have no windows and no supervisors of their own.
BOARD_LEVELS: Final = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.STREET_TOWN)
CHANGES_AN_EVENT: Final = 200


def board_topic(org_code: str) -> str:
    return f"board:{org_code}"


def alarm_facts(alarm: Alarm) -> Facts:
    return AlarmFacts.of(alarm).wire()


def ticket_facts(ticket: Ticket) -> Facts:
    return BoardTicketFacts.of(ticket).wire()


def agent_facts(presence: AgentPresence) -> Facts:
    return BoardAgentFacts.of(presence.model_dump() | {"id": presence.account_id}).wire()


def ticket_change(ticket: Ticket) -> Change:
    queued = ticket.state in QUEUED_TICKETS
    return Change("ticket", str(ticket.id), ticket_facts(ticket) if queued else None)


def agent_change(presence: AgentPresence) -> Change:
    return Change("agent", str(presence.account_id), agent_facts(presence))


def alarm_change(alarm: Alarm) -> Change:
    over = alarm.cleared_at is not None
    return Change("alarm", str(alarm.id), None if over else alarm_facts(alarm))


def codes_of(*paths: str | None) -> set[str]:
    """The codes of the organisations that lie on `paths`."""
    return {code for path in paths if path for code in path.strip("/").split("/")}


def alarm_paths(alarm: Alarm) -> set[str]:
    return codes_of(alarm.org_path, alarm.place_path)


def ticket_paths(ticket: Ticket) -> set[str]:
    return codes_of(ticket.place_path, ticket.serving_org_path)


Told = tuple[Collection[str], Change]
"""A change, and the codes of the organisations that it lies in."""


async def announce(tx: Transaction, type_: str, told: Iterable[Told]) -> None:
    """Publish changes to the boards of the organisations in which they lie, a few events each."""
    all_told = list(told)
    boards = await _boards(tx.session, {code for codes, _ in all_told for code in codes})
    by_board: dict[str, list[Change]] = defaultdict(list)
    for codes, change in all_told:
        for code in boards & set(codes):
            by_board[code].append(change)
    for code, changes in by_board.items():
        for at in range(0, len(changes), CHANGES_AN_EVENT):
            tx.publish(board_topic(code), type_, *changes[at : at + CHANGES_AN_EVENT])


async def _boards(session: AsyncSession, codes: set[str]) -> set[str]:
    """Those of the organisations that have a board."""
    query = select(OrgUnit.code).where(
        col(OrgUnit.code).in_(codes), col(OrgUnit.level).in_(BOARD_LEVELS)
    )
    return set((await session.execute(query)).scalars())


async def agent_codes(
    session: AsyncSession, account_ids: Collection[UUID]
) -> Mapping[UUID, set[str]]:
    """The organisations in which the windows of agents lie, by account."""
    query = (
        select(AccountWindow.account_id, OrgUnit.path)
        .join(Window, col(Window.id) == col(AccountWindow.window_id))
        .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
        .where(col(AccountWindow.account_id).in_(account_ids))
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for account_id, path in await session.execute(query):
        found[account_id] |= codes_of(path)
    return found


def within(column: Any, path: str) -> ColumnElement[bool]:
    """Whether a path column lies at `path` or below it."""
    # Not LIKE: SQLite's ignores case, PostgreSQL's does not.
    return func.substr(column, 1, len(path)) == path


def tickets_of(path: str) -> ColumnElement[bool]:
    """Tickets whose kiosk or window lies there."""
    return or_(within(col(Ticket.place_path), path), within(col(Ticket.serving_org_path), path))


def alarms_of(path: str) -> ColumnElement[bool]:
    """Open alarms of the organisations there, and of residents there."""
    here = or_(within(col(Alarm.org_path), path), within(func.coalesce(Alarm.place_path, ""), path))
    return is_open() & here


def is_open() -> ColumnElement[bool]:
    """An alarm that is not over. By its unique key, whose index holds no closed ones."""
    return col(Alarm.open_key) > ""


async def board_org(session: AsyncSession, principal: Any, code: str) -> OrgUnit:
    """The organisation of a board. Raises NotFound: also for one that the principal may not read,
    and for a village or park."""
    found = await session.execute(select(OrgUnit).where(OrgUnit.code == code))
    org = found.scalar_one_or_none()
    if org is None or org.level not in BOARD_LEVELS:
        raise NotFound
    require(principal, Action.BOARD_READ, Resource(kind="board", owner_org_path=org.path))
    return org


async def may_hear_board(session: AsyncSession, principal: Any, key: str) -> None:
    await board_org(session, principal, key)


async def queued_tickets(
    session: AsyncSession, path: str, *, limit: int | None = None
) -> list[Ticket]:
    query = (
        select(Ticket)
        .where(col(Ticket.state).in_(QUEUED_TICKETS), tickets_of(path))
        .order_by(col(Ticket.rank_at), col(Ticket.id))
        .limit(limit)
    )
    return list((await session.execute(query)).scalars())


async def open_alarms(session: AsyncSession, path: str, *, limit: int | None = None) -> list[Alarm]:
    """Newest first."""
    query = (
        select(Alarm)
        .where(alarms_of(path))
        .order_by(col(Alarm.raised_at).desc(), col(Alarm.id).desc())
        .limit(limit)
    )
    return list((await session.execute(query)).scalars())


async def board_snapshot(session: AsyncSession, key: str) -> Snapshot:
    found = await session.execute(select(OrgUnit.path).where(OrgUnit.code == key))
    path = found.scalar_one()
    agents = (
        select(AgentPresence)
        .join(AccountWindow, col(AccountWindow.account_id) == col(AgentPresence.account_id))
        .join(Window, col(Window.id) == col(AccountWindow.window_id))
        .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
        .where(within(col(OrgUnit.path), path))
    )
    changes = [
        *map(ticket_change, await queued_tickets(session, path)),
        *map(alarm_change, await open_alarms(session, path)),
        *map(agent_change, (await session.execute(agents)).scalars().unique()),
    ]
    snapshot: Snapshot = {}
    for change in changes:
        if change.value is not None:
            snapshot.setdefault(change.entity, {})[change.id] = dict(change.value)
    return snapshot


BOARD_TOPIC = TopicKind(
    "board",
    may_hear_board,
    board_snapshot,
    about="An organisation and all below it, for who leads there: alarms, agents, who waits",
    key="{org_code}",
    entities={
        "alarm": AlarmFacts,
        "agent": BoardAgentFacts,
        "ticket": BoardTicketFacts,
    },
)
